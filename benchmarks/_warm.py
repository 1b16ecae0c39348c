"""Harvest one source as a running server does, imports done: `python -m benchmarks._warm NAME` prints what it cost."""

from __future__ import annotations

import dataclasses
import json
import sys
import time

from connectors import _harvest, registry
from governance import operator
from store import jobs


def main() -> None:
    """One JSON object: the run's result, and CPU and wall seconds of this process from its start to its end."""
    import ckanapi  # noqa: F401  (the connectors import it when they first need it)

    registry()
    jobs.launch(work=None)
    try:
        with operator("benchmark") as visit:
            cpu, wall = time.process_time(), time.perf_counter()
            result = _harvest.harvest(visit, sys.argv[1])
            cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        print(json.dumps({"cpu": cpu, "wall": wall, "result": dataclasses.asdict(result)}))
    finally:
        jobs.stop()


if __name__ == "__main__":
    main()
