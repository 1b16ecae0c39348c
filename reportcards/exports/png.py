"""The card as one picture, for a screen in the hall or a message: its tiles, each with its source."""

from __future__ import annotations

from reportcards.charts import NothingToDraw, spark
from reportcards.charts._words import interval, number, plain, shortened, wrapped
from reportcards.exports import _typst
from reportcards.exports._facts import Fact, facts
from reportcards.exports._format import Format
from reportcards.report import Measurement, ReportCard

LAYOUT = _typst.Layout(file="overview.typ", format="png", ppi=144)
_WIDTH = 270
_SHOWN = {"Signal", "Target"}


def _spark(item: Measurement) -> _typst.Content | None:
    try:
        return _typst.picture(spark(item, width=_WIDTH))
    except NothingToDraw:
        return None


def _tile(item: Measurement) -> _typst.Content:
    content = _typst.item_content(item, _spark)
    if item.held is not None:
        return content
    point = item.latest
    known = point is not None and point.value is not None
    told = [one for one in facts(item) if one.label.split(" ")[0] in _SHOWN or one.label == _peers(item)]
    return {
        **content,
        "name": " ".join(wrapped(item.name, _WIDTH, 15, weight=600, most=2)),
        "headline": " ".join(wrapped(content["headline"], _WIDTH - 16, 16, most=3)),
        "number": number(point.value, item.decimals) if point is not None and point.value is not None else "–",
        "unit": plain(item.unit, 24) if known else content["value"],
        "interval": interval(point, item) if point is not None and known else "",
        "facts": [{"label": one.label, "words": _words(one), "shape": one.judgement or ""} for one in _ordered(told)],
    }


def _peers(item: Measurement) -> str:
    return item.benchmark.name if item.benchmark else ""


def _words(one: Fact) -> str:
    """A word that stands alone says with whom it compares."""
    alone = one.label not in {"Signal"} and not one.label.startswith("Target") and " " not in one.words
    return shortened(f"{one.words} ({one.label})" if alone else one.words, _WIDTH - 30, 14, weight=600)


def _ordered(told: list[Fact]) -> list[Fact]:
    return sorted(told, key=lambda one: one.label.startswith("Target"))


def content(card: ReportCard) -> _typst.Content:
    """What the layout is given."""
    card = _typst.printable(card)
    return _typst.card_content(card, [_tile(item) for item in card.items])


def _draw(card: ReportCard) -> bytes:
    return _typst.printed(LAYOUT, content(card), card.as_of)


FORMAT = Format(name="png", suffix=".png", media_type="image/png", title="Picture of the whole card", draw=_draw)
