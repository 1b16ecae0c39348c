"""Processes that harvest, to be killed: `python -m tests.harvest_child`, on the database of the environment.

It imports everything once and forks a child for each line on its input: `start` begins a harvest of the source
"Portal" and carries it out, `wait` only carries out what others left behind. A child says when it is ready and
when nothing is left to do.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from catalogue import runs
from connectors import _harvest, registry
from governance import Busy, operator
from store import jobs
from tests.store.jobs_child import QUICK


def say(word: str) -> None:
    """Tell the test, in one write."""
    os.write(1, f"{word} {os.getpid()}\n".encode())


def carry_out(command: str) -> None:
    """Launch jobs, begin a harvest when told to, and wait until no run is under way."""
    jobs.launch(work=True, pace=QUICK)
    with operator("kill test") as visit:
        say("ready")
        if command == "start":
            try:
                _harvest.start(visit, "Portal")
            except Busy:
                say("busy")
        while True:
            visit.refresh()
            if all(each.state.is_over for each in runs.runs(visit, limit=5)) and not jobs.running():
                break
            time.sleep(0.01)
    say("done")
    jobs.stop(5)


def main() -> None:
    """Fork a child for each line."""
    import ckanapi  # noqa: F401
    import dbos  # noqa: F401

    registry()
    say("born")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                carry_out(line.strip())
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        say("ended")


if __name__ == "__main__":
    main()
