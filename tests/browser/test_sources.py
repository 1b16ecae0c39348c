"""A steward's work in a real browser: add a source and watch it, settle a held run, decide a licence; keyboard, axe."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.choosing import choose
from tests.connectors.scripted import Asked, Source, answer, scripted
from tests.pages.conftest import ROOT, Server, environment, settled
from tests.pages.looked import Tab

pytestmark = pytest.mark.browser
Enter = Callable[..., None]
DATASETS, A_PAGE = 160, 20
LONG = 60_000
HELD = """
from tests.catalogue.fake_source import FakeSource
from tests.catalogue.harvests import DAY, MONDAY, add_source, harvest
for name in ("Closed piers", "Moved portal"):
    add_source(name)
    fake = FakeSource()
    fake.fill(20, name[:1].lower())
    harvest(fake, name=name)
    for identity in list(fake.holds)[:10]:
        del fake.holds[identity]
    print(harvest(fake, MONDAY + DAY, name).run)
"""


def _portal(asked: Asked) -> bytes:
    """A CKAN of 160 datasets that takes its time and gives 20 at once."""
    query = {**asked.query, **(json.loads(asked.body) if asked.body.startswith(b"{") else {})}
    if "package_search" not in asked.path:
        found = "status_show" in asked.path
        return answer({"success": found, "result": {"ckan_version": "2.10.0"}}, status=200 if found else 404)
    time.sleep(0.6)
    start = int(query.get("start", 0))
    rows = [_dataset(number) for number in range(start, min(DATASETS, start + min(A_PAGE, int(query.get("rows", 10)))))]
    return answer({"success": True, "result": {"count": DATASETS, "results": rows}})


def _dataset(number: int) -> dict[str, object]:
    file = {"id": f"file-{number}", "url": f"https://slow.example/{number}.csv", "format": "CSV"}
    return {
        "id": f"id-{number:04}",
        "name": f"slow-{number}",
        "title": f"Slow dataset {number}",
        "license_id": "cc-by",
        "state": "active",
        "type": "dataset",
        "resources": [file],
        "organization": {"title": "Slow Council"},
    }


@pytest.fixture
def portal() -> Iterator[Source]:
    """The slow portal on a loopback port."""
    with scripted(_portal) as running:
        yield running


def register(folder: Path, rows: int) -> Path:
    """A list in an agency's own words: no heading says which column holds the titles."""
    made = folder / "our-list.csv"
    lines = [f"HB-{number:03},Berths of pier {number},Who lay where,Restricted" for number in range(rows)]
    made.write_text("\n".join(["Ref,What we call it,In short,Sensitivity", *lines]), encoding="utf-8")
    return made


def main_heading(page: Page, words: str) -> Locator:
    return page.get_by_role("heading", level=1, name=words)


def test_a_portal_is_refused_then_let_through_tried_added_and_watched(page: Page, enter: Enter, portal: Source) -> None:
    enter(page, "admin", "/sources")
    page.get_by_role("link", name="Add a source").click()
    main_heading(page, "Add a source").wait_for()
    settled(page)
    page.get_by_role("textbox", name="Its address").fill(portal.url)
    page.get_by_role("textbox", name="What shall it be called?").fill("Slow Portal")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("alert")).to_contain_text("It could not be read", timeout=LONG)
    assert not portal.asked, "the address guard lets nothing through that was not named"

    page.get_by_text("A key, or a place inside our own network").click()
    page.get_by_role("textbox", name="Let through").fill(portal.allow[0])
    page.get_by_role("button", name="Try it").click()
    expect(page.locator(".st-key-trial")).to_contain_text("it says that it has 160 records", timeout=LONG)
    expect(page.locator(".ct-samples li")).to_have_count(5)
    expect(page.locator(".ct-samples li").first).to_contain_text("Open")

    page.get_by_role("button", name="Add and read it").click()
    main_heading(page, "Slow Portal").wait_for(timeout=LONG)
    meter = page.get_by_role("progressbar")
    meter.wait_for(timeout=LONG)
    seen: set[str | None] = set()
    while meter.count() and len(seen) < 3:
        seen.add(meter.get_attribute("aria-valuenow", timeout=LONG))
        page.wait_for_timeout(300)
    assert len(seen) > 1, "the meter moves while the portal is read"
    page.goto(page.url.split("/source")[0] + "/sources")
    row = page.locator("[class*=st-key-sourcerow-]").filter(has_text="Slow Portal")
    expect(row).to_contain_text("160 new", timeout=LONG)
    expect(row).to_contain_text("160 datasets")
    expect(row.get_by_role("button", name="Read now")).to_be_visible()


