"""Durable jobs: a workflow that was killed goes on where it was, here or in another process.

The one door to DBOS. A workflow is a function of plain JSON values whose effects all happen in steps; a step's
result is kept, and a step that was interrupted is repeated, so **steps are idempotent**. Between its steps a
workflow decides only by its arguments and by what its steps returned (no clock, no database, no chance).
Every module with workflows is imported before `launch`.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from store import _jobruntime as runtime
from store._executors import Pace
from store._jobruntime import Interrupted, Workflow
from store._jobvalues import JobFailed, Kept

if TYPE_CHECKING:
    from dbos import WorkflowStatus

__all__ = [
    "Interrupted",
    "JobFailed",
    "JobState",
    "JobStatus",
    "Pace",
    "cancel",
    "cancelled",
    "current",
    "forget",
    "launch",
    "on_day",
    "on_tick",
    "progress",
    "resume",
    "running",
    "start",
    "state",
    "step",
    "stop",
    "tell",
    "wait",
    "workflow",
]

KEPT = 90
"""Days that a job which ended is kept, so that a steward can still read why it failed."""
_DAY = 24 * 3600.0

log = logging.getLogger(__name__)
Result = TypeVar("Result")

_BY_DBOS_NAME = {
    "ENQUEUED": "queued",
    "DELAYED": "queued",
    "PENDING": "running",
    "SUCCESS": "done",
    "CANCELLED": "cancelled",
    "ERROR": "failed",
    "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "failed",
}


class JobStatus(StrEnum):
    """How far a job is."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """One job as the jobs database knows it."""

    key: str
    name: str
    """The workflow's."""
    status: JobStatus
    error: str = ""
    """Why it failed, in one sentence."""
    created: datetime
    ended: datetime | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.status not in (JobStatus.QUEUED, JobStatus.RUNNING)


def workflow(name: str) -> Callable[[Workflow], Workflow]:
    """Register a function as the durable workflow `name`; the function itself stays as it is.

    The name and the order of the steps are kept in the database: see `JOBS_VERSION` before changing them.
    """

    def register(function: Workflow) -> Workflow:
        runtime.register(name, function)
        return function

    return register


def on_tick(function: Callable[[], None]) -> Callable[[], None]:
    """Register a function that one living process calls about every 30 seconds, for schedules."""
    runtime.register_tick(function)
    return function


_done_on: dict[Callable[[], None], float] = {}
"""When this process last did what is due once a day, on the monotonic clock."""


def on_day(function: Callable[[], None]) -> Callable[[], None]:
    """Register a function that one living process calls when it starts and about once a day after that."""

    def turn() -> None:
        if time.monotonic() - _done_on.get(function, -math.inf) >= _DAY:
            function()
            _done_on[function] = time.monotonic()

    on_tick(turn)
    return function


def launch(*, work: bool | None = True, pace: Pace | None = None) -> None:
    """Start jobs in this process, on the database of the settings.

    Args:
        work: True takes jobs from the queue, and over from processes that died; False only starts and reads
            jobs; None works when no other living process does, which is what a command line wants.
        pace: for tests.
    """
    runtime.launch(work=work, pace=pace or Pace())


def stop(timeout: float = 10.0) -> None:
    """Let running steps end within so many seconds; what is not finished goes on in another process or later."""
    runtime.stop(timeout)


def step(function: Callable[..., Result], *args: Any, name: str = "", retries: int = 0) -> Result:
    """Run a function as a durable step: its result, plain JSON, is kept and not computed again.

    Outside a workflow it is a plain call. `retries` repeats it after an exception, waiting 1, 2, 4... seconds;
    an exception after that is kept too and is raised again in a replay.
    """
    job = runtime.job_here()
    if job is None:
        return function(*args)
    runtime.leave_if_stopping()
    from dbos import DBOS

    def attempts() -> Kept:
        for count in range(retries):
            try:
                return Kept.of(function(*args))
            except Exception:
                log.info("step %s of %s is tried again", name or function.__qualname__, job.key, exc_info=True)
                _rest(2.0**count)
        return Kept.of(function(*args))

    done: Any = DBOS.run_step({"name": name or getattr(function, "__qualname__", "step")}, attempts)
    return done.value if isinstance(done, Kept) else done  # type: ignore[no-any-return]


