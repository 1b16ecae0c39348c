"""What is sent, once each, and how far it is: the book that a sender keeps, for mails and for the webhook.

    due -> handing -> sent | unknown          dropped: not wanted any more, or settled before it was sent
       \\-> due again, later and later -> failed

What is told, and to whom, is written down before anything is sent (`prepare`), so a process that is killed tells it
neither twice nor never. A mail is `handing` from just before its text is given to the mail server until the server has
answered: killed in between, nobody can know whether it went, and it is not repeated (`unknown`). Before that moment
it is simply tried again. A post to the webhook is repeated under the same id, by which its receiver knows it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from governance.concerns import receipts
from governance.notices import Kind, Notice, counted, waiting
from governance.people import seen_as
from governance.policy import Housekeeping
from governance.sign_in import token_hash
from governance.tables import DeliveryRow, MailChoiceRow, PersonRow
from governance.visit import Visit
from store.settings import settings

CODE_LIFE = timedelta(days=7)
TRIES = 8
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)
STUCK = timedelta(hours=1)
"""After so long nobody is handing it over any more: whoever did was killed."""
_BOOK = Housekeeping(reason="what is sent is kept in its own book, and changes nothing anybody sees")
_LONGEST_KEY = 160


class Way(StrEnum):
    """How something leaves the product."""

    MAIL = "mail"
    CONFIRM = "confirm"
    """The one mail to an address that nobody has confirmed."""
    WEBHOOK = "webhook"


class State(StrEnum):
    """How far a delivery is."""

    DUE = "due"
    HANDING = "handing"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One delivery, ready to be sent: numbers only, no names of things, no words of people."""

    id: str
    way: Way
    made_at: datetime
    address: str = ""
    name: str = ""
    """Of the person, for the line that says whom it is to."""
    new: Mapping[Kind, int] = field(default_factory=dict)
    waiting: Mapping[Kind, int] = field(default_factory=dict)
    """All that waits, the new included: what Home says at this moment."""
    code: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    """For the link that ends all mails."""


def put(
    session: Session, way: Way, *, now: datetime, person_id: str = "", address: str = "", **content: object
) -> None:
    """Write down that something is to be sent, in the caller's transaction."""
    session.add(
        DeliveryRow(
            id=secrets.token_hex(16),
            way=way.value,
            person_id=person_id,
            address=address,
            content=content,
            state=State.DUE.value,
            made_at=now,
            next_at=now,
        )
    )


def due(visit: Visit) -> tuple[str, ...]:
    """The ids of what is to be sent now, the oldest first; what was left in the middle of handing over is settled."""
    _settle_what_was_left(visit)
    wanted = (
        select(DeliveryRow.id)
        .where(DeliveryRow.state == State.DUE.value, DeliveryRow.next_at <= visit.now)
        .order_by(DeliveryRow.made_at, DeliveryRow.id)
    )
    return tuple(visit.read().execute(wanted).scalars())


def _settle_what_was_left(visit: Visit) -> None:
    left = select(DeliveryRow).where(DeliveryRow.state == State.HANDING.value, DeliveryRow.next_at <= visit.now - STUCK)
    for row in visit.read().execute(left).scalars().all():
        unknown(visit, row.id)


def letter(visit: Visit, delivery_id: str) -> Letter | None:
    """What this delivery says at this moment; None when there is nothing to send (any more).

    A step that is repeated after a kill finds its mail `handing` and leaves it, for it may have gone.
    """
    row = visit.read().get(DeliveryRow, delivery_id)
    if row is not None and row.state == State.HANDING:
        unknown(visit, delivery_id)
        return None
    if row is None or row.state != State.DUE:
        return None
    if not (settings().webhook_url if row.way == Way.WEBHOOK else settings().mail_host):
        _end(visit, delivery_id, State.DROPPED)
        return None
    if row.way == Way.WEBHOOK:
        new, every = (_counts(row.content[name]) for name in ("new", "waiting"))
        return Letter(id=row.id, way=Way.WEBHOOK, made_at=row.made_at, new=new, waiting=every)
    made = _to_person(visit, row)
    if made is None:
        _end(visit, delivery_id, State.DROPPED)
    return made


