"""A real CKAN with 442 public datasets, and a second one that harvests it with ckanext-harvest, on loopback ports.

The scripts are those of `../shared/peers/ckan`; what they install stays in `.cache`. The ports are not those of the
tests, so that both may be up at once; the one script with ports written into it runs as a copy with ours.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from benchmarks._processes import CACHE, ROOT, Cost, cpu_of, listens, run

SCRIPTS = ROOT.parent / "shared" / "peers" / "ckan"
FOLDER = CACHE / "ckan"
PROGRAMS = ROOT / ".cache" / "ckan" / "v"
"""The tests install the same programs into the same place."""
SOURCE, TARGET = 18520, 18521
HARVEST = "portal-a"
PUBLIC = 442
_PORTS = {"PGPORT": "15441", "RPORT": "16390", "SPORT": "18983", "APORT": str(SOURCE), "BPORT": str(TARGET)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvested:
    """What ckanext-harvest did, and what its two consumers cost."""

    datasets: int
    wall: float
    cpu: float
    start_up: float
    """CPU seconds of `cpu` that the two consumers needed before they began."""


class Absent(Exception):
    """There is no real CKAN to be had here; the sentence says why."""


@contextlib.contextmanager
def peers(*, install: bool) -> Iterator[None]:
    """The pair for the length of the block; its data stay for the next time. Raises Absent.

    Args:
        install: whether to install and fill it when that was not done before, which takes minutes.
    """
    if not SCRIPTS.exists():
        raise Absent("the scripts of the real CKAN (../shared/peers/ckan) are not here")
    if not shutil.which("redis-server") or not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        raise Absent("PostgreSQL and redis-server, which CKAN needs, are not installed")
    if not install and not (FOLDER / "expected.json").exists():
        raise Absent("it was not set up before, and that takes minutes: `make bench` does it")
    if taken := [port for port in (SOURCE, TARGET) if listens(port)]:
        raise Absent(f"somebody listens at port {taken[0]} already: perhaps another run of this benchmark")
    FOLDER.mkdir(parents=True, exist_ok=True)
    PROGRAMS.mkdir(parents=True, exist_ok=True)
    link = FOLDER / "v"
    if not link.is_symlink():
        link.symlink_to(PROGRAMS)
    try:
        _script("bash", str(SCRIPTS / "up.sh"), "up")
        expected = FOLDER / "expected.json"
        if not expected.exists():
            given = ["--url", address(), "--token-file", str(FOLDER / "ckan_a.token"), "--out", str(expected)]
            _script(program("python"), str(SCRIPTS / "seed.py"), "--n", "500", "--seed", "1", *given)
        yield
    finally:
        _script("bash", str(SCRIPTS / "up.sh"), "down")


def address() -> str:
    """Where the source portal is."""
    return f"http://127.0.0.1:{SOURCE}"


def program(name: str) -> str:
    """A program of CKAN's own environment."""
    return str(PROGRAMS / "bin" / name)


def environment() -> dict[str, str]:
    """Of everything that is CKAN's; its modules are compiled already."""
    path = f"{PROGRAMS / 'bin'}:{os.environ['PATH']}"
    return {**os.environ, **_PORTS, "CK": str(FOLDER), "WORKERS": "1", "PATH": path}


def server_cpu() -> float:
    """CPU seconds that the source portal's web processes have used."""
    used = 0.0
    for each in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if "wsgi_ckan_a" in (each / "cmdline").read_text():
                used += cpu_of(int(each.name))
    return used


def harvest() -> Harvested:
    """Let ckanext-harvest read the source into the target, by its production path: queue and two consumers."""
    _prepare_target()
    start_up = run((program("ckan"), "-c", str(FOLDER / "ckan_b.ini"), "harvester", "sources"), env=environment())
    text = (SCRIPTS / "harvest_prod.py").read_text().replace("18501", str(TARGET))
    script = FOLDER / "harvest_prod.py"
    script.write_text(text)
    cost: Cost = run((program("python"), str(script), HARVEST, "900"), env=environment())
    told: dict[str, Any] = cost.answer()
    if told["done"] != told["objects"] or any(each is not None for each in told["consumer_exit"]):
        raise SystemExit(f"ckanext-harvest did not finish: {told}")
    return Harvested(
        datasets=told["in_B"],
        wall=told["wall"],
        cpu=told["gather_cpu"] + told["fetch_cpu"],
        start_up=2 * start_up.cpu,
    )


def _prepare_target() -> None:
    """Make the target know the source and nothing of its datasets."""
    if not _ask("package_search", q=f"name:{HARVEST}", fq="dataset_type:harvest", rows=0)["count"]:
        _ask("organization_create", name="bench")
        asked = {"name": HARVEST, "title": "Portal A", "url": address(), "source_type": "ckan", "owner_org": "bench"}
        _ask("harvest_source_create", **asked)
    elif _ask("package_search", rows=0, fq="dataset_type:dataset")["count"]:
        ckan = (program("ckan"), "-c", str(FOLDER / "ckan_b.ini"))
        _script(*ckan, "harvester", "source", "clear", HARVEST)
        _script(*ckan, "search-index", "rebuild")
    # With redis-py 8 the consumers die after five seconds of an empty queue (ckanext-harvest 1.6.3, queue.py):
    # without a host name of its own it takes this address, with a time-out that lets it live.
    ini = FOLDER / "ckan_b.ini"
    text = re.sub(r"(?m)^ckan\.harvest\.mq\.hostname.*$", "ckan.harvest.mq.hostname =", ini.read_text())
    text = re.sub(r"(?m)^(ckan\.redis\.url\s*=\s*\S+?)(\?\S*)?$", r"\1?socket_timeout=3600", text)
    ini.write_text(text)


def _ask(action: str, **given: Any) -> Any:
    token = (FOLDER / "ckan_b.token").read_text().strip()
    url = f"http://127.0.0.1:{TARGET}/api/3/action/{action}"
    answer = requests.post(url, json=given, headers={"Authorization": token}, timeout=300)
    if not answer.ok:
        raise SystemExit(f"{action} failed: {answer.text[:1000]}")
    return answer.json()["result"]


def _script(*command: str) -> None:
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{command} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
