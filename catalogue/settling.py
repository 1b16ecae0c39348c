"""The end of a run: applied, held for a person, failed; and what a person decides about a held one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from catalogue import differences, staging
from catalogue.applying import Application, apply
from catalogue.intake import Assessment, Holdings, assess, holdings
from catalogue.records import Completeness, Probe
from catalogue.run_reports import Run, RunState, run
from catalogue.sources import next_due
from catalogue.tables import RunRow, SourceRow
from catalogue.withdrawal import Absent, Fate, State, agreed, fate
from governance import Action, Busy, Grant, Housekeeping, Invalid, Visit, machinery, require
from store.sessions import GuardedSession


def conclude(
    visit: Visit,
    run_id: str,
    *,
    job: str,
    probes: Mapping[str, Probe],
    can_ask: bool,
    weighed: tuple[Holdings, Assessment] | None = None,
) -> None:
    """End a run that was read: apply it, hold it or mark it failed. Does nothing when it has ended.

    Args:
        job: who carries the run out; nothing is done when it goes on under another by now.
        probes: what the source answered for single identities.
        can_ask: False where the source cannot be asked for a single record.
        weighed: what the step before found, when it ran in this process: only the run itself could change it since.
    """
    row = visit.read().get_one(RunRow, run_id)
    if row.job != job:
        return
    if row.running is None:
        # Ended, and then killed before what it read was cleared away.
        _clear(visit, row)
        return
    if failure := _failure(row):
        fail(visit, run_id, failure, job=job)
        return
    held, found = weighed or weigh(visit, row)
    fates = [
        (absent, fate(absent, probe=probes.get(absent.identity), can_ask=can_ask, now=visit.now))
        for absent in found.absent
    ]
    counts = _counts(row, held, found, fates=fates, applied=not found.hold)
    action = Action.RUN_HELD if found.hold else Action.RUN_APPLIED
    with visit.change(_grant(visit, row, action, detail=counts)) as session:
        row, source = _locked(session, run_id)
        if not _is_carried_out(row, by=job):
            return
        row.counts = {**row.counts, **counts}
        row.completeness = Completeness.PARTIAL if _is_downgraded(row, found) else row.completeness
        row.reason = _reason(row, found)
        if found.hold:
            differences.preview(session, row, source, found=found)
            _end(row, visit, RunState.HELD)
        else:
            work = Application(session=session, run=row, source=source, now=visit.now)
            apply(work, found, fates)
            _end(row, visit, RunState.APPLIED)
        _remember(row, source)
        _supersede(session, row)
    _clear(visit, row)


def weigh(visit: Visit, row: RunRow, held: Holdings | None = None) -> tuple[Holdings, Assessment]:
    """What the catalogue holds of the source, and what the run would do to it. Raises Invalid when pages are lost."""
    if staging.count_pages(visit.read(), row.id) != row.pages:
        raise Invalid("What the run read is not whole any more, so nothing was changed: read the source again.")
    known = held or holdings(visit.read(), row.source_id)
    return known, assess(visit.read(), row, known)


def fail(visit: Visit, run_id: str, reason: str, *, job: str) -> None:
    """End a run that brought nothing: the catalogue stays as it is, the sentence is kept.

    Does nothing when the run has ended, or goes on under another job by now.
    """
    row = visit.read().get_one(RunRow, run_id)
    live = holdings(visit.read(), row.source_id).live
    with visit.change(_grant(visit, row, Action.RUN_FAILED, detail={"why": reason})) as session:
        row, source = _locked(session, run_id)
        if not _is_carried_out(row, by=job):
            return
        row.reason = reason
        row.counts = {**row.counts, "live": live}
        _end(row, visit, RunState.FAILED)
        if (wait := row.counts.get("retry_after")) and source.due_at is not None:
            source.due_at = next_due(visit, source.schedule, not_before=visit.now + timedelta(seconds=wait))
    _clear(visit, row)


def release(visit: Visit, run_id: str, reason: str) -> Run:
    """Apply a held run: what it did not see counts as missing at once and is withdrawn only by the usual grace.

    Raises: NotFound; NotPermitted; Invalid when it is not held any more or no reason is given; Busy.
    """
    found = run(visit, run_id)
    grant = require(visit, Action.RUN_RELEASED, found.source_name, run=found.number, reason=_given(reason))
    with machinery(f"applies a run that {visit.viewer.username} released", now=visit.now) as own:
        row = own.read().get_one(RunRow, found.id)
        _refuse_unless_held(row)
        held, weighed = weigh(own, row)
        by = visit.viewer.display or visit.viewer.username
        fates = [(absent, agreed(absent, by=by, reason=_given(reason), now=visit.now)) for absent in weighed.absent]
        with own.change(grant) as session:
            row, source = _held_again(session, found.id)
            row.decided_by, row.decided_reason = visit.viewer.username, _given(reason)
            row.counts = {**row.counts, **_counts(row, held, weighed, fates=fates, applied=True)}
            differences.forget(session, row)
            apply(Application(session=session, run=row, source=source, now=visit.now), weighed, fates, agreed=True)
            _end(row, own, RunState.APPLIED)
        _clear(own, row)
    visit.refresh()
    return run(visit, found.id)


def reject(visit: Visit, run_id: str, reason: str) -> Run:
    """Put a held run aside: nothing of it comes into the catalogue, and the next reading is weighed afresh.

    Raises: NotFound; NotPermitted; Invalid when it is not held any more or no reason is given.
    """
    found = run(visit, run_id)
    grant = require(visit, Action.RUN_REJECTED, found.source_name, run=found.number, reason=_given(reason))
    with machinery(f"puts aside a run that {visit.viewer.username} rejected", now=visit.now) as own:
        with own.change(grant) as session:
            row, _ = _held_again(session, found.id)
            row.decided_by, row.decided_reason = visit.viewer.username, _given(reason)
            _end(row, own, RunState.REJECTED)
        _clear(own, row)
    visit.refresh()
    return run(visit, found.id)


def locked_source(session: GuardedSession, source_id: str) -> SourceRow:
    """The source's row, held until the transaction ends: what concerns its runs comes one after another."""
    return session.execute(select(SourceRow).where(SourceRow.id == source_id).with_for_update()).scalar_one()


