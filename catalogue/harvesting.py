"""Start, cancel and resume harvests, and see that none is forgotten: one source has one run at a time."""

from __future__ import annotations

import contextlib
import logging
import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select

from catalogue import settling, sources, staging
from catalogue.reading import WORKFLOW
from catalogue.run_reports import Run, RunResult, RunState, run
from catalogue.tables import DiffRow, RejectionRow, RunRow, SourceRow
from governance import Action, Busy, CommonTableError, Housekeeping, Invalid, Visit, machinery, require
from store import bulk_delete, jobs, settings

DETAILS_KEPT = 60
"""Runs of a source whose diff and rejections are kept."""

log = logging.getLogger(__name__)


def begin(visit: Visit, name_or_id: str) -> Run:
    """Begin a run of a source without carrying it out.

    Raises: NotFound; NotPermitted; Invalid for a retired source; Busy when it is being read already.
    """
    require(visit, Action.RUN_STARTED)
    found = sources.source(visit, name_or_id)
    _refuse_retired(found)
    with machinery("a run begins; what comes of it is audited", now=visit.now) as own:
        try:
            run_id = _insert(own, found.id, by=visit.viewer.username)
        except Busy:
            raise _busy(own, found.id) from None
    visit.refresh()
    return run(visit, run_id)


def start(visit: Visit, name_or_id: str) -> Run:
    """Begin a run and hand it to the jobs; raises as `begin`."""
    try:
        begun = begin(visit, name_or_id)
    except Busy:
        revive(visit)
        raise
    jobs.start(WORKFLOW, _job(begun.id), begun.id)
    return begun


def finish(visit: Visit, run_id: str, *, timeout: float = 24 * 3600.0) -> RunResult:
    """Wait for a run that was started and tell how it ended."""
    with contextlib.suppress(jobs.JobFailed):
        jobs.wait(_job(run_id), timeout)
    visit.refresh()
    revive(visit)
    visit.refresh()
    return run(visit, run_id).result


def cancel(visit: Visit, run_id: str) -> Run:
    """End a run before its next page; nothing of it comes into the catalogue, and it can be resumed.

    Raises: NotFound; NotPermitted; Invalid when it is over.
    """
    found = run(visit, run_id)
    grant = require(visit, Action.RUN_CANCELLED, found.source_name, run=found.number)
    with machinery(f"ends a run that {visit.viewer.username} cancelled", now=visit.now) as own:
        with own.change(grant) as session:
            row = session.get_one(RunRow, found.id, with_for_update=True)
            if row.running is None:
                raise Invalid(f"This run is over: it is {row.state}.")
            row.counts = {**row.counts, "was_weighing": int(row.state == RunState.WEIGHING)}
            row.state, row.running, row.ended_at = RunState.CANCELLED.value, None, visit.now
            row.decided_by = visit.viewer.username
            row.reason = f"Cancelled by {visit.viewer.display or visit.viewer.username}."
        with contextlib.suppress(RuntimeError):
            jobs.cancel(row.job)
    visit.refresh()
    return run(visit, found.id)


def resume(visit: Visit, run_id: str) -> Run:
    """Let a cancelled run go on behind its last page, as long as no later run of its source has begun.

    Raises: NotFound; NotPermitted; Invalid; Busy.
    """
    found = run(visit, run_id)
    require(visit, Action.RUN_STARTED)
    with machinery("a cancelled run goes on; what comes of it is audited", now=visit.now) as own:
        with own.change(Housekeeping(reason="what comes of a run is audited")) as session:
            row = session.get_one(RunRow, found.id)
            source = settling.locked_source(session, row.source_id)
            session.refresh(row)
            _refuse_retired(source)
            if row.state != RunState.CANCELLED or source.next_number != row.number + 1:
                raise Invalid("Only the latest run of a source can go on, and only when it was cancelled.")
            weighing = row.counts.get("was_weighing", 0)
            row.state = (RunState.WEIGHING if weighing else RunState.READING).value
            row.running, row.ended_at, row.decided_by = row.source_id, None, ""
            row.reason = row.counts.get("ending", "")
            row.job = f"{row.id}-{uuid.uuid4().hex[:8]}"
        jobs.start(WORKFLOW, row.job, row.id)
    visit.refresh()
    return run(visit, found.id)


