"""Warnings that wait for an answer, of the figures that the viewer may look at: what one says is made of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import select

from governance import NotFound, Visit
from reportcards.cards import card_row
from reportcards.laying import Looking, lay
from reportcards.tables import CardRow, IndicatorRow, ItemRow, WarningRow, WatchRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A warning that nobody has answered, and where to answer it."""

    id: str
    card: str
    item: str
    indicator: str
    words: str
    owner: str
    by: str
    """Username of who made the rule."""


def unanswered(visit: Visit) -> tuple[Unanswered, ...]:
    """The warnings on cards in use that wait for an answer, the oldest first; none of a figure that is held now."""
    wanted = (
        select(
            WarningRow.id,
            CardRow.name.label("card"),
            WarningRow.item_id.label("item"),
            IndicatorRow.name.label("indicator"),
            WarningRow.words,
            WatchRow.owner,
            WatchRow.by,
        )
        .join(ItemRow, ItemRow.id == WarningRow.item_id)
        .join(CardRow, CardRow.id == ItemRow.card_id)
        .join(IndicatorRow, IndicatorRow.id == ItemRow.indicator_id)
        .join(WatchRow, WatchRow.id == WarningRow.watch_id)
        .where(WarningRow.response == "", CardRow.retired_at.is_(None))
        .order_by(WarningRow.fired_at, WarningRow.id)
    )
    found = [Unanswered(**row) for row in visit.read().execute(wanted).mappings()]
    items: defaultdict[str, set[str]] = defaultdict(set)
    for each in found:
        items[each.card].add(each.item)
    shown = {item for card, some in items.items() for item in some & _shown(visit, card)}
    return tuple(each for each in found if each.item in shown)


def _shown(visit: Visit, card: str) -> set[str]:
    """The items of a card whose figures may be looked at now."""
    try:
        table = lay(visit, card_row(visit.read(), card), Looking())
    except NotFound:
        return set()
    return {row.id for row in table.rows if table.refusal(row) is None}
