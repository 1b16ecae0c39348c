"""A story that several people play, each in a browser of their own, on one server whose clock the story moves."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browser.choosing import choose
from tests.browser.served_with_clock import set_clock
from tests.pages.conftest import ROOT, environment, fill_door, free_port, settled, stop_server

LONG = 60_000
PATIENT = {"COMMONTABLE_SESSION_IDLE_MINUTES": "100000", "COMMONTABLE_SESSION_HOURS": "2000"}
"""Sessions outlast the agreement: what takes a figure off a screen here is the agreement's end, never the door."""


@dataclass(slots=True, kw_only=True)
class Story:
    """One server with its clock, and a browser for each person."""

    url: str
    home: Path
    browser: Browser
    people: dict[str, BrowserContext] = field(default_factory=dict)
    tabs: dict[tuple[str, str], Page] = field(default_factory=dict)
    pictures: int = 0

    def to(self, who: str, address: str, *, tab: str = "") -> Page:
        """This person's browser at an address, in a tab of its own where one is named; whoever is new signs in."""
        is_new = who not in self.people
        if is_new:
            self.people[who] = self.browser.new_context(viewport={"width": 1280, "height": 900})
            self.people[who].set_default_timeout(LONG)
        if (who, tab) not in self.tabs:
            self.tabs[who, tab] = self.people[who].new_page()
        page = self.tabs[who, tab]
        page.goto(self.url + address)
        if is_new:
            fill_door(page, who)
        drawn(page)
        return page

    def clock(self, moment: datetime) -> None:
        """The server believes from now on that it is this moment."""
        set_clock(self.home / "clock", moment)

    def look(self, page: Page, what: str) -> None:
        """A picture for whoever wants to see the story."""
        if folder := os.environ.get("PICTURES_INTO"):
            self.pictures += 1
            settled(page)
            height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
            page.set_viewport_size({"width": 1280, "height": max(int(height), 900)})
            settled(page)
            page.screenshot(path=f"{folder}/{self.pictures:02}-{what}.png")
            page.set_viewport_size({"width": 1280, "height": 900})


def serve(home: Path) -> tuple[subprocess.Popen[bytes], str]:
    """The product's own `serve` under the clock of a file of this home; the process and its address, when healthy."""
    port, clock = free_port(), home / "clock"
    clock.write_text("0", "ascii")
    command = [sys.executable, "-m", "tests.browser.served_with_clock", str(clock), "serve", "--port", str(port)]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment(home) | PATIENT, stdout=log, stderr=log)
    url, until = f"http://127.0.0.1:{port}", time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{url}/healthz").status_code == 200:
                return process, url
        except httpx.TransportError:
            time.sleep(0.1)
    stop_server(process)
    raise RuntimeError((home / "server.log").read_text("utf-8", "replace"))


def drawn(page: Page) -> None:
    """Wait until the page stands whole."""
    page.locator(".ct-foot").wait_for(state="attached")
    settled(page)


def press(page: Page | Locator, name: str) -> None:
    """Press what is called so, and wait until the page has answered."""
    page.get_by_role("button", name=name, exact=True).click()
    settled(page if isinstance(page, Page) else page.page)


def follow(page: Page, name: str | re.Pattern[str], heading: str) -> None:
    """Follow a link to the page with this heading."""
    page.get_by_role("link", name=name).first.click()
    page.get_by_role("heading", level=1, name=heading, exact=True).wait_for()
    drawn(page)


def write(page: Page, name: str, words: str) -> None:
    """Type into the field called so."""
    page.get_by_role("textbox", name=name).fill(words)


def add(page: Page, name: str, option: str, *, typing: str = "") -> None:
    """Choose one of several and close the list, which stays open for the next and covers the page."""
    choose(page, name, re.compile(option), typing=typing)
    page.keyboard.press("Escape")
    settled(page)


def pick_day(page: Page, name: str, moment: datetime) -> None:
    """Type a day into the three places of a date field."""
    page.get_by_role("spinbutton", name=f"day, {name}").click()
    page.keyboard.type(f"{moment:%d%m%Y}")
    page.keyboard.press("Tab")
    settled(page)
