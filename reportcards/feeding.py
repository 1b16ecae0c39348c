"""What a dataset feeds: the indicators made of it, and the cards on which they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from governance import Visit
from reportcards.tables import CardRow, IndicatorRow, ItemRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Fed:
    """One indicator of a dataset, and one card that shows it."""

    indicator: str
    name: str
    card: str = ""
    """Short name of the card, "" when no card shows the indicator."""
    card_title: str = ""
    item: str = ""


def feeds(visit: Visit, dataset_id: str) -> tuple[Fed, ...]:
    """Every indicator of a dataset by name, once for each card that shows it."""
    shown = select(ItemRow.indicator_id, ItemRow.id, CardRow.name, CardRow.title)
    shown = shown.join(CardRow, CardRow.id == ItemRow.card_id).where(CardRow.retired_at.is_(None))
    own = select(IndicatorRow.id, IndicatorRow.name).where(IndicatorRow.dataset_id == dataset_id)
    names = {row.id: row.name for row in visit.read().execute(own.order_by(IndicatorRow.name))}
    cards: dict[str, list[Fed]] = {each: [] for each in names}
    for row in visit.read().execute(shown.where(ItemRow.indicator_id.in_(names)).order_by(CardRow.title)):
        made = Fed(indicator=row[0], name=names[row[0]], item=row[1], card=row[2], card_title=row[3])
        cards[row[0]].append(made)
    return tuple(each for key, name in names.items() for each in cards[key] or [Fed(indicator=key, name=name)])


def counts(visit: Visit, dataset_ids: Iterable[str]) -> dict[str, int]:
    """How many indicators each of these datasets feeds; datasets that feed none are left out."""
    wanted = select(IndicatorRow.dataset_id, func.count()).where(IndicatorRow.dataset_id.in_(set(dataset_ids)))
    return {row[0]: row[1] for row in visit.read().execute(wanted.group_by(IndicatorRow.dataset_id))}
