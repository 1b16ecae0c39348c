"""Harvest a real CKAN (442 public datasets) beside `ckanapi dump datasets --all` and ckanext-harvest, in one run.

Ours and ckanapi's go turn by turn, ckanext-harvest once (it takes minutes). Ours stores, places, indexes and can be
searched afterwards; ckanapi writes a file of JSON lines; ckanext-harvest creates datasets in a second CKAN. CPU is
that of the reading side; what the portal itself spends is told apart.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import _ckan
from benchmarks._figures import Figure, say
from benchmarks._processes import CACHE, COMMONTABLE, environment, run

NAME = "Real"


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One reading of the portal; seconds."""

    datasets: int
    cpu: float
    wall: float
    portal: float = 0.0
    """CPU of the portal's own processes meanwhile."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Bring the portals up, read them in every way, bring them down."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="without ckanext-harvest, one round")
    given = parser.parse_args(arguments)
    CACHE.mkdir(parents=True, exist_ok=True)
    try:
        with _ckan.peers(install=not given.quick):
            _measure(1 if given.quick else given.rounds, quick=given.quick)
    except _ckan.Absent as error:
        print(f"harvest of the real CKAN: left out, {error}", flush=True)


def _measure(rounds: int, *, quick: bool) -> None:
    turns: dict[str, list[Turn]] = {}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(dir=CACHE, prefix="harvest-") as folder:
            home = Path(folder)
            _take(turns, "first", partial(_ours, home / "cold", "added"))
            _take(turns, "first, running", partial(_ours, home / "warm", "added", warm=True))
            _take(turns, "again", partial(_ours, home / "cold", "unchanged"))
            _take(turns, "again, running", partial(_ours, home / "warm", "unchanged", warm=True))
            _take(turns, "ckanapi dump", partial(_ckanapi, home, "dump", "datasets", "--all"))
            _take(turns, "ckanapi search", partial(_ckanapi, home, "search", "datasets"))
    _say_turns(turns, quick=quick)
    if not quick:
        _say_peer(turns, _ckan.harvest())


def _take(turns: dict[str, list[Turn]], name: str, read: Callable[[], Turn]) -> None:
    before = _ckan.server_cpu()
    turn = read()
    if turn.datasets != _ckan.PUBLIC:
        raise SystemExit(f"{name} brings {turn.datasets} datasets, the portal has {_ckan.PUBLIC}")
    used = _ckan.server_cpu() - before
    turns.setdefault(name, []).append(Turn(datasets=turn.datasets, cpu=turn.cpu, wall=turn.wall, portal=used))


def _ours(home: Path, kind: str, *, warm: bool = False) -> Turn:
    env = environment(home)
    if not home.exists():
        run((*COMMONTABLE, "init"), env=env)
        allow = ("--allow", f"127.0.0.1:{_ckan.SOURCE}")
        run((*COMMONTABLE, "sources", "add", NAME, "ckan", _ckan.address(), *allow), env=env)
    if warm:
        told = run((sys.executable, "-m", "benchmarks._warm", NAME), env=env).answer()
        return Turn(datasets=told["result"][kind], cpu=told["cpu"], wall=told["wall"])
    cost = run((*COMMONTABLE, "harvest", NAME, "--json"), env=env)
    return Turn(datasets=cost.answer()[kind], cpu=cost.cpu, wall=cost.wall)


def _ckanapi(folder: Path, *command: str) -> Turn:
    written = folder / "ckanapi.jsonl"
    given = (_ckan.program("ckanapi"), *command, "-r", _ckan.address(), "-O", str(written))
    cost = run(given, env=_ckan.environment())
    return Turn(datasets=sum(1 for _ in written.open()), cpu=cost.cpu, wall=cost.wall)


def _middle(turns: list[Turn], figure: str) -> float:
    return statistics.median(float(getattr(each, figure)) for each in turns)


def _say_turns(turns: dict[str, list[Turn]], *, quick: bool) -> None:
    def told(what: str, value: float, unit: str) -> None:
        say(Figure(benchmark="harvest", what=what, value=round(value, 2), unit=unit, quick=quick))

    for name, each in turns.items():
        told(f"{name}: reader", _middle(each, "cpu"), "s CPU")
        told(f"{name}: wall", _middle(each, "wall"), "s")
        told(f"{name}: the portal itself", _middle(each, "portal"), "s CPU")
    for peer in ("ckanapi dump", "ckanapi search"):
        for figure in ("cpu", "wall"):
            times = _middle(turns[peer], figure) / _middle(turns["first"], figure)
            told(f"first harvest, whole process, against {peer}, {figure}", times, "times")
        portal = _middle(turns[peer], "portal") / max(0.01, _middle(turns["first"], "portal"))
        told(f"load on the portal, against {peer}", portal, "times")


def _say_peer(turns: dict[str, list[Turn]], peer: _ckan.Harvested) -> None:
    if peer.datasets != _ckan.PUBLIC:
        raise SystemExit(f"ckanext-harvest brings {peer.datasets} datasets, the portal has {_ckan.PUBLIC}")

    def told(what: str, value: float, unit: str, aim: str = "") -> None:
        say(Figure(benchmark="harvest", what=what, value=round(value, 1), unit=unit, aim=aim))

    told("ckanext-harvest: two consumers", peer.cpu, "s CPU")
    told("ckanext-harvest: of that, their start-up", peer.start_up, "s CPU")
    told("ckanext-harvest: wall", peer.wall, "s")
    running, whole = turns["first, running"], turns["first"]
    told("first harvest, whole process, against ckanext-harvest, CPU", peer.cpu / _middle(whole, "cpu"), "times")
    told("first harvest, whole process, against ckanext-harvest, wall", peer.wall / _middle(whole, "wall"), "times")
    work = peer.cpu - peer.start_up
    told("first harvest, both running, against ckanext-harvest, CPU", work / _middle(running, "cpu"), "times", ">= 100")
    told(
        "first harvest, both running, against ckanext-harvest, wall",
        peer.wall / _middle(running, "wall"),
        "times",
        ">= 100",
    )


if __name__ == "__main__":
    main()
