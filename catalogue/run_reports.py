"""What stewards see of runs: how far one is, what it changed by name, what it could not take and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select

from catalogue import sources
from catalogue.effective import unpack
from catalogue.records import Completeness
from catalogue.tables import DiffRow, RejectionRow, RunRow, SourceRow
from governance import NotFound, Visit


class RunState(StrEnum):
    """How far a run is."""

    READING = "reading"
    WEIGHING = "weighing"
    """Read to its end; compared with the catalogue, and the missing asked for one by one."""
    APPLIED = "applied"
    HELD = "held"
    """Waits for a person; nothing of it is in the catalogue."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    REJECTED = "rejected"
    """A person decided that nothing of it comes into the catalogue."""
    SUPERSEDED = "superseded"
    """Was held until a later run settled the matter."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens by itself."""
        return self not in (RunState.READING, RunState.WEIGHING)


COUNTED = ("added", "changed", "unchanged", "missing", "withdrawn", "restored", "rejected", "live")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """How a run ended, as the command line prints it."""

    run: str
    status: str
    """applied, held or failed."""
    completeness: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    missing: int = 0
    """Datasets that the reading did not see and that are not withdrawn; of a held run: that it would mark."""
    withdrawn: int = 0
    restored: int = 0
    """Seen again after having been missing or withdrawn; not counted as changed."""
    rejected: int = 0
    live: int = 0
    """Live datasets of the source after the run."""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One harvest of one source."""

    id: str
    source_id: str
    source_name: str
    number: int
    """Counts the runs of its source."""
    state: RunState
    completeness: Completeness
    reason: str
    """How it ended, in one sentence."""
    started_at: datetime
    ended_at: datetime | None
    started_by: str
    decided_by: str
    """Who released or rejected it, "" when nobody had to."""
    decided_reason: str
    pages: int
    read: int
    """Records read so far, unchanged ones included."""
    total: int | None
    """How many the source says it has, None when it does not say."""
    counts: Mapping[str, int]

    @property
    def result(self) -> RunResult:
        """How it ended."""
        counts = {name: self.counts.get(name, 0) for name in COUNTED}
        status = self.state if self.state in (RunState.APPLIED, RunState.HELD) else RunState.FAILED
        return RunResult(
            run=self.id, status=status.value, completeness=self.completeness.value, reason=self.reason, **counts
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a run is."""

    state: RunState
    pages: int
    read: int
    total: int | None
    rejected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectionGroup:
    """Records that a run could not take for the same reason."""

    field: str
    reason: str
    what_to_change: str
    count: int
    examples: tuple[RejectedRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRecord:
    """One record that could not be taken."""

    id: int
    remote_id: str
    field: str
    value: str
    reason: str
    what_to_change: str
    raw: bytes
    """The source's own description, cut short by the connector."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One dataset that a run changed or would change."""

    kind: str
    """added, changed, missing, withdrawn, restored"""
    identity: str
    dataset_id: str
    """"" for a dataset that is not in the catalogue yet."""
    title: str
    reason: str
    fields: Mapping[str, tuple[str, str]]
    """Field -> what it said, what it says."""


def runs(visit: Visit, source: str | None = None, *, limit: int = 50, offset: int = 0) -> list[Run]:
    """The latest runs, of one source (by name or id) or of all, the newest first."""
    wanted = _with_source().order_by(RunRow.started_at.desc(), RunRow.number.desc()).limit(limit).offset(offset)
    if source is not None:
        wanted = wanted.where(RunRow.source_id == sources.source(visit, source).id)
    return [_run(*found) for found in visit.read().execute(wanted)]


def run(visit: Visit, run_id: str, *, source: str | None = None) -> Run:
    """One run by its id or the beginning of it, or by its number when the source is given. Raises: NotFound."""
    wanted = _with_source()
    if source is not None and run_id.isdigit():
        wanted = wanted.where(RunRow.source_id == sources.source(visit, source).id, RunRow.number == int(run_id))
    elif len(run_id) >= 6:
        wanted = wanted.where(RunRow.id.startswith(run_id, autoescape=True))
    else:
        raise NotFound(f"There is no run {run_id}.")
    found = visit.read().execute(wanted.limit(2)).all()
    if len(found) != 1:
        raise NotFound(f"There is no run {run_id}.")
    return _run(*found[0])


def latest(visit: Visit) -> dict[str, Run]:
    """Source id -> its newest run."""
    newest = select(RunRow.source_id, func.max(RunRow.number).label("number")).group_by(RunRow.source_id).subquery()
    wanted = _with_source().join(newest, (newest.c.source_id == RunRow.source_id) & (newest.c.number == RunRow.number))
    return {row.source_id: _run(row, name) for row, name in visit.read().execute(wanted)}


def waiting(visit: Visit) -> list[Run]:
    """The held runs that wait for a person, the longest waiting first."""
    wanted = _with_source().where(RunRow.state == RunState.HELD).order_by(RunRow.started_at)
    return [_run(*found) for found in visit.read().execute(wanted)]


def progress(visit: Visit, run_id: str) -> Progress:
    """How far a run is just now, from whichever process carries it out."""
    visit.refresh()
    found = run(visit, run_id)
    return Progress(
        state=found.state,
        pages=found.pages,
        read=found.read,
        total=found.total,
        rejected=found.counts.get("rejected", 0),
    )


def rejections(visit: Visit, run_id: str, *, examples: int = 3) -> list[RejectionGroup]:
    """What a run could not take, grouped by what is wrong, the most frequent first."""
    found = run(visit, run_id)
    keys = (RejectionRow.field, RejectionRow.reason, RejectionRow.what_to_change)
    count = func.count(RejectionRow.id)
    wanted = select(*keys, count).where(RejectionRow.run_id == found.id).group_by(*keys)
    groups = visit.read().execute(wanted.order_by(count.desc(), *keys)).all()
    return [
        RejectionGroup(
            field=field,
            reason=reason,
            what_to_change=change,
            count=number,
            examples=tuple(
                rejected(visit, found.id, field=field, reason=reason, what_to_change=change, limit=examples)
            ),
        )
        for field, reason, change, number in groups
    ]


def rejected(visit: Visit, run_id: str, *, limit: int = 25, offset: int = 0, **only: str) -> list[RejectedRecord]:
    """The records of a run that could not be taken; `only` narrows by field, reason, what_to_change or remote_id."""
    wanted = select(RejectionRow).where(RejectionRow.run_id == run_id).filter_by(**only)
    wanted = wanted.order_by(RejectionRow.id).limit(limit).offset(offset)
    return [
        RejectedRecord(
            **{one.name: getattr(row, one.name) for one in fields(RejectedRecord) if one.name != "raw"},
            raw=unpack(row.raw),
        )
        for row in visit.read().execute(wanted).scalars()
    ]


def diff(visit: Visit, run_id: str, *, kind: str | None = None, limit: int = 25, offset: int = 0) -> list[Difference]:
    """What a run changed or, when held, would change, by name; one kind or all, in alphabetical order of titles."""
    wanted = select(DiffRow).where(DiffRow.run_id == run(visit, run_id).id)
    if kind is not None:
        wanted = wanted.where(DiffRow.kind == kind)
    wanted = wanted.order_by(DiffRow.title, DiffRow.id).limit(limit).offset(offset)
    return [_difference(row) for row in visit.read().execute(wanted).scalars()]


def diff_counts(visit: Visit, run_id: str) -> dict[str, int]:
    """Kind -> how many datasets of the diff the viewer may see."""
    wanted = select(DiffRow.kind, func.count(DiffRow.id)).where(DiffRow.run_id == run(visit, run_id).id)
    return dict(visit.read().execute(wanted.group_by(DiffRow.kind)).all())


def _with_source() -> Any:
    return select(RunRow, SourceRow.name).join(SourceRow, SourceRow.id == RunRow.source_id)


def _run(row: RunRow, source_name: str) -> Run:
    return Run(
        id=row.id,
        source_id=row.source_id,
        source_name=source_name,
        number=row.number,
        state=RunState(row.state),
        completeness=Completeness(row.completeness),
        reason=row.reason,
        started_at=row.started_at,
        ended_at=row.ended_at,
        started_by=row.started_by,
        decided_by=row.decided_by,
        decided_reason=row.decided_reason,
        pages=row.pages,
        read=row.counts.get("read", 0),
        total=row.counts.get("total"),
        counts=MappingProxyType({name: value for name, value in row.counts.items() if isinstance(value, int)}),
    )


def _difference(row: DiffRow) -> Difference:
    said = row.detail.get("fields", {})
    return Difference(
        kind=row.kind,
        identity=row.identity,
        dataset_id=row.dataset_id,
        title=row.title,
        reason=row.detail.get("reason", ""),
        fields=MappingProxyType({name: (old, new) for name, (old, new) in said.items()}),
    )
