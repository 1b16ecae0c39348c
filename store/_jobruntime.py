"""Jobs in this process: DBOS, the heartbeat thread beside it, and what is running here just now."""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sqlalchemy import Engine, create_engine, event

from store._executors import SCHEMA, Executors, Pace
from store._jobvalues import JobFailed, Kept, PlainJson
from store.engine import enter_wal, sqlite_module
from store.settings import settings

JOBS_VERSION = "1"
"""Which workflows can go on with each other's work: pending jobs are found only under the same version.

It is not the version of the program, or every upgrade would strand what was running. Raise it only when a
workflow's steps change so that a half-finished one cannot be continued, and after letting running jobs end.
"""
QUEUE = "jobs"
AT_ONCE = 3
"""Jobs a process begins by itself, and as many that it takes from the queue; the others wait there."""
_ATTEMPTS = 10_000
"""Starts of one job before it is given up. DBOS's own 100 would bury a long harvest after as many restarts."""
TOO_OFTEN = "The job was interrupted too often and was given up."
UNEXPECTED = "The job stopped on an unexpected error; the log of the server says which."

log = logging.getLogger("store.jobs")
Workflow = TypeVar("Workflow", bound=Callable[..., Any])


class Interrupted(BaseException):
    """This process stops: the workflow goes on elsewhere. No Exception, so that steps do not swallow it."""


@dataclass(slots=True, eq=False)
class Job:
    """A workflow that runs in this process."""

    key: str
    asked: float = 0.0
    """When it was last asked whether it is cancelled, on the monotonic clock."""
    cancelled: bool = False


_workflows: dict[str, Callable[..., Any]] = {}
_durable: dict[str, Callable[..., Any]] = {}
_ticks: list[Callable[[], None]] = []
_here: contextvars.ContextVar[Job | None] = contextvars.ContextVar("job", default=None)
_switch = threading.Lock()
_runtime: Runtime | None = None


@dataclass(slots=True, kw_only=True, eq=False)
class Runtime:
    """What a launched process holds."""

    engine: Engine
    executors: Executors
    client: Any
    """A `dbos.DBOSClient`: its calls are never taken for steps of the workflow that makes them."""
    works: bool
    pace: Pace
    jobs: set[Job] = field(default_factory=set)
    begun: dict[str, float] = field(default_factory=dict)
    """When the jobs started here were, while their threads may not run yet."""
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    stopping: bool = False
    ended: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)

    def job(self, key: str) -> Job | None:
        """The job of this key when it runs here."""
        return next((each for each in list(self.jobs) if each.key == key), None)

    def is_busy(self) -> bool:
        """Whether this process begins no more by itself."""
        now = time.monotonic()
        self.begun = {key: since for key, since in self.begun.items() if now - since < 1.0}
        return len({*self.begun, *(each.key for each in list(self.jobs))}) >= AT_ONCE

    def ask_again(self, key: str) -> None:
        """Let the next question whether this job is cancelled read the database."""
        if job := self.job(key):
            job.asked = 0.0

    def is_cancelled(self, job: Job) -> bool:
        """Reads the database at most twice a second."""
        if not job.cancelled and time.monotonic() - job.asked > 0.5:
            job.asked = time.monotonic()
            job.cancelled = job.key in self.client._sys_db.get_cancelled_workflow_ids([job.key])
        return job.cancelled

    def flush(self) -> None:
        """Store what jobs told since the last time."""
        if told := {key: self.told.pop(key) for key in list(self.told)}:
            self.executors.write_progress(told)


def get() -> Runtime:
    """The runtime of this process. Raises: RuntimeError before `launch`."""
    if _runtime is None:
        raise RuntimeError("Jobs are not started in this process: call store.jobs.launch() first.")
    return _runtime


def job_here() -> Job | None:
    """The job this thread runs."""
    return _here.get()


def leave_if_stopping() -> None:
    """Raises: Interrupted when a job runs in a process that stops."""
    if _runtime is not None and _runtime.stopping and _runtime.jobs:
        raise Interrupted


def register(name: str, function: Callable[..., Any]) -> None:
    """Know a workflow, now or when launched."""
    known = _workflows.setdefault(name, function)
    if (known.__module__, known.__qualname__) != (function.__module__, function.__qualname__):
        raise ValueError(f"two workflows are called {name}")
    _workflows[name] = function
    if _runtime is not None:
        _make_durable(name)


def register_tick(function: Callable[[], None]) -> None:
    """Know a function to call at each tick."""
    if function not in _ticks:
        _ticks.append(function)


