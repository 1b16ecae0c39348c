"""What a hostile portal writes stands on the pages as text: nothing of it runs, and nothing is fetched for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.browser.conftest import filled_home
from tests.connectors.hostile import hostile_server
from tests.pages.conftest import Server, settled, start_server, stop_server

pytestmark = pytest.mark.browser
CASES = ("xss-everywhere", "unicode-tricks")
TABS = ("Fields and sources", "History", "Similar elsewhere", "Cite it")
FACETS = ("Organisation", "Theme", "Format", "Licence", "Area", "Source")
ALLOWED = re.compile(r"^(https?:|mailto:|/|\?|#)")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Server]:
    """The app with both cases harvested through the real connector."""
    home = tmp_path_factory.mktemp("hostile")
    with hostile_server(shared) as portal:
        filled_home(home, *(portal.url(case) for case in CASES))
    process, url = start_server(home)
    yield Server(url=url, home=home, pid=process.pid, invitation="")
    stop_server(process)


class Watch:
    """A tab that notes every request to another host, every dialogue and every link of another scheme."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.page: Page = context.new_page()
        self.server = server
        self.strays: list[str] = []
        self.page.on("request", self._asked)
        self.page.on("dialog", lambda dialog: (self.strays.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.page.on("popup", lambda popup: self.strays.append(f"popup: {popup.url}"))

    def _asked(self, request: object) -> None:
        url = str(getattr(request, "url", ""))
        ours = urlsplit(self.server.url).netloc
        if urlsplit(url).netloc != ours and not url.startswith(("data:", "blob:")):
            self.strays.append(url)

    def go(self, address: str) -> None:
        self.page.goto(self.server.url + address)
        self.page.locator(".ct-foot").wait_for(timeout=60_000)
        settled(self.page)
        self.check(address)

    def check(self, where: str) -> None:
        assert self.page.evaluate("window.__xss") is None, f"a payload ran: {where}"
        links = self.page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))")
        assert [link for link in links if not ALLOWED.match(link)] == [], where
        outside = "[...document.querySelectorAll('[data-testid=stMain] :is(script, iframe, object, embed, img, svg)')]"
        found = self.page.evaluate(f"{outside}.map(e => e.outerHTML).filter(e => /__xss|javascript:|onerror/i.test(e))")
        assert found == [], where
        assert self.strays == [], where


@pytest.fixture
def watch(context: BrowserContext, server: Server, enter: Callable[..., None]) -> Watch:
    made = Watch(context, server)
    enter(made.page, "steward", "/")
    made.check("/")
    return made


def addresses(page: Page, beginning: str) -> list[str]:
    """The addresses of links on this page, each once."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('[data-testid=stMain] a[href]')].map(a => a.getAttribute('href'))"
    )
    return [each for each in dict.fromkeys(found) if each.startswith(beginning)]


@pytest.mark.parametrize("place", [0, 1])
def test_no_payload_runs_in_the_catalogue_and_its_filters(watch: Watch, place: int) -> None:
    for address in (f"/catalogue?source=Portal+{place}&sort=title", "/catalogue?q=%3Cscript%3Ewindow.__xss%3D1"):
        watch.go(address)
    watch.go(f"/catalogue?source=Portal+{place}&page=2")
    for facet in FACETS:
        watch.page.get_by_role("button", name=re.compile(f"^{facet}")).first.click()
        settled(watch.page)
        watch.check(f"the filter {facet}")
        watch.page.keyboard.press("Escape")
        settled(watch.page)


@pytest.mark.parametrize("place", [0, 1])
def test_no_payload_runs_on_the_pages_of_datasets(watch: Watch, place: int) -> None:
    watch.go(f"/catalogue?source=Portal+{place}")
    shown = addresses(watch.page, "/dataset?id=")[:16]
    assert len(shown) == 16
    for number, address in enumerate(shown):
        watch.go(address)
        if number % 4:
            continue
        for tab in TABS:
            watch.page.get_by_role("tab", name=tab).click()
            settled(watch.page)
            watch.check(f"{address}, {tab}")
    for button in ("Correct a field", "Set its place", "Raw record"):
        watch.page.get_by_role("button", name=button).click()
        watch.page.get_by_role("dialog").wait_for()
        settled(watch.page)
        watch.check(button)
        watch.page.keyboard.press("Escape")
        watch.page.get_by_role("dialog").wait_for(state="detached")


def test_no_payload_runs_on_the_pages_of_organisations_and_the_spectrum(watch: Watch) -> None:
    watch.go("/spectrum?rule=%3Cimg+src%3Dx+onerror%3Dwindow.__xss%3D1%3E")
    shown = addresses(watch.page, "/organisation?publisher=")
    assert len(shown) > 10
    for address in shown[:14]:
        watch.go(address)
    watch.go("/organisation?publisher=%3Cscript%3Ewindow.__xss%3D1%3C%2Fscript%3E")
    watch.go("/dataset?id=%3Cscript%3Ewindow.__xss%3D1%3C%2Fscript%3E")


def test_no_payload_runs_on_the_home_page_even_when_followed(watch: Watch) -> None:
    watch.go("/catalogue?source=Portal+0")
    watch.go(addresses(watch.page, "/dataset?id=")[0])
    watch.page.get_by_role("button", name="Follow").click()
    watch.page.get_by_role("button", name="Following: stop").wait_for()
    watch.go("/")
    watch.page.get_by_role("heading", name="You follow").wait_for()
