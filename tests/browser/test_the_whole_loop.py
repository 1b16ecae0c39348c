"""The whole loop as people play it: an agreement of three, a meeting, a fifth in the room, a pause, the last day."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader

from pages.meet import _watch
from store.settings import Settings
from tests.browser import filling_loop as ground
from tests.browser.choosing import choose
from tests.browser.story import LONG, Story, add, drawn, follow, pick_day, press, serve, write
from tests.pages.conftest import ROOT, environment, settled, stop_server

pytestmark = pytest.mark.browser
DATASET, OTHER_DATASET = "Young people without a place, by month", "Training places by month"
FIGURE, OTHER_FIGURE = ground.NAMES
SECRET, OTHER_SECRET = (re.compile(each) for each in ground.WRITTEN)
DECIDED = "We call every school before Easter."
ENDED, NOT_SIGNED = "The agreement that shared it has ended.", "The agreement that shares it is not signed yet."
NOT_SHARED = "Not shared with your organisation."
MIDNIGHT = datetime.now(Settings().zone).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=41)
"""The first moment after the last day of the agreement, which is the fortieth from now."""


def told(home: Path, *given: str) -> str:
    """What `filling_loop` says."""
    line = [sys.executable, "-m", "tests.browser.filling_loop", *given]
    return subprocess.run(line, cwd=ROOT, env=environment(home), check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Story]:
    """Five organisations with their people, nothing shared yet."""
    home = tmp_path_factory.mktemp("loop")
    told(home)
    process, url = serve(home)
    made = Story(url=url, home=home, browser=browser)
    yield made
    for (who, tab), page in made.tabs.items():
        made.look(page, f"at-the-end-{who}-{tab}")
    for each in made.people.values():
        each.close()
    stop_server(process)


def tile(page: Page, name: str) -> Locator:
    """One tile of the card."""
    return page.locator("[class*=st-key-tile-], [class*=st-key-tile-pale-]").filter(has_text=name).first


def on_the_card(story: Story, who: str, first: str | re.Pattern[str], other: str | re.Pattern[str]) -> Page:
    """The card as this person sees it: what its two tiles say; a figure that is not among it stands nowhere."""
    page = story.to(who, f"/card?name={ground.CARD}")
    expect(tile(page, FIGURE)).to_contain_text(first)
    expect(tile(page, OTHER_FIGURE)).to_contain_text(other)
    for each in {SECRET, OTHER_SECRET} - {first, other}:
        expect(page.locator("body")).not_to_contain_text(each)
    return page


def slide(page: Page) -> Locator:
    """What stands on the wall."""
    return page.locator(".st-key-present")


def register(story: Story) -> str:
    """A steward of the trust registers what it holds; answers the dataset's id."""
    page = story.to("ida", "/register")
    write(page, "What is it called?", DATASET)
    write(page, "What is in it", "How many young people have no place in school, training or work, by month and area.")
    page.get_by_role("radio", name="Yes, counts only").click()
    settled(page)
    choose(page, "Who answers for it?", re.compile("Ida Holm"))
    page.get_by_role("radio", name="Monthly").click()
    settled(page)
    page.get_by_text("Everyone signed in", exact=True).click()
    settled(page)
    press(page, "Register")
    page.wait_for_url("**/dataset?id=*")
    page.get_by_role("heading", level=1, name=DATASET).wait_for()
    drawn(page)
    story.look(page, "registered")
    return page.url.partition("id=")[2]


def draft(story: Story) -> None:
    """A steward of the council writes the agreement and says what is at stake for it."""
    page = story.to("dele", "/agreements")
    follow(page, "Write the first one", "Write an agreement")
    write(page, "What is it called?", "Pathways for young people")
    for each in (ground.TRUST, ground.COLLEGE):
        add(page, "Who takes part, besides you?", each)
    write(page, "What is it for?", "To see early who needs a place. Not to judge a school.")
    add(page, "The purpose in one or two words", ground.PURPOSE, typing=ground.PURPOSE)
    pick_day(page, "Last day, which counts whole", MIDNIGHT - timedelta(days=1))
    press(page, "Download it")
    page.get_by_role("radio", name="Counts of people").click()
    settled(page)
    write(page, "How are they protected?", "Counts under ten are hidden.")
    write(page, "Whom to call when data leak?", "The data desk")
    write(page, "Who signs", "The heads sign, and each names a steward.")
    press(page, "Add a dataset")
    choose(page, "Dataset", re.compile(DATASET))
    story.look(page, "draft")
    press(page, "Keep the draft")
    page.get_by_role("heading", level=1, name="Pathways for young people", exact=True).wait_for()
    drawn(page)
    say_stakes(page, "We cannot plan for whom we cannot see.")
    to_review(page, "Counts of ten and more are safe to show to these three.")
    story.look(page, "in-review")


