"""Second readings of sources that fell ill, moved or lie, from the connector through the store."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from catalogue import reading, runs, sources
from catalogue.runs import RunResult
from catalogue.tables import CorrectionRow, DatasetRow, HistoryRow
from connectors import _harvest, registry
from governance import Busy, Housekeeping, audit, machinery, operator
from store import jobs
from tests.connectors.hostile import HostileServer, hostile_server
from tests.store.jobs_child import QUICK

MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
DAY = timedelta(days=1)
COUNT = 250
ATTACKS = Path(__file__).resolve().parents[3] / "shared" / "attacks"


@pytest.fixture(scope="module")
def hostile(shared: Path) -> Iterator[HostileServer]:
    """The hostile server, for the whole module."""
    with hostile_server(shared) as server:
        yield server


@pytest.fixture(autouse=True)
def _real_readers() -> None:
    """The connectors read, whatever a test before has put in their place."""
    runs.install(_harvest.open_reading)


def _oracle(case: str) -> dict[str, Any]:
    cases = json.loads((ATTACKS / "dev" / "manifest.json").read_text())["server"]
    return dict(next(one for one in cases if one["id"] == case)["oracle"])


def _add(server: HostileServer, case: str, *, token: str = "") -> None:
    with operator("test", now=MONDAY) as visit:
        new = sources.NewSource(name=case, kind="ckan", location=server.url(case), allow=server.allow, token=token)
        sources.add(visit, new, kinds=registry())


def _read(server: HostileServer, case: str, *, run: int) -> RunResult:
    server.control(f"run?case={case}&n={run}")
    with operator("test", now=MONDAY + run * DAY) as visit:
        begun = runs.begin(visit, case)
        reading.harvest(begun.id)
        visit.refresh()
        return runs.run(visit, begun.id).result


def _twice(server: HostileServer, case: str) -> tuple[RunResult, RunResult]:
    _add(server, case)
    return _read(server, case, run=1), _read(server, case, run=2)


def _judge(case: str, result: RunResult) -> None:
    oracle = _oracle(case)
    told = {"applied": "ok" if result.completeness == "complete" else "partial", "held": "partial", "failed": "failed"}
    wanted = oracle["status"] if isinstance(oracle["status"], list) else [oracle["status"]]
    least, most = oracle["records"] if isinstance(oracle["records"], list) else [oracle["records"]] * 2
    assert told[result.status] in wanted
    assert least <= result.live <= most


def _count(table: type) -> int:
    with machinery("test") as visit:
        return visit.read().execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.parametrize(
    ("case", "status", "counts"),
    [
        ("empty-second-run", "held", {"missing": 250, "live": 250}),
        ("shrunk-second-run", "held", {"missing": 230, "live": 250}),
        ("few-removed-second-run", "applied", {"missing": 5, "live": 245, "withdrawn": 0}),
        ("new-ids-second-run", "applied", {"added": 0, "changed": 250, "missing": 0, "live": 250}),
        ("local-edits-second-run", "applied", {"changed": 250, "live": 250}),
        ("unchanged-second-run", "applied", {"unchanged": 250, "changed": 0, "added": 0, "live": 250}),
    ],
)
def test_a_second_run_loses_nothing(
    home: Path, hostile: HostileServer, case: str, status: str, counts: dict[str, int]
) -> None:
    first, second = _twice(hostile, case)
    assert (first.status, first.added) == ("applied", COUNT)
    _judge(case, second)
    assert second.status == status
    assert {name: getattr(second, name) for name in counts} == counts


def test_every_second_run_case_of_the_corpus_is_here(shared: Path) -> None:
    cases = json.loads((ATTACKS / "dev" / "manifest.json").read_text())["server"]
    (marked,) = [mark for mark in test_a_second_run_loses_nothing.pytestmark if mark.name == "parametrize"]  # type: ignore[attr-defined]
    assert {one["id"] for one in cases if "prior" in one["oracle"]} == {case for case, *_ in marked.args[1]}


def test_an_unchanged_portal_costs_one_audit_row_and_no_other_write(home: Path, hostile: HostileServer) -> None:
    case = "unchanged-second-run"
    _add(hostile, case)
    _read(hostile, case, run=1)
    with machinery("test") as visit:
        audited, told = audit.count(visit), _count(HistoryRow)
        changed = visit.read().execute(select(func.max(DatasetRow.changed_at))).scalar()
    _read(hostile, case, run=2)
    with machinery("test") as visit:
        assert audit.count(visit) == audited + 1
        assert visit.read().execute(select(func.max(DatasetRow.changed_at))).scalar() == changed
    assert _count(HistoryRow) == told


def test_a_field_a_person_corrected_keeps_the_persons_value_when_every_title_changes(
    home: Path, hostile: HostileServer
) -> None:
    case = "local-edits-second-run"
    _add(hostile, case)
    _read(hostile, case, run=1)
    with machinery("test") as visit:
        number = visit.read().execute(select(func.min(DatasetRow.number))).scalar_one()
    with machinery("test") as visit, visit.change(Housekeeping(reason="test")) as session:
        session.add(CorrectionRow(number=number, field="title", value="Ours", by="miriam", at=MONDAY))
    _read(hostile, case, run=2)
    with machinery("test") as visit:
        titles = dict(visit.read().execute(select(DatasetRow.number, DatasetRow.title)).tuples().all())
        told = visit.read().execute(select(HistoryRow).where(HistoryRow.number == number)).scalars().all()
    assert titles.pop(number) == "Ours"
    assert all(title.startswith("CHANGED ") for title in titles.values())
    assert "title" in told[-1].detail["fields"]


class _Portal(BaseHTTPRequestHandler):
    """A CKAN that answers as slowly as the test wants."""

    gate: threading.Event

    def do_GET(self) -> None:
        """status_show and package_search of three datasets; anything else is not there."""
        self.gate.wait(30)
        if "status_show" in self.path:
            self._say({"ckan_version": "2.12.0"})
        elif "package_search" in self.path:
            asked = dict(pair.partition("=")[::2] for pair in self.path.partition("?")[2].split("&"))
            first = int(asked.get("start", 0))
            named = [{"id": f"id-{n}", "name": f"n{n}", "title": f"T{n}", "state": "active"} for n in range(3)]
            self._say({"count": 3, "results": named[first : first + int(asked.get("rows", 10))]})
        else:
            self.send_error(404)

    def _say(self, result: object) -> None:
        body = json.dumps({"success": True, "result": result}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Silent."""


