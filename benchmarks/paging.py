"""Read 10,000 datasets from a portal 150 ms away: our connector against ckanapi, turn by turn in one process.

Ours is measured twice: with everything known already (pages fetched, split and recognised, which is what paging is
for ckanapi too), and with everything new (every package checked and normalised as well). ckanapi's own way is one
`package_search` after another: with 100 rows, as its users and ckanext-harvest ask for, and with the 1,000 that its
command line asks for. All have to bring the same ids.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence

from ckanapi import RemoteCKAN

from benchmarks._figures import Figure, say
from benchmarks._portal import portal
from catalogue.records import Completeness, Ending, Record, Seen, SourceAddress
from connectors import registry
from connectors._web import Web


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure turn by turn and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datasets", type=int, default=10_000)
    parser.add_argument("--latency", type=float, default=0.15, help="seconds before each answer")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args(arguments)
    with portal(given.datasets, latency=given.latency) as port:
        ways: dict[str, Callable[[], set[str]]] = {
            "ours, all known": lambda: _ours(port, known=True),
            "ours, all new": lambda: _ours(port, known=False),
            "ckanapi, 100 rows": lambda: _ckanapi(port, rows=100),
            "ckanapi, 1,000 rows": lambda: _ckanapi(port, rows=1_000),
        }
        walls: dict[str, list[float]] = {name: [] for name in ways}
        expected: set[str] = set()
        for _ in range(given.rounds):
            for name, read in ways.items():
                began = time.perf_counter()
                found = read()
                walls[name].append(time.perf_counter() - began)
                expected = expected or found
                if found != expected or len(found) != given.datasets:
                    raise SystemExit(f"{name} brings {len(found):,} of {given.datasets:,} datasets")
    wall = {name: statistics.median(each) for name, each in walls.items()}
    quick = given.datasets < 10_000
    for name, seconds in wall.items():
        say(Figure(benchmark="paging", what=f"150 ms away: {name}", value=round(seconds, 2), unit="s", quick=quick))
    for name, peer, aim in (
        ("all known", "100 rows", ">= 7"),
        ("all new", "100 rows", ">= 7"),
        ("all known", "1,000 rows", ""),
    ):
        times = round(wall[f"ckanapi, {peer}"] / wall[f"ours, {name}"], 1)
        what = f"150 ms away, {name}: against ckanapi, {peer}"
        say(Figure(benchmark="paging", what=what, value=times, unit="times", aim=aim, quick=quick))


def _ours(port: int, *, known: bool) -> set[str]:
    """What the connector brings: records, or what it recognises by its fingerprint."""
    here = f"127.0.0.1:{port}"
    source = SourceAddress(name="", kind="ckan", location=f"http://{here}", allow=(here,))
    web = Web(allow=(here,))
    found: set[str] = set()
    ending: Ending | None = None
    for page in registry()["ckan"].read(source, web, "", lambda _identity, _fingerprint: known):
        found.update(item.identity for item in page.items if isinstance(item, (Record, Seen)))
        ending = page.ending or ending
    web.close()
    if ending is None or ending.completeness is not Completeness.COMPLETE:
        raise SystemExit(f"our reading ended as {ending}")
    return found


def _ckanapi(port: int, *, rows: int) -> set[str]:
    """Packages as ckanapi gives them: decoded, nothing else."""
    found: set[str] = set()
    with RemoteCKAN(f"http://127.0.0.1:{port}") as remote:
        while True:
            results = remote.action.package_search(rows=rows, start=len(found), sort="id asc")["results"]
            found.update(each["id"] for each in results)
            if len(results) < rows:
                return found


if __name__ == "__main__":
    main()