def test_a_run_can_be_cancelled_and_goes_on_where_it_stopped(page: Page, enter: Enter, portal: Source) -> None:
    enter(page, "admin", "/source")
    page.get_by_role("textbox", name="Its address").fill(portal.url)
    page.get_by_role("textbox", name="What shall it be called?").fill("Cancelled Portal")
    page.get_by_text("A key, or a place inside our own network").click()
    page.get_by_role("textbox", name="Let through").fill(portal.allow[0])
    page.get_by_role("button", name="Add and read it").click()
    page.get_by_role("button", name="Cancel", exact=True).click(timeout=LONG)
    page.get_by_role("link", name="See the run").click(timeout=LONG)
    page.get_by_role("button", name="Go on where it stopped").click(timeout=LONG)
    expect(page.get_by_role("list", name="Run")).to_contain_text("160 changes", timeout=LONG)


def upload_shorter(page: Page, file: Path) -> None:
    page.get_by_role("link", name="Change", exact=True).click()
    page.get_by_role("button", name="Save").wait_for(timeout=LONG)
    settled(page)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_text("15 rows").wait_for(timeout=LONG)
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Read now").click(timeout=LONG)
    page.get_by_role("link", name="Settle it").click(timeout=LONG)
    page.get_by_text("15 datasets were missing, so nothing has been removed.").wait_for(timeout=LONG)
    settled(page)


def test_a_list_is_uploaded_and_mapped_and_its_held_runs_are_settled_both_ways(
    page: Page, enter: Enter, tmp_path: Path
) -> None:
    enter(page, "steward", "/source")
    page.locator("label", has_text="Agency register").click()
    page.locator("input[type=file]").set_input_files(register(tmp_path, 30))
    page.get_by_text("Say which column holds the titles").wait_for(timeout=LONG)
    choose(page, "Title (needed)", "What we call it", typing="What we call it")
    page.get_by_text("Say which column holds the titles").wait_for(state="detached", timeout=LONG)
    page.get_by_role("textbox", name="What shall it be called?").fill("Harbour list")
    page.get_by_role("button", name="Add and read it").click()
    main_heading(page, "Harbour list").wait_for(timeout=LONG)
    page.get_by_text("30 new").first.wait_for(timeout=LONG)
    expect(page.get_by_text("chosen by hand")).to_be_visible()

    upload_shorter(page, register(tmp_path, 15))
    expect(page.get_by_role("list", name="Run")).to_contain_text("Held")
    expect(page.locator(".ct-diff li")).to_have_count(15)
    page.get_by_role("button", name="Put this run aside").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Put it aside").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Say why")
    dialog.get_by_role("textbox", name="Why?").fill("The list was exported half")
    dialog.get_by_role("button", name="Put it aside").click()
    page.get_by_text("“The list was exported half”").wait_for(timeout=LONG)

    page.get_by_role("button", name="Read again").click()
    page.get_by_text("15 datasets were missing, so nothing has been removed.").wait_for(timeout=LONG)
    settled(page)
    page.get_by_role("button", name="They are really gone").click()
    dialog.get_by_role("textbox", name="How do you know?").fill("The harbour office closed those piers")
    dialog.get_by_role("button", name="Apply this run").click()
    page.get_by_text("“The harbour office closed those piers”").wait_for(timeout=LONG)
    expect(page.get_by_role("list", name="Run")).to_contain_text("Applied")
    expect(page.locator(".ct-diff")).to_contain_text("agreed that it is gone")


