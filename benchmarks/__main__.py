"""Run the benchmarks and print their figures: `python -m benchmarks [--quick | --full] [NAME...]`.

Each runs in a process of its own. Every figure is a ratio of one interleaved run or a CPU figure: the machine may be
busy meanwhile. `--quick` uses small data, to see in CI that everything runs and that all totals agree; it says
nothing about the aims.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

from benchmarks._figures import Figure, heard, table
from benchmarks._processes import CACHE, ROOT, environment

ALL: dict[str, tuple[str, str, str]] = {
    "catalogue_page": ("--sizes 10000,100000 --queries 6", "--sizes 10000 --queries 3 --rounds 1", "--sizes 1000000"),
    "recheck": ("", "--datasets 10000 --rounds 1", ""),
    "paging": ("", "--datasets 2000 --rounds 1", ""),
    "rerun": ("", "--datasets 10000 --reruns 20", ""),
    "access": ("", "--datasets 10000 --looks 10", ""),
    "meeting_page": ("", "--turns 1 --reruns 8", ""),
    "harvest": ("", "--quick", ""),
    "cards": ("", "--observations 1000000 --looks 20", ""),
    "statistics": ("", "--rows 1000000", ""),
    "exports": ("", "--indicators 4 --rounds 2", ""),
}
"""Name -> arguments of the usual run, of `--quick`, and of `--full` on top of the usual one."""
_PAGE_AIMS = {
    (1_000_000, "common word"): {"datasette_times": ">= 30", "ours_cpu_p95": "<= 100"},
    (100_000, "common word"): {"ours_cpu_p95": "<= 12"},
    (100_000, "two words"): {"ours_cpu_p95": "<= 12"},
    (100_000, "rare word"): {"ours_cpu_p95": "<= 12"},
    (100_000, "beginning"): {"ours_cpu_p95": "<= 25"},
    (100_000, "word and beginning"): {"ours_cpu_p95": "<= 25"},
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Run those asked for, then print all figures as a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(ALL)}; all when none is given")
    parser.add_argument("--quick", action="store_true", help="small data, about two minutes")
    parser.add_argument("--full", action="store_true", help="the catalogue page with a million datasets too")
    given = parser.parse_args(arguments)
    if unknown := [name for name in given.names if name not in ALL]:
        parser.error(f"there is no benchmark called {', '.join(unknown)}; there are {', '.join(ALL)}")
    CACHE.mkdir(parents=True, exist_ok=True)
    began, figures, failed = time.monotonic(), list[Figure](), list[str]()
    for name in given.names or ALL:
        usual, quick, full = ALL[name]
        for options in [quick] if given.quick else [usual, full] if given.full and full else [usual]:
            found, status = _run(name, options.split(), quick=given.quick)
            figures += found
            failed += [name] if status else []
    print(f"\n{table(figures)}\n\n{os.cpu_count()} cores; {time.monotonic() - began:,.0f} s in all")
    if failed:
        sys.exit(f"these did not come to their end, or their totals differ: {', '.join(failed)}")


def _run(name: str, options: Sequence[str], *, quick: bool) -> tuple[list[Figure], int]:
    """The figures of one benchmark, its lines passed on as they come, and its exit status."""
    print(f"\n== {name} {' '.join(options)}".rstrip(), flush=True)
    command = [sys.executable, "-m", f"benchmarks.{name}", *options]
    figures: list[Figure] = []
    with subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            print(line, end="", flush=True)
            if figure := heard(line):
                figures.append(figure)
            elif name == "catalogue_page" and line.startswith("{"):
                figures += _of_page(json.loads(line), quick=quick)
    return figures, process.returncode


def _of_page(result: dict[str, Any], *, quick: bool) -> list[Figure]:
    """The two figures of a class of queries on the catalogue page."""
    what = f"{result['queries']}, {result['size']:,} datasets"
    aims = _PAGE_AIMS.get((result["size"], result["queries"]), {})
    told = (
        (f"{what}: CPU p95", result["ours_cpu_p95"], "ms CPU", aims.get("ours_cpu_p95", "")),
        (f"{what}: against Datasette, wall", result["times_wall"], "times", aims.get("datasette_times", "")),
        (f"{what}: against Datasette, CPU", result["times_cpu"], "times", ""),
    )
    return [
        Figure(
            benchmark="catalogue_page", what=words, value=value, unit=unit, aim=aim, quick=quick, load=result["load"]
        )
        for words, value, unit, aim in told
    ]


if __name__ == "__main__":
    main()
