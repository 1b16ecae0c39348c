"""The ground of this folder's tests, laid once and copied for each: SQLite, for the rooms below are tested on both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

import store
from meetings.minutes_pdf import pdf
from meetings.reading import Meeting, meeting
from store.settings import Settings
from tests.meetings import ground
from tests.meetings.ground import Table


@pytest.fixture(scope="session")
def laid(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Table]:
    """A data folder with the card and nothing agreed yet, and who sits round the table."""
    folder = tmp_path_factory.mktemp("table") / "home"
    store.use_settings(Settings(home=folder))
    store.upgrade()
    table = ground.table()
    store.use_settings(None)
    return folder, table


@pytest.fixture
def table(laid: tuple[Path, Table], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Table]:
    """A copy of it for one test."""
    folder = tmp_path / "home"
    monkeypatch.setenv("COMMONTABLE_HOME", str(folder))
    monkeypatch.delenv("COMMONTABLE_DATABASE_URL", raising=False)
    with _copied(laid[0], folder):
        yield laid[1]


@contextmanager
def _copied(template: Path, folder: Path) -> Iterator[None]:
    shutil.copytree(template, folder)
    store.use_settings(Settings(home=folder))
    yield
    store.use_settings(None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A closed meeting that was shown both figures, and its minutes for one who keeps them and one who does not."""

    for_owner: bytes
    for_partner: bytes
    as_owner: Meeting


@pytest.fixture(scope="session")
def closed(laid: tuple[Path, Table], tmp_path_factory: pytest.TempPathFactory) -> Closed:
    """Made once: what is read of it changes nothing."""
    table = laid[1]
    with _copied(laid[0], tmp_path_factory.mktemp("closed") / "home"):
        table.agree()
        name = ground.hostile_meeting(table)
        with table.ground.people.as_("hanna", now=ground.LATER) as visit:
            for_partner = pdf(visit, name)
        with table.ground.people.as_("miriam", now=ground.LATER) as visit:
            return Closed(for_owner=pdf(visit, name), for_partner=for_partner, as_owner=meeting(visit, name))