def _rest(seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and not cancelled():
        time.sleep(min(0.2, seconds))


def start(name: str, key: str, *args: Any) -> None:
    """Start the workflow `name` under this key; a key that was started before is not started again.

    Any working process may run it; a process that does not work runs it itself when nobody else would.
    """
    runtime.start(name, key, args)


def state(key: str) -> JobState | None:
    """How far this job is, None when it was never started."""
    found = runtime.get().client.list_workflows(workflow_ids=[key], load_input=False, load_output=True)
    return _state(found[0]) if found else None


def running() -> list[JobState]:
    """The jobs that are queued or running, the oldest first."""
    found = runtime.get().client.list_workflows(
        status=["ENQUEUED", "DELAYED", "PENDING"], load_input=False, load_output=False
    )
    return [_state(each) for each in found]


def wait(key: str, timeout: float) -> Any:
    """The job's result.

    Raises:
        JobFailed: it failed, was cancelled, or was never started; the sentence says so.
        TimeoutError: it is not over after so many seconds.
    """
    until, rest = time.monotonic() + timeout, 0.02
    while True:
        found = runtime.get().client.list_workflows(workflow_ids=[key], load_input=False, load_output=True)
        if not found:
            raise JobFailed(f"There is no job {key}.")
        now = _state(found[0])
        if now.status == JobStatus.DONE:
            return found[0].output
        if now.over:
            raise JobFailed(now.error or f"The job {key} was cancelled.")
        if time.monotonic() >= until:
            raise TimeoutError(f"The job {key} is not over yet: it is {now.status}.")
        time.sleep(min(rest, max(0.0, until - time.monotonic())))
        rest = min(rest * 1.5, 0.5)


def cancel(key: str) -> None:
    """End a job before its next step; one that is over stays as it is."""
    runtime.get().client.cancel_workflow(key)
    runtime.get().ask_again(key)


def resume(key: str) -> None:
    """Let a cancelled job go on, or a failed one try again from the step that failed."""
    found, client = state(key), runtime.get().client
    if found is None or found.status not in (JobStatus.CANCELLED, JobStatus.FAILED):
        return
    if found.status == JobStatus.CANCELLED or found.error == runtime.TOO_OFTEN:
        client.resume_workflow(key, queue_name=runtime.QUEUE)
        return
    steps = client.list_workflow_steps(key)
    bad = [each["function_id"] for each in steps if each["error"] is not None]
    last = max((each["function_id"] for each in steps), default=0)
    client.rewind_workflow(key, start_step=max(1, bad[-1] if bad else last + 1), queue_name=runtime.QUEUE)


def current() -> str:
    """The key of the job this thread runs, "" outside a job."""
    job = runtime.job_here()
    return job.key if job else ""


def tell(progress: Mapping[str, Any], *, key: str = "") -> None:
    """Say how far the job is, as plain JSON: the latest word is stored a few times a second, so tell often.

    Threads a step started give the `key`. Outside a job nothing happens.
    """
    if key := key or current():
        runtime.get().told[key] = dict(progress)


def progress(key: str) -> dict[str, Any]:
    """The latest word of a job, from any process; {} when it said nothing."""
    return runtime.get().executors.progress(key)


def cancelled(*, key: str = "") -> bool:
    """Whether the running step should end early because its job was cancelled; cheap, ask often.

    Raises: Interrupted, which steps let through, when this process stops: the step is repeated elsewhere.
    """
    runtime.leave_if_stopping()
    job = runtime.job_here() if not key else runtime.get().job(key)
    return job is not None and runtime.get().is_cancelled(job)


def forget(*, days: int | None = None) -> int:
    """Remove jobs that ended so many days ago (KEPT), with their steps; returns how many. Their keys are new again.

    The process that ticks does it once a day.
    """
    rt, count = runtime.get(), 0
    before = (datetime.now(UTC) - timedelta(days=KEPT if days is None else days)).isoformat()
    while found := rt.client.list_workflows(
        status=["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"],
        completed_before=before,
        limit=500,
        load_input=False,
        load_output=False,
    ):
        keys = [each.workflow_id for each in found]
        rt.client.delete_workflows(keys)
        rt.executors.forget_progress(keys)
        count += len(keys)
    return count


@on_day
def _sweep() -> None:
    if count := forget():
        log.info("%s jobs that ended more than %s days ago were removed", count, KEPT)


def _state(found: WorkflowStatus) -> JobState:
    error = "" if found.error is None else getattr(found.error, "sentence", "") or runtime.UNEXPECTED
    if found.status == "MAX_RECOVERY_ATTEMPTS_EXCEEDED":
        error = runtime.TOO_OFTEN
    return JobState(
        key=found.workflow_id,
        name=found.name,
        status=JobStatus(_BY_DBOS_NAME[found.status]),
        error=error,
        created=_moment(found.created_at or 0),
        ended=_moment(found.completed_at) if found.completed_at else None,
    )


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)