def to_review(page: Page, advice: str) -> None:
    """What the privacy adviser says of it, then it goes to the parties."""
    press(page, "Privacy adviser’s comment")
    write(page, "Who advises on privacy?", "Ros Bell")
    write(page, "What they say", advice)
    press(page, "Keep it")
    expect(page.get_by_text(f"“{advice}”")).to_be_visible()
    press(page, "Send to review")


def say_stakes(page: Page, words: str) -> None:
    """Say what is at stake, in the dialog."""
    press(page, "Say what is at stake")
    write(page, "What do you fear, or hope?", words)
    press(page, "Say it")
    expect(page.get_by_text(f"“{words}”")).to_be_visible()


def open_for_signature(page: Page) -> None:
    """The lead's last word before the signatures."""
    press(page, "Open for signature")
    press(page, "Open it for signature")
    page.get_by_role("button", name="Read and sign", exact=True).wait_for()


def sign(page: Page, name: str, *, stands: str) -> None:
    """Read and sign, in the dialog; `stands` is how many have signed then."""
    press(page, "Read and sign")
    write(page, "Name of who signs", name)
    page.get_by_text(re.compile("I may sign for")).click()
    press(page, "Sign")
    expect(page.locator(".ct-steps")).to_contain_text(stands)


def agree(story: Story) -> None:
    """Each party in its own browser: what is at stake, then three signatures; only the last one opens anything."""
    for who, words in (("ida", "No family should find out here."), ("noor", "We fear a league table by Easter.")):
        page = story.to(who, "/agreements")
        story.look(page, f"waits-for-{who}")
        follow(page, "Say it", "Pathways for young people")
        say_stakes(page, words)
    lead = story.to("dele", "/agreement?id=A-1")
    open_for_signature(lead)
    sign(lead, "Ros Marsh", stands="1 of 3")
    follow(story.to("noor", "/agreements"), "Read and sign", "Pathways for young people")
    sign(story.tabs["noor", ""], "Noor Aziz", stands="2 of 3")
    story.look(on_the_card(story, "ana", NOT_SIGNED, NOT_SHARED), "card-before-the-last-signature")
    follow(story.to("ida", "/agreements"), "Read and sign", "Pathways for young people")
    sign(story.tabs["ida", ""], "Ida Holm", stands="In force until")
    story.look(story.tabs["ida", ""], "in-force")


def amend(story: Story) -> None:
    """A dataset of the college is added; the college and the lead sign, the trust need not."""
    page = story.to("dele", "/agreement?id=A-1")
    press(page, "Amend it")
    press(page, "Begin the new version")
    page.get_by_role("heading", level=1, name="Change Pathways for young people").wait_for()
    drawn(page)
    rows = page.locator(".st-key-question-6 [class*=st-key-row-]")
    press(page, "Add a dataset")
    expect(rows).to_have_count(2)
    row = rows.last
    choose(row, "Dataset", re.compile(OTHER_DATASET))
    for each in ("Download it", "Keep it in the minutes"):
        press(row, each)
    write(page, "What has changed, in one line", "Places in training are added.")
    story.look(page, "amendment")
    press(page, "Keep the draft")
    page.get_by_role("heading", level=1, name="Pathways for young people", exact=True).wait_for()
    drawn(page)
    story.look(page, "amendment-draft")
    to_review(page, "These counts are of places, not of people.")
    story.look(page, "amendment-in-review")
    open_for_signature(page)
    sign(page, "Ros Marsh", stands="1 of 2")
    story.look(page, "amendment-signed-once")
    follow(story.to("noor", "/agreements"), "Read and sign", "Pathways for young people")
    sign(story.tabs["noor", ""], "Noor Aziz", stands="In force until")
    other = story.to("ida", "/agreement?id=A-1")
    expect(other.locator(".st-key-surface-signatures")).to_contain_text("Not needed: its data are not touched")
    story.look(other, "amendment-in-force")


