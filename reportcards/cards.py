"""Report cards: which indicators stand on a card, in which order, and the words that people write beside them."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.knowing import briefs
from governance import Action, Invalid, NotFound, Visit, require
from governance.agreements.purposes import purpose
from reportcards.clearing import audience
from reportcards.indicators import several
from reportcards.places import area_names
from reportcards.report import Audience
from reportcards.tables import CardRow, IndicatorRow, ItemRow, WarningRow

NO_SUCH_CARD = "There is no such report card."
MOST_ITEMS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CardBrief:
    """A card in a list."""

    name: str
    title: str
    outcome: str
    population: str
    area: str
    """The place by its name, "" when the card does not say one."""
    organisation_id: str
    audience: Audience
    items: int
    """How many of its indicators the viewer may know of."""
    warnings: int
    """Warnings that nobody has answered yet."""
    changed_at: datetime
    retired_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """One indicator on a card, for one area and group."""

    id: str = ""
    """"" for a new one."""
    indicator_id: str
    area_code: str = ""
    """"" takes the card's."""
    breakdown: str = ""
    group: str = ""
    polarity: str = ""
    """"" takes the indicator's."""
    headline: str = ""
    """"" takes the generated one."""
    headline_by: str = ""
    partners: tuple[str, ...] = ()
    what_works: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CardDraft:
    """A card as it is composed."""

    name: str = ""
    """"" for a new card: it gets one from its title."""
    title: str
    outcome: str = ""
    population: str = ""
    area_code: str = ""
    organisation_id: str = ""
    purpose: str = ""
    made_up: str = ""
    items: tuple[ItemDraft, ...] = ()


def cards(visit: Visit, *, retired: bool = False) -> tuple[CardBrief, ...]:
    """Every card by title; with `retired` those that were put away instead."""
    wanted = select(CardRow).order_by(CardRow.title, CardRow.name)
    wanted = wanted.where(CardRow.retired_at.is_not(None) if retired else CardRow.retired_at.is_(None))
    rows = visit.read().execute(wanted).scalars().all()
    counted = select(ItemRow.card_id, func.count()).group_by(ItemRow.card_id)
    items = {row[0]: row[1] for row in visit.read().execute(counted)}
    names = area_names(visit, (row.area_code for row in rows))
    bands = _bands(visit)
    fired = select(ItemRow.card_id, func.count()).join(WarningRow, WarningRow.item_id == ItemRow.id)
    fired = fired.where(WarningRow.response == "").group_by(ItemRow.card_id)
    warnings = {row[0]: row[1] for row in visit.read().execute(fired)}
    return tuple(
        CardBrief(
            name=row.name,
            title=row.title,
            outcome=row.outcome,
            population=row.population,
            area=names.get(row.area_code, ""),
            organisation_id=row.organisation_id,
            audience=audience(bands.get(row.id, ())),
            items=items.get(row.id, 0),
            warnings=warnings.get(row.id, 0),
            changed_at=row.changed_at,
            retired_why=row.retired_why,
        )
        for row in rows
    )


def _bands(visit: Visit) -> dict[str, set[str]]:
    """The bands of the datasets behind each card, as far as the viewer may know of them."""
    joined = select(ItemRow.card_id, IndicatorRow.dataset_id).join(
        IndicatorRow, IndicatorRow.id == ItemRow.indicator_id
    )
    pairs = visit.read().execute(joined).all()
    known = briefs(visit, (dataset for _, dataset in pairs))
    found: dict[str, set[str]] = {}
    for card, dataset in pairs:
        found.setdefault(card, set()).add(known[dataset].band if dataset in known else "unknown")
    return found


def card_row(session: Session, name: str) -> CardRow:
    """The row of a card, by its short name or its title. Raises NotFound."""
    found = session.execute(select(CardRow).where((CardRow.name == name) | (CardRow.title == name))).scalars().all()
    exact = [row for row in found if row.name == name] or list(found)
    if len(exact) != 1:
        raise NotFound(NO_SUCH_CARD)
    return exact[0]


def item_row(session: Session, item: str) -> ItemRow:
    """The row of one item of a card. Raises NotFound."""
    row = session.get(ItemRow, item)
    if row is None:
        raise NotFound("This indicator is not on the card, or you may not know of it.")
    return row


def item_rows(session: Session, card_id: str) -> list[ItemRow]:
    """What stands on a card, in its own order, as far as the viewer may know of it."""
    wanted = select(ItemRow).where(ItemRow.card_id == card_id).order_by(ItemRow.position, ItemRow.id)
    return list(session.execute(wanted).scalars())


def declared_purpose(visit: Visit, name: str) -> str:
    """The purpose that a card declares, "" when it says none. Raises NotFound."""
    return card_row(visit.read(), name).purpose