@pytest.fixture
def slow_portal() -> Iterator[tuple[str, threading.Event]]:
    """Its host:port, and the event that lets it answer."""
    gate = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Portal", (_Portal,), {"gate": gate}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}", gate
    gate.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def working(home: Path) -> Iterator[None]:
    """Jobs run in this process."""
    jobs.launch(work=True, pace=QUICK)
    yield
    jobs.stop(10)


def _add_portal(address: str, **values: Any) -> None:
    with operator("test") as visit:
        new = sources.NewSource(name="Slow", kind="ckan", location=f"http://{address}/", allow=(address,), **values)
        sources.add(visit, new, kinds=registry())


def test_of_two_harvests_at_once_one_runs(slow_portal: tuple[str, threading.Event], working: None) -> None:
    address, gate = slow_portal
    _add_portal(address)
    with operator("test") as visit:
        begun = _harvest.start(visit, "Slow")
        for _ in range(3):
            with pytest.raises(Busy, match="Slow is already being read, since"):
                _harvest.harvest(visit, "Slow")
        gate.set()
        result = runs.finish(visit, begun.id, timeout=60)
        assert (result.status, result.added, result.live) == ("applied", 3, 3)
        assert _harvest.harvest(visit, "Slow").unchanged == 3
        assert len(runs.runs(visit)) == 2


def test_a_run_whose_job_is_unknown_is_started_again(slow_portal: tuple[str, threading.Event], working: None) -> None:
    address, gate = slow_portal
    gate.set()
    _add_portal(address)
    with operator("test") as visit:
        lost = runs.begin(visit, "Slow")
        with pytest.raises(Busy):
            _harvest.start(visit, "Slow")
        assert runs.finish(visit, lost.id, timeout=60).added == 3


def test_a_cancelled_run_ends_and_can_go_on(slow_portal: tuple[str, threading.Event], working: None) -> None:
    address, gate = slow_portal
    _add_portal(address)
    with operator("test") as visit:
        begun = _harvest.start(visit, "Slow")
        cancelled = runs.cancel(visit, begun.id)
        assert cancelled.result.status == "failed"
        gate.set()
        assert runs.finish(visit, begun.id, timeout=60).reason == "Cancelled by Operator."
        runs.resume(visit, begun.id)
        assert runs.finish(visit, begun.id, timeout=60).added == 3


def test_sources_are_read_when_their_time_has_come(slow_portal: tuple[str, threading.Event], working: None) -> None:
    address, gate = slow_portal
    gate.set()
    _add_portal(address, schedule=sources.Schedule.DAILY)
    with operator("test") as visit:
        (begun,) = _harvest.due(visit) or runs.runs(visit)
        assert runs.finish(visit, begun.id, timeout=60).added == 3
        assert _harvest.due(visit) == []
        next_time = sources.source(visit, "Slow").due_at
    assert next_time is not None and next_time > datetime.now(UTC) + timedelta(hours=23)


def test_the_key_of_a_source_is_nowhere_in_what_pages_see(home: Path, hostile: HostileServer) -> None:
    _add(hostile, "good", token="not-for-eyes")
    with operator("test") as visit:
        assert "not-for-eyes" not in repr(sources.sources(visit))
        assert "not-for-eyes" not in repr(audit.events(visit))
        found = sources.source(visit, "good")
    assert sources.address_of(found.id).token == "not-for-eyes"
    assert "not-for-eyes" not in repr(sources.address_of(found.id))
