"""An agreement in a real browser: written, talked through, signed by two organisations; accessible; printed whole."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.choosing import choose
from tests.pages.conftest import ROOT, Server, environment, settled, start_server, stop_server
from tests.pages.looked import Tab

pytestmark = pytest.mark.browser
Enter = Callable[..., None]
LONG_NOTE = "Rows of fewer than ten are never shown to anybody, whatever the table."
FILLED = f"""
from datetime import timedelta
import store
store.upgrade()
from catalogue.spectrum import Stated
from governance import operator, people
from governance.access import PartyRole, Use
from governance.agreements import drafting, reading, signing
from governance.agreements.document import Document, PartyLine, ScheduleLine, Terms
from governance.agreements.signing import Signature
from governance.people import Newcomer
from pages.share import _agreement_datasets as datasets
from tests.browser import filling
from tests.pages.conftest import PASSWORD
with operator("people") as visit:
    owners = filling.people(visit)
    council, trust = owners["Linden Vale Council"], owners["Saltmarsh Trust"]
    newcomer = Newcomer(username="signer", display="Noor Aziz", organisation_id=trust, roles=("steward",))
    people.invite(visit, newcomer, password=PASSWORD)
    source_id = filling.made.source("Trust register")
    for title in ("Households with children, monthly", "Youth services"):
        said = filling.made.record(title, publisher="Saltmarsh Trust")
        filling.made.harvested(said, source_id=source_id, organisation_id=trust, identifier=title[:5].lower() * 3)
    today = visit.today
    line = ScheduleLine(dataset="youth" * 3, title="Youth services", owner=trust, channel="here",
                        uses=(Use.VIEW, Use.PRESENT), purposes=("homes",), receivers=(council,),
                        privacy_note={LONG_NOTE!r})
    terms = Terms(who="The heads sign, and each names a steward.", purpose="To see early who needs a home.",
                  purposes=("homes",), how="Monthly, as a file.", access="The council’s analysts look at it.",
                  privacy="Small counts are hidden.", breach_contact="The data desk.")
    parties = (PartyLine(organisation=council, role=PartyRole.BOTH, stakes="If this leaks, nobody trusts us again."),
               PartyLine(organisation=trust, role=PartyRole.BOTH, stakes="We fear a league table by Easter.",
                         puts_in="An analyst, one day a week"))
    said = Document(title="Young people’s pathways", lead=council, starts_on=today,
                    ends_on=today + timedelta(days=40), review_on=today + timedelta(days=20), parties=parties,
                    terms=terms, schedule=(line,))
with operator("agreements") as visit, people.seen_as(visit, "steward") as lead:
    found = reading.agreement(lead, drafting.draft(lead, said))
    drafting.for_review(lead, found.version.id)
    subjects = datasets.subjects(lead, said)
    signing.open_for_signature(lead, found.version.id, subjects=subjects)
    given = Signature(signatory="Ana Prior", title="Chief executive")
    signing.sign(lead, found.version.id, given, content_hash=found.version.content_hash)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The app with two organisations, two datasets of one of them, and one agreement that lacks a signature."""
    home = tmp_path_factory.mktemp("agreements")
    subprocess.run([sys.executable, "-c", FILLED], cwd=ROOT, env=environment(home), check=True, timeout=120)
    process, url = start_server(home)
    yield Server(url=url, home=home, pid=process.pid, invitation="")
    stop_server(process)


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """A tab of another person's browser."""
    made = browser.new_context(viewport={"width": 1280, "height": 900})
    yield made.new_page()
    made.close()


def press(page: Page, name: str) -> None:
    """Press what is called so, and wait until the page has answered."""
    page.get_by_role("button", name=name, exact=True).click()
    settled(page)


def add(page: Page, name: str, option: str, *, typing: str = "") -> None:
    """Choose one of several and close the list, which stays open for the next and covers the page."""
    choose(page, name, re.compile(option), typing=typing)
    page.keyboard.press("Escape")
    settled(page)


