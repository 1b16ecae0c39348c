"""A meeting in a real browser: a decision by keyboard, a word half typed, a hold that reaches the wall, the close."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from pages.meet import _watch
from tests.pages.conftest import ROOT, Server, environment, settled, start_server, stop_server

pytestmark = pytest.mark.browser
Enter = Callable[..., None]
LONG = 60_000
PLAN = """
import json
from governance import operator, people
from meetings import holding, planning, reading
from meetings.planning import MeetingDraft
from governance.visit import clock
with operator("a test plans a meeting") as visit, people.seen_as(visit, "chair") as chair:
    card = "children-and-young-people"
    name = planning.plan(chair, MeetingDraft(title="Children and young people", starts_at=clock(), card_name=card))
    holding.open_meeting(chair, name)
    ids = {each.name: each.id for each in people.organisations(chair)}
    holding.say_who_is_here(chair, name, {each: 2 for each in ids.values()}, public=False)
    agenda = reading.meeting(chair, name).agenda
    place = next(at for at, each in enumerate(agenda, 1) if each.item_id)
    print(json.dumps({"name": name, "place": place, "item": agenda[place - 1].id}))
"""
RECORD = """
import sys
from governance import operator, people
from meetings import recording
with operator("a test records") as visit, people.seen_as(visit, "chair") as chair:
    recording.note(chair, sys.argv[1], "Said while somebody was typing.")
"""
HOLD = """
import sys
from governance import holds, operator, people
from governance.access import Scope
with operator("a test holds") as visit, people.seen_as(visit, "steward") as steward:
    own = steward.viewer.organisation_id
    holds.place(steward, Scope.DATASET, sys.argv[1], organisation_id=own, reason="We check our counts.")
"""


def told(home: Path, program: str, *given: str) -> str:
    """What a program says that changes the home of the server from outside."""
    line = [sys.executable, "-c", program, *given]
    done = subprocess.run(line, cwd=ROOT, env=environment(home), check=True, capture_output=True, text=True)
    return done.stdout


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[str, str]]]:
    """The app with a card of two figures and a meeting that is being held; ids of both."""
    home = tmp_path_factory.mktemp("meetings")
    line = [sys.executable, "-m", "tests.browser.filling_cards"]
    done = subprocess.run(line, cwd=ROOT, env=environment(home), check=True, capture_output=True, text=True)
    ids = json.loads(done.stdout.splitlines()[-1]) | json.loads(told(home, PLAN))
    process, url = start_server(home)
    yield Server(url=url, home=home, pid=process.pid, invitation=""), {name: str(each) for name, each in ids.items()}
    stop_server(process)


@pytest.fixture(scope="module")
def server(filled: tuple[Server, dict[str, str]]) -> Server:
    """The server alone, as `enter` wants it."""
    return filled[0]


@pytest.fixture
def ids(filled: tuple[Server, dict[str, str]]) -> dict[str, str]:
    """name, place, item, dataset"""
    return filled[1]


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def test_a_word_half_typed_outlives_what_others_record_meanwhile(
    page: Page, enter: Enter, server: Server, ids: dict[str, str]
) -> None:
    enter(page, "chair", f"/meeting?name={ids['name']}&item={ids['item']}")
    page.get_by_role("button", name="Decision").focus()
    page.keyboard.press("Enter")
    words = page.get_by_role("textbox", name="What is decided")
    words.wait_for(timeout=LONG)
    settled(page)
    assert violations(page) == []
    words.press_sequentially("Calls go on until")
    told(server.home, RECORD, ids["name"])
    page.get_by_text("Said while somebody was typing.").wait_for(timeout=LONG)
    expect(words).to_have_value("Calls go on until")
    page.keyboard.type(" Easter.")
    page.get_by_role("button", name="Record it").click()
    expect(page.locator(".st-key-surface-recorded")).to_contain_text("Calls go on until Easter.", timeout=LONG)
    expect(words).to_have_count(0)
    expect(page.get_by_role("alertdialog")).to_have_count(0, timeout=LONG)
    assert violations(page) == []


def test_a_held_figure_leaves_the_wall_by_itself(page: Page, enter: Enter, server: Server, ids: dict[str, str]) -> None:
    assert _watch.EVERY <= 5, "seconds between two looks"
    page.set_viewport_size({"width": 1280, "height": 720})
    enter(page, "chair", "/meetings")
    page.goto(f"{server.url}/present-meeting?name={ids['name']}&i={ids['place']}")
    stage = page.locator(".st-key-present")
    page.locator(".st-key-chart-slide svg.marks").wait_for(timeout=LONG)
    assert stage.evaluate("each => each.scrollHeight <= each.clientHeight + 1"), "it scrolls"
    assert violations(page) == []
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".st-key-chart-slide")).to_have_count(0, timeout=LONG)
    page.keyboard.press("ArrowRight")
    page.locator(".st-key-chart-slide svg.marks").wait_for(timeout=LONG)
    settled(page)
    told(server.home, HOLD, ids["dataset"])
    expect(page.locator(".st-key-chart-slide")).to_have_count(0, timeout=LONG)
    expect(stage).to_contain_text("Not covered for 1 organisation here")
