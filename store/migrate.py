"""Bring the database to the newest migration, one process at a time."""

from __future__ import annotations

import contextlib
import fcntl
from collections.abc import Iterator
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from store.engine import DatabaseUnusable, engine
from store.settings import settings

MIGRATIONS = Path(__file__).parent / "migrations"
_ADVISORY_KEY = 7_204_101


def configuration() -> Config:
    """Alembic's configuration for this project: no ini file, one folder of migrations."""
    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    return made


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """One upgrade at a time: a lock file beside SQLite, an advisory lock on PostgreSQL."""
    if engine().dialect.name == "postgresql":
        with engine().connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _ADVISORY_KEY})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _ADVISORY_KEY})
        return
    settings().home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (settings().home / "upgrade.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def head() -> str:
    """The newest migration this version of the product knows."""
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""


def current() -> str:
    """The migration the database is at; "" when it is empty."""
    with engine().execution_options(writes=False).connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def _refuse_newer() -> None:
    known = {each.revision for each in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if current() and current() not in known:
        raise DatabaseUnusable("The database was written by a newer version: start that one, or restore a backup.")


def upgrade(revision: str = "head") -> None:
    """Apply every migration up to `revision`; does nothing when the database is there already."""
    if revision == "head" and ready():
        return
    _refuse_newer()
    with _alone():
        made = configuration()
        with engine().begin() as connection:
            made.attributes["connection"] = connection
            command.upgrade(made, revision)


def ready() -> bool:
    """True once the database is at the newest migration."""
    return current() == head()