def _make_durable(name: str) -> None:
    from dbos import DBOS

    if name not in _durable:

        def job(*args: Any) -> Any:
            return _run(name, args)

        job.__qualname__ = job.__name__ = name
        _durable[name] = DBOS.workflow(name=name, max_recovery_attempts=_ATTEMPTS)(job)


def _run(name: str, args: tuple[Any, ...]) -> Any:
    from dbos import DBOS

    runtime, job = get(), Job(key=str(DBOS.workflow_id))
    runtime.jobs.add(job)
    token = _here.set(job)
    try:
        leave_if_stopping()
        return Kept.of(_workflows[name](*args)).value
    except Exception as error:
        sentence = getattr(error, "sentence", "")
        if not sentence:
            log.exception("job %s (%s) failed", job.key, name)
        raise JobFailed(sentence or UNEXPECTED) from error
    finally:
        _here.reset(token)
        runtime.flush()
        runtime.jobs.discard(job)


def launch(*, work: bool | None, pace: Pace) -> None:
    """See `store.jobs.launch`."""
    global _runtime
    with _switch:
        if _runtime is not None:
            return
        engine = _engine()
        executors = Executors(engine, pace=pace)
        executors.create()
        works = not executors.others_work() if work is None else work
        # Before DBOS starts: a job of a process without a row is free for others to take.
        executors.enter(works=works)
        with ThreadPoolExecutor(1) as aside:
            # DBOS refuses to register its queue in a thread with an event loop, where an app's lifespan runs.
            client = aside.submit(_start_dbos, engine, executors.me, works=works).result()
        _runtime = Runtime(engine=engine, executors=executors, client=client, works=works, pace=pace)
        for name in _workflows:
            _make_durable(name)
        keeper = threading.Thread(target=_attend, args=(_runtime,), name="jobs-heartbeat", daemon=True)
        _runtime.threads.append(keeper)
        keeper.start()


def _engine() -> Engine:
    found = settings()
    if not found.url.startswith("sqlite"):
        return create_engine(found.url, pool_pre_ping=True, pool_size=10, max_overflow=20)
    found.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    file = found.home.resolve() / "jobs.sqlite"
    made = create_engine(f"sqlite:///{file}", module=sqlite_module(), pool_size=10, max_overflow=20)
    event.listen(made, "connect", _prepare)
    return made


def _prepare(connection: Any, _record: object) -> None:
    # DBOS begins by itself where it must (its migrations say BEGIN IMMEDIATE), so the driver does for writes.
    connection.isolation_level = "IMMEDIATE"
    enter_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _start_dbos(engine: Engine, me: str, *, works: bool) -> Any:
    _quieten()
    from dbos import DBOS, DBOSClient, DBOSConfig, Serializer

    serializer = cast(Serializer, PlainJson())
    config = DBOSConfig(
        name="commontable",
        system_database_engine=engine,
        dbos_system_schema=SCHEMA,
        application_version=JOBS_VERSION,
        executor_id=me,
        serializer=serializer,
        enable_otlp=False,
        log_level="WARNING",
        # Nothing here listens to DBOS events; its thread sleeps so long before it sees that we stop.
        notification_listener_polling_interval_sec=0.2,
    )
    DBOS(config=config)
    for name in _workflows:
        _make_durable(name)
    DBOS.listen_queues([QUEUE] if works else [])
    try:
        DBOS.launch()
        DBOS.register_queue(QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=0.5)
    except BaseException:
        DBOS.destroy()
        raise
    return DBOSClient(
        system_database_engine=engine,
        dbos_system_schema=SCHEMA,
        serializer=serializer,
        application_name="commontable",
    )


