"""The server of `covered`: the product's own, under a clock that stands where the data do."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.pages.conftest import ROOT, environment, free_port, stop_server
from tests.pages.covered import Covered

PEOPLE = ("carl", "priya", "sam")
"""Who is signed in from the beginning: whoever looks, whoever owns the data, whoever may never see them."""
_PATIENT = {"COMMONTABLE_SESSION_IDLE_MINUTES": "100000", "COMMONTABLE_SESSION_HOURS": "2000"}


@contextmanager
def served(made: Covered) -> Iterator[Covered]:
    """The product's own server, its clock where the data stand."""
    port, clock = free_port(), made.home / "clock"
    clock.write_text("0", "ascii")
    made.since = time.monotonic()
    made.turn(made.now)
    made.url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "tests.browser.served_with_clock", str(clock), "serve", "--port", str(port)]
    with (made.home / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(made.home) | _PATIENT, stdout=log, stderr=log)
    try:
        _wait(made, process)
        for username in PEOPLE:
            made.cookie(username)
        yield made
    finally:
        stop_server(process)


def _wait(made: Covered, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{made.url}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError((made.home / "server.log").read_text("utf-8", "replace"))
