"""A full disk: one sentence, and everything as it was before."""

from __future__ import annotations

import errno
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import store
from catalogue import uploads
from governance import Action, OutOfSpace, audit, enough_space, operator, people, require, upkeep
from governance.tables import OrganisationRow

LIMIT = 100_000


@contextmanager
def files_up_to(octets: int) -> Iterator[None]:
    """No file of this process can grow any further, as on a disk without room."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (octets, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def _files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file() and "sqlite" not in path.name}


def _organisations() -> set[str]:
    with operator("test") as visit:
        return {each.name for each in people.organisations(visit)}


def test_an_upload_without_room_leaves_nothing_behind_and_works_once_there_is_some(home: Path) -> None:
    data = os.urandom(2 * LIMIT)
    with operator("test") as visit:
        before = _files(home)
        with files_up_to(LIMIT), pytest.raises(OutOfSpace, match="no space left on the disk"):
            uploads.keep_upload(visit, "list.csv", data)
        assert _files(home) == before
        kept = uploads.keep_upload(visit, "list.csv", data)
    assert (uploads.folder() / kept).read_bytes() == data


def test_a_backup_without_room_leaves_no_half_of_one_and_the_earlier_ones_stay(home: Path) -> None:
    with operator("test") as visit:
        earlier, _ = upkeep.back_up(visit, home / "backups" / "earlier.zip")
        whole = earlier.read_bytes()
        uploads.keep_upload(visit, "list.csv", os.urandom(2 * LIMIT))
        events = audit.count(visit)
        with files_up_to(LIMIT), pytest.raises(OutOfSpace):
            upkeep.back_up(visit, home / "backups" / "later.zip")
        assert _files(home / "backups") == {"earlier.zip"}
        assert earlier.read_bytes() == whole
        visit.refresh()
        assert audit.count(visit) == events
        assert upkeep.back_up(visit, home / "backups" / "later.zip")[0].is_file()


def test_a_database_without_room_takes_the_whole_change_back(empty_home: Path) -> None:
    store.upgrade()
    with operator("test") as visit:
        people.save_organisation(visit, "Harbour Council")
        grant = require(visit, Action.ORGANISATION_SAVED, "many")
        with pytest.raises(OutOfSpace), visit.change(grant) as session:
            connection = session.connection()
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
            for number in range(10_000):
                session.add(OrganisationRow(id=f"o{number}", name=f"Organisation {number}", created_at=visit.now))
            session.flush()
    store.use_settings(store.settings())
    assert _organisations() == {"Harbour Council"}
    with operator("test") as visit:
        people.save_organisation(visit, "Saltmarsh Trust")
        assert audit.verify(visit).ok
    assert _organisations() == {"Harbour Council", "Saltmarsh Trust"}


@pytest.mark.parametrize("number", [errno.EACCES, errno.ENOENT])
def test_other_troubles_with_a_file_keep_their_own_name(number: int) -> None:
    with pytest.raises(OSError, match="trouble"), enough_space():
        raise OSError(number, "trouble")