def _locked(session: GuardedSession, run_id: str) -> tuple[RunRow, SourceRow]:
    row = session.get_one(RunRow, run_id)
    source = locked_source(session, row.source_id)
    session.refresh(row)
    return row, source


def _is_carried_out(row: RunRow, *, by: str) -> bool:
    return row.running is not None and row.job == by


def _held_again(session: GuardedSession, run_id: str) -> tuple[RunRow, SourceRow]:
    row, source = _locked(session, run_id)
    if row.running is not None:
        raise Invalid("This run is not held: it is under way.")
    _refuse_unless_held(row)
    busy = select(RunRow.number).where(RunRow.running == row.source_id)
    if session.execute(busy).scalar() is not None:
        raise Busy(f"{source.name} is being read just now: decide when that run has ended.")
    return row, source


def _refuse_unless_held(row: RunRow) -> None:
    if row.state != RunState.HELD:
        raise Invalid(f"This run is not held any more: it is {row.state}.")


def _given(reason: str) -> str:
    text = " ".join(reason.split())[:2000]
    if not text:
        raise Invalid("Say why: the reason is kept with the run.", field="reason")
    return text


def _failure(row: RunRow) -> str:
    """Why a reading that ended brought nothing, "" when it brought something."""
    nothing = not row.counts.get("read", 0) and not row.counts.get("rejected", 0)
    if nothing and row.completeness != Completeness.COMPLETE:
        return row.reason or "The source gave no records."
    return ""


def _counts(
    row: RunRow, held: Holdings, found: Assessment, *, fates: Sequence[tuple[Absent, Fate]], applied: bool
) -> dict[str, int]:
    if applied:
        missing = sum(each.state is State.MISSING for _, each in fates)
        withdrawn = sum(each.state is State.WITHDRAWN for _, each in fates)
        gone = sum(absent.state is State.LIVE is not each.state for absent, each in fates)
        back = sum(absent.state is not State.LIVE is each.state for absent, each in fates)
    else:
        missing, withdrawn, gone, back = len(fates), 0, 0, 0
    restored = len(found.restored)
    moved = {*found.changed, *(move.old for move in found.moves)}
    return {
        "added": len(found.added),
        "changed": len(moved - set(found.restored)),
        "unchanged": found.unchanged,
        "missing": missing,
        "withdrawn": withdrawn,
        "restored": restored + back,
        "rejected": row.counts.get("rejected", 0),
        "live": held.live + len(found.added) + restored + back - gone if applied else held.live,
    }


def _is_downgraded(row: RunRow, found: Assessment) -> bool:
    return row.completeness == Completeness.COMPLETE and not found.complete


def _reason(row: RunRow, found: Assessment) -> str:
    parts = [found.hold, row.reason]
    if _is_downgraded(row, found):
        parts.append("Some rejected records cannot be told apart, so nothing counts as missing.")
    if found.waiting:
        parts.append(f"{len(found.waiting)} records may be here under another id and wait for a complete reading.")
    return " ".join(part for part in parts if part)


def _end(row: RunRow, visit: Visit, state: RunState) -> None:
    row.state, row.running = state.value, None
    row.ended_at = row.ended_at or max(visit.now, row.started_at)


def _remember(row: RunRow, source: SourceRow) -> None:
    if row.memory and row.memory != source.memory:
        source.memory = dict(row.memory)


def _supersede(session: GuardedSession, row: RunRow) -> None:
    """An earlier held run of the source waits for nobody any more, once a later one was applied or is held itself."""
    wanted = select(RunRow).where(RunRow.source_id == row.source_id, RunRow.state == RunState.HELD, RunRow.id != row.id)
    for earlier in session.execute(wanted).scalars():
        earlier.state = RunState.SUPERSEDED.value
        staging.clear(session, earlier.id)


def _clear(visit: Visit, row: RunRow) -> None:
    """Forget what an ended run read; a held one may be released and a cancelled one may go on."""
    if row.state not in (RunState.HELD, RunState.CANCELLED):
        with visit.change(Housekeeping(reason="what a run read is not needed any more")) as session:
            staging.clear(session, row.id)


def _grant(visit: Visit, row: RunRow, action: Action, *, detail: Mapping[str, Any]) -> Grant:
    source = visit.read().get_one(SourceRow, row.source_id)
    by = {"started_by": row.started_by} if row.started_by else {}
    return require(visit, action, source.name, run=row.number, **by, **detail)
