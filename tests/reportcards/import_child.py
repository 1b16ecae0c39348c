"""Processes that take in files, to be killed: `python -m tests.reportcards.import_child DATASET`.

On the database of the environment. It imports everything once and forks a child for each line on its input:
`start NUMBER` leaves the file of that number to the jobs and works, `wait` only carries out what others left behind.
A child says when it is ready, when it has left its file, and when nothing is left to do.
"""

from __future__ import annotations

import os
import sys
import time

from governance import machinery, people
from reportcards import imports
from reportcards.recording import Order
from store import jobs
from tests.store.jobs_child import QUICK

ROWS = 12_000
HEAD = "Indicator,Area code,Period,Value,Count,Denominator"


def file(number: int) -> bytes:
    """The figures of the round of this number: every value differs from those of the other rounds."""
    lines = [
        f"Absence,A{place // 60:03},{2000 + place % 60 // 12}-{place % 12 + 1:02},{number + place % 7}.5,{place},90000"
        for place in range(ROWS)
    ]
    return "\n".join([HEAD, *lines]).encode()


def say(word: str) -> None:
    """Tell the test, in one write."""
    os.write(1, f"{word} {os.getpid()}\n".encode())


def carry_out(command: str, dataset: str) -> None:
    """Launch jobs, leave a file to them when told to, and wait until nothing is under way."""
    jobs.launch(work=True, pace=QUICK)
    say("ready")
    if command.startswith("start"):
        with machinery("kill test") as own, people.seen_as(own, "priya") as visit:
            number = int(command.split()[1])
            imports.begin(visit, Order(data=file(number), file_name=f"{number}.csv", dataset_id=dataset))
        say("left")
    imports.revive()
    while jobs.running():
        time.sleep(0.01)
    say("done")
    jobs.stop(5)


def main() -> None:
    """Fork a child for each line."""
    import dbos  # noqa: F401

    say("born")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                carry_out(line.strip(), sys.argv[1])
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        say("ended")


if __name__ == "__main__":
    main()