def test_one_decision_settles_the_licence_of_a_whole_source_and_can_be_taken_back(page: Page, enter: Enter) -> None:
    enter(page, "steward", "/licences")
    waiting = page.locator("[class*=st-key-item-group-]")
    before = waiting.count()
    row = waiting.filter(has_text="https://linden-vale.example/terms”")
    row.get_by_role("button", name="Decide").click()
    dialog = page.get_by_role("dialog")
    choose(dialog, "Licence", re.compile("CC BY 4.0, Creative"), typing="CC BY 4.0, Creative")
    expect(dialog.locator(".ct-moves")).to_contain_text("1 dataset", timeout=LONG)
    expect(dialog.locator(".ct-moves")).to_contain_text("Open")
    dialog.get_by_role("textbox", name="Why").fill("Their terms page names it")
    dialog.get_by_role("button", name="Decide").click()
    force = page.locator("[class*=st-key-surface-inforce]")
    expect(force).to_contain_text("Their terms page names it", timeout=LONG)
    expect(waiting).to_have_count(before - 1)
    force.get_by_role("button", name="Take it back").first.click()
    expect(waiting).to_have_count(before, timeout=LONG)


def test_a_source_is_retired_with_a_reason_and_brought_back(page: Page, enter: Enter, server: Server) -> None:
    enter(page, "steward", "/sources")
    page.get_by_role("link", name="Hospital register").click()
    main_heading(page, "Hospital register").wait_for()
    settled(page)
    whole = page.locator(".ct-holds b").inner_text()
    page.get_by_role("button", name="Retire it").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{whole} leave the catalogue.")
    expect(dialog).to_contain_text("Nothing is deleted")
    dialog.get_by_role("button", name="Retire it").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Say why")
    dialog.get_by_role("textbox", name="Why?").fill("The register moved to the portal")
    dialog.get_by_role("button", name="Retire it").click()
    retired = page.locator(".ct-notice", has_text="Retired.")
    expect(retired).to_contain_text(f"{whole} are withdrawn and come back with it.", timeout=LONG)
    expect(retired).to_contain_text("“The register moved to the portal”")
    settled(page)
    expect(page.get_by_role("button", name="Read now")).to_have_count(0)
    expect(page.locator(".ct-holds")).to_contain_text("No datasets in the catalogue")
    page.get_by_role("button", name="Bring it back").click()
    page.get_by_role("button", name="Read now").wait_for(timeout=LONG)
    settled(page)
    expect(page.locator(".ct-holds")).to_contain_text(whole)


def test_search_words_are_saved_as_lines_and_searches_follow(page: Page, enter: Enter) -> None:
    enter(page, "steward", "/words")
    box = page.get_by_role("textbox", name="One group a line")
    box.fill(box.input_value() + "\nquayside, vaccination")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("saved. Searches follow at once.").wait_for(timeout=LONG)
    word = page.get_by_role("textbox", name="Try a word")
    word.fill("quayside")
    word.press("Enter")
    page.get_by_text("“vaccination” is a synonym").first.wait_for(timeout=LONG)


def tab_to(page: Page, wanted: Locator, *, most: int = 60) -> None:
    """Press Tab until the control has the focus."""
    for _ in range(most):
        if wanted.evaluate("each => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not reach it")


def test_a_source_is_added_and_read_by_keyboard_alone(page: Page, enter: Enter, portal: Source) -> None:
    enter(page, "admin", "/source")
    tab_to(page, page.get_by_role("radio", name="CKAN portal"))
    tab_to(page, page.get_by_role("textbox", name="Its address"))
    page.keyboard.type(portal.url)
    tab_to(page, page.get_by_role("textbox", name="What shall it be called?"))
    page.keyboard.type("Keyboard Portal")
    tab_to(page, page.locator("summary").first)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("textbox", name="Let through"))
    page.keyboard.type(portal.allow[0])
    tab_to(page, page.get_by_role("button", name="Add and read it"))
    page.keyboard.press("Enter")
    main_heading(page, "Keyboard Portal").wait_for(timeout=LONG)
    page.get_by_text("160 new").first.wait_for(timeout=LONG)