def plan(story: Story, title: str) -> str:
    """The chair plans a meeting over the card and begins it with the three parties; answers its name."""
    page = story.to("ana", "/meetings")
    follow(page, "Plan a meeting", "Plan a meeting")
    write(page, "Title", title)
    choose(page, "Report card on the table", "Pathways")
    press(page, "Plan it")
    page.get_by_role("heading", level=1, name=f"Plan {title}").wait_for()
    drawn(page)
    story.look(page, "agenda")
    follow(page, "Done", title)
    story.look(page, "planned")
    press(page, "Begin the meeting")
    is_here(page, **dict.fromkeys((ground.COUNCIL, ground.TRUST, ground.COLLEGE), 2))
    story.look(page, "held")
    return page.url.partition("name=")[2].partition("&")[0]


def is_here(page: Page, **here: int) -> None:
    """Say how many of which organisation are in the room."""
    page.get_by_role("button", name=re.compile("(Say|Change) who is here")).click()
    for name, number in here.items():
        page.get_by_role("spinbutton", name=name).fill(str(number))
    press(page, "This is who is here")
    expect(page.get_by_role("dialog")).to_have_count(0)
    settled(page)


def project(story: Story, meeting: str, figure: str) -> Page:
    """The chair puts one figure on the wall, in a tab of its own."""
    page = story.to("ana", f"/meeting?name={meeting}", tab="wall")
    page.locator(".st-key-surface-agenda").get_by_role("link", name=figure, exact=True).click()
    expect(page.locator(".st-key-surface-agenda [aria-current=step]")).to_contain_text(figure)
    page.get_by_role("link", name="Present item").click()
    slide(page).wait_for()
    return page


def seen_by_a_fifth(page: Page, wall: Page) -> None:
    """Somebody to whom nothing is shared comes into the room, and leaves it again."""
    is_here(page, **{ground.RELIEF: 1})
    expect(slide(wall)).to_contain_text("Not covered for 1 organisation here.")
    expect(slide(wall)).not_to_contain_text(SECRET)
    is_here(page, **{ground.RELIEF: 0})
    expect(slide(wall)).to_contain_text(SECRET)


def pause(story: Story, wall: Page, dataset: str) -> None:
    """The trust pauses its dataset in its own browser while the chair projects it, and lifts the pause again."""
    assert _watch.EVERY <= 5, "seconds between two looks of the projected page"
    owner = story.to("ida", f"/dataset-use?id={dataset}")
    story.look(owner, "use-of-the-dataset")
    press(owner, "Pause it")
    write(owner, "Why", "We count the small schools anew.")
    owner.get_by_role("button", name="Pause it now").click()
    owner.get_by_text("It is paused from now on.").wait_for()
    confirmed = time.monotonic()
    expect(slide(wall)).not_to_contain_text(SECRET)
    print(f"\nA pause left the wall {time.monotonic() - confirmed:.1f} s after it was confirmed.")
    expect(slide(wall)).to_contain_text("Paused by its owner.")
    story.look(wall, "wall-paused")
    press(owner, "Lift the pause")
    expect(slide(wall)).to_contain_text(SECRET)


def meet(story: Story, dataset: str) -> str:
    """A meeting of the three: what it sees, what it decides, and its minutes; answers its name."""
    name = plan(story, "Pathways in spring")
    page = story.tabs["ana", ""]
    expect(slide(project(story, name, OTHER_FIGURE))).to_contain_text(OTHER_SECRET)
    wall = project(story, name, FIGURE)
    expect(slide(wall)).to_contain_text(SECRET)
    story.look(wall, "wall")
    press(wall, "Decision")
    write(wall, "What is decided", DECIDED)
    press(wall, "Record it")
    expect(wall.get_by_role("dialog")).to_have_count(0)
    seen_by_a_fifth(page, wall)
    pause(story, wall, dataset)
    press(page, "Close the meeting")
    write(page, "Minutes", "We looked at both figures and spoke about the schools in the north.")
    press(page, "Close it for good")
    page.locator(".st-key-surface-decided").wait_for()
    return name


def minutes(story: Story, meeting: str) -> None:
    """Minutes keep every decision, and the one figure that may be kept: on the page and on paper."""
    page = story.to("ana", f"/meeting?name={meeting}")
    expect(page.locator(".st-key-surface-decided")).to_contain_text(DECIDED)
    kept = page.locator(".st-key-surface-seen")
    expect(kept).to_contain_text(OTHER_SECRET)
    expect(kept).not_to_contain_text(SECRET)
    story.look(page, "minutes")
    with page.expect_download() as waiting:
        page.get_by_role("button", name=re.compile("Minutes [(]PDF[)]")).click()
    paper = PdfReader(io.BytesIO(waiting.value.path().read_bytes()))
    words = " ".join("\n".join(each.extract_text() for each in paper.pages).split())
    assert DECIDED in words and OTHER_SECRET.search(words)
    assert not SECRET.search(words)


