"""After a hold, an end or a closed account no byte of covered data reaches a browser: frames, files, feeds, the API.

A real server, and Carl of Tidewater Homes with his tabs open on everything that shows the data. What reaches him is
searched for every number and word of theirs, in every encoding (`tests.pages.telltales`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

import store
from catalogue import publishing
from governance import operator, upkeep
from governance.access import Scope
from meetings.reading import meeting
from pages import all_pages
from tests.pages import covered
from tests.pages.covered import HARBOUR, TIDEWATER, Covered
from tests.pages.covered_served import served
from tests.pages.tab import Tab
from tests.pages.telltales import unpacked
from tests.pages.wsclient import Seen, ask

CARL = "carl"
ON_THE_WALL = {"present", "present-meeting"}
BOTH = frozenset({"Berths", "Moorings"})
FILES = ("xlsx", "pdf")
MINUTES = "minutes"
EVERY_FILE = ("pdf", "png", "pptx", "svg", "xlsx")
Address = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """One way in which what was covered is covered no more."""

    comes: Callable[[Covered], AbstractContextManager[None]]
    gone: frozenset[str] = BOTH
    """Whose data; the others stay."""
    is_over: bool = False
    """An end, beyond which what may be retained stays in the minutes; nothing else does."""
    signs_out: bool = False


def _hold(scope: Scope, what: Callable[[Covered], str], *, by: str = "priya", whose: str = HARBOUR) -> End:
    gone = frozenset({"Berths"}) if scope is Scope.DATASET else BOTH
    return End(comes=lambda made: covered.held(made, scope, what(made), by=by, whose=whose), gone=gone)


ENDS: Mapping[str, End] = {
    "a hold on the dataset": _hold(Scope.DATASET, lambda made: made.datasets["Berths"]),
    "a hold on the agreement": _hold(Scope.AGREEMENT, lambda made: made.agreement),
    "a hold on its owner": _hold(Scope.ORGANISATION, lambda made: made.organisation(HARBOUR)),
    "a hold on the receiver": _hold(
        Scope.ORGANISATION, lambda made: made.organisation(TIDEWATER), by="jonas", whose=TIDEWATER
    ),
    "a hold on the person": _hold(Scope.PERSON, lambda _: CARL, by="jonas", whose=TIDEWATER),
    "the day after the last": End(comes=covered.ended, is_over=True),
    "a closed account": End(comes=lambda made: covered.disabled(made, CARL), signs_out=True),
    "an agreement that is closed": End(comes=covered.closed, is_over=True),
    "an amendment without it": End(comes=covered.amended, gone=frozenset({"Moorings"}), is_over=True),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Covered]:
    with served(covered.lay(tmp_path_factory.mktemp("covered"))) as running:
        yield running
    store.use_settings(None)


# ---- Where the data are ----


def shows(made: Covered) -> dict[Address, frozenset[str]]:
    """Every address at which Carl sees the data -> whose they are."""
    card = made.card
    told: dict[Address, frozenset[str]] = {}
    pins = "&".join(f"pin={item}:{made.revisions[name][0]}" for name, item in made.items.items())
    told |= dict.fromkeys([("home", ""), ("card", f"name={card}"), ("card", f"name={card}&{pins}")], BOTH)
    for place, (name, item) in enumerate(made.items.items(), 1):
        own = frozenset({name})
        here = f"card={card}&item={item}"
        told["indicator", f"{here}&tab=table"] = own
        told["present", f"card={card}&i={place}"] = own
        told |= dict.fromkeys(_at_the_table(made, name), own)
    here, revisions = f"card={card}&item={made.items['Berths']}", made.revisions["Berths"]
    for more in ("tab=trend", "tab=groups", "tab=areas", "tab=method", f"revision={revisions[0]}"):
        told["indicator", f"{here}&{more}"] = frozenset({"Berths"})
    told["indicator", f"{here}&tab=revisions&changes={revisions[1]}"] = frozenset({"Berths"})
    told["compose", f"name={card}"] = BOTH
    told[kept(made)] = frozenset({"Berths"})
    return told


def kept(made: Covered) -> Address:
    """The minutes, where Berths may be retained."""
    return "meeting", f"name={made.meetings['closed']}"


def _at_the_table(made: Covered, name: str) -> Iterator[Address]:
    held = made.meetings["held"]
    with made.as_(CARL) as visit:
        agenda = meeting(visit, held).agenda
    place, item = next((place, each) for place, each in enumerate(agenda, 1) if each.item_id == made.items[name])
    yield "meeting", f"name={held}&item={item.id}"
    yield "present-meeting", f"name={held}&i={place}"


def others(made: Covered) -> list[Address]:
    """Every other page, where it says something about them but no figure."""
    asked = {
        "dataset": [f"id={each}" for each in made.datasets.values()],
        "agreement": [f"id={made.agreement}"],
        "define-indicator": [f"id={each.id}" for each in made.indicators.values()],
        "raise-concern": [f"about=indicator:{each.id}" for each in made.indicators.values()],
        "catalogue": ["", "q=harbour"],
        "meeting": [f"name={made.meetings['planned']}"],
        "plan-meeting": ["", f"name={made.meetings['planned']}"],
    }
    listed = [(page.path, query) for page in all_pages() for query in asked.get(page.path, [""])]
    return [each for each in listed if each not in shows(made)]


def told(made: Covered, *contents: bytes) -> set[str]:
    """Whose data are in these bytes."""
    everything = unpacked(*contents)
    return {name for name, tells in made.tells.items() if tells.within(everything)}


def frames(seen: Seen) -> bytes:
    return b"\n".join(seen.frames)


# ---- Carl, his tabs and what he saved ----


@dataclass(slots=True, kw_only=True)
class Desk:
    """Tabs that are open while it happens, and what had been saved by then."""

    made: Covered
    cookie: str
    web: httpx.Client
    tabs: dict[Address, Tab] = field(default_factory=dict)
    buttons: dict[str, Tab] = field(default_factory=dict)
    """Tabs that do not look again before their buttons are pressed: "card" and "minutes"."""
    saved: dict[str, set[str]] = field(default_factory=dict)
    """Address of a file -> whose data were in it."""

    def open(self, stack: ExitStack) -> None:
        """Open every address that shows the data, and see that it does."""
        for address, names in shows(self.made).items():
            self.tabs[address] = self._tab(stack, address)
            assert told(self.made, self.tabs[address].screen) == names, address
        self.open_buttons(stack)

    def open_buttons(self, stack: ExitStack) -> None:
        """Open the card and the minutes, to save their files."""
        self.buttons["card"] = self._tab(stack, ("card", f"name={self.made.card}"))
        self.buttons["minutes"] = self._tab(stack, kept(self.made))

    def _tab(self, stack: ExitStack, address: Address) -> Tab:
        tab = Tab(base=self.made.url, page=address[0], query=address[1], cookie=self.cookie)
        stack.enter_context(tab).run()
        return tab

    def save(self, kind: str) -> str:
        """Export the card or the minutes, click, fetch the file; its address."""
        tab, button = self.buttons["minutes"], "save-pdf"
        if kind != MINUTES:
            tab, button = self.buttons["card"], "saveexport"
            tab.press(f"export-{kind}")
        address = tab.download(tab.saves[button])
        answer = self.get(address)
        assert answer.status_code == 200 and answer.content, address
        assert answer.headers["cache-control"] == "no-store" and "etag" not in answer.headers
        self.saved[address] = told(self.made, answer.content)
        return address

    def get(self, address: str, *, cookie: str | None = None, **headers: str) -> httpx.Response:
        """Ask for a file: with Carl's cookie, with another, or without one for ""."""
        whose = self.cookie if cookie is None else cookie
        given = headers | ({"cookie": f"commontable={whose}"} if whose else {})
        return self.web.get(self.made.url + address, headers=given)