def say_stakes(page: Page, words: str) -> None:
    """Say what is at stake, in the dialog."""
    press(page, "Say what is at stake")
    page.get_by_role("textbox", name="What do you fear, or hope?").fill(words)
    press(page, "Say it")
    expect(page.get_by_text(f"“{words}”")).to_be_visible()


def sign(page: Page, name: str) -> None:
    """Read and sign, in the dialog."""
    press(page, "Read and sign")
    page.get_by_role("textbox", name="Name of who signs").fill(name)
    page.get_by_text(re.compile("I may sign for")).click()
    press(page, "Sign")


def test_two_organisations_write_talk_through_and_sign_an_agreement(page: Page, other: Page, enter: Enter) -> None:
    enter(page, "steward", "/agreements")
    page.get_by_role("link", name="Write an agreement").click()
    page.get_by_role("textbox", name="What is it called?").fill("Warm homes")
    add(page, "Who takes part, besides you?", "Saltmarsh Trust")
    page.get_by_role("textbox", name="What is it for?").fill("To see which homes are cold.")
    add(page, "The purpose in one or two words", "warmth", typing="warmth")
    page.get_by_role("radio", name="No", exact=True).click()
    page.get_by_role("textbox", name="How are they protected?").fill("Counts under ten are hidden.")
    page.get_by_role("textbox", name="Whom to call when data leak?").fill("The data desk")
    page.get_by_role("textbox", name="Who signs").fill("The heads sign.")
    press(page, "Add a dataset")
    choose(page, "Dataset", re.compile("Households with children"))
    press(page, "Keep the draft")
    page.get_by_role("heading", level=1, name="Warm homes").wait_for()
    say_stakes(page, "We cannot promise what we cannot see.")
    press(page, "Send to review")
    enter(other, "signer", "/agreements")
    row = other.locator("[class*=st-key-item-]", has_text="waits for what is at stake for you")
    row.get_by_role("link", name="Say it").click()
    other.get_by_role("heading", level=1, name="Warm homes").wait_for()
    say_stakes(other, "No family should find out here.")
    page.reload()
    page.get_by_role("heading", level=1, name="Warm homes").wait_for(timeout=60_000)
    press(page, "Open for signature")
    press(page, "Open it for signature")
    sign(page, "Ana Prior")
    expect(page.get_by_text("1 of 2", exact=True)).to_be_visible()
    other.reload()
    other.get_by_role("heading", level=1, name="Warm homes").wait_for(timeout=60_000)
    sign(other, "Ida Holm")
    expect(other.locator(".ct-steps .ct-current")).to_have_text(re.compile("In force until"))
    expect(other.get_by_text("Ida Holm")).to_be_visible()


def test_what_is_signed_is_accessible_wide_narrow_and_dark_and_can_be_closed_by_keyboard(
    page: Page, enter: Enter, server: Server
) -> None:
    enter(page, "signer", "/agreement?id=A-1")
    tab = Tab(page=page, url=server.url)
    tab.listen()
    wrong = tab.look_here("the agreement")
    press(page, "Read and sign")
    press(page, "Sign")
    expect(page.get_by_text("Tick that you may sign for Saltmarsh Trust")).to_be_visible()
    wrong += tab.look_here("signing")
    settled(page)
    page.get_by_role("dialog").press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto(f"{server.url}/agreement-draft")
    page.get_by_role("heading", level=1, name="Write an agreement").wait_for()
    press(page, "Add a dataset")
    press(page, "Keep the draft")
    wrong += tab.look_here("the form")
    assert "\n".join(wrong) == ""


def together(words: str) -> str:
    """Without blanks: a PDF has none of its own, only places of letters."""
    return "".join(words.split())


def test_the_whole_text_prints_for_a_lawyer(page: Page, enter: Enter) -> None:
    enter(page, "other", "/agreement?id=A-1&text=whole")
    page.get_by_role("heading", level=1, name="The whole text").wait_for()
    settled(page)
    told = together("".join(each.extract_text() for each in PdfReader(io.BytesIO(page.pdf())).pages))
    for said in ("pathways", "The data desk.", "We fear a league table by Easter.", LONG_NOTE):
        assert together(said) in told, said
    assert together("Back to the agreement") not in told
