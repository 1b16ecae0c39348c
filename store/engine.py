"""One engine a process: SQLite through pysqlite3 by default, PostgreSQL by URL.

SQLAlchemy's own SQLite transactions begin deferred, and a deferred read-then-write loses updates between two
processes: writers therefore begin with BEGIN IMMEDIATE, readers with BEGIN and query_only.
"""

from __future__ import annotations

import functools
import json
import sqlite3
import time
from typing import Any

import orjson
from sqlalchemy import Engine, create_engine, event

from store.settings import settings

OLDEST_SQLITE = (3, 51, 3)
"""Versions before it can corrupt a WAL database when a checkpoint races with a writer."""


_PATIENCE = 60
"""Seconds to wait for others that write."""


class DatabaseUnusable(RuntimeError):
    """The database cannot be used safely; the message says what to install."""


def sqlite_module() -> Any:
    """The SQLite this product uses. Raises DatabaseUnusable when it is one that can corrupt the database."""
    import pysqlite3.dbapi2 as module

    if tuple(int(part) for part in module.sqlite_version.split(".")) < OLDEST_SQLITE:
        raise DatabaseUnusable(f"SQLite {module.sqlite_version} is too old: install pysqlite3 with 3.51.3 or later")
    return module


def enter_wal(connection: sqlite3.Connection) -> None:
    """Wait for locks, and keep a write-ahead log.

    Processes that change one new file to WAL at the same moment are refused without waiting, whatever the busy timeout
    says: SQLite sees a deadlock coming. So it is asked again.
    """
    connection.execute(f"PRAGMA busy_timeout={_PATIENCE * 1000}")
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite_module().OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    enter_wal(connection)
    cursor = connection.cursor()
    for pragma in (
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "trusted_schema=OFF",
        "cache_size=-16384",
        "mmap_size=67108864",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    """A look costs many of these: what cannot wait or fail goes straight to SQLite."""
    writing = connection.get_execution_options().get("writes", True)
    kept, plain = connection.connection.info, connection.connection.dbapi_connection
    if kept.get("writes") is not writing:
        plain.execute(f"PRAGMA query_only={int(not writing)}")
        kept["writes"] = writing
    if writing:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        plain.execute("BEGIN")


def _json(value: object) -> str:
    """A harvest writes six such columns a dataset; what orjson refuses (huge numbers) the standard library takes."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        return json.dumps(value)


def make_engine(url: str, **options: Any) -> Engine:
    """An engine for this URL; connections with the execution option `writes=False` begin deferred."""
    options = {"json_serializer": _json, "json_deserializer": json.loads, **options}
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, **options)
    made = create_engine(url, module=sqlite_module(), pool_use_lifo=True, **options)
    event.listen(made, "connect", _prepare_sqlite)
    event.listen(made, "begin", _begin_sqlite)
    return made


@functools.cache
def engine() -> Engine:
    """The engine of this process, on the database of the settings."""
    found = settings()
    found.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    return make_engine(found.url)


def dispose() -> None:
    """Close the engine's connections; the next use opens it anew."""
    if engine.cache_info().currsize:
        engine().dispose()
        engine.cache_clear()


def dialect_name() -> str:
    """ "sqlite" or "postgresql"."""
    return engine().dialect.name