@pytest.fixture
def held(server: Server) -> list[str]:
    """The addresses of two runs that wait for a person: of 20 datasets each has lost the half."""
    done = subprocess.run(
        [sys.executable, "-c", HELD], cwd=ROOT, env=environment(server.home), check=True, capture_output=True, text=True
    )
    return [f"/run?id={each}" for each in done.stdout.split()]


def press(page: Page, name: str, key: str = "Enter", *, within: Locator | None = None) -> None:
    """Go to the button by Tab and press it."""
    tab_to(page, (within or page).get_by_role("button", name=name, exact=True))
    page.keyboard.press(key)


def test_held_runs_are_settled_both_ways_by_keyboard_alone(
    page: Page, enter: Enter, server: Server, held: list[str]
) -> None:
    dialog = page.get_by_role("dialog")
    enter(page, "steward", held[0])
    press(page, "They are really gone")
    tab_to(page, dialog.get_by_role("textbox", name="How do you know?"), most=6)
    page.keyboard.type("The harbour office closed them")
    press(page, "Apply this run", within=dialog)
    page.get_by_text("“The harbour office closed them”").wait_for(timeout=LONG)
    expect(page.get_by_role("list", name="Run")).to_contain_text("Applied")

    page.goto(server.url + held[1])
    page.locator(".ct-foot").wait_for(timeout=LONG)
    settled(page)
    press(page, "Put this run aside", "Space")
    dialog.wait_for()
    settled(page)
    tab_to(page, dialog.get_by_role("textbox", name="Why?"), most=6)
    page.keyboard.press("Escape")
    dialog.wait_for(state="detached")
    expect(page.get_by_role("list", name="Run")).to_contain_text("Held")
    press(page, "Put this run aside", "Space")
    tab_to(page, dialog.get_by_role("textbox", name="Why?"), most=6)
    page.keyboard.type("The portal was moved that day")
    page.keyboard.press("Enter")
    page.get_by_text("“The portal was moved that day”").wait_for(timeout=LONG)


def test_a_licence_is_decided_and_taken_back_by_keyboard_alone(page: Page, enter: Enter) -> None:
    enter(page, "steward", "/licences")
    waiting = page.locator("[class*=st-key-item-group-]")
    before = waiting.count()
    row = waiting.filter(has_text="https://linden-vale.example/terms”")
    press(page, "Decide", within=row)
    dialog = page.get_by_role("dialog")
    tab_to(page, dialog.get_by_role("combobox", name="Licence"), most=12)
    page.keyboard.type("CC BY 4.0, Creative")
    dialog.page.get_by_role("option", name=re.compile("CC BY 4.0, Creative")).first.wait_for()
    page.keyboard.press("Enter")
    expect(dialog.locator(".ct-moves")).to_contain_text("1 dataset", timeout=LONG)
    tab_to(page, dialog.get_by_role("textbox", name="Why"), most=12)
    page.keyboard.type("Their terms page, read today")
    press(page, "Decide", within=dialog)
    force = page.locator("[class*=st-key-surface-inforce]")
    expect(force).to_contain_text("Their terms page, read today", timeout=LONG)
    settled(page)
    press(page, "Take it back", "Space", within=force)
    expect(waiting).to_have_count(before, timeout=LONG)


def test_what_opens_on_the_stewards_pages_is_accessible_wide_and_narrow(
    page: Page, enter: Enter, server: Server
) -> None:
    enter(page, "steward", "/source")
    tab = Tab(page=page, url=server.url)
    tab.listen()
    page.locator("label", has_text="Agency register").click()
    page.get_by_role("button", name="Download our template").wait_for(timeout=LONG)
    wrong = tab.look_here("the upload")
    page.goto(server.url + "/licences")
    page.get_by_role("button", name="Decide").first.click()
    page.get_by_role("dialog").get_by_role("combobox").wait_for(timeout=LONG)
    wrong += tab.look_here("the decision")
    page.goto(server.url + "/sources")
    page.get_by_role("link", name="Hospital register").click()
    page.get_by_role("button", name="Retire it").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Why?").wait_for(timeout=LONG)
    wrong += tab.look_here("the retirement")
    assert "\n".join(wrong) == ""
