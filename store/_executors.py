"""Which processes are alive: one row and a heartbeat each, who of them is dead, and which one ticks.

DBOS recovers a workflow of a dead process only when told that process's id, so somebody has to notice the
death. A process of this machine is dead when its pid is gone; any other when its heartbeat has not moved for a
while on the watcher's own clock: clocks of two machines are never compared, and a laptop that wakes up does
not find everybody dead.
"""

from __future__ import annotations

import functools
import os
import socket
import time
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import (
    Boolean,
    Column,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    select,
    text,
)
from sqlalchemy import update as sql_update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.schema import CreateTable

SCHEMA = "dbos"
"""Where the tables of jobs live on PostgreSQL: beside those of DBOS, out of the way of the migrations."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often things happen, in seconds; tests hurry them."""

    beat: float = 3.0
    """Between two heartbeats, and between two looks for the dead."""
    silent: float = 15.0
    """A process of another machine is dead after so long without a heartbeat."""
    stuck: float = 60.0
    """A process of this machine that exists but does not beat: stopped, or swapped out."""
    tick: float = 30.0
    """Between two ticks."""


_meta = MetaData()
_executor = Table(
    "commontable_executor",
    _meta,
    Column("id", String(40), primary_key=True),
    Column("place", String(200), nullable=False),
    Column("pid", Integer, nullable=False),
    Column("born", String(40), nullable=False),
    Column("works", Boolean, nullable=False),
    Column("started", Float, nullable=False),
    Column("beat", Float, nullable=False),
)
_lease = Table(
    "commontable_lease",
    _meta,
    Column("name", String(40), primary_key=True),
    Column("holder", String(40), nullable=False),
    Column("ticked", Float, nullable=False),
)
_progress = Table(
    "commontable_progress",
    _meta,
    Column("key", String(300), primary_key=True),
    Column("told", Text, nullable=False),
    Column("at", Float, nullable=False),
)


@functools.cache
def _place() -> str:
    """This machine since its last start, and the container: where a pid means one process."""
    parts = [socket.gethostname()]
    try:
        parts.append(Path("/proc/sys/kernel/random/boot_id").read_text().strip())
        parts.append(str(Path("/proc/self/ns/pid").readlink()))
    except OSError:
        parts.append("no /proc")
    return " ".join(parts)[:200]


def _born(pid: int) -> str:
    """When this pid's process began, "" when there is none, "?" when the system does not tell.

    A pid alone is used again by a later process.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except ProcessLookupError:
        return ""
    except OSError:
        return _exists(pid)
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state in "ZX" else rest[18]


def _exists(pid: int) -> str:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except OSError:
        return "?"
    return "?"


class Executors:
    """The processes on one jobs database, seen from this one."""

    def __init__(self, engine: Engine, *, pace: Pace) -> None:
        self._engine = engine.execution_options(
            schema_translate_map={None: SCHEMA if engine.dialect.name == "postgresql" else None}
        )
        self._insert: Any = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
        self._pace = pace
        self._seen: dict[str, tuple[float, float]] = {}
        self._works = False
        self._started = time.time()
        self.me = uuid.uuid4().hex

    def create(self) -> None:
        """Make the tables where they are missing; any number of processes may do so at once."""
        with self._engine.begin() as connection:
            if self._engine.dialect.name == "postgresql":
                # CREATE ... IF NOT EXISTS still fails when two do it at the same moment.
                connection.execute(text("SELECT pg_advisory_xact_lock(7228153041)"))
                connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            for table in _meta.sorted_tables:
                connection.execute(CreateTable(table, if_not_exists=True))

    def enter(self, *, works: bool) -> None:
        """Be known as alive from now on; `works` says whether this process takes over from the dead."""
        self._works = works
        self.beat()

    def beat(self) -> None:
        """Say that this process is alive, also when somebody took its row for dead and removed it."""
        row = {
            "id": self.me,
            "place": _place(),
            "pid": os.getpid(),
            "born": _born(os.getpid()),
            "works": self._works,
            "started": self._started,
            "beat": time.time(),
        }
        changed = {"works": row["works"], "beat": row["beat"]}
        with self._engine.begin() as connection:
            insert = self._insert(_executor).values(row)
            connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=changed))

    def leave(self) -> None:
        """Be gone: what this process still holds is free at once."""
        self.bury([self.me])

    def bury(self, ids: Iterable[str]) -> None:
        """Remove the rows of processes that are gone."""
        with self._engine.begin() as connection:
            connection.execute(delete(_executor).where(_executor.c.id.in_(list(ids))))

    def dead(self) -> set[str]:
        """Ids of the processes known here that are dead by now; call it about once a beat."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(_executor)).all()
        self._seen = {row.id: self._seen.get(row.id, (row.beat, time.monotonic())) for row in rows}
        return {row.id for row in rows if row.id != self.me and self._is_dead(row)}

    def known(self) -> set[str]:
        """Ids of all processes with a row."""
        with self._engine.connect() as connection:
            return set(connection.scalars(select(_executor.c.id)))

    def others_work(self) -> bool:
        """Whether another living process takes jobs from the queue; by its pid, or by the clocks."""
        with self._engine.connect() as connection:
            rows = connection.execute(select(_executor).where(_executor.c.works, _executor.c.id != self.me)).all()
        return any(
            _born(row.pid) == row.born if row.place == _place() else time.time() - row.beat < self._pace.silent
            for row in rows
        )

    def _is_dead(self, row: Any) -> bool:
        here = row.place == _place()
        if here and _born(row.pid) != row.born:
            return True
        beat, since = self._seen[row.id]
        if row.beat != beat:
            self._seen[row.id] = (row.beat, time.monotonic())
            return False
        return time.monotonic() - since > (self._pace.stuck if here else self._pace.silent)

    def my_turn(self, *, dead: set[str]) -> bool:
        """Whether this process ticks now: it holds the lease, or takes it from a dead one, and it is time."""
        now = time.time()
        mine = {"holder": self.me, "ticked": now}
        with self._engine.begin() as connection:
            new = self._insert(_lease).values(name="tick", **mine).on_conflict_do_nothing()
            if connection.execute(new).rowcount == 1:
                return True
            held = connection.execute(select(_lease.c.holder, _lease.c.ticked)).one()
            alive = set(connection.scalars(select(_executor.c.id))) - dead
            if held.holder != self.me and held.holder in alive:
                return False
            # Also due when the clock was set back: a tick then would else wait for the old time.
            due = not 0 <= now - held.ticked < self._pace.tick
            taken = sql_update(_lease).where(_lease.c.holder == held.holder, _lease.c.ticked == held.ticked)
            return connection.execute(taken.values(**mine)).rowcount == 1 if due else False

    def write_progress(self, told: Mapping[str, Mapping[str, Any]]) -> None:
        """Store the latest word of these jobs."""
        with self._engine.begin() as connection:
            for key, progress in told.items():
                row = {"told": msgspec.json.encode(progress).decode(), "at": time.time()}
                insert = self._insert(_progress).values(key=key, **row)
                connection.execute(insert.on_conflict_do_update(index_elements=["key"], set_=row))

    def progress(self, key: str) -> dict[str, Any]:
        """The latest word of a job, {} when it said nothing."""
        with self._engine.connect() as connection:
            told = connection.scalar(select(_progress.c.told).where(_progress.c.key == key))
        return {} if told is None else msgspec.json.decode(told, type=dict[str, Any])

    def forget_progress(self, keys: Iterable[str]) -> None:
        """Remove what these jobs said."""
        with self._engine.begin() as connection:
            connection.execute(delete(_progress).where(_progress.c.key.in_(list(keys))))
