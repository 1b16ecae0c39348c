"""Imports left to the server: they survive their page, their process and their person, and end exactly once."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import store
from governance import Invalid, NotFound, NotPermitted, audit, clock, machinery, operator, people
from reportcards import importing, imports, indicators, observations, revisions
from reportcards.imports import ImportState, Reached
from reportcards.recording import Imported
from reportcards.tables import ImportRow, ReleaseRow, RevisedRow, RevisionRow
from store import jobs
from tests.catalogue.made import NOW
from tests.reportcards import ground
from tests.reportcards.ground import Ground, order, years
from tests.store.jobs_child import QUICK

pytestmark = pytest.mark.usefixtures("home")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def table(home: Path) -> Ground:
    return ground.ground()


@pytest.fixture
def working() -> Iterator[None]:
    jobs.launch(work=True, pace=QUICK)
    yield
    jobs.stop(5)


def incoming(home: Path) -> list[str]:
    return sorted(each.name for each in (home / "incoming").glob("*")) if (home / "incoming").is_dir() else []


def begun(table: Ground, dataset: str, rows: list[str], *, by: str = "priya") -> str:
    with table.people.as_(by) as visit:
        return imports.begin(visit, order(dataset, rows)).id


def ended(table: Ground, import_id: str) -> imports.Import:
    with contextlib.suppress(jobs.JobFailed):
        jobs.wait(import_id, 60)
    with table.people.as_("priya") as visit:
        return imports.one(visit, import_id)


@pytest.mark.usefixtures("working")
def test_a_file_left_to_the_server_becomes_a_revision_and_lies_nowhere_else(table: Ground, home: Path) -> None:
    dataset = table.dataset("Absence")
    found = ended(table, begun(table, dataset, years("Absence", [5, 6, None, 7])))
    assert found.state is ImportState.PUBLISHED and found.answer is not None
    assert (found.answer.status, found.answer.observations, found.answer.missing) == ("committed", 4, 1)
    assert observations.chosen(found.answer.revision, found.answer.indicator_ids[0])["value"].to_list()[0] == 5
    assert incoming(home) == []
    with operator("test", now=NOW) as visit:
        assert revisions.damaged(visit) == () and audit.verify(visit).ok
        told = [each.actor for each in audit.events(visit) if each.action == "indicator.numbers_imported"]
    assert told == ["priya"], "the audit names the person, not the machinery"


@pytest.mark.usefixtures("working")
def test_every_error_of_a_refused_file_is_found_again(table: Ground, home: Path) -> None:
    dataset = table.dataset("Absence")
    rows = [*years("Absence", [5, 6]), "Absence,V,Vale,never,,,7,,,", "Absence,V,Vale,2012,,,seven,,,"]
    found = ended(table, begun(table, dataset, rows))
    assert found.state is ImportState.REFUSED and found.answer is not None
    assert [(each.row, each.column, each.value) for each in found.answer.errors] == [
        (4, "Period", "never"),
        (5, "Value", "seven"),
    ]
    with table.people.as_("priya") as visit:
        direct = importing.check(visit, order(dataset, rows))
        assert found.answer == direct, "what is found again is what the command line says"
        assert not indicators.indicators(visit)
    assert incoming(home) == []


def test_without_jobs_whoever_asks_waits(table: Ground, home: Path) -> None:
    with table.people.as_("priya") as visit:
        found = imports.begin(visit, order(table.dataset("Absence"), years("Absence", [5, 6])))
    assert found.state is ImportState.PUBLISHED and incoming(home) == []


def test_what_is_under_way_and_its_file_outlive_their_process(table: Ground, home: Path) -> None:
    dataset = table.dataset("Absence")
    import_id = left_behind(table, dataset)
    assert incoming(home) == [f"numbers-{import_id}"]
    jobs.launch(work=True, pace=QUICK)
    try:
        imports.revive()
        found = ended(table, import_id)
    finally:
        jobs.stop(5)
    assert found.state is ImportState.PUBLISHED and incoming(home) == []


def left_behind(table: Ground, dataset: str) -> str:
    """An import whose process died between recording it and starting its job."""

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with table.people.as_("priya") as visit:
        known = {each.id for each in imports.latest(visit)}
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(jobs, "start", die)
        with pytest.raises(KeyboardInterrupt):
            begun(table, dataset, years("Absence", [5, 6]))
    with table.people.as_("priya") as visit:
        (new,) = {each.id for each in imports.latest(visit)} - known
    return new


def test_a_cancelled_import_keeps_nothing_and_cannot_be_cancelled_twice(table: Ground, home: Path) -> None:
    import_id = left_behind(table, table.dataset("Absence"))
    with table.people.as_("priya") as visit:
        assert imports.cancel(visit, import_id).state is ImportState.CANCELLED
        with pytest.raises(Invalid, match="over: it is cancelled"):
            imports.cancel(visit, import_id)
    imports.carry_out(import_id)
    with operator("test", now=NOW) as visit:
        assert visit.read().execute(select(RevisionRow)).all() == []
    assert incoming(home) == []


@pytest.mark.parametrize("moment", ["reading", "protecting", "writing", "recording"])
def test_cancelled_at_any_moment_there_is_no_revision(
    table: Ground, home: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    dataset, import_id = table.dataset("Absence"), ""
    table.take(dataset, years("Absence", [4, 6]))
    import_id = left_behind(table, dataset)
    told = imports._tell

    def tell(doing: str, done: int, of: int | None) -> None:
        if doing == moment:
            with table.people.as_("priya") as visit:
                imports.cancel(visit, import_id)
            monkeypatch.setattr(imports, "_tell", told)
        told(doing, done, of)

    monkeypatch.setattr(imports, "_tell", tell)
    imports.carry_out(import_id)
    with operator("test", now=NOW) as visit:
        assert len(visit.read().execute(select(RevisionRow)).all()) == 1
    assert len(list(observations.folder().glob("*"))) == 1
    with table.people.as_("priya") as visit:
        assert imports.one(visit, import_id).state is ImportState.CANCELLED


def test_carried_out_twice_a_file_is_one_revision(table: Ground) -> None:
    """Another process may take over a job whose own process is only slow."""
    import_id = left_behind(table, table.dataset("Absence"))
    before = imports._tell

    def overtaken(doing: str, done: int, of: int | None) -> None:
        before(doing, done, of)
        if doing == "recording":
            patch.undo()
            imports.carry_out(import_id)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(imports, "_tell", overtaken)
        imports.carry_out(import_id)
    with operator("test", now=NOW) as visit:
        assert len(visit.read().execute(select(RevisionRow)).all()) == 1
        assert revisions.damaged(visit) == ()
    assert len(list(observations.folder().glob("*"))) == 1


def test_an_import_of_somebody_who_may_not_any_more_is_not_carried_out(table: Ground, home: Path) -> None:
    dataset = table.dataset("Absence")
    demoted, disabled = left_behind(table, dataset), left_behind(table, dataset)
    with operator("test", now=NOW) as visit:
        people.change_person(visit, "priya", roles=("member",))
    imports.carry_out(demoted)
    with operator("test", now=NOW) as visit:
        people.disable(visit, "priya")
    imports.carry_out(disabled)
    with table.people.as_("priya") as visit:
        found = [imports.one(visit, each) for each in (demoted, disabled)]
    assert [each.state for each in found] == [ImportState.FAILED] * 2
    assert "ask a steward" in found[0].reason and "sign in" in found[1].reason
    assert incoming(home) == []


def test_nobody_else_reads_of_an_import_and_only_stewards_begin_one(table: Ground, home: Path) -> None:
    dataset = table.dataset("Absence")
    mine = begun(table, dataset, years("Absence", [5, 6]))
    with table.people.as_("jonas") as visit:
        assert imports.latest(visit) == ()
        with pytest.raises(NotFound):
            imports.one(visit, mine)
        with pytest.raises(NotFound):
            imports.cancel(visit, mine)
    with pytest.raises(NotPermitted, match="ask a steward"):
        begun(table, dataset, years("Absence", [5, 7]), by="miriam")
    with operator("test", now=NOW) as visit, pytest.raises(NotPermitted, match="command line"):
        imports.begin(visit, order(dataset, years("Absence", [5, 7])))
    assert incoming(home) == []


def test_a_file_that_is_gone_is_said_in_one_sentence(table: Ground, home: Path) -> None:
    import_id = left_behind(table, table.dataset("Absence"))
    (home / "incoming" / f"numbers-{import_id}").unlink()
    imports.carry_out(import_id)
    with table.people.as_("priya") as visit:
        assert "choose it again" in imports.one(visit, import_id).reason


def test_an_unexpected_error_ends_the_import_without_a_trace(
    table: Ground, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = left_behind(table, table.dataset("Absence"))

    def broken(*_: object, **__: object) -> Imported:
        raise ZeroDivisionError

    monkeypatch.setattr(importing, "take", broken)
    imports.carry_out(import_id)
    with table.people.as_("priya") as visit:
        found = imports.one(visit, import_id)
    assert (found.state, found.reason) == (ImportState.FAILED, imports.UNEXPECTED)
    assert incoming(home) == []


def test_what_ended_is_forgotten_after_a_week_and_files_of_nobody_after_a_day(table: Ground, home: Path) -> None:
    dataset = table.dataset("Absence")
    begun(table, dataset, years("Absence", [5, 6]))
    waiting = left_behind(table, dataset)
    nobodys = [".numbers-nobody.unfinished", "numbers-nobody"]
    for name in nobodys:
        (home / "incoming" / name).write_bytes(b"")
    assert imports.forget(now=clock()) == 0
    assert incoming(home) == sorted([f"numbers-{waiting}", *nobodys])
    assert imports.forget(now=clock() + timedelta(days=8)) == 1
    assert incoming(home) == [f"numbers-{waiting}"], "what has not ended is kept"
    with table.people.as_("priya") as visit:
        assert [each.id for each in imports.latest(visit)] == [waiting]


@pytest.mark.usefixtures("working")
def test_it_says_how_far_it_is(table: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Reached] = []
    before = imports._tell

    def listen(doing: str, done: int, of: int | None) -> None:
        before(doing, done, of)
        time.sleep(0.3)
        with table.people.as_("priya") as visit:
            heard.append(imports.reached(imports.latest(visit)[0]))

    monkeypatch.setattr(imports, "_tell", listen)
    ended(table, begun(table, table.dataset("Absence"), years("Absence", [5, 6, 7])))
    assert [each.doing for each in heard][-3:] == ["protecting", "writing", "recording"]
    assert Reached(doing="reading", done=3, of=3) in heard and Reached(doing="writing", done=0, of=3) in heard


def test_kills_at_random_moments_lose_and_double_no_revision(table: Ground, home: Path) -> None:
    dataset, chance = table.dataset("Absence"), random.Random(3)
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.reportcards.import_child", dataset],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=_environment(),
    )
    try:
        _hear(process)
        calm = _round(process, "start 0", kill_after=None)
        left, kills = 1, 0
        for number in range(1, 9):
            words = _round(process, f"start {number}", kill_after=chance.uniform(0, calm[1]))
            left += "left" in words[0]
            kills += "done" not in words[0]
            if "done" not in words[0] and number % 3 == 0:
                words = _round(process, "wait", kill_after=chance.uniform(0, calm[1]))
                kills += "done" not in words[0]
            assert "done" in _round(process, "wait", kill_after=None)[0]
            _check(left, home)
        assert kills >= 4
    finally:
        process.kill()
        process.wait(10)


def _round(process: subprocess.Popen[str], command: str, *, kill_after: float | None) -> tuple[list[str], float]:
    """One child's words until it ended, and its seconds from being ready."""
    assert process.stdin is not None
    process.stdin.write(f"{command}\n")
    process.stdin.flush()
    word, pid = _hear(process)
    assert word == "ready"
    began, words = time.monotonic(), []
    alarm = threading.Timer(kill_after, os.kill, (pid, signal.SIGKILL)) if kill_after is not None else None
    if alarm is not None:
        alarm.start()
    while (word := _hear(process)[0]) != "ended":
        words.append(word)
        if word == "done" and alarm is not None:
            alarm.cancel()
    if alarm is not None:
        alarm.cancel()
        alarm.join()
    return words, time.monotonic() - began


