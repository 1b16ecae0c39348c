"""Who is told of what: what is new to each person who wants mails, and to the webhook, is put in the book once."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from governance.notices import Notice, counted, waiting
from governance.notices.choosing import Pace, offered_by_mail
from governance.notices.outbox import State, Way, key_of, put
from governance.people import people, seen_as
from governance.policy import Housekeeping
from governance.tables import DeliveryRow, MailChoiceRow, PersonRow, ToldRow
from governance.visit import Visit
from store.settings import settings

MORNING = time(7)
"""From when on, in the collaboration's time zone, the day's digest is made up."""
KEPT = timedelta(days=400)
"""How long a delivery is kept: as long as the link in its mail ends all mails."""
EVERYBODY = ""
"""Stands for the person where the webhook is told."""
_BOOK = Housekeeping(reason="what somebody was told of is kept in its own book, and changes nothing anybody sees")

log = logging.getLogger(__name__)


def prepare(visit: Visit) -> None:
    """Put in the book what is new to each who wants to be told; `visit` is the machinery's."""
    with visit.change(_BOOK) as session:
        session.execute(delete(DeliveryRow).where(DeliveryRow.made_at < visit.now - KEPT))
    for username, choice in _who_wants(visit) if offered_by_mail() else ():
        found = _list_of(visit, username)
        if found is not None:
            _prepare_person(visit, choice, found)
    if settings().webhook_url:
        _prepare_webhook(visit)


def _who_wants(visit: Visit) -> list[tuple[str, MailChoiceRow]]:
    """Those who may sign in and have confirmed an address that is not refused, and whose time has come."""
    wanted = (
        select(PersonRow.username, MailChoiceRow)
        .join(MailChoiceRow, MailChoiceRow.person_id == PersonRow.id)
        .where(PersonRow.active.is_(True), MailChoiceRow.confirmed_at.is_not(None), MailChoiceRow.refused.is_(False))
        .order_by(PersonRow.username)
    )
    found = [(username, choice) for username, choice in visit.read().execute(wanted)]
    return [each for each in found if each[1].pace == Pace.SOON or _is_digest_due(visit, each[1])]


def _is_digest_due(visit: Visit, choice: MailChoiceRow) -> bool:
    return choice.digest_on != visit.today and visit.now.astimezone(settings().zone).time() >= MORNING


def _list_of(visit: Visit, username: str) -> tuple[Notice, ...] | None:
    """What waits for this person; None when it cannot be told, which must not keep everybody else's from them."""
    try:
        with seen_as(visit, username) as eyes:
            return waiting(eyes)
    except Exception:
        log.exception("what waits for %s could not be made up", username)
        return None


def _prepare_person(visit: Visit, choice: MailChoiceRow, found: Iterable[Notice]) -> None:
    person_id = choice.person_id
    with visit.change(_BOOK) as session:
        kept = session.get(MailChoiceRow, person_id, with_for_update=True)
        if kept is None or kept.address != choice.address:
            return
        kept.digest_on = visit.today
        if new := _note(session, person_id, {key_of(each) for each in found}, now=visit.now):
            _put(session, kept, new, now=visit.now)


def _put(session: Session, choice: MailChoiceRow, new: Iterable[str], *, now: datetime) -> None:
    """One mail, also while an earlier one still waits for the mail server: that one then tells both."""
    wanted = select(DeliveryRow).where(
        DeliveryRow.person_id == choice.person_id,
        DeliveryRow.way == Way.MAIL.value,
        DeliveryRow.state == State.DUE.value,
    )
    earlier = session.execute(wanted.with_for_update()).scalars().first()
    if earlier is None:
        put(session, Way.MAIL, person_id=choice.person_id, address=choice.address, keys=sorted(new), now=now)
    else:
        earlier.content = {"keys": sorted({*earlier.content["keys"], *new})}
        earlier.made_at = now


def _note(session: Session, person_id: str, keys: set[str], *, now: datetime) -> set[str]:
    """The keys that are new to this person, noted as told; what has gone is forgotten, so that it can come back."""
    told = set(session.execute(select(ToldRow.key).where(ToldRow.person_id == person_id)).scalars())
    for gone in told - keys:
        session.execute(delete(ToldRow).where(ToldRow.person_id == person_id, ToldRow.key == gone))
    session.add_all(ToldRow(person_id=person_id, key=key, told_at=now) for key in sorted(keys - told))
    session.flush()
    return keys - told


def _prepare_webhook(visit: Visit) -> None:
    """What waits for anybody, each thing counted once; of nobody in particular."""
    found: dict[str, list[Notice]] = {}
    for each in people(visit, active_only=True):
        notices = _list_of(visit, each.username)
        if notices is None:
            return
        found |= _by_key(notices)
    with visit.change(_BOOK) as session:
        if new := _note(session, EVERYBODY, set(found), now=visit.now):
            told = _numbers(notice for key in new for notice in found[key])
            every = _numbers(notice for notices in found.values() for notice in notices)
            put(session, Way.WEBHOOK, new=told, waiting=every, now=visit.now)


def _by_key(notices: Iterable[Notice]) -> Mapping[str, list[Notice]]:
    found: dict[str, list[Notice]] = {}
    for each in notices:
        found.setdefault(key_of(each), []).append(each)
    return found


def _numbers(notices: Iterable[Notice]) -> dict[str, int]:
    return {kind.value: number for kind, number in counted(notices).items()}
