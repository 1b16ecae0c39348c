"""Plan a meeting: four fields, an agenda that suggests itself, its order and lengths."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import Action, Invalid, NotFound, Visit, people, require
from meetings import suggesting
from meetings.reading import ItemKind
from meetings.rows import agenda_rows, meeting_row, open_row, presence_rows
from meetings.suggesting import AgendaDraft, Suggestion
from meetings.tables import AgendaRow, MeetingRow, PresenceRow, RecordRow
from reportcards import cards
from store import settings

__all__ = ["AgendaDraft", "MeetingDraft", "Suggestion", "change", "draft_of", "plan", "put_agenda", "suggest"]

LONGEST = 24 * 60
"""Minutes of a meeting, and of one item."""
MOST_ITEMS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingDraft:
    """A meeting as it is planned: what stands below the card has defaults that fit most."""

    title: str
    starts_at: datetime
    """With its zone."""
    chair: str = ""
    """Username; "" takes who plans it."""
    card_name: str = ""
    """The report card on the table, "" for none."""
    length: int = 90
    """Minutes."""
    place: str = ""
    invited: tuple[str, ...] | None = None
    """Ids of organisations; None invites all."""
    made_up: str = ""


def plan(visit: Visit, draft: MeetingDraft) -> str:
    """Plan a meeting with the agenda that suggests itself; the name in its address.

    Raises: Invalid; NotFound when there is no such card; NotPermitted.
    """
    grant = require(visit, Action.MEETING_PLANNED, f"meeting:{draft.title.strip()}", starts_at=str(draft.starts_at))
    clean = _checked(visit, draft)
    suggested = suggesting.suggestions(visit, clean.card_name, since=_before(visit, clean))
    agenda = suggesting.fitting([each.item for each in suggested], length=clean.length)
    with visit.change(grant) as session:
        name = _new_name(session, clean)
        row = MeetingRow(id=uuid.uuid4().hex, name=name, state="planned")
        _write(row, clean, visit)
        session.add(row)
        session.flush()
        session.add_all(PresenceRow(meeting_id=row.id, organisation_id=each) for each in clean.invited or ())
        _put(session, row.id, agenda)
    visit.refresh()
    return name


def _before(visit: Visit, draft: MeetingDraft) -> datetime | None:
    """When the meeting before this one was opened."""
    return _last_opened(visit.read(), draft.starts_at)


def _last_opened(session: Session, starts_at: datetime) -> datetime | None:
    wanted = select(MeetingRow.opened_at).where(MeetingRow.opened_at.is_not(None), MeetingRow.starts_at < starts_at)
    return session.execute(wanted.order_by(MeetingRow.opened_at.desc()).limit(1)).scalar_one_or_none()


def _checked(visit: Visit, draft: MeetingDraft) -> MeetingDraft:
    title = " ".join(draft.title.split())
    if not title or len(title) > 200:
        raise Invalid("Give the meeting a title of at most 200 letters.", field="title")
    if draft.starts_at.tzinfo is None:
        raise Invalid("Say in which time zone the meeting begins.", field="starts_at")
    if not 5 <= draft.length <= LONGEST:
        raise Invalid("A meeting lasts at least 5 minutes and at most a day.", field="length")
    return replace(
        draft,
        title=title,
        starts_at=draft.starts_at.astimezone(UTC).replace(second=0, microsecond=0),
        chair=_chair(visit, draft.chair),
        card_name=cards.draft(visit, draft.card_name).name if draft.card_name else "",
        place=" ".join(draft.place.split())[:200],
        invited=_invited(visit, draft.invited),
    )


def _chair(visit: Visit, username: str) -> str:
    if not username:
        return visit.viewer.username
    try:
        person = people.person(visit, username)
    except NotFound:
        person = None
    if person is None or not person.active:
        raise Invalid("Choose a chair who has an account here.", field="chair")
    return person.username


def _invited(visit: Visit, chosen: tuple[str, ...] | None) -> tuple[str, ...]:
    every = [each.id for each in people.organisations(visit)]
    if chosen is None:
        return tuple(every)
    if not chosen or set(chosen) - set(every):
        raise Invalid("Invite at least one organisation, and only those that take part.", field="invited")
    return tuple(dict.fromkeys(chosen))


def _new_name(session: Session, draft: MeetingDraft) -> str:
    plain = unicodedata.normalize("NFKD", draft.title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:50].strip("-") or "meeting"
    base = f"{slug}-{draft.starts_at.astimezone(settings().zone):%Y-%m-%d}"
    taken = set(session.execute(select(MeetingRow.name).where(MeetingRow.name.startswith(base))).scalars())
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(each for each in names if each not in taken)


def _write(row: MeetingRow, draft: MeetingDraft, visit: Visit) -> None:
    row.title, row.starts_at, row.length, row.place = draft.title, draft.starts_at, draft.length, draft.place
    row.chair, row.card_name, row.made_up = draft.chair, draft.card_name, draft.made_up
    row.by, row.changed_at = visit.viewer.username, visit.now


def draft_of(visit: Visit, name: str) -> MeetingDraft:
    """A meeting as it can be changed. Raises NotFound."""
    row = meeting_row(visit.read(), name)
    return MeetingDraft(
        title=row.title,
        starts_at=row.starts_at,
        chair=row.chair,
        card_name=row.card_name,
        length=row.length,
        place=row.place,
        invited=tuple(each.organisation_id for each in presence_rows(visit.read(), row.id)),
        made_up=row.made_up,
    )


def change(visit: Visit, name: str, draft: MeetingDraft) -> None:
    """Change a meeting that is not closed; whoever is in the room stays. Raises Invalid, NotFound, NotPermitted."""
    grant = require(visit, Action.MEETING_PLANNED, f"meeting:{name}", starts_at=str(draft.starts_at))
    clean = _checked(visit, draft)
    with visit.change(grant) as session:
        row = open_row(session, name)
        _write(row, clean, visit)
        invited = set(clean.invited or ())
        there = {each.organisation_id: each for each in presence_rows(session, row.id)}
        for organisation_id, presence in there.items():
            if organisation_id not in invited and not presence.here:
                session.delete(presence)
        session.add_all(PresenceRow(meeting_id=row.id, organisation_id=each) for each in invited - there.keys())
    visit.refresh()


def suggest(visit: Visit, name: str) -> tuple[Suggestion, ...]:
    """What the agenda does not hold yet and could, in a good order. Raises NotFound."""
    row = meeting_row(visit.read(), name)
    there = agenda_rows(visit.read(), row.id)
    known = {_identity(ItemKind(each.kind), each.about_id, item=each.item_id, title=each.title) for each in there}
    found = suggesting.suggestions(visit, row.card_name, since=_last_opened(visit.read(), row.starts_at))
    return tuple(each for each in found if _of_draft(each.item) not in known)


def _of_draft(item: AgendaDraft) -> tuple[str, ...]:
    return _identity(item.kind, item.about_id, item=item.item_id, title=item.title)


def _identity(kind: ItemKind, about_id: str, *, item: str, title: str) -> tuple[str, ...]:
    """What makes two items the same: one figure stands on an agenda once, as a warning or without."""
    if item:
        return ("figure", item)
    return (kind.value, about_id, title) if kind is ItemKind.OTHER else (kind.value, about_id)


def put_agenda(visit: Visit, name: str, items: Sequence[AgendaDraft]) -> None:
    """The agenda in this order; what is left out goes, unless something was shown or recorded under it.

    Raises: Invalid, NotFound, NotPermitted.
    """
    if len(items) > MOST_ITEMS:
        raise Invalid(f"An agenda holds at most {MOST_ITEMS} items.")
    with visit.change(require(visit, Action.MEETING_PLANNED, f"meeting:{name}", agenda=len(items))) as session:
        row = open_row(session, name)
        there = {each.id: each for each in agenda_rows(session, row.id)}
        if {each.id for each in items if each.id} - there.keys():
            raise NotFound("There is no such item on this agenda.")
        for gone in there.keys() - {each.id for each in items}:
            _take_off(session, there[gone])
        _put(session, row.id, items)
    visit.refresh()


def _take_off(session: Session, row: AgendaRow) -> None:
    recorded = session.execute(select(RecordRow.id).where(RecordRow.agenda_id == row.id).limit(1)).first()
    if row.seen_at is not None or recorded is not None:
        raise Invalid(f"“{row.title}” was dealt with: it stays on the agenda.")
    session.delete(row)


def _put(session: Session, meeting_id: str, items: Sequence[AgendaDraft]) -> None:
    for position, each in enumerate(items):
        title = " ".join(each.title.split())[:300]
        if not title:
            raise Invalid("Every item of the agenda needs a title.")
        if not 1 <= each.length <= LONGEST:
            raise Invalid(f"“{title}” needs a length in minutes.")
        row = session.get_one(AgendaRow, each.id) if each.id else _new_item(session, meeting_id, each)
        row.position, row.title, row.length = position, title, each.length


def _new_item(session: Session, meeting_id: str, item: AgendaDraft) -> AgendaRow:
    row = AgendaRow(
        id=uuid.uuid4().hex,
        meeting_id=meeting_id,
        kind=item.kind.value,
        about_id=item.about_id,
        item_id=item.item_id,
        datasets=[],
    )
    session.add(row)
    return row
