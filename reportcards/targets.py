"""What was agreed to be reached, and what happened on the way: targets, notes, new beginnings of a usual range."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from governance import Action, Invalid, Visit, require
from reportcards.indicators import indicator
from reportcards.tables import EventRow, TargetRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A target as it was agreed."""

    value: float
    upper: float | None = None
    by: date | None = None
    set_by: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened to a series, or the reason why its usual range begins anew."""

    id: str
    kind: str
    """note or rebase"""
    on: date
    words: str
    by: str
    area_code: str = ""


def set_target(visit: Visit, indicator_id: str, goal: Goal | None, *, area_code: str = "") -> None:
    """Set or (with None) take away what was agreed to be reached. Raises Invalid, NotFound, NotPermitted."""
    known = indicator(visit, indicator_id)
    if goal is not None and goal.upper is not None and goal.upper <= goal.value:
        raise Invalid("The upper end of a target lies above its lower end.")
    with visit.change(
        require(visit, Action.INDICATOR_SAVED, known.name, agreed=goal.value if goal else None)
    ) as session:
        where = (TargetRow.indicator_id == indicator_id, TargetRow.area_code == area_code)
        for old in session.execute(select(TargetRow).where(*where)).scalars():
            session.delete(old)
        if goal is not None:
            row = TargetRow(id=uuid.uuid4().hex, indicator_id=indicator_id, area_code=area_code, at=visit.now)
            row.value, row.upper, row.by = goal.value, goal.upper, goal.by
            row.set_by, row.source = goal.set_by, goal.source
            session.add(row)


def targets(visit: Visit, indicator_ids: Iterable[str]) -> dict[tuple[str, str], Goal]:
    """What was agreed, by indicator and area; the area "" is for every place without a target of its own."""
    found = visit.read().execute(select(TargetRow).where(TargetRow.indicator_id.in_(set(indicator_ids)))).scalars()
    return {
        (row.indicator_id, row.area_code): Goal(
            value=row.value, upper=row.upper, by=row.by, set_by=row.set_by, source=row.source
        )
        for row in found
    }


def add_event(visit: Visit, indicator_id: str, event: Event) -> Event:
    """Write on a series what happened, or let its usual range begin anew, always with a reason.

    Raises: Invalid without words; NotFound; NotPermitted.
    """
    known = indicator(visit, indicator_id)
    if event.kind not in ("note", "rebase") or not event.words.strip():
        raise Invalid("Say in a few words what happened: it is shown on the chart.")
    made = replace(event, id=uuid.uuid4().hex, by=visit.viewer.display or visit.viewer.username)
    told = {"kind": event.kind, "on": event.on.isoformat(), "reason": event.words}
    with visit.change(require(visit, Action.SERIES_NOTED, known.name, **told)) as session:
        session.add(
            EventRow(
                id=made.id,
                indicator_id=indicator_id,
                area_code=made.area_code,
                kind=made.kind,
                on=made.on,
                words=made.words.strip(),
                by=made.by,
                at=visit.now,
            )
        )
    return made


def events(visit: Visit, indicator_ids: Iterable[str]) -> dict[str, tuple[Event, ...]]:
    """What was written on these series, in order of time."""
    wanted = select(EventRow).where(EventRow.indicator_id.in_(set(indicator_ids))).order_by(EventRow.on, EventRow.at)
    found: dict[str, list[Event]] = {}
    for row in visit.read().execute(wanted).scalars():
        made = Event(id=row.id, kind=row.kind, on=row.on, words=row.words, by=row.by, area_code=row.area_code)
        found.setdefault(row.indicator_id, []).append(made)
    return {identifier: tuple(each) for identifier, each in found.items()}
