"""Look at a page in a real browser for what is wrong with it: wide and narrow, light and dark."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, Request

from tests.pages.conftest import settled

NARROW = (640, 390)
PROBE = re.compile(r"/[a-z-]+/_stcore/(health|host-config)")
"""Streamlit's own question whether it is served under the path of the page; it is not, which the browser logs."""


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

    def look(self, address: str) -> list[str]:
        """Everything that is wrong with one page, in every width and theme."""
        self.complaints.clear()
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.goto(self.url + address)
        settled(self.page)
        return self._looked(address)

    def look_here(self, what: str) -> list[str]:
        """The same for what stands on the screen just now: a dialog, a form that was sent."""
        self.complaints.clear()
        settled(self.page)
        return self._looked(what)

    def _looked(self, what: str) -> list[str]:
        self._headings()
        self._axe("light, 1280")
        for width in NARROW:
            self.page.set_viewport_size({"width": width, "height": 844})
            self.page.wait_for_timeout(150)
            self._sideways(width)
        self._axe("light, 390")
        self.page.set_viewport_size({"width": 1280, "height": 900})
        self.page.emulate_media(color_scheme="dark")
        self._still()
        self._axe("dark, 1280")
        self.page.emulate_media(color_scheme="light")
        return [f"{what}: {each}" for each in self.complaints]

    def _still(self) -> None:
        """Wait until colours have faded from one theme to the other: an animation has two colours at once."""
        for _ in range(50):
            self.page.wait_for_timeout(200)
            if self.page.evaluate("document.getAnimations().every(each => each.playState !== 'running')"):
                return

    def _headings(self) -> None:
        headings = self.page.locator("h1:visible").all_inner_texts()
        if len(headings) != 1:
            self.complaints.append(f"first headings: {headings}")

    def _sideways(self, width: int) -> None:
        """A chart is drawn anew for a narrower screen, which takes a moment: where it comes to rest is what counts."""
        for _ in range(25):
            wide = self.page.evaluate(
                "Math.max(document.documentElement.scrollWidth,"
                " ...[...document.querySelectorAll('[data-testid=stMain]')].map(each => each.scrollWidth))"
            )
            if wide <= width:
                return
            self.page.wait_for_timeout(200)
        self.complaints.append(f"scrolls sideways at {width}: {wide} wide")

    def _axe(self, how: str) -> None:
        found = Axe().run(self.page).response["violations"]
        wrong = [(each["id"], node["html"][:160]) for each in found for node in each["nodes"]]
        self.complaints += [f"axe {how}: {rule}: {where}" for rule, where in wrong]
