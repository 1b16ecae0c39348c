"""Durable jobs: killed, taken over, cancelled, read from elsewhere; on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import logging
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from store import _jobruntime, jobs
from tests.store import jobs_child

CHILD = Path(jobs_child.__file__)


def _launch(**options: bool | None) -> None:
    jobs.launch(pace=jobs_child.QUICK, **options)


def _lines(file: Path) -> list[str]:
    return file.read_text().split() if file.exists() else []


def _until(true: Callable[[], object], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.02)


@pytest.mark.timeout(180)
def test_a_job_killed_at_random_moments_finishes_by_itself(
    jobs_home: Path, tmp_path: Path, spawn: Callable[..., subprocess.Popen[str]]
) -> None:
    file, kills, chance = tmp_path / "steps", 0, random.Random(20)
    arguments = ("run", "yes", "the-run", str(file), "20", "0.15")
    while kills < 15:
        child = spawn(*arguments, ready=False)
        # At any moment: while Python starts, while DBOS starts, inside a step, between two.
        try:
            child.wait(chance.uniform(0.3, 1.6))
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            kills += 1
        else:
            break
    child.communicate()
    assert kills >= 3
    _launch(work=True)
    jobs.start("append", "the-run", str(file), 20, 0.0)
    assert jobs.wait("the-run", 30) == [str(number) for number in range(20)]
    times = Counter(_lines(file))
    assert set(times) == {str(number) for number in range(20)}
    assert sum(times.values()) - 20 <= kills


def test_a_killed_process_is_replaced_by_a_living_one_while_it_works(
    jobs_home: Path, tmp_path: Path, spawn: Callable[..., subprocess.Popen[str]]
) -> None:
    file = tmp_path / "steps"
    _launch(work=True)
    child = spawn("run", "yes", "orphan", str(file), "8", "0.1")
    _until(lambda: len(_lines(file)) >= 2)
    child.send_signal(signal.SIGKILL)
    assert jobs.wait("orphan", 30) == [str(number) for number in range(8)]
    assert len(_lines(file)) <= 9


def test_two_processes_at_once_do_not_double_a_job(
    jobs_home: Path, tmp_path: Path, spawn: Callable[..., subprocess.Popen[str]]
) -> None:
    file = tmp_path / "steps"
    children = [spawn("run", "yes", "only-one", str(file), "8", "0.05", ready=False) for _ in range(2)]
    assert [child.wait(60) for child in children] == [0, 0]
    assert _lines(file) == [str(number) for number in range(8)]


def test_a_process_that_does_not_work_leaves_the_jobs_of_a_dead_one_alone(
    jobs_home: Path, tmp_path: Path, spawn: Callable[..., subprocess.Popen[str]]
) -> None:
    file = tmp_path / "steps"
    child = spawn("run", "yes", "orphan", str(file), "8", "0.1")
    _until(lambda: len(_lines(file)) >= 2)
    child.send_signal(signal.SIGKILL)
    child.wait()
    _launch(work=False)
    before = len(_lines(file))
    time.sleep(5 * jobs_child.QUICK.beat)
    assert len(_lines(file)) == before
    found = jobs.state("orphan")
    assert found is not None and found.status == jobs.JobStatus.RUNNING
    jobs.stop()
    _launch(work=True)
    assert jobs.wait("orphan", 30) == [str(number) for number in range(8)]


def test_a_job_started_beside_a_working_process_runs_there_and_not_here(
    jobs_home: Path, tmp_path: Path, spawn: Callable[..., subprocess.Popen[str]]
) -> None:
    file = tmp_path / "steps"
    spawn("serve")
    _launch(work=None)
    jobs.start("append", "beside", str(file), 30, 0.05)
    _until(lambda: jobs.progress("beside").get("done", 0) >= 2)
    assert [each.key for each in jobs.running()] == ["beside"]
    assert jobs.progress("beside")["of"] == 30
    jobs.stop()
    _launch(work=None)
    assert len(jobs.wait("beside", 30)) == 30
    assert len(_lines(file)) == 30


def test_a_command_line_works_when_nobody_else_does(jobs_home: Path, tmp_path: Path) -> None:
    _launch(work=None)
    jobs.start("append", "alone", str(tmp_path / "steps"), 3, 0)
    assert jobs.wait("alone", 20) == ["0", "1", "2"]


def test_a_process_that_stands_still_is_replaced_and_does_not_write_afterwards(
    jobs_home: Path, tmp_path: Path, spawn: Callable[..., subprocess.Popen[str]]
) -> None:
    file = tmp_path / "steps"
    child = spawn("run", "no", "frozen", str(file), "40", "0.05")
    _until(lambda: len(_lines(file)) >= 2)
    child.send_signal(signal.SIGSTOP)
    jobs.launch(pace=jobs.Pace(beat=0.2, stuck=2.0))
    assert len(jobs.wait("frozen", 30)) == 40
    before = len(_lines(file))
    child.send_signal(signal.SIGCONT)
    assert child.wait(30) == 0
    # The step that stood still may end; the next one finds that the job is no longer its own.
    assert len(_lines(file)) <= before + 1


def test_a_started_key_is_not_started_again(jobs_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "steps"
    _launch(work=True)
    for _ in range(3):
        jobs.start("append", "once", str(file), 2, 0)
        assert jobs.wait("once", 20) == ["0", "1"]
    assert _lines(file) == ["0", "1"]
    found = jobs.state("once")
    assert found is not None and found.over and found.status == jobs.JobStatus.DONE and found.ended is not None
    assert jobs.state("never") is None


def test_a_cancelled_job_ends_its_step_early_and_goes_no_further(jobs_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "steps"
    _launch(work=True)
    jobs.start("linger", "long", str(file))
    _until(lambda: Path(f"{file}.began").exists())
    jobs.cancel("long")
    _until(lambda: _lines(file))
    with pytest.raises(jobs.JobFailed, match="cancelled"):
        jobs.wait("long", 20)
    found = jobs.state("long")
    assert found is not None and found.status == jobs.JobStatus.CANCELLED
    time.sleep(0.3)
    assert file.read_text() == "ended early\n"


def test_a_cancelled_job_can_go_on_where_it_was(jobs_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "steps"
    _launch(work=True)
    jobs.start("append", "again", str(file), 10, 0.05)
    _until(lambda: len(_lines(file)) >= 3)
    jobs.cancel("again")
    _until(lambda: not jobs.running())
    jobs.resume("again")
    assert jobs.wait("again", 20) == [str(number) for number in range(10)]
    assert len(_lines(file)) <= 11


def test_a_job_waits_in_the_queue_when_this_process_has_enough_to_do(jobs_home: Path, tmp_path: Path) -> None:
    _launch(work=True)
    for number in range(9):
        jobs.start("append", f"many-{number}", str(tmp_path / f"steps-{number}"), 4, 0.1)
    assert {each.status for each in jobs.running()} == {"queued", "running"}
    for number in range(9):
        assert len(jobs.wait(f"many-{number}", 30)) == 4


def test_stopping_lets_the_step_end_and_the_next_process_goes_on_at_once(jobs_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "steps"
    _launch(work=True)
    jobs.start("append", "later", str(file), 10, 0.1)
    _until(lambda: len(_lines(file)) >= 3)
    jobs.stop(5)
    before = _lines(file)
    assert before == [str(number) for number in range(len(before))] and len(before) < 10
    _launch(work=True)
    assert len(jobs.wait("later", 20)) == 10
    # Nothing is repeated: the step ended before the process did.
    assert _lines(file) == [str(number) for number in range(10)]


@jobs.workflow("fails")
def fails(how: str) -> str:
    try:
        return jobs.step(failing, how)
    except jobs_child.SourceAsleep as error:
        return f"answered: {error.url}"


failures: list[str] = []


def failing(how: str) -> str:
    failures.append(how)
    if how == "odd":
        raise KeyError("a secret")
    if how == "sentence":
        raise jobs.JobFailed("The portal is asleep: try again tomorrow.")
    if how == "answered":
        raise jobs_child.SourceAsleep("asleep", url="https://example.org")
    if len(failures) < 3:
        raise OSError
    return "in the end"


@pytest.mark.parametrize(
    ("how", "sentence"),
    [("odd", "unexpected error"), ("sentence", "The portal is asleep: try again tomorrow.")],
)
def test_a_failed_job_says_why_in_one_sentence(
    jobs_home: Path, how: str, sentence: str, caplog: pytest.LogCaptureFixture
) -> None:
    _launch(work=True)
    jobs.start("fails", how, how)
    with pytest.raises(jobs.JobFailed, match=sentence):
        jobs.wait(how, 20)
    found = jobs.state(how)
    assert found is not None and found.status == jobs.JobStatus.FAILED
    assert sentence in found.error and "secret" not in found.error
    # What is expected is no accident in the log; what is not is there once, with its traceback.
    assert [record.name for record in caplog.records if record.levelno >= logging.WARNING] == (
        ["store.jobs"] if how == "odd" else []
    )


def test_an_error_a_workflow_answers_is_the_same_in_a_replay(jobs_home: Path) -> None:
    _launch(work=True)
    jobs.start("fails", "answered", "answered")
    assert jobs.wait("answered", 20) == "answered: https://example.org"


def test_a_step_is_tried_again_as_often_as_it_may(jobs_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failures.clear()
    monkeypatch.setitem(_jobruntime._workflows, "fails", lambda how: jobs.step(failing, how, retries=2))
    monkeypatch.setattr(jobs, "_rest", lambda seconds: None)
    _launch(work=True)
    jobs.start("fails", "retried", "sometimes")
    assert jobs.wait("retried", 20) == "in the end"


def test_a_failed_job_can_be_tried_again_from_the_step_that_failed(
    jobs_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures.clear()
    _launch(work=True)
    jobs.start("fails", "twice", "sometimes")
    for _ in range(2):
        with pytest.raises(jobs.JobFailed):
            jobs.wait("twice", 20)
        jobs.resume("twice")
    assert jobs.wait("twice", 20) == "in the end"


def test_exactly_one_living_process_ticks(
    jobs_home: Path, tmp_path: Path, spawn: Callable[..., subprocess.Popen[str]]
) -> None:
    file = tmp_path / "ticks"
    children = [spawn("serve", str(file)) for _ in range(2)]
    _until(lambda: len(_lines(file)) >= 4)
    assert len(set(_lines(file))) == 1
    first = next(child for child in children if str(child.pid) == _lines(file)[0])
    first.send_signal(signal.SIGKILL)
    first.wait()
    count = len(_lines(file))
    _until(lambda: len(_lines(file)) >= count + 3)
    assert len(set(_lines(file)[count:])) == 1 and _lines(file)[-1] != str(first.pid)


def test_a_process_without_a_row_is_as_good_as_dead(
    jobs_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "steps"
    _launch(work=True)
    jobs.start("append", "lost", str(file), 6, 0.1)
    _until(lambda: len(_lines(file)) >= 2)
    monkeypatch.setattr(_jobruntime, "_hand_over", lambda runtime: runtime.executors.leave())
    jobs.stop(5)
    _launch(work=True)
    assert len(jobs.wait("lost", 20)) == 6


def test_old_jobs_are_forgotten_with_their_progress(jobs_home: Path, tmp_path: Path) -> None:
    _launch(work=True)
    jobs.start("append", "old", str(tmp_path / "steps"), 1, 0)
    jobs.wait("old", 20)
    assert jobs.progress("old") == {"done": 1, "of": 1}
    assert jobs.forget(days=1) == 0
    assert jobs.forget(days=-1) == 1
    assert jobs.state("old") is None and jobs.progress("old") == {}


def test_the_process_that_ticks_removes_old_jobs_once_a_day(
    jobs_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks: list[int] = []
    _jobruntime.register_tick(lambda: ticks.append(1))
    monkeypatch.setattr(jobs, "_done_on", {})
    _launch(work=True)
    jobs.start("append", "young", str(tmp_path / "steps"), 1, 0)
    jobs.wait("young", 20)
    _until(lambda: len(ticks) >= 2)
    assert jobs.state("young") is not None and jobs._sweep in jobs._done_on
    monkeypatch.setattr(jobs, "KEPT", -1)
    count = len(ticks)
    _until(lambda: len(ticks) >= count + 2)
    assert jobs.state("young") is not None
    jobs._done_on[jobs._sweep] -= jobs._DAY
    _until(lambda: jobs.state("young") is None)


def test_a_step_outside_a_job_is_a_plain_call() -> None:
    assert jobs.step(lambda value: value + 1, 1) == 2
    assert jobs.current() == "" and not jobs.cancelled()
    jobs.tell({"nobody": "listens"})


def test_a_process_whose_job_was_taken_over_can_end_before_that_job_does(
    jobs_home: Path, tmp_path: Path, spawn: Callable[..., subprocess.Popen[str]]
) -> None:
    file = tmp_path / "steps"
    _launch(work=True)
    jobs.start("append", "moved", str(file), 200, 0.05)
    _until(lambda: len(_lines(file)) >= 2)
    # As if this process had stood still: another one takes its job, and it finds out at its next step.
    _jobruntime.get().client._sys_db.reenqueue_for_recovery("moved", [_jobruntime.get().executors.me], "nobody listens")
    _until(lambda: _jobruntime.get().job("moved") is None)
    waiting = [each for each in threading.enumerate() if each.name.startswith("dbos-executor")]
    jobs.stop(5)
    for each in waiting:
        each.join(5)
    assert not [each for each in waiting if each.is_alive()]


def test_jobs_start_and_stop_where_an_event_loop_runs(jobs_home: Path, tmp_path: Path) -> None:
    async def lifespan() -> object:
        _launch(work=True)
        jobs.start("append", "in-a-loop", str(tmp_path / "steps"), 2, 0)
        result = jobs.wait("in-a-loop", 20)
        jobs.stop(5)
        return result

    # In a thread: a browser that another test opened keeps a loop running in this one.
    with ThreadPoolExecutor(1) as beside:
        assert beside.submit(asyncio.run, lifespan()).result() == ["0", "1"]


def test_jobs_before_the_launch_say_what_to_do() -> None:
    with pytest.raises(RuntimeError, match="launch"):
        jobs.state("any")


def test_a_process_says_nothing_on_the_console(jobs_home: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(CHILD), "run", "yes", "quiet", str(tmp_path / "steps"), "2", "0"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("ready\n", "")


def test_threads_of_a_step_may_tell_and_ask(jobs_home: Path, tmp_path: Path) -> None:
    _launch(work=True)
    jobs.start("linger", "threads", str(tmp_path / "steps"))
    _until(lambda: _jobruntime.get().job("threads") is not None)
    heard: list[bool] = []
    jobs.tell({"page": 7}, key="threads")
    jobs.cancel("threads")
    asker = threading.Thread(target=lambda: heard.append(jobs.cancelled(key="threads")))
    asker.start()
    asker.join()
    assert heard == [True]
    _until(lambda: jobs.progress("threads") == {"page": 7})
