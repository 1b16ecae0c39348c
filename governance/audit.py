"""The audit: append-only, chained by hash, one row per command, in the transaction of what it tells."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from governance.tables import AuditRow
from governance.visit import Visit, machinery
from store.sessions import take_turns

GENESIS = "0" * 64
_TURN = 7_204_102
"""In which events are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One row of the audit as a page receives it."""

    seq: int
    at: str
    actor: str
    action: str
    object: str
    detail: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check of the whole chain found; `broken_at` is the first row that does not fit, None when all do."""

    rows: int
    head: str
    broken_at: int | None
    problem: str = ""

    @property
    def ok(self) -> bool:
        """True when every row fits."""
        return not self.problem


def _digest(prev: str, values: Mapping[str, Any]) -> str:
    body = json.dumps([prev, values], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(body.encode("utf-8", "backslashreplace")).hexdigest()


def _values(row: Any) -> dict[str, Any]:
    names = ("seq", "at", "actor", "organisation_id", "action", "object", "detail")
    return {name: getattr(row, name) for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an event says: what was done, to what, and the particulars."""

    action: str
    target: str
    detail: Mapping[str, Any]


def append(session: Session, visit: Visit, told: Told) -> None:
    """Write one event into the session's transaction; writers come one after another, so the chain never forks."""
    if visit.reason:
        told = replace(told, detail={**told.detail, "reason": told.detail.get("reason") or visit.reason})
    at, viewer = visit.now.isoformat(timespec="seconds"), visit.viewer
    _chain(session, {"at": at, "actor": viewer.username, "organisation_id": viewer.organisation_id}, told)


def append_nameless(session: Session, told: Told, *, on: date) -> None:
    """Write an event that says the day only, and neither who nor of which organisation: the chain is the same one."""
    _chain(session, {"at": on.isoformat(), "actor": "", "organisation_id": ""}, told)


def _chain(session: Session, whose: Mapping[str, str], told: Told) -> None:
    take_turns(session, _TURN)
    last = (
        session.connection()
        .execute(
            select(AuditRow.__table__.c.seq, AuditRow.__table__.c.hash)
            .order_by(AuditRow.__table__.c.seq.desc())
            .limit(1)
        )
        .one_or_none()
    )
    seq, prev = (last.seq + 1, last.hash) if last else (1, GENESIS)
    values = {
        "seq": seq,
        **whose,
        "action": told.action,
        "object": told.target[:200],
        "detail": json.loads(json.dumps(dict(told.detail), default=str)),
    }
    row = {**values, "prev": prev, "hash": _digest(prev, values)}
    session.connection().execute(insert(cast(Table, AuditRow.__table__)), [row])


def verify(visit: Visit, *, head: str = "") -> Verdict:
    """Recompute the whole chain. `head`, a hash noted earlier (a backup's, printed minutes'), must still be in it."""
    prev, count, met = GENESIS, 0, not head
    rows = visit.read().execute(select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=5000)).scalars()
    for row in rows:
        count += 1
        if row.seq != count or row.prev != prev or row.hash != _digest(prev, _values(row)):
            return Verdict(rows=count, head=prev, broken_at=row.seq, problem=f"event {row.seq} was changed or moved")
        prev = row.hash
        met = met or prev == head
        visit.read().expunge(row)
    if not met:
        return Verdict(rows=count, head=prev, broken_at=count, problem="the given hash is not in the chain any more")
    return Verdict(rows=count, head=prev, broken_at=None)


def head() -> str:
    """The hash of the latest event: note it outside, and nobody can cut the end off unseen."""
    with machinery("reads the audit's latest hash") as visit:
        found = visit.read().execute(select(AuditRow.hash).order_by(AuditRow.seq.desc()).limit(1)).scalar()
    return found or GENESIS


def events(visit: Visit, *, target: str = "", action: str = "", limit: int = 100, before: int = 0) -> list[Event]:
    """The latest events the viewer may see, newest first; `target` and `action` narrow by beginning."""
    wanted = select(AuditRow).order_by(AuditRow.seq.desc()).limit(limit)
    if target:
        wanted = wanted.where(AuditRow.object.startswith(target, autoescape=True))
    if action:
        wanted = wanted.where(AuditRow.action.startswith(action, autoescape=True))
    if before:
        wanted = wanted.where(AuditRow.seq < before)
    return [
        Event(seq=r.seq, at=r.at, actor=r.actor, action=r.action, object=r.object, detail=r.detail, hash=r.hash)
        for r in visit.read().execute(wanted).scalars()
    ]


def count(visit: Visit) -> int:
    """How many events the viewer may see."""
    return visit.read().execute(select(func.count(AuditRow.seq))).scalar_one()
