"""Record in a meeting: decisions, actions, concerns, notes, each numbered over all meetings; later what happened."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance import Action, Housekeeping, Invalid, NotFound, Visit, commitments, concerns, machinery, require
from governance.commitments import CommitmentDraft, CommitmentKind
from governance.concerns import About, Raised, ShowAs, Worry
from meetings.reading import RecordKind
from meetings.rows import agenda_row, open_row, presence_rows
from meetings.tables import MeetingRow, RecordRow
from store import Grant, take_turns
from store.sessions import GuardedSession

LONGEST = 4000
"""Letters of one field."""
_TURN = 7_204_105
"""In which records get their numbers."""
NUMBERED = Housekeeping(reason="the number of a concern in a meeting; the audit has heard of the concern itself")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDraft:
    """What an organisation will do."""

    what: str
    organisation_id: str = ""
    """"" is the viewer's own."""
    who: str = ""
    """The person who sees to it, as they are called."""
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What goes into one row."""

    kind: RecordKind
    words: str
    agenda_id: str = ""
    rationale: str = ""
    expected: str = ""
    ref: str = ""


def decide(visit: Visit, name: str, words: str, *, agenda_id: str = "", rationale: str = "", expected: str = "") -> str:
    """Record a decision; its label, "D-32". Raises Invalid, NotFound, NotPermitted."""
    said = _Said(
        kind=RecordKind.DECISION,
        words=_written(words, "Write down what was decided."),
        agenda_id=agenda_id,
        rationale=rationale.strip()[:LONGEST],
        expected=expected.strip()[:LONGEST],
    )
    return _record(visit, name, said)


def note(visit: Visit, name: str, words: str, *, agenda_id: str = "") -> str:
    """Record a note; its label, "N-7". Raises Invalid, NotFound, NotPermitted."""
    said = _Said(kind=RecordKind.NOTE, words=_written(words, "Write the note first."), agenda_id=agenda_id)
    return _record(visit, name, said)


def act(visit: Visit, name: str, action: ActionDraft, *, agenda_id: str = "") -> str:
    """Record what an organisation will do, as its commitment; the label, "A-58".

    For another organisation than one's own only while somebody of it is in the room to agree.

    Raises: Invalid, NotFound, NotPermitted.
    """
    require(visit, Action.MEETING_RECORDED, f"meeting:{name}")
    row = _ready(visit, name, agenda_id)
    owner = action.organisation_id or visit.viewer.organisation_id
    draft = CommitmentDraft(
        kind=CommitmentKind.ACTION,
        what=action.what,
        about=About(kind="meeting", id=row.name, title=row.title),
        organisation_id=owner,
        who=action.who,
        due=action.due,
    )
    said = _Said(kind=RecordKind.ACTION, words=_written(action.what, "Say what will be done."), agenda_id=agenda_id)
    if owner == visit.viewer.organisation_id or visit.viewer.sees_all:
        ref = commitments.make(visit, draft)
    else:
        _check_here(visit, row, owner)
        with machinery(f"{visit.viewer.username} recorded it in a meeting", now=visit.now) as own:
            ref = commitments.make(own, draft)
    return _record(visit, name, replace(said, ref=ref))


def _check_here(visit: Visit, row: MeetingRow, organisation_id: str) -> None:
    if not any(each.here and each.organisation_id == organisation_id for each in presence_rows(visit.read(), row.id)):
        raise Invalid("Nobody of that organisation is in the room to agree to it.", field="organisation")


def raise_concern(visit: Visit, name: str, worry: Worry, *, agenda_id: str = "") -> Raised:
    """Raise a concern in the meeting, whatever else the worry says it is about; everybody signed in may.

    One without a name gets no number: the order of numbers would tell when it was raised, and so by whom.

    Raises: Invalid, NotFound.
    """
    row = _ready(visit, name, agenda_id)
    raised = concerns.raise_concern(visit, replace(worry, about=About(kind="meeting", id=row.name, title=row.title)))
    if worry.show_as is ShowAs.ORGANISATION:
        said = _Said(kind=RecordKind.CONCERN, words=worry.words.strip(), agenda_id=agenda_id, ref=raised.id)
        _write(visit, name, said, grant=NUMBERED)
    return raised


def happened(visit: Visit, record_id: str, words: str) -> None:
    """Say later what came of a decision; a further answer takes the place of the one before.

    Raises: Invalid, NotFound, NotPermitted.
    """
    said = _written(words, "Say what happened.")
    with visit.change(require(visit, Action.MEETING_RECORDED, f"record:{record_id}", happened=True)) as session:
        row = session.get(RecordRow, record_id)
        if row is None or row.kind != RecordKind.DECISION:
            raise NotFound("There is no such decision.")
        row.happened, row.happened_by = said, visit.viewer.username
    visit.refresh()


def _written(words: str, missing: str) -> str:
    clean = words.strip()
    if not clean:
        raise Invalid(missing, field="words")
    if len(clean) > LONGEST:
        raise Invalid(f"Say it in at most {LONGEST:,} letters.", field="words")
    return clean


def _ready(visit: Visit, name: str, agenda_id: str) -> MeetingRow:
    """The meeting, when something can be recorded in it. Raises Invalid, NotFound."""
    row = open_row(visit.read(), name, held=True)
    _check_item(visit.read(), row, agenda_id)
    return row


def _check_item(session: Session, row: MeetingRow, agenda_id: str) -> None:
    if agenda_id and agenda_row(session, agenda_id)[1].id != row.id:
        raise NotFound("There is no such item on this agenda.")


def _record(visit: Visit, name: str, said: _Said) -> str:
    grant = require(visit, Action.MEETING_RECORDED, f"meeting:{name}", record=said.kind.value)
    return _write(visit, name, said, grant=grant)


def _write(visit: Visit, name: str, said: _Said, *, grant: Grant) -> str:
    """One row with the next number of its kind; its label."""
    with visit.change(grant) as session:
        meeting = open_row(session, name, held=True)
        _check_item(session, meeting, said.agenda_id)
        number = _next(session, said.kind)
        row = RecordRow(
            id=uuid.uuid4().hex,
            meeting_id=meeting.id,
            agenda_id=said.agenda_id,
            kind=said.kind.value,
            number=number,
            ref=said.ref,
            words=said.words,
            rationale=said.rationale,
            expected=said.expected,
            by=visit.viewer.username,
            at=visit.now,
        )
        session.add(row)
    visit.refresh()
    return f"{said.kind.value[0].upper()}-{number}"


def _next(session: GuardedSession, kind: RecordKind) -> int:
    """The next number of this kind; whoever asks waits until the one before has written theirs."""
    take_turns(session, _TURN)
    newest = select(func.max(RecordRow.number)).where(RecordRow.kind == kind.value)
    return (session.execute(newest).scalar_one_or_none() or 0) + 1
