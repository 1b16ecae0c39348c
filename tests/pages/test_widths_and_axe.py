"""Every page of the demo in a real browser: accessible, quiet, nothing fetched from elsewhere, no sideways scroll."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from pages import all_pages
from tests.pages.conftest import settled
from tests.screens import Stop, served, sign_in, stops

pytestmark = pytest.mark.browser
VISITORS = ("rosa", "tomas", "leila")
"""Administrator, steward, member."""
NARROW = (640, 390)
PROBE = re.compile(r"/[a-z-]+/_stcore/(health|host-config)")
"""Streamlit's own question whether it is served under the path of the page; it is not, which the browser logs."""
AT_DOOR = Stop(path="", name="door", address="/")


@dataclass(slots=True, kw_only=True)
class Tab:
    """A browser tab that notes what went wrong in it."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Note errors of the console and of scripts, and every request that leaves for another host."""
        self.page.on("console", lambda message: self._console(message))
        self.page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        self.page.on("request", lambda request: self._request(request))

    def _console(self, message: ConsoleMessage) -> None:
        where = str(message.location.get("url", ""))
        if message.type == "error" and not PROBE.fullmatch(urlsplit(where).path):
            self.complaints.append(f"console: {message.text[:300]} {where}")

    def _request(self, request: Request) -> None:
        if urlsplit(request.url).scheme in {"http", "https", "ws", "wss"} and not self._is_ours(request.url):
            self.complaints.append(f"left the house: {request.url[:200]}")

    def _is_ours(self, address: str) -> bool:
        return urlsplit(address).netloc == urlsplit(self.url).netloc

    def look(self, stop: Stop) -> list[str]:
        """Everything that is wrong with one page, in every width and theme."""
        self.complaints.clear()
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.goto(self.url + stop.address)
        settled(self.page)
        self._headings()
        self._axe("light, 1280")
        for width in NARROW:
            self.page.set_viewport_size({"width": width, "height": 844})
            self.page.wait_for_timeout(150)
            self._sideways(width)
        self._axe("light, 390")
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.emulate_media(color_scheme="dark")
        self.page.wait_for_timeout(300)
        self._axe("dark, 1280")
        return [f"{stop.address}: {each}" for each in self.complaints]

    def _headings(self) -> None:
        headings = self.page.locator("h1:visible").all_inner_texts()
        if len(headings) != 1:
            self.complaints.append(f"first headings: {headings}")

    def _sideways(self, width: int) -> None:
        wide = self.page.evaluate(
            "Math.max(document.documentElement.scrollWidth,"
            " ...[...document.querySelectorAll('[data-testid=stMain]')].map(each => each.scrollWidth))"
        )
        if wide > width:
            self.complaints.append(f"scrolls sideways at {width}: {wide} wide")

    def _axe(self, how: str) -> None:
        found = Axe().run(self.page).response["violations"]
        wrong = [(each["id"], node["html"][:160]) for each in found for node in each["nodes"]]
        self.complaints += [f"axe {how}: {rule}: {where}" for rule, where in wrong]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """The demo, served: its data folder and its address."""
    folder = tmp_path_factory.mktemp("demo")
    with served(folder) as url:
        yield folder, url


def opened(browser: Browser, url: str) -> Tab:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    return Tab(page=context.new_page(), url=url)


def places(home: Path, username: str) -> list[Stop]:
    """The administrator looks at every page; the others at what differs for them."""
    found = stops(home, username)
    if username == VISITORS[0]:
        return [each for each in found if each.path not in {"dataset", "organisation"} or each.name in FEW]
    own = {"tomas": {"registration", "our-data"}, "leila": {"home", "register", "registration"}}[username]
    return [each for each in found if each.path in own and each.name != "register"]


FEW = {
    "dataset-open",
    "dataset-group",
    "dataset-unknown",
    "organisation-public",
    "organisation-publisher-Riverside+Homes",
}
"""Of pages with many addresses those that differ in what they show."""


def test_the_three_visitors_see_every_page_there_is(demo: tuple[Path, str]) -> None:
    seen = {stop.path for username in VISITORS for stop in places(demo[0], username)}
    assert {page.path for page in all_pages()} <= seen


@pytest.mark.parametrize("username", VISITORS)
def test_every_page_is_accessible_narrow_quiet_and_at_home(
    demo: tuple[Path, str], browser: Browser, username: str
) -> None:
    home, url = demo
    tab = opened(browser, url)
    sign_in(tab.page, url, username)
    tab.listen()
    wrong = [each for stop in places(home, username) for each in tab.look(stop)]
    tab.page.context.close()
    assert "\n".join(wrong) == ""


def test_the_door_is_accessible_narrow_quiet_and_at_home(demo: tuple[Path, str], browser: Browser) -> None:
    tab = opened(browser, demo[1])
    tab.listen()
    assert tab.look(AT_DOOR) == []
    tab.page.context.close()