# ---- Before ----


def test_before_it_ends_these_addresses_show_the_data_and_no_other_page_does(made: Covered) -> None:
    carl, sam = made.cookie(CARL), made.cookie("sam")
    asked = others(made)
    assert not [each for each in asked if told(made, frames(ask(made.url, each[0], cookie=carl, query=each[1])))]
    for (page, query), names in shows(made).items():
        assert told(made, frames(ask(made.url, page, cookie=carl, query=query))) == names, f"/{page}?{query}"
        assert not told(made, frames(ask(made.url, page, cookie=sam, query=query))), f"/{page}?{query}"


def test_every_file_passes_to_the_session_it_was_made_for_whole_and_to_nobody_else(made: Covered) -> None:
    with ExitStack() as stack, httpx.Client() as web:
        desk = Desk(made=made, cookie=made.cookie(CARL), web=web)
        desk.open_buttons(stack)
        for kind in (*EVERY_FILE, MINUTES):
            address = desk.save(kind)
            assert desk.get(address, cookie="").status_code == 401
            for other in ("priya", "sam"):
                answer = desk.get(address, cookie=made.cookie(other))
                assert answer.status_code == 404 and answer.headers["cache-control"] == "no-store"
            whole = desk.get(address, range="bytes=0-9")
            assert whole.status_code == 200 and whole.content == desk.get(address).content, "parts cannot be known"
    assert sum(names == BOTH for names in desk.saved.values()) >= 3, "workbook, slides and PDF have them as text"


