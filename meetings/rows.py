"""The rows of meetings as the functions of this room find them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import Invalid, NotFound
from meetings.tables import AgendaRow, MeetingRow, PresenceRow

NO_SUCH_MEETING = "There is no such meeting."
CLOSED = "This meeting is closed: what was recorded stays as it is."


def meeting_row(session: Session, name: str) -> MeetingRow:
    """A meeting by the name in its address. Raises NotFound."""
    row = session.execute(select(MeetingRow).where(MeetingRow.name == name)).scalar_one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_MEETING)
    return row


def open_row(session: Session, name: str, *, held: bool = False) -> MeetingRow:
    """A meeting that can still be changed; with `held` one that has begun. Raises Invalid, NotFound."""
    row = meeting_row(session, name)
    _check_open(row, held=held)
    return row


def agenda_row(session: Session, agenda_id: str, *, held: bool = False) -> tuple[AgendaRow, MeetingRow]:
    """An item of an agenda with its meeting, that can still be changed. Raises Invalid, NotFound."""
    row = session.get(AgendaRow, agenda_id)
    if row is None:
        raise NotFound("There is no such item on an agenda.")
    meeting = session.get_one(MeetingRow, row.meeting_id)
    _check_open(meeting, held=held)
    return row, meeting


def _check_open(row: MeetingRow, *, held: bool) -> None:
    if row.state == "closed":
        raise Invalid(CLOSED)
    if held and row.state != "held":
        raise Invalid("This meeting has not begun: open it first.")


def agenda_rows(session: Session, meeting_id: str) -> list[AgendaRow]:
    """The agenda in its order."""
    wanted = select(AgendaRow).where(AgendaRow.meeting_id == meeting_id).order_by(AgendaRow.position, AgendaRow.id)
    return list(session.execute(wanted).scalars())


def presence_rows(session: Session, meeting_id: str) -> list[PresenceRow]:
    """Every organisation that was invited or came."""
    return list(session.execute(select(PresenceRow).where(PresenceRow.meeting_id == meeting_id)).scalars())
