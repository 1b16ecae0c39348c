"""A portal of 100,000 datasets: read for the first time, then again with nothing changed.

The portal is a process of its own on a loopback port (`_portal`); measured is the process that harvests, start-up
included, and beside it the same harvest in a process that is already up, as a server or a worker is.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks._figures import Figure, say
from benchmarks._portal import portal
from benchmarks._processes import CACHE, COMMONTABLE, Cost, environment, run

NAME = "Portal"


def main(arguments: Sequence[str] | None = None) -> None:
    """Harvest into an empty home, then again and again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datasets", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3, help="unchanged readings")
    given = parser.parse_args(arguments)
    size: int = given.datasets
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, prefix="recheck-") as folder, portal(size) as port:
        env = environment(Path(folder))
        run((*COMMONTABLE, "init"), env=env)
        here = f"127.0.0.1:{port}"
        run((*COMMONTABLE, "sources", "add", NAME, "ckan", f"http://{here}", "--allow", here), env=env)
        first = _harvest(env, size, "added")
        again = [_harvest(env, size, "unchanged") for _ in range(given.rounds)]
        warm = [_warm(env, size) for _ in range(given.rounds)]
    _say(size, first, again, warm)


def _harvest(env: dict[str, str], size: int, kind: str) -> Cost:
    cost = run((*COMMONTABLE, "harvest", NAME, "--json"), env=env)
    _check(cost.answer(), size, kind)
    return cost


def _warm(env: dict[str, str], size: int) -> float:
    answer = run((sys.executable, "-m", "benchmarks._warm", NAME), env=env).answer()
    _check(answer["result"], size, "unchanged")
    return float(answer["cpu"])


def _check(result: dict[str, Any], size: int, kind: str) -> None:
    if (result["status"], result["live"], result[kind]) != ("applied", size, size):
        raise SystemExit(f"the portal has {size:,} datasets; the run says {result}")


def _say(size: int, first: Cost, again: list[Cost], warm: list[float]) -> None:
    quick = size < 100_000
    name, count = "recheck", f"{size // 1000:,}k"
    unchanged = statistics.median(each.cpu for each in again)

    def told(what: str, value: float, unit: str, aim: str = "") -> None:
        say(Figure(benchmark=name, what=what, value=round(value, 2), unit=unit, aim=aim, quick=quick))

    told(f"unchanged portal of {count} read again, whole process", unchanged, "s CPU", "<= 3")
    told(f"unchanged portal of {count} read again, in a running one", statistics.median(warm), "s CPU", "<= 3")
    told(f"unchanged portal of {count} read again, wall", statistics.median(each.wall for each in again), "s")
    told(f"first harvest of {count}, whole process", first.cpu, "s CPU")
    told(f"first harvest of {count}, index included", size / first.cpu, "per s CPU")
    told(f"first harvest of {count}, peak memory", first.peak, "MB", "<= 400")
    told(f"unchanged portal of {count}, peak memory", max(each.peak for each in again), "MB", "<= 400")


if __name__ == "__main__":
    main()
