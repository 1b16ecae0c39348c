"""A picture of every page of the demo, as each role, light and dark, wide and phone: `make screens`.

    python -m tests.screens [--only PATH]... [--as USERNAME]... [--into FOLDER]
    python -m tests.screens --readme

A fresh demo is made in a temporary folder and served on a free port; both are gone afterwards.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from pages import Page as Declared
from pages import all_pages
from tests.conftest import CHROMIUM, chromium
from tests.pages.conftest import (
    ROOT,
    environment,
    fill_door,
    free_port,
    settled,
    stop_server,
)

ROLES = {
    "rosa": frozenset({"admin", "steward"}),
    "tomas": frozenset({"steward"}),
    "leila": frozenset({"member"}),
    "grace": frozenset({"chair"}),
    "sam": frozenset({"facilitator"}),
}
"""The people of the demo one can sign in as, and what they are."""
WIDTHS = (1280, 390)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
HEIGHT = "Math.ceil(document.querySelector('[data-testid=stMain]')?.scrollHeight ?? document.body.scrollHeight)"
TALLEST = 12_000
"""Pixels; a page that is taller is cut there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One address to look at."""

    path: str
    """Of the page, as declared; "" for what is not a page of the menu."""
    name: str
    """What the picture is called."""
    address: str


def _program(username: str) -> str:
    return f"""
import json
from catalogue import datasets, knowing, registering, runs, sources
from governance import concerns, operator, people
from governance.agreements import reading as agreements
from meetings import reading as meetings
from reportcards import cards, composing, indicators
from sharing import uses
from sharing.candidates import Demand, candidates
with operator("a tour") as visit, people.seen_as(visit, {username!r}) as seen:
    told = {{}}
    for line in datasets.datasets(seen):
        told.setdefault(f"dataset-{{line.band}}", line.id)
    told |= {{f"registration-{{each.state}}": each.id for each in registering.registrations(seen)}}
    told |= {{f"organisation-{{each.kind}}": each.id for each in people.organisations(seen)}}
    told |= {{f"run-{{each.state}}": each.id for each in reversed(runs.runs(seen))}}
    told |= {{f"source-{{each.kind}}": each.id for each in sources.sources(seen)}}
    told |= {{f"define-indicator-{{each.code}}": each.id for each in indicators.indicators(seen)[:1]}}
    for agreement in agreements.agreements(seen):
        told[f"agreement-{{agreement.state}}"] = agreement.id
        told[f"agreement-{{agreement.state}}-text"] = f"id={{agreement.id}}&text=whole"
        told[f"agreement-draft-{{agreement.state}}"] = agreement.id
    told |= {{f"concern-{{each.state}}": each.id for each in concerns.concerns(seen)}}
    for meeting in meetings.meetings(seen):
        told[f"meeting-{{meeting.state}}"] = f"name={{meeting.name}}"
        told[f"plan-meeting-{{meeting.state}}"] = f"name={{meeting.name}}"
        told[f"present-meeting-{{meeting.state}}"] = f"name={{meeting.name}}&i=1"
    known = knowing.briefs(seen, [line.id for line in datasets.datasets(seen)]).values()
    ours = [each.id for each in known if each.organisation_id == seen.viewer.organisation_id]
    told |= {{"dataset-use-own": each for each in ours}}
    for brief in cards.cards(seen)[:2]:
        told[f"card-{{brief.name}}"] = f"name={{brief.name}}"
        told[f"compose-{{brief.name}}"] = f"name={{brief.name}}"
        told[f"present-{{brief.name}}"] = f"card={{brief.name}}&i=1"
        for shown in composing.report_card(seen, brief.name).items[:1]:
            for tab in ("trend", "groups", "areas", "table", "method", "revisions"):
                told[f"indicator-{{brief.name}}-{{tab}}"] = f"card={{brief.name}}&item={{shown.item}}&tab={{tab}}"
    told |= {{f"request-{{each.state}}": each.id for each in uses.use_cases(seen)}}
    told |= {{f"charter-check-{{each.state}}": f"use={{each.id}}" for each in uses.use_cases(seen) if each.may_check}}
    told["ask-new"] = "dataset=" + next(iter(datasets.datasets(seen))).id
    for each in candidates(seen, Demand()):
        told.setdefault(f"candidate-{{'own' if each.own else each.ranked.band.value}}", each.dataset.id)
