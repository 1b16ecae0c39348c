"""Registering a dataset in a real browser: six answers, the live preview, the steward's decision, the catalogue."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.choosing import choose
from tests.pages.conftest import ROOT, Server, environment, settled, start_server, stop_server
from tests.pages.looked import Tab

pytestmark = pytest.mark.browser
Enter = Callable[..., None]
PEOPLE = """
import store
store.upgrade()
from governance import operator
from tests.browser import filling
with operator("people") as visit:
    owners = filling.people(visit)
    source_id = filling.made.source("Trust register")
    said = filling.made.record("Households with children, monthly", publisher="Saltmarsh Trust")
    filling.made.harvested(said, source_id=source_id, identifier="households000001")
"""
WAITS = """
from catalogue import registering
from catalogue.answers import Answers
from governance import operator
from governance.people import seen_as
said = Answers(
    title="Playgrounds", description="Each playground with its swings.", people="no", answers_for="member",
    frequency="yearly", listing="everyone",
)
with operator("waits") as visit, seen_as(visit, "member") as member:
    print(registering.submit(member, registering.save_draft(member, said).id).id)
"""
TITLE = "Households with children in them, monthly"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with two organisations, their people and one dataset of the other organisation."""
    home = tmp_path_factory.mktemp("registering")
    subprocess.run([sys.executable, "-c", PEOPLE], cwd=ROOT, env=environment(home), check=True, timeout=120)
    process, url = start_server(home)
    yield Server(url=url, home=home, pid=process.pid, invitation="")
    stop_server(process)


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """A tab of another person's browser."""
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    yield made.new_page()
    made.close()


def answer(page: Page, title: str, *, listing: str = "Everyone signed in") -> None:
    """Give the six answers."""
    page.get_by_role("textbox", name="What is it called?").fill(title)
    page.get_by_role("textbox", name="What is in it").fill("One row per household and month.")
    page.get_by_role("radio", name="Yes, one row each").click()
    settled(page)
    choose(page, "Who answers for it?", re.compile("Miriam Okafor"))
    page.get_by_role("radio", name="Monthly").click()
    settled(page)
    page.get_by_text(listing, exact=True).click()
    settled(page)


def register(page: Page) -> None:
    """Press the one primary button."""
    page.get_by_role("button", name="Register", exact=True).click()


def handed_in(page: Page, enter: Enter, title: str, **more: str) -> str:
    """A member registers it; answers the address of the registration."""
    enter(page, "member", "/register")
    answer(page, title, **more)
    register(page)
    page.wait_for_url("**/registration?id=*")
    page.get_by_role("heading", level=1, name=title).wait_for()
    settled(page)
    return "/registration" + page.url.partition("/registration")[2]


def test_a_member_registers_in_six_answers_and_the_steward_approves(page: Page, other: Page, enter: Enter) -> None:
    enter(page, "member", "/our-data")
    page.get_by_role("link", name="Register a dataset").click()
    page.get_by_role("textbox", name="What is it called?").press_sequentially(TITLE, delay=5)
    expect(page.get_by_text("Saltmarsh Trust already lists")).to_be_visible()
    expect(page.get_by_role("link", name="Is it the same?")).to_be_visible()
    answer(page, TITLE)
    expect(page.get_by_text("Closed, because it holds one row for each person")).to_be_visible()
    expect(page.get_by_text("One of your stewards looks at it.")).to_be_visible()
    register(page)
    page.wait_for_url("**/registration?id=*")
    expect(page.get_by_text("Handed in.", exact=True)).to_be_visible()
    enter(other, "steward", "/our-data")
    other.get_by_role("link", name="Decide").click()
    other.get_by_role("heading", level=1, name=TITLE).wait_for()
    other.get_by_role("button", name="Approve").click()
    other.get_by_role("link", name="Look at it there").click()
    other.get_by_role("heading", name="How to get it").wait_for()
    expect(other.get_by_role("heading", level=1, name=TITLE)).to_be_visible()