def draft(visit: Visit, name: str) -> CardDraft:
    """A card as it can be edited. Raises NotFound."""
    row = card_row(visit.read(), name)
    return CardDraft(
        name=row.name,
        title=row.title,
        outcome=row.outcome,
        population=row.population,
        area_code=row.area_code,
        organisation_id=row.organisation_id,
        purpose=row.purpose,
        made_up=row.made_up,
        items=tuple(_item_draft(each) for each in item_rows(visit.read(), row.id)),
    )


def _item_draft(row: ItemRow) -> ItemDraft:
    return ItemDraft(
        id=row.id,
        indicator_id=row.indicator_id,
        area_code=row.area_code,
        breakdown=row.breakdown,
        group=row.group,
        polarity=row.polarity,
        headline=row.headline,
        headline_by=row.headline_by,
        partners=tuple(row.partners),
        what_works=tuple(row.what_works),
    )


def save(visit: Visit, given: CardDraft) -> CardBrief:
    """Create or change a card. What an editor may not know of stays on it. Raises Invalid, NotFound, NotPermitted."""
    _check(visit, given)
    grant = require(visit, Action.CARD_SAVED, given.name or given.title, items=len(given.items))
    if given.name:
        card_row(visit.read(), given.name)
    seen = {each.id for each in draft(visit, given.name).items} if given.name else set()
    with visit.change(grant) as session:
        row = card_row(session, given.name) if given.name else _new_card(session, given.title)
        row.title, row.outcome, row.population = given.title.strip(), given.outcome.strip(), given.population.strip()
        row.area_code, row.organisation_id, row.purpose = given.area_code, given.organisation_id, purpose(given.purpose)
        row.made_up, row.changed_by, row.changed_at = given.made_up, visit.viewer.username, visit.now
        session.flush()
        _set_items(session, row, given.items, may_remove=seen)
        name = row.name
    visit.refresh()
    return next(each for each in cards(visit) if each.name == name)


def _check(visit: Visit, given: CardDraft) -> None:
    if not given.title.strip():
        raise Invalid("A card needs a title: the outcome that the table cares about.")
    if len(given.items) > MOST_ITEMS:
        raise Invalid(f"A card holds at most {MOST_ITEMS} indicators: make two cards of it.")
    known = several(visit, (each.indicator_id for each in given.items))
    if missing := [each for each in given.items if each.indicator_id not in known]:
        raise Invalid(f"{len(missing)} of the indicators chosen do not exist, or you may not know of them.")


def _new_card(session: Session, title: str) -> CardRow:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "card"
    taken = set(session.execute(select(CardRow.name).where(CardRow.name.startswith(base))).scalars())
    name = next(each for number in range(1, len(taken) + 2) if (each := _numbered(base, number)) not in taken)
    row = CardRow(id=uuid.uuid4().hex, name=name, title=title)
    session.add(row)
    return row


def _numbered(base: str, number: int) -> str:
    return base if number == 1 else f"{base}-{number}"


def _set_items(session: Session, card: CardRow, given: Sequence[ItemDraft], *, may_remove: set[str]) -> None:
    existing = {row.id: row for row in item_rows(session, card.id)}
    kept = {each.id for each in given}
    for identifier in may_remove - kept:
        if (gone := existing.pop(identifier, None)) is not None:
            session.delete(gone)
    for position, each in enumerate(given):
        row = existing.pop(each.id, None)
        if row is None:
            row = ItemRow(id=uuid.uuid4().hex, card_id=card.id, story={})
            session.add(row)
        row.position, row.indicator_id, row.area_code = position, each.indicator_id, each.area_code
        row.breakdown, row.group, row.polarity = each.breakdown, each.group, each.polarity
        row.headline, row.headline_by = each.headline, each.headline_by
        row.partners, row.what_works = list(each.partners), list(each.what_works)
    for position, row in enumerate(existing.values(), start=len(given)):
        row.position = position


def retire(visit: Visit, name: str, reason: str) -> None:
    """Put a card away; nothing of it is deleted. Raises Invalid without a reason, NotFound, NotPermitted."""
    if not reason.strip():
        raise Invalid("Say why the card is put away: others will wonder.")
    with visit.change(require(visit, Action.CARD_SAVED, name, retired=reason)) as session:
        row = card_row(session, name)
        row.retired_at, row.retired_why, row.changed_at = visit.now, reason.strip(), visit.now
    visit.refresh()


def bring_back(visit: Visit, name: str) -> None:
    """Take a card out again that was put away. Raises NotFound, NotPermitted."""
    with visit.change(require(visit, Action.CARD_SAVED, name, brought_back=True)) as session:
        row = card_row(session, name)
        row.retired_at, row.retired_why, row.changed_at = None, "", visit.now
    visit.refresh()
