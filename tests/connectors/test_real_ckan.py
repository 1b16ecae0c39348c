"""The real CKAN of ../shared/peers: harvested, unchanged, changed behind our back, gone, back again."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import ckanapi
import pytest
from sqlalchemy import select

from catalogue import reading, runs, sources
from catalogue.runs import RunResult
from catalogue.tables import AliasRow, ChangeRow, DatasetRow, DocumentRow, HistoryRow
from connectors import _harvest, registry
from governance import Kind, Role, Viewer, audit, operator
from governance.visit import of_person

pytestmark = [pytest.mark.peer, pytest.mark.timeout(1800)]

FOLDER = Path(__file__).resolve().parents[2] / ".cache" / "ckan"
CHANGED = FOLDER / "changed.json"
ADDRESS = "127.0.0.1:18500"
"""The port is written into the peer's own change.py."""
PORTS = {"PGPORT": "15541", "RPORT": "16490", "SPORT": "18993", "APORT": "18500", "BPORT": "18501", "WORKERS": "1"}
MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A running CKAN with 500 datasets of all kinds."""

    scripts: Path
    expected: dict[str, list[str]]
    first: dict[str, dict[str, str]]
    """What it showed to everyone when it was filled."""

    @property
    def token_file(self) -> Path:
        """The token of its administrator."""
        return FOLDER / "ckan_a.token"

    @property
    def api(self) -> Any:
        """Its actions, as its administrator."""
        return ckanapi.RemoteCKAN(f"http://{ADDRESS}", apikey=self.token_file.read_text().strip()).action

    def change(self) -> dict[str, list[str]]:
        """Delete 5, make 3 private, update 7, add 5; returns their names."""
        _run([str(FOLDER / "v/bin/python"), str(self.scripts / "change.py")])
        return dict(json.loads(CHANGED.read_text()))

    def bring_back(self, changes: dict[str, list[str]]) -> None:
        """Show again what was deleted and what was made private."""
        for name in changes["deleted"]:
            self.api.package_patch(id=name, state="active")
        for name in changes["private"]:
            self.api.package_patch(id=name, private=False)

    def undo(self) -> None:
        """Make it again what it was when it was filled, however far a test came."""
        if not CHANGED.exists():
            return
        changes = json.loads(CHANGED.read_text())
        self.bring_back(changes)
        for name in changes["updated"]:
            self.api.package_patch(id=name, title=self.first[name]["title"])
        for name in changes["new"]:
            self.api.dataset_purge(id=name)
        CHANGED.unlink()
        assert shown() == self.first, "the peer did not come back to its first state"

    def public_ids(self) -> set[str]:
        """What the portal shows to everyone."""
        return {each["id"] for each in shown().values()}


def shown() -> dict[str, dict[str, str]]:
    """Name -> what the portal says of it to everyone, without when it was last touched."""
    found = ckanapi.RemoteCKAN(f"http://{ADDRESS}").action.package_search(rows=1000)
    kept = ("id", "title", "notes", "license_id", "url", "num_resources", "num_tags")
    return {each["name"]: {field: each[field] for field in kept} for each in found["results"]}


def _run(command: list[str]) -> None:
    done = subprocess.run(
        command, env={**os.environ, **PORTS, "CK": str(FOLDER)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"


@pytest.fixture(scope="module")
def filled(shared: Path) -> Iterator[Peer]:
    """The peer, filled once; its programs stay in .cache, so that only the first time takes minutes."""
    scripts = shared / "peers" / "ckan"
    FOLDER.mkdir(parents=True, exist_ok=True)
    up = ["bash", str(scripts / "up.sh")]
    _run([*up, "wipe"])
    try:
        _run([*up, "up"])
        seed = [str(FOLDER / "v/bin/python"), str(scripts / "seed.py"), "--url", f"http://{ADDRESS}"]
        chosen = ["--token-file", str(FOLDER / "ckan_a.token"), "--n", "500", "--seed", "1"]
        _run([*seed, *chosen, "--out", str(FOLDER / "expected.json")])
        CHANGED.unlink(missing_ok=True)
        yield Peer(scripts=scripts, expected=json.loads((FOLDER / "expected.json").read_text()), first=shown())
    finally:
        _run([*up, "down"])


@pytest.fixture
def peer(filled: Peer) -> Iterator[Peer]:
    """The peer in its first state, for each database anew: what a test changes there is undone after it."""
    yield filled
    filled.undo()


def _add(name: str, *, token: str = "", organisation_id: str = "") -> None:
    with operator("test", now=MONDAY) as visit:
        new = sources.NewSource(
            name=name,
            kind="ckan",
            location=f"http://{ADDRESS}",
            allow=(ADDRESS,),
            token=token,
            organisation_id=organisation_id,
        )
        sources.add(visit, new, kinds=registry())


def _harvest_now(name: str, now: datetime) -> RunResult:
    runs.install(_harvest.open_reading)
    with operator("test", now=now) as visit:
        begun = runs.begin(visit, name)
        reading.harvest(begun.id)
        visit.refresh()
        return runs.run(visit, begun.id).result


def _rows(name: str) -> dict[str, DatasetRow]:
    with operator("test") as visit:
        found = visit.read().execute(select(DatasetRow).where(DatasetRow.source_name == name)).scalars()
        return {row.remote_id: row for row in found}


def _contents() -> dict[str, list[Any]]:
    """Everything a harvest may write about datasets."""
    found: dict[str, list[Any]] = {}
    with operator("test") as visit:
        for table in (DatasetRow, DocumentRow, AliasRow, HistoryRow, ChangeRow):
            columns = [getattr(table, column.name) for column in table.__table__.c]
            found[table.__tablename__] = [tuple(row) for row in visit.read().execute(select(*columns))]
    return found


def _audited() -> int:
    with operator("test") as visit:
        return audit.count(visit)


def _named(name: str, wanted: list[str]) -> list[DatasetRow]:
    with operator("test") as visit:
        joined = select(DatasetRow).join(AliasRow, AliasRow.number == DatasetRow.number)
        found = visit.read().execute(joined.where(DatasetRow.source_name == name, AliasRow.alias.in_(wanted)))
        return list(found.scalars().unique())


def _seen_by(organisation_id: str) -> set[str]:
    viewer = Viewer(
        username="p",
        display="P",
        kind=Kind.PERSON,
        person_id="p",
        organisation_id=organisation_id,
        roles=frozenset({Role.MEMBER}),
    )
    with of_person(viewer, now=MONDAY) as visit:
        wanted = select(DatasetRow.remote_id).where(DatasetRow.source_name == "Private too")
        return set(visit.read().execute(wanted).scalars())


def test_the_real_ckan_is_followed_and_nothing_is_lost(peer: Peer, home: Path) -> None:
    _add("Public")
    first = _harvest_now("Public", MONDAY)
    assert (first.status, first.completeness, first.rejected) == ("applied", "complete", 0)
    assert first.added == first.live == len(peer.expected["public"]) == 442
    assert set(_rows("Public")) == peer.public_ids()

    before, audited = _contents(), _audited()
    again = _harvest_now("Public", MONDAY + DAY)
    assert _audited() == audited + 1
    assert (again.added, again.changed, again.unchanged, again.missing) == (0, 0, 442, 0)
    assert _contents() == before

    _add("Private too", token=peer.token_file.read_text(), organisation_id="harbour")
    private = _harvest_now("Private too", MONDAY)
    assert (private.status, private.added) == ("applied", 442 + 30)
    owned = {remote_id for remote_id, row in _rows("Private too").items() if row.listing == "owner"}
    assert len(owned) == 30
    assert owned.isdisjoint(peer.public_ids())
    assert _seen_by("harbour") - _seen_by("another") == owned

    changes = peer.change()
    changed = _harvest_now("Public", MONDAY + 2 * DAY)
    assert (changed.added, changed.changed, changed.missing, changed.withdrawn) == (5, 7, 8, 0)
    assert changed.live == 439
    gone = _named("Public", changes["deleted"] + changes["private"])
    assert len(gone) == 8
    assert {row.state for row in gone} == {"missing"}
    assert all(row.state_reason.startswith("Not in the source's list since 25 November 2026.") for row in gone)
    assert all("403" in row.state_reason for row in gone)
    known = _harvest_now("Private too", MONDAY + 2 * DAY)
    assert (known.added, known.changed, known.missing) == (5, 7 + 3, 5)
    assert {row.listing for row in _named("Private too", changes["private"])} == {"owner"}

    assert _harvest_now("Public", MONDAY + 3 * DAY).withdrawn == 0
    assert _harvest_now("Public", MONDAY + 8 * DAY).withdrawn == 0
    late = _harvest_now("Public", MONDAY + 9 * DAY)
    assert (late.missing, late.withdrawn, late.live) == (0, 8, 439)

    peer.bring_back(changes)
    back = _harvest_now("Public", MONDAY + 10 * DAY)
    assert (back.restored, back.added, back.live) == (8, 0, 447)
    assert {row.state for row in _named("Public", changes["deleted"] + changes["private"])} == {"live"}
    assert set(_rows("Public")) == peer.public_ids()