def test_what_was_typed_is_there_again_after_the_session_has_ended(page: Page, other: Page, enter: Enter) -> None:
    enter(page, "member", "/register")
    page.get_by_role("textbox", name="What is it called?").fill("Kerbside trees")
    page.get_by_role("radio", name="Yearly").click()
    page.wait_for_url("**/register?id=*")
    settled(page)
    page.context.clear_cookies()
    address = "/register" + page.url.partition("/register")[2]
    enter(other, "member", address)
    expect(other.get_by_role("textbox", name="What is it called?")).to_have_value("Kerbside trees")
    expect(other.get_by_role("radio", name="Yearly")).to_be_checked()
    other.get_by_role("button", name="Save for later").click()
    other.wait_for_url("**/our-data")
    row = other.locator("[class*=st-key-item-]", has_text="Kerbside trees")
    row.get_by_role("link", name="Go on").click()
    expect(other.get_by_role("textbox", name="What is it called?")).to_have_value("Kerbside trees")


def test_what_is_missing_is_said_beside_its_field(page: Page, enter: Enter) -> None:
    enter(page, "member", "/register")
    register(page)
    expect(page.locator(".ct-problem")).to_have_count(6)
    page.get_by_role("textbox", name="What is it called?").fill("Street lamps")
    expect(page.locator(".ct-problem")).to_have_count(5)
    expect(page.locator(".st-key-question-2 .ct-problem")).to_have_text(re.compile("two sentences"))


def test_the_preview_moves_as_one_says_more(page: Page, enter: Enter) -> None:
    enter(page, "member", "/register")
    here = page.locator(".ct-scale .ct-here")
    expect(here).to_have_text(re.compile("Closed"))
    page.get_by_role("radio", name="No", exact=True).click()
    page.get_by_text("Say more (optional)").click()
    page.get_by_role("textbox", name="Web address").fill("https://lamps.example/all.csv")
    page.get_by_role("textbox", name="Web address").press("Tab")
    expect(here).to_have_text(re.compile("Licence unclear"))
    choose(page, "Licence or terms", re.compile("Attribution 4.0"), typing="Attribution 4.0")
    choose(page, "Who decides on requests", re.compile("The lamp board"), typing="The lamp board")
    choose(page, "Formats", "CSV", typing="CSV")
    expect(here).to_have_text(re.compile("Open"))
    expect(page.get_by_text("Anyone gets it at its own address.")).to_be_visible()
    page.reload()
    page.locator(".ct-foot").wait_for(timeout=60_000)
    settled(page)
    expect(page.locator(".ct-scale .ct-here")).to_have_text(re.compile("Open"))
    page.get_by_text("Say more (optional)").click()
    expect(page.get_by_role("combobox", name="Who decides on requests")).to_have_value("The lamp board")


def test_the_steward_asks_for_changes_and_the_member_makes_them(page: Page, other: Page, enter: Enter) -> None:
    address = handed_in(page, enter, "Bins by street")
    enter(other, "steward", address)
    other.get_by_role("button", name="Ask for changes").click()
    other.get_by_role("textbox", name="What has to change").fill("Say which streets.")
    other.get_by_role("button", name="Send it back").click()
    expect(other.get_by_text("“Say which streets.”")).to_be_visible()
    page.reload()
    expect(page.get_by_text("“Say which streets.”")).to_be_visible(timeout=60_000)
    page.get_by_role("link", name="Change the answers").click()
    page.get_by_role("textbox", name="What is in it").fill("Bins in the streets north of the river.")
    register(page)
    page.wait_for_url("**/registration?id=*")
    other.reload()
    expect(other.get_by_text("Bins in the streets north of the river.")).to_be_visible(timeout=60_000)
    expect(other.get_by_role("button", name="Approve")).to_be_visible()


