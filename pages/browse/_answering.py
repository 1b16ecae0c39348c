"""The side of a dataset's page: who answers for it, freshness, what it feeds, quality, who may know of it."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.datasets import Dataset
from catalogue.freshness import State
from pages.shell import widgets as w
from reportcards.feeding import Fed


def answering(found: Dataset, fed: Sequence[Fed]) -> None:
    """The facts beside the main column, in words."""
    blocks = (
        w.aside_block("Who answers for it", *_who(found)),
        w.aside_block("Freshness", *_fresh(found)),
        w.aside_block("Feeds", *(_feeds(fed) or [w.muted("No report card yet")])),
        w.aside_block("Covers", *_covers(found)) if _covers(found) else w.Markup(""),
        w.aside_block("Quality, in words", w.muted(found.quality_words or "Nothing is known about it.")),
        w.aside_block("Who may know of it", *_listing(found)),
    )
    w.show(w.Markup('<div class="ct-sideblocks">{}</div>').format(w.Markup("").join(blocks)))


def _who(found: Dataset) -> list[w.Markup | str]:
    name = found.contact_name or found.organisation or found.publisher
    if not name and not found.contact_email:
        return [w.muted("Nobody is named.")]
    where = found.organisation or found.publisher
    mail = w.outside(found.contact_email, f"mailto:{found.contact_email}") if "@" in found.contact_email else ""
    return [w.strong(name), w.muted(where) if where != name else "", mail]


def _fresh(found: Dataset) -> list[w.Markup | str]:
    late = found.freshness.state is State.LATE
    words = w.with_icon("schedule", w.strong(found.freshness.words)) if late else w.strong(found.freshness.words)
    return [words, w.muted(found.freshness.detail)]


def _covers(found: Dataset) -> list[w.Markup | str]:
    ends = [w.day(each) for each in (found.period_from, found.period_to) if each]
    period = f"{ends[0]} to {ends[1]}" if len(ends) == 2 else f"From {ends[0]}" if found.period_from and ends else ""
    if not period and ends:
        period = f"Until {ends[0]}"
    return [w.muted(each) for each in (w.plain(found.area, 80), period) if each]


def _listing(found: Dataset) -> list[w.Markup | str]:
    words = found.listing_words[:1].upper() + found.listing_words[1:]
    return [w.muted(words), w.muted(", ".join(found.listed_for)) if found.listed_for else ""]


def _feeds(fed: Sequence[Fed]) -> list[w.Markup | str]:
    """Its indicators, each leading to the card that shows it."""
    lines: list[w.Markup | str] = []
    for each in fed[:_MOST_FED]:
        where = w.link(each.card_title, w.href("indicator", card=each.card, item=each.item)) if each.card else ""
        on = w.Markup(" on {}").format(where) if where else w.muted(", on no card yet")
        lines.append(w.Markup("{}{}").format(each.name, on))
    if len(fed) > _MOST_FED:
        lines.append(w.muted(f"and {len(fed) - _MOST_FED} more"))
    return lines


_MOST_FED = 6
