"""Take a whole source out of the catalogue, and bring it back: soft, shown beforehand, undone in one step."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select, update

from catalogue import sources, staging
from catalogue.effective import changed
from catalogue.run_reports import RunState
from catalogue.settling import locked_source
from catalogue.tables import DatasetRow, HistoryRow, RunRow
from catalogue.withdrawal import State
from governance import Action, Busy, Invalid, Visit, machinery, require
from store import bulk_insert
from store.sessions import GuardedSession

_RETIRED = "Its source was retired: "
"""Begins the reason of a dataset that goes with its source; what was withdrawn before keeps its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """What retiring a source would take out of the catalogue."""

    source: sources.Source
    live: int
    missing: int
    withdrawn: int
    """Withdrawn already: they stay as they are."""
    held: bool
    """Whether a run waits for a person: it would be put aside."""

    @property
    def leaving(self) -> int:
        """How many datasets would be withdrawn."""
        return self.live + self.missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Retired:
    """What a retired source took along."""

    reason: str
    """As it was given; "" when there was no dataset to carry it."""
    datasets: int
    """They come back with the source."""


def preview(visit: Visit, name_or_id: str) -> Retirement:
    """How many datasets of a source would be withdrawn. Raises: NotFound; NotPermitted."""
    found = sources.source(visit, name_or_id)
    require(visit, Action.SOURCE_CHANGED)
    with machinery("counts what a source holds") as own:
        wanted = select(DatasetRow.state, func.count()).where(DatasetRow.source_id == found.id)
        counts = dict(own.read().execute(wanted.group_by(DatasetRow.state)).all())
        held = own.read().execute(_held(found)).first() is not None
    return Retirement(
        source=found,
        held=held,
        live=counts.get(State.LIVE, 0),
        missing=counts.get(State.MISSING, 0),
        withdrawn=counts.get(State.WITHDRAWN, 0),
    )


def retired(visit: Visit, name_or_id: str) -> Retired:
    """Why a source was retired and how many datasets would come back. Raises: NotFound; NotPermitted."""
    found = sources.source(visit, name_or_id)
    require(visit, Action.SOURCE_CHANGED)
    with machinery("counts what a retired source took along") as own:
        wanted = select(func.count(), func.max(DatasetRow.state_reason)).where(*_gone(found))
        datasets, reason = own.read().execute(wanted).one()
    return Retired(reason=(reason or "").removeprefix(_RETIRED), datasets=datasets)


def retire(visit: Visit, name_or_id: str, reason: str) -> sources.Source:
    """Read a source no more, withdraw its datasets and put a held run of it aside; nothing is deleted.

    Raises: NotFound; NotPermitted; Invalid; Busy while it is being read.
    """
    found = sources.source(visit, name_or_id)
    why = " ".join(reason.split())[:1000]
    if not why:
        raise Invalid("Say why the source is retired: its datasets show the reason.", field="reason")
    grant = require(visit, Action.SOURCE_CHANGED, found.name, state="retired", reason=why)
    with machinery(f"{visit.viewer.username} retires a source", now=visit.now) as own, own.change(grant) as session:
        row = locked_source(session, found.id)
        _refuse_while_read(session, found)
        row.state, row.due_at = sources.SourceState.RETIRED.value, None
        _put_aside(session, visit, found, why=why)
        numbers = _numbers(session, DatasetRow.source_id == found.id, DatasetRow.state != State.WITHDRAWN)
        values = {"state": State.WITHDRAWN.value, "state_reason": _RETIRED + why, "changed_at": visit.now}
        _update(session, visit, [{"number": number, **values} for number in numbers], kind="withdrawn", why=why)
    visit.refresh()
    return sources.source(visit, found.id)


def bring_back(visit: Visit, name_or_id: str) -> sources.Source:
    """Undo `retire`: its datasets are back as they were, and the next reading looks after them.

    Raises: NotFound; NotPermitted; Invalid when it is not retired.
    """
    found = sources.source(visit, name_or_id)
    grant = require(visit, Action.SOURCE_CHANGED, found.name, state="active")
    if found.state is not sources.SourceState.RETIRED:
        raise Invalid(f"{found.name} is not retired.", field="state")
    with machinery(f"{visit.viewer.username} brings a source back", now=visit.now) as own, own.change(grant) as session:
        row = locked_source(session, found.id)
        row.state = sources.SourceState.ACTIVE.value
        row.due_at = sources.next_due(own, row.schedule)
        seen = _numbers(session, *_gone(found), DatasetRow.missing_since.is_(None))
        missed = _numbers(session, *_gone(found), DatasetRow.missing_since.is_not(None))
        back = {"state_reason": "", "changed_at": visit.now}
        rows = [{"number": number, "state": State.LIVE.value, **back} for number in seen]
        rows += [{"number": number, "state": State.MISSING.value, **back} for number in missed]
        _update(session, visit, rows, kind="restored", why="its source was brought back")
    visit.refresh()
    return sources.source(visit, found.id)


def _gone(found: sources.Source) -> tuple[ColumnElement[bool], ...]:
    """Which datasets left the catalogue with their source."""
    return DatasetRow.source_id == found.id, DatasetRow.state_reason.startswith(_RETIRED)


def _held(found: sources.Source) -> Select[RunRow]:
    return select(RunRow).where(RunRow.source_id == found.id, RunRow.state == RunState.HELD)


def _put_aside(session: GuardedSession, visit: Visit, found: sources.Source, *, why: str) -> None:
    for row in session.execute(_held(found)).scalars().all():
        row.state, row.decided_by, row.decided_reason = RunState.REJECTED.value, visit.viewer.username, _RETIRED + why
        staging.clear(session, row.id)


def _numbers(session: GuardedSession, *conditions: object) -> list[int]:
    return list(session.execute(select(DatasetRow.number).where(*conditions)).scalars())  # type: ignore[arg-type]


def _update(session: GuardedSession, visit: Visit, rows: list[dict[str, object]], *, kind: str, why: str) -> None:
    if not rows:
        return
    session.execute(update(DatasetRow), rows)
    event = {"at": visit.now, "kind": kind, "run_id": "", "by": visit.viewer.username, "detail": {"reason": why}}
    bulk_insert(session, HistoryRow, [{"number": row["number"], **event} for row in rows])
    changed(session, [int(str(row["number"])) for row in rows])


def _refuse_while_read(session: GuardedSession, found: sources.Source) -> None:
    if session.execute(select(RunRow.id).where(RunRow.running == found.id)).first() is not None:
        raise Busy(f"{found.name} is being read just now: wait until that has ended, or cancel it.")
