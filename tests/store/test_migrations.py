"""Migrations: they make exactly the tables of the code, keep rows, and refuse a newer database."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

import store
from governance import operator
from governance import people as people_room
from store import Base
from store.backup import content
from store.engine import DatabaseUnusable
from store.migrate import configuration, head

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def only_ours(_object: object, name: str | None, kind: str, _reflected: bool, _compared: object) -> bool:
    return not (kind == "table" and (name or "").startswith(("dataset_text", "dbos_", "sqlite_")))


def test_the_migrations_make_exactly_the_tables_of_the_code(home: Path) -> None:
    with store.engine().execution_options(writes=False).connect() as connection:
        options = {"include_object": only_ours, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_upgrading_from_every_migration_keeps_the_rows(empty_home: Path) -> None:
    oldest_first = [each.revision for each in ScriptDirectory.from_config(configuration()).walk_revisions()][::-1]
    store.upgrade(oldest_first[0])
    with operator("test", now=NOW) as visit:
        people_room.save_organisation(visit, "Kept")
    before = content()
    for revision in [*oldest_first[1:], "head"]:
        store.upgrade(revision)
    after = content()
    assert store.ready()
    assert {name: count for name, count in after.rows.items() if count} == {
        name: count for name, count in before.rows.items() if count
    }


def test_an_upgrade_can_be_repeated_and_two_at_once_agree(empty_home: Path) -> None:
    program = "import store; store.upgrade(); print(store.ready())"
    started = [
        subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=Path.cwd())
        for _ in range(3)
    ]
    assert [each.communicate(timeout=120)[0].strip() for each in started] == ["True"] * 3
    store.upgrade()
    assert store.ready()


def test_a_database_of_a_newer_version_is_refused_in_one_sentence(home: Path) -> None:
    with store.engine().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '29991231'"))
    assert not store.ready()
    with pytest.raises(DatabaseUnusable, match="newer version"):
        store.upgrade()


def test_the_migration_does_not_lean_on_the_code_of_today() -> None:
    for path in (Path(store.__file__).parent / "migrations" / "versions").glob("*.py"):
        assert "create_all" not in path.read_text(encoding="utf-8"), path.name
    assert head()