def take_away(page: Page) -> Locator:
    """Ask for the card as a workbook; answers the button that saves it."""
    page.get_by_role("button", name="Export").click()
    page.locator(".st-key-export-xlsx button").click()
    return page.get_by_role("button", name=re.compile("Save .*xlsx"))


def workbook(page: Page, save: Locator) -> tuple[str, str]:
    """What stands in the file that is saved, and the address it came from."""
    save.wait_for(timeout=3 * LONG)
    with page.expect_download() as waiting:
        save.click()
    with zipfile.ZipFile(waiting.value.path()) as book:
        told = " ".join(book.read(each).decode("utf-8", "replace") for each in book.namelist() if each.endswith("xml"))
    return told, waiting.value.url


def last_evening(story: Story) -> tuple[Page, Page, Page]:
    """An hour before the end all still stands: on the wall of a second meeting, on a slide, on the card, in a file."""
    story.clock(MIDNIGHT - timedelta(hours=1))
    wall = project(story, plan(story, "Pathways at night"), FIGURE)
    expect(slide(wall)).to_contain_text(SECRET)
    presenter = story.to("ana", f"/present?card={ground.CARD}&i=1", tab="presenter")
    expect(slide(presenter)).to_contain_text(SECRET)
    story.look(on_the_card(story, "ana", SECRET, OTHER_SECRET), "card-on-the-last-evening")
    return wall, presenter, story.to("ana", f"/card?name={ground.CARD}", tab="export")


def midnight(story: Story, wall: Page, presenter: Page) -> None:
    """Nobody touches anything: the pages that are projected find out by themselves."""
    story.clock(MIDNIGHT)
    began = time.monotonic()
    expect(slide(wall)).not_to_contain_text(SECRET)
    print(f"The end left the wall {time.monotonic() - began:.1f} s after midnight.")
    expect(slide(presenter)).not_to_contain_text(SECRET)
    for each, what in ((wall, "wall-after-the-end"), (presenter, "presenter-after-the-end")):
        expect(slide(each)).to_contain_text(ENDED)
        story.look(each, what)


def test_signatures_open_it_and_a_fifth_in_the_room_a_pause_and_the_last_day_close_it(story: Story) -> None:
    dataset = register(story)
    items = json.loads(told(story.home, dataset).splitlines()[-1])
    draft(story)
    agree(story)
    story.look(on_the_card(story, "ana", SECRET, NOT_SHARED), "card")
    story.look(on_the_card(story, "hanna", NOT_SHARED, NOT_SHARED), "card-of-the-fourth")
    amend(story)
    on_the_card(story, "ana", SECRET, OTHER_SECRET)
    old = meet(story, dataset)
    minutes(story, old)
    wall, presenter, card = last_evening(story)
    save = take_away(card)
    words, address = workbook(card, save)
    assert SECRET.search(words) and not OTHER_SECRET.search(words), "only the first may be downloaded"
    midnight(story, wall, presenter)
    saved: list[str] = []
    card.on("download", lambda each: saved.append(each.suggested_filename))
    save.click()
    assert card.request.get(address).status == 404, "the file that was saved before the end is handed to nobody"
    story.look(card, "save-after-the-end")
    page = on_the_card(story, "ana", ENDED, ENDED)
    story.look(page, "card-after-the-end")
    take_away(page)
    expect(page.get_by_text("Nothing on this card may be taken away by you")).to_be_visible()
    page = story.to("ana", f"/indicator?card={ground.CARD}&item={items[0]}")
    expect(page.get_by_role("status").filter(has_text=ENDED)).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(SECRET)
    story.look(page, "indicator-after-the-end")
    minutes(story, old)
    on_the_card(story, "ida", SECRET, ENDED)
    story.look(story.to("dele", "/agreement?id=A-1"), "agreement-after-the-end")
    assert saved == [], "the button that saved the file before the end saves nothing"
    assert re.findall("reference .*", (story.home / "server.log").read_text("utf-8", "replace")) == [], "a page failed"
