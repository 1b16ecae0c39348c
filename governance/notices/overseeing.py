"""What an administrator is told of mails and posts: what waits, what was given up, never to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from governance.notices.choosing import offered_by_mail
from governance.notices.outbox import State, Way
from governance.policy import Action, require
from governance.tables import DeliveryRow
from governance.visit import Visit, machinery
from store.settings import settings

LOOKED_AT = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One that is tried again, or was given up."""

    way: Way
    at: datetime
    """When it is tried next, or was given up."""
    problem: str
    given_up: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How sending goes, over the last 30 days."""

    mail: bool
    """Whether a mail server is set."""
    webhook: bool
    sent: int
    unknown: int
    """Handed over while the connection broke: they may have gone."""
    troubles: tuple[Trouble, ...]
    """The newest first."""


def sending(visit: Visit) -> Sending | None:
    """How sending goes; None when nothing is set up, so that nothing is ever sent. Raises NotPermitted."""
    require(visit, Action.BACKED_UP)
    mail, webhook = offered_by_mail(), bool(settings().webhook_url)
    if not (mail or webhook):
        return None
    with machinery("tells an administrator how sending goes", now=visit.now) as own:
        wanted = select(DeliveryRow).where(DeliveryRow.made_at > visit.now - LOOKED_AT)
        rows = own.read().execute(wanted.order_by(DeliveryRow.made_at.desc(), DeliveryRow.id)).scalars().all()
    given_up = [row for row in rows if row.state == State.FAILED or (row.state == State.DUE and row.tries)]
    return Sending(
        mail=mail,
        webhook=webhook,
        sent=sum(row.state == State.SENT for row in rows),
        unknown=sum(row.state == State.UNKNOWN for row in rows),
        troubles=tuple(
            Trouble(
                way=Way(row.way),
                at=row.ended_at or row.next_at,
                problem=row.problem,
                given_up=row.state == State.FAILED,
            )
            for row in given_up
        ),
    )
