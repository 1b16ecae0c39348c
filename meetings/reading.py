"""Meetings as people read them: the list, one meeting with its agenda, who was there, what was recorded and seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select

from governance import Visit, commitments, concerns, people
from governance.commitments import Commitment
from governance.concerns import Concern
from meetings import keeping
from meetings.keeping import Seen
from meetings.rows import agenda_rows, meeting_row, presence_rows
from meetings.tables import AgendaRow, MeetingRow, RecordRow

__all__ = [
    "AgendaItem",
    "ItemKind",
    "Meeting",
    "MeetingBrief",
    "Presence",
    "Record",
    "RecordKind",
    "Seen",
    "State",
    "meeting",
    "meetings",
    "upcoming",
]


class State(StrEnum):
    """How far a meeting is."""

    PLANNED = "planned"
    HELD = "held"
    CLOSED = "closed"


class ItemKind(StrEnum):
    """What an item of an agenda is about."""

    OPENING = "opening"
    COMMITMENTS = "commitments"
    INDICATOR = "indicator"
    CARD = "card"
    CONCERN = "concern"
    WARNING = "warning"
    AGREEMENT = "agreement"
    DATASET = "dataset"
    OTHER = "other"


class RecordKind(StrEnum):
    """What can be recorded; each kind is counted on its own over all meetings."""

    DECISION = "decision"
    ACTION = "action"
    CONCERN = "concern"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingBrief:
    """A meeting in a list."""

    name: str
    """In its address."""
    title: str
    starts_at: datetime
    length: int
    """Minutes."""
    place: str
    chair: str
    """Username."""
    chair_name: str
    card_name: str
    """The report card on the table, "" for none."""
    state: State
    decisions: int
    made_up: str = ""

    @property
    def ends_at(self) -> datetime:
        """When it is planned to end."""
        return self.starts_at + timedelta(minutes=self.length)


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """An organisation that was invited, and how many of it are in the room."""

    organisation_id: str
    organisation: str
    here: int
    names: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaItem:
    """One item of an agenda."""

    id: str
    kind: ItemKind
    about_id: str
    item_id: str
    """The item of the report card, "" for none."""
    title: str
    """In words that every partner may read."""
    length: int
    """Minutes."""
    done: bool
    seen: Seen | None = None
    """What was shown last; None when nothing was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What was recorded: "D-32", its words, and for an action who does it by when."""

    id: str
    kind: RecordKind
    number: int
    """0 for a concern without a name: the order of numbers would tell when it was raised."""
    words: str
    rationale: str = ""
    expected: str = ""
    happened: str = ""
    happened_by: str = ""
    agenda_id: str = ""
    ref: str = ""
    """Id of the commitment or the concern."""
    by: str = ""
    at: datetime | None = None
    """None for a concern without a name."""
    organisation: str = ""
    """Who does the action, or raised the concern; "" for neither."""
    who: str = ""
    due: date | None = None
    state: str = ""
    """Of the commitment or the concern, as it is now."""

    @property
    def label(self) -> str:
        """ "D-32", "A-58", "C-4", "N-7"; "C" for a concern without a name."""
        letter = self.kind.value[0].upper()
        return f"{letter}-{self.number}" if self.number else letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting with everything that stands on it, as far as the viewer may see it."""

    id: str
    """What concerns and commitments about it name."""
    brief: MeetingBrief
    public: bool
    """Whether the public is in the room."""
    agenda: tuple[AgendaItem, ...]
    presence: tuple[Presence, ...]
    """Everybody invited, by name of the organisation; `here` is 0 for those who are not in the room."""
    records: tuple[Record, ...]
    """In the order of recording; concerns without a name last."""
    minutes: str
    opened_at: datetime | None
    closed_at: datetime | None
    audit_head: str
    """The audit's latest hash when it was closed."""

    @property
    def state(self) -> State:
        """How far it is."""
        return self.brief.state

    @property
    def here(self) -> tuple[Presence, ...]:
        """The organisations in the room."""
        return tuple(each for each in self.presence if each.here)


def meetings(visit: Visit) -> tuple[MeetingBrief, ...]:
    """Every meeting, the latest first."""
    rows = visit.read().execute(select(MeetingRow).order_by(MeetingRow.starts_at.desc(), MeetingRow.name)).scalars()
    return _briefs(visit, list(rows), called=_called(visit))