def _counts(kept: Mapping[str, int]) -> Mapping[Kind, int]:
    return {kind: kept[kind] for kind in Kind if kind in kept}


def _to_person(visit: Visit, row: DeliveryRow) -> Letter | None:
    """To who still wants it at that address and may still sign in; None when nothing of it waits any more."""
    choice = visit.read().get(MailChoiceRow, row.person_id)
    person = visit.read().get(PersonRow, row.person_id)
    is_wanted = choice is not None and choice.address == row.address and not choice.refused
    if choice is None or person is None or not person.active or not is_wanted:
        return None
    named = Letter(id=row.id, way=Way(row.way), made_at=row.made_at, address=row.address, name=person.display)
    if row.way == Way.CONFIRM:
        return None if choice.confirmed_at else replace(named, code=receipts.new())
    with seen_as(visit, person.username) as eyes:
        found = waiting(eyes)
    new = [each for each in found if key_of(each) in set(row.content["keys"])]
    if not new or choice.confirmed_at is None:
        return None
    return replace(named, new=counted(new), waiting=counted(found), token=secrets.token_urlsafe(24))


def key_of(notice: Notice) -> str:
    """What is kept of a notice's key."""
    return notice.key[:_LONGEST_KEY]


def handing(visit: Visit, given: Letter) -> bool:
    """Note that it is being handed over, just before; False when somebody else does it, or it changed meanwhile."""
    changes = {"state": State.HANDING.value, "next_at": visit.now, "stop_hash": token_hash(given.token or given.id)}
    with visit.change(_BOOK) as session:
        mine = session.execute(
            update(DeliveryRow)
            .where(
                DeliveryRow.id == given.id,
                DeliveryRow.state == State.DUE.value,
                DeliveryRow.made_at == given.made_at,
            )
            .values(**changes)
        )
        if given.code:
            code = {"code_hash": receipts.hash_of(given.code), "code_until": visit.now + CODE_LIFE}
            person = select(DeliveryRow.person_id).where(DeliveryRow.id == given.id).scalar_subquery()
            session.execute(update(MailChoiceRow).where(MailChoiceRow.person_id == person).values(**code))
        return bool(cast("CursorResult[Any]", mine).rowcount)


def sent(visit: Visit, delivery_id: str) -> None:
    """It was taken."""
    _end(visit, delivery_id, State.SENT)


def unknown(visit: Visit, delivery_id: str) -> None:
    """The connection, or this process, ended while it was handed over: it may have gone, so it is not repeated."""
    _end(visit, delivery_id, State.UNKNOWN, problem="The connection broke while it was handed over.")


def failed(
    visit: Visit, delivery_id: str, problem: str, *, for_good: bool = False, no_such_address: bool = False
) -> None:
    """It was not taken: it is tried again, later each time, at most TRIES times, unless that is of no use."""
    with visit.change(_BOOK) as session:
        row = session.get(DeliveryRow, delivery_id)
        if row is None or row.state not in (State.DUE, State.HANDING):
            return
        row.tries, row.problem = row.tries + 1, problem[:300]
        if for_good or row.tries >= TRIES:
            row.state, row.ended_at = State.FAILED.value, visit.now
        else:
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (row.tries - 1))
            row.state, row.next_at = State.DUE.value, visit.now + pause
        choice = session.get(MailChoiceRow, row.person_id) if no_such_address else None
        if choice is not None and choice.address == row.address:
            choice.refused = True


def broken(visit: Visit, delivery_id: str) -> None:
    """A defect of ours came in between: tried again later, unless it was being handed over and may have gone."""
    visit.refresh()
    row = visit.read().get(DeliveryRow, delivery_id)
    if row is not None and row.state == State.HANDING:
        unknown(visit, delivery_id)
    else:
        failed(visit, delivery_id, "It could not be made up or noted: the server's log says why.")


def _end(visit: Visit, delivery_id: str, state: State, *, problem: str = "") -> None:
    with visit.change(_BOOK) as session:
        row = session.get(DeliveryRow, delivery_id)
        if row is not None and row.ended_at is None:
            row.state, row.ended_at, row.problem = state.value, visit.now, problem
