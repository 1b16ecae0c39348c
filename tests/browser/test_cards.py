"""Report cards in a real browser: import a file that is wrong, correct it, publish, compose, present, export."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.filling_cards import table
from tests.pages.conftest import ROOT, Server, environment, settled, start_server, stop_server

pytestmark = pytest.mark.browser
Enter = Callable[..., None]
LONG = 60_000
CARD = "/card?name=children-and-young-people"
NAME = "Children and young people"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str]]]:
    """The app with a card of two figures, one of them closed to the Saltmarsh Trust; and the ids."""
    home = tmp_path_factory.mktemp("cards")
    line = [sys.executable, "-m", "tests.browser.filling_cards"]
    done = subprocess.run(line, cwd=ROOT, env=environment(home), check=True, capture_output=True, text=True)
    process, url = start_server(home)
    yield Server(url=url, home=home, pid=process.pid, invitation=""), json.loads(done.stdout.splitlines()[-1])
    stop_server(process)


@pytest.fixture(scope="module")
def server(filled: tuple[Server, dict[str, str]]) -> Server:
    """The server alone, as `enter` wants it."""
    return filled[0]


@pytest.fixture
def ids(filled: tuple[Server, dict[str, str]]) -> dict[str, str]:
    """card, open, closed, dataset"""
    return filled[1]


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def give(page: Page, file: Path) -> None:
    """Choose a file, after taking the one before away."""
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("heading", name="What it would do").wait_for(timeout=LONG)
    settled(page)


def test_a_file_that_is_wrong_is_refused_corrected_and_published(
    page: Page, enter: Enter, ids: dict[str, str], tmp_path: Path
) -> None:
    enter(page, "steward", f"/import-numbers?dataset={ids['dataset']}")
    wrong, right = tmp_path / "absence.csv", tmp_path / "absence-corrected.csv"
    good = table("Persistent absence", level=20)
    wrong.write_bytes(good.replace(b",2024-03,", b",Q5 2024,", 1))
    right.write_bytes(good)
    give(page, wrong)
    expect(page.get_by_role("alert")).to_contain_text("Nothing of this file is kept.")
    expect(page.get_by_role("table", name="").filter(has_text="What is wrong")).to_contain_text("Q5 2024")
    expect(page.get_by_role("button", name="Publish the revision")).to_have_count(0)
    assert violations(page) == []
    page.get_by_role("button", name=re.compile("Remove|Delete")).first.click()
    settled(page)
    give(page, right)
    expect(page.get_by_text("324 figures of 1 indicator")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Publish the revision").click()
    page.get_by_text("The revision is published.").wait_for(timeout=LONG)
    settled(page)
    page.get_by_role("link", name="Persistent absence").click()
    page.get_by_role("heading", level=1, name="Persistent absence").wait_for(timeout=LONG)


def test_a_chair_composes_a_card_by_keyboard(page: Page, enter: Enter) -> None:
    enter(page, "chair", "/cards")
    page.get_by_role("link", name="New card").click()
    page.get_by_role("heading", level=1, name="Put a card together").wait_for(timeout=LONG)
    settled(page)
    page.get_by_role("textbox", name="Title").fill("Ready for life")
    for name in ("Not in education or work", "Children in care"):
        page.get_by_role("button", name=f"Add {name}").focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name=f"Move {name} up").wait_for(timeout=LONG)
        settled(page)
    page.get_by_role("button", name="Move Children in care up").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".ct-item").first).to_contain_text("Children in care", timeout=LONG)
    page.get_by_role("combobox", name="Which place").click()
    page.get_by_role("option", name="Linden Vale").click()
    settled(page)
    page.get_by_role("button", name="Save the card").click()
    page.wait_for_url("**/card?name=ready-for-life", timeout=LONG)
    page.get_by_role("heading", level=1, name="Ready for life").wait_for(timeout=LONG)
    expect(page.locator(".ct-tilename")).to_have_count(2)


def test_a_card_is_presented_with_the_keyboard_and_fits_the_projector(page: Page, enter: Enter) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    enter(page, "chair", CARD)
    page.get_by_role("link", name="Present").click()
    page.get_by_text("1 of 2", exact=True).wait_for(timeout=LONG)
    settled(page)
    page.locator(".st-key-chart-slide svg.marks").wait_for(timeout=LONG)
    stage = page.locator(".st-key-present")
    assert stage.evaluate("each => each.scrollHeight <= each.clientHeight + 1"), "it scrolls"
    small = page.locator(".st-key-chart-slide svg.marks text").evaluate_all(
        "all => all.map(each => parseFloat(getComputedStyle(each).fontSize)).filter(each => each < 24)"
    )
    assert small == []
    expect(page.locator("[data-testid=stHeader]")).to_be_hidden()
    assert violations(page) == []
    for key, words in (("ArrowRight", "2 of 2"), ("Home", "1 of 2"), ("End", "2 of 2"), ("ArrowLeft", "1 of 2")):
        page.keyboard.press(key)
        page.get_by_text(words, exact=True).wait_for(timeout=LONG)
        settled(page)
    page.keyboard.press("Space")
    page.get_by_text("2 of 2", exact=True).wait_for(timeout=LONG)
    page.keyboard.press("Escape")
    page.get_by_role("heading", level=1, name=NAME).wait_for(timeout=LONG)


def test_a_slide_fills_a_larger_window_and_keeps_to_it(page: Page, enter: Enter) -> None:
    enter(page, "chair", CARD)
    for width, height in ((1280, 900), (1920, 1080)):
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{page.url.partition('/card')[0].partition('/present')[0]}/present?card=children-and-young-people")
        page.locator(f"[data-ct-window='{width}x{height}']").wait_for(state="attached", timeout=LONG)
        settled(page)
        page.locator(".st-key-chart-slide svg.marks").wait_for(timeout=LONG)
        assert page.locator(".st-key-present").evaluate("each => each.scrollHeight <= each.clientHeight + 1"), "scrolls"
        last, bar = (page.locator(each).last.bounding_box() for each in (".ct-slideline", ".ct-slidebar"))
        assert last and bar and 0 <= bar["y"] - last["y"] - last["height"] < 90, "the plot leaves room empty"
        page.keyboard.press("ArrowRight")
        page.wait_for_url(f"**i=2&window={width}x{height}", timeout=LONG)
    page.set_viewport_size({"width": 1280, "height": 720})
    page.locator("[data-ct-window='1280x720']").wait_for(state="attached", timeout=LONG)


def test_an_action_is_noted_while_presenting(page: Page, enter: Enter, ids: dict[str, str]) -> None:
    enter(page, "member", CARD)
    page.get_by_role("link", name="Present").click()
    page.get_by_role("button", name="Action").click()
    page.get_by_role("textbox", name="What will be done").fill("Call the college")
    page.get_by_role("textbox", name="Who does it").fill("Northgate")
    page.get_by_role("textbox", name="Who does it").press("ArrowRight")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("dialog").wait_for(state="detached", timeout=LONG)
    expect(page.get_by_text("1 of 2", exact=True)).to_be_visible()
    page.goto(page.url.partition("/present")[0] + f"/indicator?card={ids['card']}&item={ids['open']}")
    expect(page.get_by_text("Call the college")).to_be_visible(timeout=LONG)


def test_a_card_is_taken_away_as_a_file(page: Page, enter: Enter) -> None:
    enter(page, "member", CARD)
    page.get_by_role("button", name="Export").click()
    page.locator(".st-key-export-xlsx button").click()
    save = page.get_by_role("button", name=re.compile("^Save .*xlsx"))
    save.wait_for(timeout=LONG * 3)
    assert violations(page) == []
    with page.expect_download() as waiting:
        save.click()
    assert waiting.value.suggested_filename.startswith("children-and-young-people")
    assert waiting.value.path().read_bytes()[:2] == b"PK"


def test_an_old_revision_is_opened_from_what_it_changed(page: Page, enter: Enter, ids: dict[str, str]) -> None:
    enter(page, "other", f"/indicator?card={ids['card']}&item={ids['open']}&tab=revisions")
    page.get_by_role("link", name="9 changed").click()
    page.get_by_role("heading", name="What revision 2 changed").wait_for(timeout=LONG)
    settled(page)
    expect(page.locator(".st-key-surface-differences")).to_contain_text("Oct 2023")
    assert violations(page) == []
    page.get_by_role("link", name="Show it").click()
    page.get_by_text("This is revision 1.").wait_for(timeout=LONG)
    settled(page)
    expect(page.get_by_text("Aug 2026", exact=False).first).to_be_visible()
    page.get_by_role("link", name="Show the newest").click()
    page.get_by_text("This is revision 1.").wait_for(state="detached", timeout=LONG)
