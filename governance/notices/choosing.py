"""Who wants to be told by mail: a person's own choice, off until they make it and confirm the address.

chosen -> a code is sent to the address -> confirmed -> told, daily or soon -> ended (here, or by a mail's link)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from governance.concerns import receipts
from governance.errors import Invalid, NotFound, NotPermitted
from governance.notices.outbox import State, Way, put
from governance.policy import Grant
from governance.sign_in import token_hash
from governance.tables import DeliveryRow, MailChoiceRow, PersonRow, ToldRow
from governance.visit import Kind, Visit, machinery
from store.settings import MAIL_ADDRESS, settings

CODES_A_DAY = 3
"""Codes a person may have sent within a day: nobody's mailbox is flooded through us."""
_CHOSEN, _CONFIRMED, _STOPPED = "person.mails_chosen", "person.mails_confirmed", "person.mails_stopped"


class Pace(StrEnum):
    """How often somebody is told by mail."""

    DAILY = "daily"
    """Once a day, in the morning, when there is something new."""
    SOON = "soon"
    """Within a quarter of an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What a person has chosen."""

    address: str
    pace: Pace
    confirmed: bool
    code_sent: bool
    """Whether a code is on its way, or was sent and can still be entered."""
    refused: bool
    """Whether the mail server said that there is no such address."""


def offered_by_mail() -> bool:
    """Whether this installation has a mail server: without one no page speaks of mails."""
    return bool(settings().mail_host)


def choice(visit: Visit) -> Choice | None:
    """The viewer's own choice; None while they want no mails."""
    row = visit.read().execute(_of(visit.viewer.person_id)).scalar_one_or_none()
    if row is None:
        return None
    return Choice(
        address=row.address,
        pace=Pace(row.pace),
        confirmed=row.confirmed_at is not None,
        code_sent=bool(row.code_hash) and row.code_until is not None and visit.now < row.code_until,
        refused=row.refused,
    )


def choose(visit: Visit, address: str, pace: Pace) -> None:
    """Want mails at this address; one that is not confirmed is sent a code, and nothing else before that comes back.

    Raises: Invalid for what is no address, and after too many codes; NotPermitted where no mails are sent.
    """
    given = address.strip()
    if not offered_by_mail() or visit.viewer.kind is not Kind.PERSON:
        raise NotPermitted("No mails are sent here: ask an administrator.")
    if not MAIL_ADDRESS.fullmatch(given):
        raise Invalid("That is no mail address: write it as in name@example.org.", field="address")
    grant = _grant(visit, _CHOSEN, visit.viewer.username, pace=Pace(pace).value)
    with machinery("", now=visit.now) as door, door.change(grant) as session:
        row = session.execute(_of(visit.viewer.person_id).with_for_update()).scalar_one_or_none()
        if row is None:
            row = MailChoiceRow(person_id=visit.viewer.person_id, address=given, pace=pace.value)
            session.add(row)
        row.pace = pace.value
        if row.address != given or row.confirmed_at is None:
            _ask_for_the_code(session, row, given, now=visit.now)
    visit.refresh()


def _ask_for_the_code(session: Session, row: MailChoiceRow, address: str, *, now: datetime) -> None:
    sent = select(func.count()).where(
        DeliveryRow.person_id == row.person_id,
        DeliveryRow.way == Way.CONFIRM.value,
        DeliveryRow.made_at > now - timedelta(days=1),
    )
    if session.execute(sent).scalar_one() >= CODES_A_DAY:
        raise Invalid("Enough codes were sent for today: use the last one, or come back tomorrow.", field="address")
    row.address, row.confirmed_at, row.refused = address, None, False
    row.code_hash, row.code_until = "", None
    _take_back(session, row.person_id)
    session.flush()
    put(session, Way.CONFIRM, person_id=row.person_id, address=address, now=now)


def confirm(visit: Visit, code: str) -> None:
    """Say the code that came by mail: from now on mails are sent to its address. Raises Invalid for another one."""
    grant = _grant(visit, _CONFIRMED, visit.viewer.username)
    with machinery("", now=visit.now) as door, door.change(grant) as session:
        row = session.execute(_of(visit.viewer.person_id).with_for_update()).scalar_one_or_none()
        fits = row is not None and receipts.fits(code, row.code_hash)
        if row is None or not fits or row.code_until is None or row.code_until < visit.now:
            raise Invalid("This is not the code that was sent last, or it is too old.", field="code")
        row.confirmed_at, row.code_hash, row.code_until = visit.now, "", None
    visit.refresh()


def end(visit: Visit) -> None:
    """Want no mails any more: the address is forgotten, and what was not sent yet is not sent."""
    _end(visit.viewer.person_id, visit.viewer.username, by="account", now=visit.now)
    visit.refresh()


def stop(token: str, *, now: datetime) -> None:
    """End all mails of whoever got the mail that this token is from; nobody need be signed in.

    Raises: NotFound for a token that is not known (any more).
    """
    with machinery("ends mails by their link", now=now) as visit:
        wanted = select(DeliveryRow.person_id).where(DeliveryRow.stop_hash == token_hash(token or "-"))
        person = visit.read().get(PersonRow, visit.read().execute(wanted).scalar() or "")
        if person is None:
            raise NotFound("This link is too old, or it is not whole: sign in and end the mails on your account page.")
        _end(person.id, person.username, by="link", now=now)


def _end(person_id: str, username: str, *, by: str, now: datetime) -> None:
    with machinery("", now=now) as door:
        row = door.read().execute(_of(person_id)).scalar_one_or_none()
        if row is None:
            return
        with door.change(_grant(door, _STOPPED, username, by=by)) as session:
            session.execute(delete(MailChoiceRow).where(MailChoiceRow.person_id == person_id))
            session.execute(delete(ToldRow).where(ToldRow.person_id == person_id))
            _take_back(session, person_id)


def _take_back(session: Session, person_id: str) -> None:
    """Nothing that was meant for the old address is sent any more."""
    wanted = select(DeliveryRow).where(DeliveryRow.person_id == person_id, DeliveryRow.state == State.DUE.value)
    for row in session.execute(wanted).scalars():
        row.state = State.DROPPED.value


def _of(person_id: str) -> Select[MailChoiceRow]:
    return select(MailChoiceRow).where(MailChoiceRow.person_id == person_id)


def _grant(visit: Visit, action: str, username: str, **detail: str) -> Grant:
    """One's own choice needs no role; the audit is told of it, never of the address."""
    return Grant(visit=visit, action=action, target=f"person:{username}", detail=detail)
