"""What the audit hears of concerns whose raiser is not named: on a later day, without actor, organisation or time.

An event written at once would stand between two others that have a time, and tell when it was. Those of one turn are
written by day and, within a day, in an order of chance.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from governance import audit
from governance.concerns.raising import WITHOUT_A_NAME
from governance.policy import Action
from governance.tables import AuditRow, ConcernRow
from governance.visit import clock, machinery
from store import jobs


def tell(*, now: datetime) -> int:
    """Append the events of earlier days that are still owed; how many there were."""
    with machinery("tells the audit of concerns without a name", now=now) as visit:
        today = visit.today
        if visit.read().execute(_owed(today).limit(1)).scalar_one_or_none() is None:
            return 0
        with visit.change(WITHOUT_A_NAME) as session:
            rows = session.execute(_owed(today).with_for_update()).scalars().all()
            events = [each for row in rows for each in _untold(session, row) if each[0] < today]
            secrets.SystemRandom().shuffle(events)
            for day, told in sorted(events, key=lambda each: each[0]):
                audit.append_nameless(session, told, on=day)
            for row in rows:
                row.told = all(day < today for day, _ in _steps(row))
    return len(events)


def _owed(today: date) -> Select[ConcernRow]:
    return select(ConcernRow).where(ConcernRow.told.is_(False), ConcernRow.raised_on < today)


def _steps(row: ConcernRow) -> Iterator[tuple[date, audit.Told]]:
    """What its raiser did, as it stands: of several steps of one kind the last."""
    target = f"concern:{row.id}"
    yield row.raised_on, audit.Told(action=Action.CONCERN_RAISED, target=target, detail={})
    if row.agreed_on:
        yield row.agreed_on, audit.Told(action=Action.CONCERN_AGREED, target=target, detail={})
    if row.settled_on:
        yield row.settled_on, audit.Told(action=Action.CONCERN_SETTLED, target=target, detail={"state": row.state})


def _untold(session: Session, row: ConcernRow) -> list[tuple[date, audit.Told]]:
    """Those of its steps that the audit has not heard of."""
    wanted = select(AuditRow.action, AuditRow.at).where(AuditRow.object == f"concern:{row.id}", AuditRow.actor == "")
    heard = {(each.action, each.at) for each in session.execute(wanted)}
    return [(day, told) for day, told in _steps(row) if (str(told.action), day.isoformat()) not in heard]


@jobs.on_day
def _tell() -> None:
    tell(now=clock())
