"""Backup, restore, verify: equal content, damage found, nothing overwritten."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

import store
from governance import audit, machinery, operator
from governance import people as people_room
from store import backup as keeping
from store.backup import BackupRefused
from store.settings import Settings

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
FIRST = "20261121"
"""The migration that the first released version has."""


@pytest.fixture
def filled(home: Path) -> Path:
    with operator("test", now=NOW) as visit:
        agency = people_room.save_organisation(visit, "Tāmaki Housing “Trust”")
        newcomer = people_room.Newcomer(username="ada", organisation_id=agency.id, roles=("steward",))
        people_room.invite(visit, newcomer, password="quiet river lantern seven")
    (home / "uploads").mkdir()
    (home / "uploads" / "register.csv").write_text("reference,title\n1,One\n", encoding="utf-8")
    return home


def test_a_restored_backup_is_equal_in_every_table_and_file(filled: Path, tmp_path: Path) -> None:
    before = keeping.content()
    keeping.backup(tmp_path / "b.zip", now=NOW)
    store.use_settings(Settings(home=tmp_path / "other"))
    after = keeping.restore(tmp_path / "b.zip")
    assert (after.rows, after.hashes, after.files) == (before.rows, before.hashes, before.files)
    assert after.rows["person"] == 1
    with machinery("test", now=NOW) as visit:
        assert audit.verify(visit).ok
    with operator("test", now=NOW) as visit:
        people_room.save_organisation(visit, "Another")
        assert audit.verify(visit).ok


def test_a_restore_never_overwrites(filled: Path, tmp_path: Path) -> None:
    keeping.backup(tmp_path / "b.zip", now=NOW)
    with pytest.raises(BackupRefused, match="not empty"):
        keeping.restore(tmp_path / "b.zip")
    with pytest.raises(BackupRefused, match="exists already"):
        keeping.backup(tmp_path / "b.zip", now=NOW)


def test_a_damaged_backup_is_refused(filled: Path, tmp_path: Path) -> None:
    keeping.backup(tmp_path / "b.zip", now=NOW)
    with zipfile.ZipFile(tmp_path / "b.zip") as whole, zipfile.ZipFile(tmp_path / "c.zip", "w") as damaged:
        for name in whole.namelist():
            body = whole.read(name)
            damaged.writestr(name, body.replace(b"ada", b"eve") if "person" in name else body)
    with pytest.raises(BackupRefused, match="damaged"):
        keeping.read(tmp_path / "c.zip")
    (tmp_path / "d.zip").write_bytes((tmp_path / "b.zip").read_bytes()[:-200])
    with pytest.raises(BackupRefused):
        keeping.read(tmp_path / "d.zip")
    (tmp_path / "e.zip").write_text("hello")
    with pytest.raises(BackupRefused, match="cannot be read"):
        keeping.read(tmp_path / "e.zip")


def test_integrity_of_a_healthy_database_has_nothing_to_say(filled: Path) -> None:
    assert keeping.integrity() == []


def test_a_backup_carries_the_numbers_that_lie_beside_the_database(filled: Path, tmp_path: Path) -> None:
    numbers = pl.DataFrame({"value": [1.5, None, 3.25]})
    (filled / "observations").mkdir()
    numbers.write_parquet(filled / "observations" / "a1.parquet")
    told = keeping.backup(tmp_path / "b.zip", now=NOW)
    assert "observations/a1.parquet" in told.files
    store.use_settings(Settings(home=tmp_path / "other"))
    assert keeping.restore(tmp_path / "b.zip").files == told.files
    assert pl.read_parquet(tmp_path / "other" / "observations" / "a1.parquet").equals(numbers)


def test_a_backup_of_the_first_version_is_taken_back_into_todays(tmp_path: Path) -> None:
    store.use_settings(Settings(home=tmp_path / "first"))
    store.upgrade(FIRST)
    with operator("test", now=NOW) as visit:
        people_room.save_organisation(visit, "Agency")
    told = keeping.backup(tmp_path / "b.zip", now=NOW)
    assert told.revision == FIRST and "indicator" not in told.rows
    store.use_settings(Settings(home=tmp_path / "today"))
    after = keeping.restore(tmp_path / "b.zip")
    store.use_settings(Settings(home=tmp_path / "new"))
    store.upgrade()
    assert after.revision == keeping.content().revision != FIRST
    assert {name: after.rows[name] for name in told.rows} == told.rows
    assert after.rows["organisation"] == 1 and after.rows["indicator"] == after.rows["card"] == 0
    store.use_settings(Settings(home=tmp_path / "today"))
    with machinery("test", now=NOW) as visit:
        assert audit.verify(visit).ok
    store.use_settings(None)
