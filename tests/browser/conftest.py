"""A browser, and servers whose homes are filled: made once for each module of tests and ended with it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.pages.conftest import (
    ROOT,
    Server,
    environment,
    fill_door,
    settled,
    start_server,
    stop_server,
)


def filled_home(folder: Path, *addresses: str) -> None:
    """Fill a folder in a process of its own, as `tests.browser.filling` does."""
    subprocess.run(
        [sys.executable, "-m", "tests.browser.filling", *addresses],
        cwd=ROOT,
        env=environment(folder),
        check=True,
        timeout=300,
    )


@pytest.fixture(scope="session")
def harvested_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the made-up portal and register harvested, to be copied."""
    home = tmp_path_factory.mktemp("filled")
    filled_home(home)
    return home


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, harvested_home: Path) -> Iterator[Server]:
    """The app with the made-up portal and register harvested."""
    home = tmp_path_factory.mktemp("served")
    shutil.copytree(harvested_home, home, dirs_exist_ok=True)
    process, url = start_server(home)
    yield Server(url=url, home=home, pid=process.pid, invitation="")
    stop_server(process)


@pytest.fixture
def enter(server: Server) -> Callable[..., None]:
    """`enter(page, "steward", "/catalogue?q=x")` goes to the address, signs in there and waits for the page."""

    def go(page: Page, username: str, address: str = "/") -> None:
        page.goto(server.url + address)
        fill_door(page, username)
        page.locator(".ct-foot").wait_for(timeout=60_000)
        settled(page)

    return go