def due(visit: Visit) -> list[Run]:
    """Start every source whose time has come; those being read already are left alone."""
    revive(visit)
    begun: list[Run] = []
    for source in sources.due(visit):
        try:
            begun.append(start(visit, source.id))
        except Busy:
            continue
        except CommonTableError:
            log.exception("the source %s could not be started", source.name)
    return begun


@jobs.on_tick
def _tick() -> None:
    with machinery("reads the sources whose time has come") as visit:
        due(visit)


def revive(visit: Visit) -> None:
    """See to runs whose job is unknown (start it again) or over without having ended them (mark them failed)."""
    with machinery("looks after runs that nobody carries out", now=visit.now) as own:
        under_way = own.read().execute(select(RunRow).where(RunRow.running.is_not(None))).scalars().all()
        for row in under_way:
            state = jobs.state(row.job)
            if state is None:
                jobs.start(WORKFLOW, row.job, row.id)
            elif state.over:
                sentence = state.error or "The run was interrupted and did not go on."
                settling.fail(own, row.id, sentence, job=row.job)


def _insert(own: Visit, source_id: str, *, by: str) -> str:
    run_id = uuid.uuid4().hex
    with own.change(Housekeeping(reason="what comes of a run is audited")) as session:
        source = settling.locked_source(session, source_id)
        row = RunRow(
            id=run_id,
            source_id=source.id,
            number=source.next_number,
            state=RunState.READING.value,
            running=source.id,
            job=run_id,
            started_at=own.now,
            started_by=by,
            counts={},
            memory={},
        )
        session.add(row)
        source.next_number += 1
        source.due_at = sources.next_due(own, source.schedule)
        session.flush()
        _forget_cancelled(session, row)
        _forget_details(session, row)
    return run_id


def _refuse_retired(source: sources.Source | SourceRow) -> None:
    if source.state == sources.SourceState.RETIRED:
        raise Invalid(f"{source.name} is retired: bring it back before reading it.")


def _forget_cancelled(session: Any, row: RunRow) -> None:
    """A cancelled run can go on until the next one begins: what it read is then not needed any more."""
    wanted = select(RunRow.id).where(RunRow.source_id == row.source_id, RunRow.state == RunState.CANCELLED)
    for run_id in session.execute(wanted).scalars().all():
        staging.clear(session, run_id)


def _forget_details(session: Any, row: RunRow) -> None:
    """Names and raw records of old runs go; a dataset's history and the counts of the run stay."""
    wanted = select(RunRow.id).where(RunRow.source_id == row.source_id, RunRow.number == row.number - DETAILS_KEPT)
    for run_id in session.execute(wanted).scalars().all():
        bulk_delete(session, RejectionRow, run_id=run_id)
        bulk_delete(session, DiffRow, run_id=run_id)


def _busy(own: Visit, source_id: str) -> Busy:
    found = own.read().execute(
        select(SourceRow.name, RunRow.started_at)
        .join(RunRow, RunRow.running == SourceRow.id)
        .where(SourceRow.id == source_id)
    )
    if (row := found.first()) is None:
        return Busy("This source was being read until just now: try again.")
    return Busy(f"{row[0]} is already being read, since {_spoken(row[1])}.")


def _spoken(moment: datetime) -> str:
    local = moment.astimezone(settings().zone)
    return f"{local:%H:%M} on {local.day} {local:%B %Y}"


def _job(run_id: str) -> str:
    with machinery("looks up the job of a run") as own:
        return own.read().get_one(RunRow, run_id).job
