"""A run that is cancelled and goes on while its first job still waits for an answer: the two never meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalogue import runs
from catalogue.records import Known, Page, Probe, SourceAddress
from catalogue.runs import RunState
from governance import SourceUnreachable
from store.jobs import JobState, JobStatus
from tests.catalogue.fake_source import FakeReading, FakeSource
from tests.catalogue.harvests import DAY, MONDAY, add_source, carry_on, harvest, states, visiting

THIRD = 3


@dataclass(slots=True, kw_only=True)
class SlowSource(FakeSource):
    """A fake that takes its time: something else happens while it is asked; a closed connection answers no more."""

    meanwhile: dict[str, Callable[[], None]] = field(default_factory=dict)
    """What happens while it is opened, while it looks for its page, or while it is asked: once each."""

    def __call__(self, source: SourceAddress) -> SlowReading:
        self.pass_time("open")
        return SlowReading(self)

    def pass_time(self, moment: str) -> None:
        """Let happen what happens meanwhile."""
        if (happening := self.meanwhile.pop(moment, None)) is not None:
            happening()


class SlowReading(FakeReading):
    """One reading of it."""

    source: SlowSource
    closed = False

    def pages(self, after: str, known: Known) -> Iterator[Page]:
        """Its pages, as long as the connection is open."""
        for place, page in enumerate(FakeReading.pages(self, after, known), int(after or 0)):
            self.source.pass_time(f"page {place}")
            self._stop_if_closed()
            yield page

    def probe(self, remote_id: str) -> Probe:
        """Ask for one."""
        self.source.pass_time("probe")
        self._stop_if_closed()
        return FakeReading.probe(self, remote_id)

    def close(self) -> None:
        """Nobody reads on."""
        self.closed = True

    def _stop_if_closed(self) -> None:
        if self.closed:
            raise SourceUnreachable("The connection was closed.")


@pytest.fixture
def slow(home: Path, monkeypatch: pytest.MonkeyPatch) -> SlowSource:
    """A source of forty datasets; jobs are carried out by the tests themselves."""
    monkeypatch.setattr("catalogue.harvesting.jobs.start", lambda *_: None)
    add_source()
    made = SlowSource()
    made.fill(40)
    runs.install(made)
    return made


def _begun(now: datetime = MONDAY) -> str:
    with visiting(now) as visit:
        return runs.begin(visit, "Harbour").id


def _again(run_id: str) -> None:
    """A person cancels the run and lets it go on at once."""
    with visiting() as visit:
        runs.cancel(visit, run_id)
        runs.resume(visit, run_id)


def _run(run_id: str) -> runs.Run:
    with visiting() as visit:
        return runs.run(visit, run_id)


def _break_off(run_id: str) -> None:
    _again(run_id)
    raise SourceUnreachable("The source stopped answering.")


@pytest.mark.parametrize("moment", ["open", f"page {THIRD}"])
def test_a_run_that_goes_on_while_its_first_job_still_waits_is_read_to_its_end(slow: SlowSource, moment: str) -> None:
    run_id = _begun()

    def go_on() -> None:
        _again(run_id)
        assert carry_on(run_id).added == 40

    slow.meanwhile[moment] = go_on
    result = carry_on(run_id)
    assert (result.status, result.added, result.live) == ("applied", 40, 40)
    assert _run(run_id).pages == 6
    assert not slow.meanwhile


@pytest.mark.parametrize(
    ("moment", "happening", "kept"),
    [("open", _again, 0), ("open", _break_off, 0), (f"page {THIRD}", _again, THIRD), ("page 3", _break_off, THIRD)],
)
def test_the_first_job_adds_nothing_to_a_run_that_goes_on_without_it(
    slow: SlowSource, moment: str, happening: Callable[[str], None], kept: int
) -> None:
    run_id = _begun()
    slow.meanwhile[moment] = lambda: happening(run_id)
    carry_on(run_id)
    assert (_run(run_id).state, _run(run_id).pages) == (RunState.READING, kept)
    slow.read_pages = 0
    assert carry_on(run_id).added == 40
    assert slow.read_pages == 6 - kept


@pytest.mark.parametrize("happening", [_again, _break_off])
def test_the_first_job_does_not_conclude_a_run_that_goes_on_without_it(
    slow: SlowSource, happening: Callable[[str], None]
) -> None:
    harvest(slow)
    del slow.holds["d0001"]
    run_id = _begun(MONDAY + DAY)
    slow.meanwhile["probe"] = lambda: happening(run_id)
    carry_on(run_id)
    assert _run(run_id).state is RunState.WEIGHING
    assert states()["d0001"] == "live"
    assert carry_on(run_id).missing == 1
    assert states()["d0001"] == "missing"


def test_looking_after_runs_leaves_one_alone_that_goes_on_under_another_job(
    slow: SlowSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = _begun()

    def state_of_the_first_job(key: str) -> JobState:
        _again(run_id)
        return JobState(key=key, name="harvest", status=JobStatus.CANCELLED, created=datetime(2026, 11, 23, tzinfo=UTC))

    monkeypatch.setattr("catalogue.harvesting.jobs.state", state_of_the_first_job)
    with visiting() as visit:
        runs.revive(visit)
    assert _run(run_id).state is RunState.READING
    assert carry_on(run_id).added == 40
