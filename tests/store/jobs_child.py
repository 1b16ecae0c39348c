"""A process with jobs, to be killed: `python jobs_child.py ACTION ...`, on the database of the environment.

Its workflow `append` writes one line per step to a file, so that a test can count how often each step ran.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from store import jobs


class SourceAsleep(Exception):
    """An error with a sentence and facts, as the rooms have them."""

    def __init__(self, sentence: str, *, url: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.url = url


QUICK = jobs.Pace(beat=0.2, silent=20.0, stuck=20.0, tick=0.3)


def append(file: str, line: str, seconds: float) -> str:
    """Write a line in one go, then take a while, as a step that is killed after its effect."""
    handle = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(handle, f"{line}\n".encode())
    os.close(handle)
    time.sleep(seconds)
    return line


@jobs.workflow("append")
def append_lines(file: str, count: int, seconds: float) -> list[str]:
    """One step a line."""
    lines = []
    for number in range(count):
        lines.append(jobs.step(append, file, str(number), seconds))
        jobs.tell({"done": number + 1, "of": count})
    return lines


def until_cancelled(file: str) -> str:
    """A long step that ends early when asked to."""
    Path(f"{file}.began").touch()
    until = time.monotonic() + 60
    while time.monotonic() < until and not jobs.cancelled():
        time.sleep(0.02)
    return append(file, "ended early", 0)


@jobs.workflow("linger")
def linger(file: str) -> None:
    """One step that waits to be cancelled, and one that must not be reached then."""
    jobs.step(until_cancelled, file)
    jobs.step(append, file, "went on", 0)


def say(line: str) -> None:
    """Tell the test."""
    print(line, flush=True)


def serve(ticks: str = "") -> None:
    """Work until the test closes our input."""
    if ticks:
        jobs.on_tick(lambda: say(append(ticks, str(os.getpid()), 0)))
    jobs.launch(work=True, pace=QUICK)
    say("ready")
    sys.stdin.read()
    jobs.stop(5)


def run(work: str, key: str, file: str, count: str, seconds: str) -> None:
    """Start one job and wait for it."""
    jobs.launch(work={"yes": True, "no": False, "maybe": None}[work], pace=QUICK)
    jobs.start("append", key, file, int(count), float(seconds))
    say("ready")
    jobs.wait(key, 60)
    jobs.stop(5)


if __name__ == "__main__":
    serve(*sys.argv[2:]) if sys.argv[1] == "serve" else run(*sys.argv[2:])