def test_the_steward_declines_with_a_reason_that_the_member_reads(page: Page, other: Page, enter: Enter) -> None:
    address = handed_in(page, enter, "Hedgehog sightings")
    enter(other, "steward", address)
    other.get_by_role("button", name="Decline").click()
    other.get_by_role("textbox", name="Why").fill("We hold it twice already.")
    other.get_by_role("textbox", name="What would change it").fill("Sightings the others lack.")
    other.get_by_role("button", name="Decline it").click()
    expect(other.get_by_text("“We hold it twice already.”")).to_be_visible()
    page.reload()
    expect(page.get_by_text("What would change it: Sightings the others lack.")).to_be_visible(timeout=60_000)


def test_a_steward_registers_at_once_and_others_know_nothing_of_what_is_only_ours(
    page: Page, other: Page, enter: Enter, server: Server
) -> None:
    enter(page, "steward", "/register")
    answer(page, "Zeppelin moorings", listing="Only us")
    expect(page.get_by_text("It appears in the catalogue for Linden Vale Council alone.")).to_be_visible()
    register(page)
    page.wait_for_url("**/dataset?id=*")
    page.get_by_role("heading", level=1, name="Zeppelin moorings").wait_for()
    hidden = page.url
    enter(other, "other", "/catalogue?q=zeppelin")
    other.get_by_text("No dataset matches “zeppelin”").wait_for()
    other.goto(hidden)
    other.get_by_text("Not found, or not yours to see").wait_for(timeout=60_000)
    other.goto(f"{server.url}/register")
    other.get_by_role("textbox", name="What is it called?").fill("Zeppelin moorings")
    other.wait_for_url("**/register?id=*")
    settled(other)
    expect(other.get_by_text("already lists")).to_have_count(0)


def tab_to(page: Page, name: str) -> None:
    """Press Tab until the focus is on what is called so."""
    named = "e => (e.getAttribute('aria-label') || (e.labels && e.labels[0] ? e.labels[0].innerText : e.innerText))"
    for _ in range(80):
        page.keyboard.press("Tab")
        if str(page.evaluate(f"({named})(document.activeElement) || ''")).strip() == name:
            return
    raise AssertionError(f"Tab does not come to {name}")


def test_a_dataset_is_registered_by_keyboard_alone(page: Page, enter: Enter) -> None:
    enter(page, "member", "/register")
    tab_to(page, "What is it called?")
    page.keyboard.type("Allotments")
    tab_to(page, "What is in it, in two sentences?")
    page.keyboard.type("One row per plot.")
    tab_to(page, "No")
    page.keyboard.press("Space")
    settled(page)
    tab_to(page, "Who answers for it?")
    page.keyboard.type("Miriam")
    page.keyboard.press("Enter")
    settled(page)
    tab_to(page, "Daily")
    page.keyboard.press("Space")
    settled(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    settled(page)
    tab_to(page, "Register")
    page.keyboard.press("Enter")
    page.wait_for_url("**/registration?id=*")


@pytest.fixture(scope="module")
def waiting(server: Server) -> str:
    """The address of a registration that waits for the steward."""
    done = subprocess.run(
        [sys.executable, "-c", WAITS],
        cwd=ROOT,
        env=environment(server.home),
        check=True,
        capture_output=True,
        text=True,
    )
    return f"/registration?id={done.stdout.strip()}"


def test_a_form_that_was_sent_and_a_refusal_are_accessible_wide_and_narrow(
    page: Page, enter: Enter, server: Server, waiting: str
) -> None:
    enter(page, "steward", "/register")
    tab = Tab(page=page, url=server.url)
    tab.listen()
    register(page)
    page.get_by_text("Say more (optional)").click()
    wrong = tab.look_here("the form")
    page.goto(server.url + waiting)
    page.get_by_role("button", name="Decline").click()
    page.get_by_role("textbox", name="Why").wait_for()
    wrong += tab.look_here("the refusal")
    assert "\n".join(wrong) == ""