print(json.dumps(told))
"""


def found(home: Path, username: str) -> dict[str, str]:
    """Real ids of the demo that this person may know of, by what they are: "dataset-open", "run-held".

    What is reached by more than an id stands there as a query: "card-children" is "name=children".
    """
    done = subprocess.run(
        [sys.executable, "-c", _program(username)],
        cwd=ROOT,
        env=environment(home),
        check=True,
        capture_output=True,
        text=True,
    )
    return dict(json.loads(done.stdout))


BESIDES = {
    "catalogue": ("q=chidlren", "q=xylophonist"),
    "source": ("",),
    "run": ("",),
    "register": ("",),
    "import-numbers": ("",),
    "compose": ("",),
    "organisation": ("publisher=Riverside+Homes",),
    "agreement-draft": ("",),
    "raise-concern": ("",),
    "plan-meeting": ("",),
    "charter": ("",),
    "charter-draft": ("",),
    "holds": ("",),
}
"""More addresses of a page than its plain one, or the plain one of a page that also takes an id."""


def _page_of(what: str) -> str:
    """The page that this is an id for: of "dataset" and "dataset-use" the longer one that it begins with."""
    return max((page.path for page in all_pages() if what.startswith(f"{page.path}-")), key=len, default="")


def _stops_at(page: Declared, ids: dict[str, str]) -> Iterator[Stop]:
    queries = [] if page.hidden else [("", "")]
    queries += [(query.replace("=", "-"), query) for query in BESIDES.get(page.path, ())]
    queries += [
        (what.removeprefix(f"{page.path}-"), each if "=" in each else f"id={each}")
        for what, each in ids.items()
        if _page_of(what) == page.path
    ]
    if page.path == "register" and "registration-draft" in ids:
        queries.append(("draft", f"id={ids['registration-draft']}"))
    if page.path == "source" and "source-ckan" in ids:
        queries.append(("change", f"id={ids['source-ckan']}&change=1"))
    for word, query in queries:
        name = f"{page.path}-{word}" if word else page.path
        path = "" if page.path == "home" else page.path
        yield Stop(path=page.path, name=name, address=f"/{path}?{query}" if query else f"/{path}")


def stops(home: Path, username: str) -> list[Stop]:
    """Every page this person may open, hidden ones with real ids, and an address that leads nowhere."""
    ids, roles = found(home, username), ROLES[username] | {"member"}
    listed = [
        stop for page in all_pages() if {role.value for role in page.roles} & roles for stop in _stops_at(page, ids)
    ]
    return [*listed, Stop(path="", name="nowhere", address="/nowhere")]


def password() -> str:
    """The one of everybody in the demo."""
    from entrypoints.demo.fill import story

    return str(story()["password"])


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The demo, made in this folder and served as `make run` does; gives the address."""
    env = {name: value for name, value in environment(folder).items() if name != "COMMONTABLE_TITLE"}
    port = free_port()
    line = [sys.executable, "-m", "entrypoints.cli"]
    subprocess.run([*line, "init", "--demo"], cwd=ROOT, env=env, check=True, capture_output=True)
    with (folder / "server.log").open("wb") as log:
        command = [*line, "serve", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait_until_healthy(process, f"http://127.0.0.1:{port}/healthz", folder / "server.log")
        yield f"http://127.0.0.1:{port}"
    finally:
        stop_server(process)


def _wait_until_healthy(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    for _ in range(900):
        if process.poll() is not None:
            break
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(address).status_code == 200:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not become healthy: {log.read_text('utf-8', 'replace')}")


def sign_in(page: Page, url: str, username: str) -> None:
    """Sign a browser in at the door."""
    page.goto(url)
    fill_door(page, username, password())
    page.locator(".ct-foot").wait_for(timeout=60_000)
    settled(page)


def whole(page: Page) -> None:
    """Make the window as tall as the page, which scrolls inside of it."""
    width, tall = int((page.viewport_size or {"width": 1280})["width"]), 0
    for _ in range(8):
        before, tall = tall, min(max(int(page.evaluate(HEIGHT)), 844), TALLEST)
        if before == tall:
            return
        page.set_viewport_size({"width": width, "height": tall})
        page.wait_for_timeout(250)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture of the README: a window, not the whole page."""

    name: str
    username: str
    place: str
    """Name of a stop, or an address."""
    title: str = ""
    """The dataset to open from there."""
    theme: Literal["light", "dark"] = "light"
    size: tuple[int, int] = (1280, 860)


PICTURES = (
    Picture(name="catalogue", username="leila", place="catalogue"),
    Picture(name="dataset", username="leila", place="/catalogue?q=delayed+discharges", title="Delayed discharges"),
    Picture(name="spectrum", username="tomas", place="spectrum", theme="dark"),
    Picture(name="held", username="rosa", place="run-held"),
    Picture(name="register", username="leila", place="register-draft"),
    Picture(name="card", username="grace", place="card-children-and-young-people", size=(1280, 900)),
    Picture(name="indicator", username="grace", place="indicator-children-and-young-people-trend", size=(1280, 1000)),
    Picture(name="present", username="grace", place="present-children-and-young-people", size=(1280, 720)),
    Picture(name="agreement", username="rosa", place="agreement-signing", size=(1280, 1000)),
    Picture(name="meeting", username="grace", place="meeting-planned", size=(1280, 900)),
    Picture(name="phone", username="tomas", place="home", size=(390, 844)),
    Picture(name="phone-catalogue", username="tomas", place="/catalogue?q=school", size=(390, 844)),
    Picture(name="phone-card", username="sam", place="card-children-and-young-people", theme="dark", size=(390, 844)),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Photographer:
    """Takes the pictures of one tour."""

    browser: Browser
    url: str
    into: Path

    def tour(self, username: str, places: Sequence[Stop]) -> None:
        """All of these places as this person, in both themes and widths; "" is somebody who is not signed in."""
        for theme in THEMES:
            context = self.browser.new_context(viewport={"width": WIDTHS[0], "height": 900}, color_scheme=theme)
            page = context.new_page()
            if username:
                sign_in(page, self.url, username)
            for place in places:
                self.take(page, place, f"{username or 'signed-out'}-{theme}")
            context.close()

    def take(self, page: Page, place: Stop, how: str) -> None:
        """One place in every width."""
        page.set_viewport_size({"width": WIDTHS[0], "height": 900})
        page.goto(self.url + place.address)
        settled(page)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(200)
            whole(page)
            page.screenshot(path=self.into / f"{place.name}-{how}-{width}.png")

    def readme(self, picture: Picture, places: Sequence[Stop]) -> None:
        """One picture of the README, in few colours so that it is small."""
        width, height = picture.size
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=picture.theme, device_scale_factor=1.5
        )
        page = context.new_page()
        sign_in(page, self.url, picture.username)
        address = next((each.address for each in places if each.name == picture.place), picture.place)
        page.goto(self.url + address)
        settled(page)
        if picture.title:
            page.get_by_role("link", name=picture.title, exact=True).first.click()
            page.get_by_role("heading", level=1, name=picture.title).wait_for()
            settled(page)
        taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        taken.quantize(160, dither=Image.Dither.NONE).save(self.into / f"{picture.name}.png", optimize=True)
        context.close()


def main(arguments: Sequence[str]) -> int:
    """Take the pictures the command line asks for; answers how many."""
    parser = argparse.ArgumentParser(prog="python -m tests.screens", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="PATH", help="this page; can be repeated")
    parser.add_argument("--as", dest="people", action="append", choices=list(ROLES), help="this person only")
    parser.add_argument("--into", type=Path, help="folder for the pictures")
    parser.add_argument("--readme", action="store_true", help="the README's pictures, into docs/pictures")
    asked = parser.parse_args(arguments)
    into: Path = asked.into or ROOT / ("docs/pictures" if asked.readme else "screens")
    into.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder)) as url,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(CHROMIUM))
        photographer = Photographer(browser=browser, url=url, into=into)
        if asked.readme:
            count = _readme(photographer, Path(folder), asked.only)
        else:
            count = _tours(photographer, Path(folder), people=asked.people or ROLES, only=asked.only)
        browser.close()
    sys.stdout.write(f"{count} pictures in {into}\n")
    return count


def _readme(photographer: Photographer, home: Path, only: Sequence[str]) -> int:
    wanted = [each for each in PICTURES if not only or each.name in only]
    places = {username: stops(home, username) for username in {each.username for each in wanted}}
    for picture in wanted:
        photographer.readme(picture, places[picture.username])
    return len(wanted)


def _tours(photographer: Photographer, home: Path, *, people: Iterable[str], only: Sequence[str]) -> int:
    tours = {"": [Stop(path="door", name="door", address="/")]} | {each: stops(home, each) for each in people}
    wanted = {who: [place for place in places if not only or place.path in only] for who, places in tours.items()}
    for username, places in wanted.items():
        if places:
            photographer.tour(username, places)
    return sum(map(len, wanted.values())) * len(THEMES) * len(WIDTHS)


if __name__ == "__main__":
    main(sys.argv[1:])
