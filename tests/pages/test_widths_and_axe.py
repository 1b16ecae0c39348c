"""Every page of the demo in a real browser: accessible, quiet, nothing fetched from elsewhere, no sideways scroll."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pages import all_pages
from tests.pages.looked import Tab
from tests.screens import Stop, served, sign_in, stops

pytestmark = pytest.mark.browser
VISITORS = ("rosa", "tomas", "leila")
"""Administrator, steward, member."""


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, demo_home: Path) -> Iterator[tuple[Path, str]]:
    """The demo, served: its data folder and its address."""
    folder = shutil.copytree(demo_home, tmp_path_factory.mktemp("demo") / "home")
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
    own = {"tomas": {"registration", "our-data", "dataset-use"}, "leila": {"home", "register", "registration"}}[
        username
    ]
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
    wrong = [each for stop in places(home, username) for each in tab.look(stop.address)]
    tab.page.context.close()
    assert "\n".join(wrong) == ""


def test_the_door_is_accessible_narrow_quiet_and_at_home(demo: tuple[Path, str], browser: Browser) -> None:
    tab = opened(browser, demo[1])
    tab.listen()
    assert tab.look("/") == []
    tab.page.context.close()