class _Ordinary(logging.Filter):
    """Drops what DBOS logs as an accident and is none: a job that failed with a sentence or was cancelled."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        cancelled = type(error).__name__ == "DBOSAwaitedWorkflowCancelledError"
        return not (isinstance(error, JobFailed) or cancelled or "was cancelled during" in record.getMessage())


def _quieten() -> None:
    dbos_log = logging.getLogger("dbos")
    if not dbos_log.handlers:
        # With a handler there, DBOS adds none of its own to the console and leaves propagation alone.
        dbos_log.addHandler(logging.NullHandler())
        dbos_log.addFilter(_Ordinary())


def start(name: str, key: str, args: tuple[Any, ...]) -> None:
    """See `store.jobs.start`."""
    runtime = get()
    if name not in _workflows:
        raise ValueError(f"no workflow is called {name}")
    plain = Kept.of(list(args)).value
    if runtime.client.list_workflows(workflow_ids=[key], load_input=False, load_output=False):
        return
    if runtime.is_busy() if runtime.works else runtime.executors.others_work():
        options = {
            "workflow_name": name,
            "queue_name": QUEUE,
            "workflow_id": key,
            "app_version": JOBS_VERSION,
        }
        runtime.client.enqueue(options, *plain)
    else:
        runtime.begun[key] = time.monotonic()
        # In a context of its own: started inside a step or a workflow, DBOS would take it for a child.
        contextvars.Context().run(_start_here, name, key, plain)


def _start_here(name: str, key: str, args: list[Any]) -> None:
    from dbos import DBOS, SetWorkflowID

    with SetWorkflowID(key):
        DBOS.start_workflow(_durable[name], *args)


def _attend(runtime: Runtime) -> None:
    due = 0.0
    while not runtime.ended.wait(min(0.25, runtime.pace.beat)):
        try:
            runtime.flush()
            if time.monotonic() >= due:
                due = time.monotonic() + runtime.pace.beat
                runtime.executors.beat()
                if runtime.works:
                    _watch(runtime)
        except Exception:
            log.warning("the jobs database did not answer the heartbeat", exc_info=True)


def _watch(runtime: Runtime) -> None:
    pending = runtime.client.list_workflows(
        status="PENDING", app_version=JOBS_VERSION, load_input=False, load_output=False
    )
    # In this order: a process that begins in between has its row before it has a job.
    dead, known = runtime.executors.dead(), runtime.executors.known()
    for each in pending:
        gone = each.executor_id in dead or each.executor_id not in known
        if gone or _is_stranded(runtime, each):
            # Only the row that still names the dead process changes, so one taker wins.
            taken = runtime.client._sys_db.reenqueue_for_recovery(each.workflow_id, [each.executor_id], QUEUE)
            if taken:
                log.info("job %s goes on: its process %s is gone", each.workflow_id, each.executor_id)
    runtime.executors.bury(dead)
    if _ticks and runtime.executors.my_turn(dead=dead):
        _tick(runtime)


def _is_stranded(runtime: Runtime, each: Any) -> bool:
    """Whether this process claimed the job and never began it: an unknown workflow, a database error."""
    mine = each.executor_id == runtime.executors.me and runtime.job(each.workflow_id) is None
    return mine and time.time() - (each.updated_at or 0) / 1000 > runtime.pace.stuck


def _tick(runtime: Runtime) -> None:
    if any(each.name == "jobs-tick" and each.is_alive() for each in runtime.threads):
        return
    runtime.threads = [each for each in runtime.threads if each.is_alive()]
    thread = threading.Thread(target=_call_ticks, name="jobs-tick", daemon=True)
    runtime.threads.append(thread)
    thread.start()


def _call_ticks() -> None:
    for function in list(_ticks):
        try:
            function()
        except Exception:
            log.exception("a scheduled task failed")


def stop(timeout: float) -> None:
    """See `store.jobs.stop`."""
    global _runtime
    with _switch:
        if _runtime is None:
            return
        runtime = _runtime
        runtime.stopping = True
        until = time.monotonic() + timeout
        while runtime.jobs and time.monotonic() < until:
            time.sleep(0.02)
        runtime.ended.set()
        for thread in runtime.threads:
            thread.join(max(0.1, until - time.monotonic()))
        _stop_dbos(runtime)
        _runtime = None


def _stop_dbos(runtime: Runtime) -> None:
    from dbos import DBOS

    DBOS.destroy()
    if not runtime.jobs:
        # A step that runs on keeps the row: others take over when this process ends.
        _hand_over(runtime)
    runtime.client.destroy()
    # A thread whose job was taken over waits for that job's end, and would hold up the end of this process.
    event.listen(runtime.engine, "do_connect", _refuse)
    runtime.engine.dispose()


def _refuse(*_: object) -> None:
    raise Interrupted


def _hand_over(runtime: Runtime) -> None:
    me = runtime.executors.me
    try:
        for each in runtime.client.list_workflows(
            status="PENDING", executor_id=me, load_input=False, load_output=False
        ):
            runtime.client._sys_db.reenqueue_for_recovery(each.workflow_id, [me], QUEUE)
        runtime.executors.leave()
    except Exception:
        log.warning("the jobs of this process wait until others find it gone", exc_info=True)