# ---- After ----


@pytest.mark.parametrize("end", ENDS)
def test_no_byte_of_it_reaches_a_browser_after(made: Covered, end: str) -> None:
    what = ENDS[end]
    with ExitStack() as stack, httpx.Client() as web:
        desk = Desk(made=made, cookie=made.cookie(CARL), web=web)
        desk.open(stack)
        for kind in (*FILES, MINUTES):
            desk.save(kind)
        assert all(desk.get(each).status_code == 200 for each in desk.saved), "they lie there"
        with what.comes(made):
            _saved_files(desk, what)
            _buttons_that_stand_there_still(desk, what)
            _open_tabs(desk, what)
            _everything_asked_for_anew(desk, what)
            _its_owner_sees_it_all(made)
    again = ask(made.url, "card", cookie=made.cookie(CARL), query=f"name={made.card}")
    assert told(made, frames(again)) == BOTH, "undone, it is as it was"


def check(desk: Desk, what: End, address: Address, *arrived: bytes) -> None:
    """Nothing of what is gone has arrived; what is not gone is still there, so that the search does find."""
    found = told(desk.made, *arrived)
    there = frozenset() if address[0] == "present" else shows(desk.made)[address]  # What is held changes the order.
    gone = what.gone - ({"Berths"} if what.is_over and address == kept(desk.made) else set())
    assert not found & gone, address
    if what.signs_out:
        assert not found, address
    else:
        assert there - gone <= found, address


def _saved_files(desk: Desk, what: End) -> None:
    """The addresses of files that were fetched before, by whoever asks, and however."""
    ways: list[dict[str, str]] = [{}, {"range": "bytes=0-"}, {"if-none-match": "*"}, {"accept-encoding": "gzip"}]
    for address, names in desk.saved.items():
        assert names, "it was in there"
        for headers in ways:
            answer = desk.get(address, **headers)
            assert answer.status_code == (401 if what.signs_out else 404), headers
            assert not told(desk.made, answer.content)
        for cookie in ("", desk.made.cookie("priya"), desk.made.cookie("sam")):
            assert not told(desk.made, desk.get(address, cookie=cookie).content)


