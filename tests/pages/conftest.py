"""A real server and a real browser for the pages' tests.

`server` starts the app in a process of its own with its own home; `people` are in it, one of each role. Other page
tests may ask for `signed_in(page, "steward")`.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from pages.share import _going

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "lantern harbour table seven"
"""Of every person of the test server."""
ROLES = ("member", "steward", "chair", "facilitator", "admin")
SEED = f"""
import store
store.upgrade()
from governance import operator, people
from governance.people import Newcomer
with operator("test people") as visit:
    council = people.save_organisation(visit, "Harbour Council")
    trust = people.save_organisation(visit, "Saltmarsh Trust")
    for role in {ROLES!r}:
        people.invite(
            visit,
            Newcomer(username=role, display=role.title() + " Person", organisation_id=council.id, roles=(role,)),
            password={PASSWORD!r},
        )
    people.invite(
        visit, Newcomer(username="other", display="Other Member", organisation_id=trust.id, roles=("member",)),
        password={PASSWORD!r},
    )
    print(people.invite(visit, Newcomer(username="invited", display="New Person", organisation_id=council.id))[1])
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running app."""

    url: str
    home: Path
    pid: int
    invitation: str
    """Token of a one-time link nobody has used yet."""


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(home: Path) -> dict[str, str]:
    """The environment of a server with this home, and with nothing of the machine's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("COMMONTABLE_", "STREAMLIT_"))}
    return kept | {"COMMONTABLE_HOME": str(home), "COMMONTABLE_TITLE": "Harbour District Partnership"}


def start_server(home: Path, *more: str) -> tuple[subprocess.Popen[bytes], str]:
    """Start the app on a free port and wait until it is healthy; answers the process and its address."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address=127.0.0.1"]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, f"--server.port={port}", *more],
            cwd=ROOT,
            env=environment(home),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError((home / "server.log").read_text("utf-8", "replace"))
        try:
            if httpx.get(f"{url}/healthz").status_code == 200:
                return process, url
        except httpx.TransportError:
            time.sleep(0.1)
    stop_server(process)
    raise RuntimeError("the server did not become healthy in a minute")


def stop_server(process: subprocess.Popen[bytes]) -> None:
    """End the process we started, and only that one."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app on a free port, with its own home and one person of each role."""
    home = tmp_path_factory.mktemp("server")
    seeded = subprocess.run(
        [sys.executable, "-c", SEED], cwd=ROOT, env=environment(home), check=True, capture_output=True, text=True
    )
    process, url = start_server(home)
    yield Server(url=url, home=home, pid=process.pid, invitation=seeded.stdout.split()[-1])
    stop_server(process)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo in a folder that nobody serves, to be copied: making it takes longer than starting a server."""
    home = tmp_path_factory.mktemp("demo-home")
    command = [sys.executable, "-m", "entrypoints.cli", "init", "--demo"]
    env = {name: value for name, value in environment(home).items() if name != "COMMONTABLE_TITLE"}
    subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True)
    return home


def settled(page: Page) -> None:
    """Wait until the page's script has run and nothing moves any more."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]", timeout=60_000)
    page.wait_for_selector("[data-testid=stHtml]", state="attached", timeout=60_000)
    page.wait_for_timeout(300)


def fill_door(page: Page, username: str, password: str = PASSWORD) -> None:
    """Fill the sign-in form and send it."""
    page.get_by_role("textbox", name="User name").fill(username)
    page.get_by_role("textbox", name="Password or passphrase").fill(password)
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def signed_in(server: Server) -> Callable[[Page, str], None]:
    """`signed_in(page, "steward")` signs a browser page in at the address it is at, or at the home page."""

    def enter(page: Page, username: str) -> None:
        if not page.url.startswith(server.url):
            page.goto(server.url)
        fill_door(page, username)
        page.locator(".ct-foot").wait_for(timeout=60_000)
        settled(page)

    return enter


@pytest.fixture
def went(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, str]]]:
    """Where pages sent the viewer: a page alone has no menu to go through."""
    told: list[tuple[str, dict[str, str]]] = []

    def go_to(path: str, **query: str) -> None:
        import streamlit

        told.append((path, query))
        streamlit.stop()

    monkeypatch.setattr(_going, "go_to", go_to)
    return told
