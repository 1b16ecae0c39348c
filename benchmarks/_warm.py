"""Harvest one source as a running server does: `python -m benchmarks._warm NAME` prints what it cost.

Before it, a source of one made-up dataset is harvested, so that everything is imported, every statement prepared and
the vocabularies of access, licences and formats are read: all of it stays for as long as a server runs.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import time

import store
from catalogue import sources
from connectors import _harvest, registry
from entrypoints import _collector  # noqa: F401  (a server looks for garbage as seldom)
from governance import Visit, operator
from store import jobs

FIRST = "Warming up"


def main() -> None:
    """One JSON object: the run's result, and CPU and wall seconds of this process from its start to its end."""
    import ckanapi  # noqa: F401  (the connectors import it when they first need it)

    registry()
    jobs.launch(work=None)
    try:
        with operator("benchmark") as visit:
            _warm_up(visit)
            cpu, wall = time.process_time(), time.perf_counter()
            result = _harvest.harvest(visit, sys.argv[1])
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        print(json.dumps({"cpu": cpu, "wall": wall, "result": dataclasses.asdict(result)}))
    finally:
        jobs.stop()


def _warm_up(visit: Visit) -> None:
    if FIRST not in {each.name for each in sources.sources(visit)}:
        file = store.settings().home / "warming-up.json"
        package = {
            "id": "one",
            "name": "one",
            "title": "One",
            "notes": "Available on request.",
            "license_title": "Terms of the agency",
            "extras": [{"key": "access_constraints", "value": "Not for publication."}],
            "resources": [{"url": "https://files.example/1.csv", "format": "CSV or so"}],
        }
        file.write_text(json.dumps({"success": True, "result": {"count": 1, "results": [package]}}))
        sources.add(visit, sources.NewSource(name=FIRST, kind="ckan", location=str(file)), kinds=tuple(registry()))
    _harvest.harvest(visit, FIRST)
    visit.refresh()


if __name__ == "__main__":
    main()