def _buttons_that_stand_there_still(desk: Desk, what: End) -> None:
    """Save, save the minutes, and export again, on pages that have not looked again."""
    made, card, minutes = desk.made, desk.buttons["card"], desk.buttons["minutes"]
    with card.recorded() as arrived:
        address = card.download(card.saves["saveexport"])
        card.press("export-pdf")
    file = desk.get(address).content if address else b""
    check(desk, what, ("card", f"name={made.card}"), file, *arrived)
    with minutes.recorded() as arrived:
        address = minutes.download(minutes.saves["save-pdf"])
    file = desk.get(address).content if address else b""
    check(desk, what, kept(made), file, *arrived)
    assert file.startswith(b"%PDF") is not what.signs_out, "the words of the minutes stay"


def _open_tabs(desk: Desk, what: End) -> None:
    """What stood there is gone once the page has looked again by itself, and does not come back by any way."""
    for address, tab in desk.tabs.items():
        assert tab.looks_by_itself <= (5 if address[0] in ON_THE_WALL else 30), address
        with tab.recorded() as arrived:
            tab.tick()
            check(desk, what, address, tab.screen)
            for part in {each.part for each in tab.stands.values()} - {""}:
                tab.run(part=part)
            tab.run(back=True)
        check(desk, what, address, *arrived)


def _everything_asked_for_anew(desk: Desk, what: End) -> None:
    """Every address by the same session in a new tab, and the doors beside the pages."""
    made = desk.made
    for address in shows(made):
        seen = ask(made.url, address[0], cookie=desk.cookie, query=address[1])
        check(desk, what, address, *seen.frames)
        if address == kept(made) and not what.signs_out:
            assert covered.DECIDED in seen.text, "what was decided stays"
    for path in ("/", "/card", "/api", "/api/3/action/package_search", "/feeds/feed.xml", "/data.json", "/media/"):
        for cookie in (desk.cookie, ""):
            assert not told(made, desk.get(path, cookie=cookie).content), path


def _its_owner_sees_it_all(made: Covered) -> None:
    query = f"name={made.card}"
    assert told(made, frames(ask(made.url, "card", cookie=made.cookie("priya"), query=query))) == BOTH


# ---- Doors of their own ----


@pytest.mark.parametrize("key", ["tellstory", "changeactions", "answer"])
def test_an_open_dialog_repeats_nothing_that_is_held_now(made: Covered, key: str) -> None:
    query = f"card={made.card}&item={made.items['Berths']}"
    with Tab(base=made.url, page="indicator", query=query, cookie=made.cookie(CARL)) as tab:
        tab.run()
        before = set(tab.parts)
        tab.run(pressed=next(each for each in tab._ids if each.startswith(key)))
        (dialog,) = tab.parts - before
        assert told(made, frames(tab.run(part=dialog))), "it repeats them"
        with covered.held(made, Scope.DATASET, made.datasets["Berths"], by="priya", whose=HARBOUR):
            assert not told(made, frames(tab.run(part=dialog))) and not told(made, tab.screen)


def test_a_backup_is_saved_by_nobody_whose_account_was_closed(made: Covered) -> None:
    made.ground.people.person("abe", HARBOUR, "admin")
    with operator("test", now=made.now) as visit:
        kept_at, _ = upkeep.back_up(visit)
    with Tab(base=made.url, page="health", cookie=made.cookie("abe")) as tab:
        tab.run()
        asked = tab.saves[f"get-{kept_at.name}"]
        address = tab.download(asked)
        with httpx.Client(base_url=made.url, headers={"cookie": f"commontable={made.cookie('abe')}"}) as client:
            assert client.get(address).content == kept_at.read_bytes()
            with covered.disabled(made, "abe"):
                assert tab.download(asked) == "" and client.get(address).status_code == 401


def test_what_is_published_has_no_figure_before_or_after(made: Covered, tmp_path: Path) -> None:
    with operator("test", now=made.now) as visit:
        files = [each.read_bytes() for each in publishing.publish(visit, tmp_path)]
        answers = [publishing.answer(visit, each, {"rows": "100"}) for each in ("package_list", "package_search")]
    everything = b"\n".join([*files, *(repr(each).encode() for each in answers)])
    assert b"Berths of the harbour" in everything and not told(made, everything)
