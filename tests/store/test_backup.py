"""Backup, restore, verify: equal content, damage found, nothing overwritten."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

import store
from governance import audit, machinery, operator
from governance import people as people_room
from store import backup as keeping
from store.backup import BackupRefused
from store.settings import Settings

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


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
