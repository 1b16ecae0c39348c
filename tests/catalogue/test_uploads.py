"""Uploaded files: kept under the data folder, found again after a move, out of reach of other paths; keys stay home."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import store
from catalogue import sources, uploads
from catalogue.sources import NewSource, Source
from governance import Invalid, NotPermitted, operator
from store.settings import Settings
from tests.catalogue.made import NOW, Collaboration, collaboration

KINDS = ("inventory", "ckan")


@pytest.fixture
def table(home: Path) -> Collaboration:
    return collaboration()


def uploaded(table: Collaboration, data: bytes = b"Title\nBins\n") -> Source:
    with table.as_("priya") as visit:
        location = uploads.keep_upload(visit, "our list.csv", data)
        return sources.add(visit, NewSource(name="List", kind="inventory", location=location), kinds=KINDS)


def test_an_uploaded_file_is_remembered_by_its_place_and_shown_by_its_name(table: Collaboration) -> None:
    made = uploaded(table)
    assert not Path(made.location).is_absolute()
    assert made.shown == "our-list.csv"
    assert made.is_file
    assert Path(sources.address_of(made.id).location).read_bytes() == b"Title\nBins\n"


def test_an_uploaded_file_is_found_again_in_a_data_folder_that_was_moved(table: Collaboration, home: Path) -> None:
    made = uploaded(table)
    if store.settings().database_url:
        return
    elsewhere = home.with_name("elsewhere")
    shutil.copytree(home, elsewhere)
    store.use_settings(Settings(home=elsewhere))
    assert Path(sources.address_of(made.id).location).is_relative_to(elsewhere)
    assert Path(sources.address_of(made.id).location).is_file()


def test_the_same_file_is_kept_once_and_an_empty_or_large_one_not_at_all(
    table: Collaboration, monkeypatch: pytest.MonkeyPatch
) -> None:
    with table.as_("priya") as visit:
        first = uploads.keep_upload(visit, "a.csv", b"x")
        assert uploads.keep_upload(visit, "a.csv", b"x") == first
        assert uploads.keep_upload(visit, "../../a.csv", b"x") == first, "only the name of the file counts"
        with pytest.raises(Invalid, match="empty"):
            uploads.keep_upload(visit, "a.csv", b"")
        monkeypatch.setattr(uploads, "MOST_MEGABYTES", 0)
        with pytest.raises(Invalid, match="larger"):
            uploads.keep_upload(visit, "a.csv", b"xx")
    with table.as_("miriam") as visit, pytest.raises(NotPermitted):
        uploads.keep_upload(visit, "a.csv", b"x")


def test_what_no_source_took_up_within_a_day_is_thrown_away(table: Collaboration) -> None:
    kept = uploads.folder() / uploaded(table).location
    with table.as_("priya") as visit:
        tried = uploads.folder() / uploads.keep_upload(visit, "tried.csv", b"tried")
        for path in (kept, tried):
            os.utime(path, (NOW.timestamp() - 90_000, NOW.timestamp() - 90_000))
        uploads.keep_upload(visit, "next.csv", b"next")
    assert kept.is_file()
    assert not tried.exists()


@pytest.mark.parametrize("path", ["/etc/hostname.csv", "../commontable.sqlite", "../../secret.csv", ""])
def test_a_person_reaches_no_file_but_the_uploaded_ones(table: Collaboration, home: Path, path: str) -> None:
    (home / "secret.csv").write_text("Title\nSecret\n", encoding="utf-8")
    with table.as_("ada") as visit:
        for location in (path, str(home / "secret.csv")):
            new = NewSource(name="Reach", kind="inventory", location=location)
            with pytest.raises(Invalid):
                sources.address_to_try(visit, new, kinds=KINDS)
            with pytest.raises(Invalid):
                sources.add(visit, new, kinds=KINDS)


def test_a_steward_can_change_the_name_of_a_source_whose_file_an_operator_gave(
    table: Collaboration, tmp_path: Path
) -> None:
    given = tmp_path / "given.csv"
    given.write_text("Title\nBins\n", encoding="utf-8")
    with operator("test", now=NOW) as visit:
        made = sources.add(visit, NewSource(name="Given", kind="inventory", location=str(given)), kinds=KINDS)
    with table.as_("priya") as visit:
        new = NewSource(name="Renamed", kind="inventory", location=made.location)
        assert sources.change(visit, made.id, new, kinds=KINDS).location == str(given.resolve())


def test_a_kept_key_is_never_sent_to_another_host(table: Collaboration) -> None:
    here = NewSource(name="Portal", kind="ckan", location="https://one.example/api", token="hunter2")
    there = NewSource(name="Portal", kind="ckan", location="https://two.example/api")
    same = NewSource(name="Portal", kind="ckan", location="https://one.example/data")
    with table.as_("priya") as visit:
        made = sources.add(visit, here, kinds=KINDS)
        assert sources.address_to_try(visit, same, kinds=KINDS, of=made.id).token == "hunter2"
        assert sources.address_to_try(visit, there, kinds=KINDS, of=made.id).token == ""
        sources.change(visit, made.id, same, kinds=KINDS)
        assert sources.has_token(made.id)
        sources.change(visit, made.id, there, kinds=KINDS)
        assert not sources.has_token(made.id)
