"""A measurement as a tile: the words of `pages.cards._words`, the small chart, and nothing that is held."""

from __future__ import annotations

from pages.cards import _words
from pages.shell import widgets as w
from reportcards import charts
from reportcards.report import Measurement


def draw(shown: Measurement, address: str) -> None:
    """One tile with its spark, or the reason why it holds back."""
    with w.tile(as_tile(shown, address)):
        if shown.held is None and shown.latest is not None:
            spark = charts.spark(shown, theme=w.theme())
            w.chart(spark.spec, spark.alt, key=f"spark-{shown.item}")


def as_tile(shown: Measurement, address: str) -> w.Tile:
    """The words of a tile; of a held one only the reason and what would change it."""
    if shown.held is not None:
        return w.Tile(
            key=shown.item,
            name=shown.name,
            address=address,
            held=shown.held.reason,
            held_what=shown.held.what_changes_it,
            held_symbol=shown.held.symbol or "lock",
        )
    latest = shown.latest
    value, unit = _words.parts(latest.value, shown) if latest and latest.value is not None else ("–", "no value yet")
    return w.Tile(
        key=shown.item,
        name=shown.name,
        address=address,
        value=value,
        unit=unit,
        beside=(_words.interval(latest, shown), _words.period(latest)) if latest else (),
        finding=shown.finding or shown.headline,
        lines=(_words.signal(shown), _words.to_peers(shown), _words.to_target(shown)),
        band=shown.origins[0].band,
        source=_source(shown),
        is_pale=_words.is_pale(shown),
    )


def _source(shown: Measurement) -> tuple[str, ...]:
    """Two lines; that the value is late stands in them, or is said after them."""
    lines = [line.strip() for line in (shown.source_short or shown.source_line).splitlines() if line.strip()]
    late = shown.freshness.words if shown.freshness and shown.freshness.is_stale else ""
    if late and late not in " ".join(lines):
        lines[-1] = f"{lines[-1]}, {late}"
    return tuple(lines)