def upcoming(visit: Visit) -> MeetingBrief | None:
    """The meeting that is being held, else the next that has not ended; None when there is none."""
    found = [each for each in meetings(visit) if each.state is not State.CLOSED]
    held = [each for each in found if each.state is State.HELD]
    ahead = [each for each in found if each.ends_at >= visit.now]
    return next(iter(held or ahead[::-1]), None)


def meeting(visit: Visit, name: str) -> Meeting:
    """One meeting by the name in its address; of what was seen, what may be looked at now. Raises NotFound."""
    row = meeting_row(visit.read(), name)
    called = _called(visit)
    brief = _briefs(visit, [row], called=called)[0]
    names = {each.id: each.name for each in people.organisations(visit)}
    agenda = agenda_rows(visit.read(), row.id)
    seen = keeping.seen(visit, row, agenda)
    present = [
        Presence(
            organisation_id=each.organisation_id,
            organisation=names.get(each.organisation_id, ""),
            here=each.here,
            names=each.names,
        )
        for each in presence_rows(visit.read(), row.id)
    ]
    return Meeting(
        id=row.id,
        brief=brief,
        public=row.public,
        agenda=tuple(_item(each, seen.get(each.id)) for each in agenda),
        presence=tuple(sorted(present, key=lambda each: (each.organisation.casefold(), each.organisation_id))),
        records=_records(visit, row, called=called),
        minutes=row.minutes,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        audit_head=row.audit_head,
    )


def _called(visit: Visit) -> Mapping[str, str]:
    """What people are called, by username."""
    return {each.username: each.display for each in people.people(visit)}


def _briefs(visit: Visit, rows: Sequence[MeetingRow], *, called: Mapping[str, str]) -> tuple[MeetingBrief, ...]:
    counted = select(RecordRow.meeting_id, func.count()).where(RecordRow.kind == RecordKind.DECISION.value)
    found = visit.read().execute(counted.group_by(RecordRow.meeting_id))
    decisions = {each[0]: each[1] for each in found}
    return tuple(
        MeetingBrief(
            name=row.name,
            title=row.title,
            starts_at=row.starts_at,
            length=row.length,
            place=row.place,
            chair=row.chair,
            chair_name=called.get(row.chair, row.chair),
            card_name=row.card_name,
            state=State(row.state),
            decisions=decisions.get(row.id, 0),
            made_up=row.made_up,
        )
        for row in rows
    )


def _item(row: AgendaRow, seen: Seen | None) -> AgendaItem:
    return AgendaItem(
        id=row.id,
        kind=ItemKind(row.kind),
        about_id=row.about_id,
        item_id=row.item_id,
        title=row.title,
        length=row.length,
        done=row.done,
        seen=seen,
    )


def _records(visit: Visit, row: MeetingRow, *, called: Mapping[str, str]) -> tuple[Record, ...]:
    wanted = (
        select(RecordRow).where(RecordRow.meeting_id == row.id).order_by(RecordRow.at, RecordRow.kind, RecordRow.number)
    )
    rows = visit.read().execute(wanted).scalars().all()
    promised: dict[str, Commitment] = {}
    if any(each.kind == RecordKind.ACTION for each in rows):
        promised = {each.id: each for each in commitments.commitments(visit, about_kind="meeting", about_id=row.name)}
    feared = {each.id: each for each in concerns.concerns(visit, about_kind="meeting", about_id=row.name)}
    numbered = [_record(each, promised, feared, called=called) for each in rows]
    taken = {each.ref for each in rows}
    return (*numbered, *(_unnumbered(each) for each in feared.values() if each.id not in taken))


def _record(
    row: RecordRow, promised: Mapping[str, Commitment], feared: Mapping[str, Concern], *, called: Mapping[str, str]
) -> Record:
    action, concern = promised.get(row.ref), feared.get(row.ref)
    about = action or concern
    return Record(
        id=row.id,
        kind=RecordKind(row.kind),
        number=row.number,
        words=row.words,
        rationale=row.rationale,
        expected=row.expected,
        happened=row.happened,
        happened_by=called.get(row.happened_by, row.happened_by),
        agenda_id=row.agenda_id,
        ref=row.ref,
        by=called.get(row.by, row.by),
        at=row.at,
        organisation=about.organisation if about else "",
        who=action.who if action else "",
        due=action.due if action else None,
        state=about.state.value if about else "",
    )


def _unnumbered(concern: Concern) -> Record:
    return Record(
        id=concern.id,
        kind=RecordKind.CONCERN,
        number=0,
        words=concern.words,
        ref=concern.id,
        organisation=concern.organisation,
        state=concern.state.value,
    )