def _hear(process: subprocess.Popen[str]) -> tuple[str, int]:
    assert process.stdout is not None
    word, _, pid = process.stdout.readline().partition(" ")
    if not word:
        raise AssertionError("the forking process has ended")
    return word, int(pid)


def _environment() -> dict[str, str]:
    found = store.settings()
    return {**os.environ, "COMMONTABLE_HOME": str(found.home), "COMMONTABLE_DATABASE_URL": found.database_url}


def _check(left: int, home: Path) -> None:
    """Nothing lost, nothing doubled, nothing torn."""
    with machinery("checks after a kill") as visit:
        session = visit.read()
        rows = session.execute(select(ImportRow).order_by(ImportRow.began_at)).scalars().all()
        assert {each.state for each in rows} == {ImportState.PUBLISHED.value}
        assert len(rows) >= left, "what was left to the server is lost"
        said = [each.answer["revision"] for each in rows]
        assert sorted(session.execute(select(RevisionRow.id)).scalars()) == sorted(said)
        numbers = session.execute(select(RevisedRow.number).order_by(RevisedRow.number)).scalars().all()
        assert numbers == list(range(1, len(rows) + 1))
        assert len(session.execute(select(ReleaseRow)).all()) in (0, len(rows))
        assert revisions.damaged(visit) == () and audit.verify(visit).ok
        first = observations.scan(said[-1]).select("value").head(1).collect().item()
        assert first == int(rows[-1].file_name.removesuffix(".csv")) + 0.5
    assert not [name for name in incoming(home) if any(each.id in name for each in rows)], "what is over has no file"
    imports.forget(now=clock() + timedelta(days=2))
    assert incoming(home) == [], "what a kill left before its import was recorded goes after a day"
    revisions.forget_orphans(now=clock() + timedelta(days=2))
    assert sorted(each.stem for each in observations.folder().glob("*")) == sorted(said)
