"""Make the files of a card of 20 indicators, and one chart by swapping its data against building it with Altair.

Charts go turn by turn in one process. The PDF is made twice: the first time with the typefaces to be cut and the
printers to be started, as a fresh worker does it, and then again. Memory is the peak of this whole process.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import time
from collections.abc import Callable, Sequence

from benchmarks._figures import Figure, say
from reportcards.charts import Size, Theme, _trend_template, trend
from reportcards.exports import formats
from tests.reportcards import examples

NAME = "exports"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--indicators", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args(arguments)
    quick = given.indicators < 20
    _charts(given.rounds, quick=quick)
    _files(given.indicators, quick=quick)


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _charts(rounds: int, *, quick: bool) -> None:
    item = examples.shift_up()
    trend(item)
    swap, build = [], []
    for _ in range(rounds):
        swap.append(_cpu(lambda: [trend(item) for _ in range(20)]) / 20)
        build.append(_cpu(lambda: _trend_template.build(Theme.LIGHT, Size.NORMAL).to_dict()))
    ours, theirs = statistics.median(swap), statistics.median(build)
    for what, seconds in (("a trend, data swapped", ours), ("the same built by Altair", theirs)):
        say(Figure(benchmark=NAME, what=what, value=round(seconds * 1000, 2), unit="ms CPU", quick=quick))
    what = "a trend, data swapped: against building it by Altair"
    say(Figure(benchmark=NAME, what=what, value=round(theirs / ours, 1), unit="times", aim=">= 20", quick=quick))


def _files(indicators: int, *, quick: bool) -> None:
    card = examples.many(indicators)
    first = ""
    for name, turn in (("pdf", "first in a process"), ("pdf", "again"), ("pptx", ""), ("xlsx", ""), ("png", "")):
        began, cpu = time.perf_counter(), time.process_time()
        content = formats()[name].write(card)
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
        what = f"{name} of {indicators} indicators{f', {turn}' if turn else ''}"
        aim = "<= 10" if name == "pdf" else ""
        say(Figure(benchmark=NAME, what=what, value=round(cpu, 2), unit="s CPU", aim=aim, quick=quick))
        say(Figure(benchmark=NAME, what=what, value=round(wall, 2), unit="s", quick=quick))
        say(Figure(benchmark=NAME, what=f"{what}, file", value=round(len(content) / 1e6, 2), unit="MB", quick=quick))
        if name == "pdf" and first and first != str(hash(content)):
            raise SystemExit("the same card gave another file")
        first = first or str(hash(content))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(Figure(benchmark=NAME, what="peak memory of the process, all files", value=round(peak), unit="MB", quick=quick))


if __name__ == "__main__":
    main()
