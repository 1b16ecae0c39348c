"""The ground of `test_nothing_after`: data that one organisation shows another under an agreement, and what ends that.

Two datasets of Harbour Council lie on one card, each with numbers and words that occur nowhere else: Berths, which may
be retained, and Moorings, which may not. Carl of Tidewater Homes looks at them; Sam of Saltmarsh Trust never may.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import msgspec

import store
from catalogue import saved
from catalogue.search import Query
from governance import Visit, holds, people, sign_in
from governance.access import Band, PartyRole, Scope, Use
from governance.agreements import drafting, reading, signing
from governance.agreements.checks import Subject
from governance.agreements.document import Document, PartyLine, ScheduleLine, Terms
from governance.agreements.signing import Signature
from meetings import closing, holding, planning, recording
from meetings.planning import MeetingDraft
from meetings.reading import meeting
from reportcards import calling, cards, composing, places, telling, watching
from reportcards.cards import CardDraft, ItemDraft
from reportcards.indicators import Indicator
from reportcards.places import PeerGroup
from reportcards.report import ActionItem, Comparison, Part
from reportcards.telling import STATUSES
from reportcards.watching import Watch
from store.settings import Settings
from tests.browser.served_with_clock import set_clock
from tests.pages.telltales import DIGITS, Telltales
from tests.reportcards import ground as laid
from tests.reportcards.ground import Ground
from tests.reportcards.test_access_and_attribution import numbers

HARBOUR, TIDEWATER, SALTMARSH = "Harbour Council", "Tidewater Homes", "Saltmarsh Trust"
EVENING = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
LAST_DAY = EVENING.date()
MIDNIGHT = datetime(2026, 11, 22, 0, 0, 30, tzinfo=UTC)
PURPOSE = "review"
AREAS = {"V": "Vale", "W": "Wold", "X": "Xanthus"}
GROUPS = {"Berths": "Brindlewick", "Moorings": "Quillfeather"}
STORIES = {"Berths": "The dredger stood idle at Ottermouth.", "Moorings": "Swansdown buoys were lifted."}
DECIDED = "We dredge before Easter."
_STEP = {"Berths": 104_729, "Moorings": -92_381}
_FIRST = {"Berths": 4_137_209, "Moorings": 8_861_353}
_USES = {"Berths": tuple(Use), "Moorings": tuple(each for each in Use if each is not Use.RETAIN)}
_YEARS = range(2012, 2026)


def values(name: str, *, revised: bool = False) -> dict[tuple[str, str, int], int]:
    """The value of each area, group ("" for everyone) and year; the second file changes two of them."""
    first, step = _FIRST[name], _STEP[name]
    told: dict[tuple[str, str, int], int] = {}
    for place, area in enumerate(AREAS):
        for at, year in enumerate(_YEARS):
            told[area, "", year] = first + at * step + place * 31_337 + (at * at * 7_919) % 61_487
    told |= {("V", GROUPS[name], year): value // 3 for (area, _, year), value in told.items() if area == "V"}
    for year in (2017, 2018) if revised else ():
        told["V", "", year] += 15_013 + year
    return told


def rows(name: str, *, revised: bool = False) -> list[str]:
    """The same as rows of a file."""
    return [
        f"{name},{area},{AREAS[area]},{year},{'Kind' if group else ''},{group},{value},{value},,"
        for (area, group, year), value in values(name, revised=revised).items()
    ]


@dataclass(slots=True, kw_only=True)
class Covered:
    """Who and what there is, and a server that shows it."""

    home: Path
    ground: Ground
    datasets: Mapping[str, str]
    """"Berths" -> id."""
    indicators: Mapping[str, Indicator]
    card: str
    items: Mapping[str, str] = field(default_factory=dict)
    revisions: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By name, the oldest first."""
    agreement: str = ""
    tells: Mapping[str, Telltales] = field(default_factory=dict)
    meetings: Mapping[str, str] = field(default_factory=dict)
    """"planned", "held" and "closed" -> its name."""
    url: str = ""
    since: float = 0.0
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The moment on the server's clock."""
        return EVENING + timedelta(seconds=time.monotonic() - self.since if self.since else 0)

    def as_(self, username: str) -> AbstractContextManager[Visit]:
        """A visit of this person now, in this process."""
        return self.ground.people.as_(username, now=self.now)

    def organisation(self, name: str) -> str:
        return self.ground.people.organisations[name]

    def cookie(self, username: str) -> str:
        """A session of this person, the same one until it is forgotten."""
        if username not in self.cookies:
            ticket = sign_in.ticket(username, "127.0.0.1", now=self.now)
            with httpx.Client(base_url=self.url, headers={"sec-fetch-site": "same-origin"}) as client:
                client.post("/session/start", json={"ticket": ticket}).raise_for_status()
                self.cookies[username] = str(client.cookies["commontable"])
        return self.cookies[username]

    def turn(self, to: datetime) -> None:
        """The server believes from now on that it is this moment."""
        set_clock(self.home / "clock", to)


# ---- The data ----


def _lay(home: Path) -> Covered:
    ground = laid.ground()
    ground.people.organisation(SALTMARSH)
    ground.people.person("sam", SALTMARSH, "chair")
    ground.people.person("carol", HARBOUR, "chair")
    datasets = {name: ground.dataset(f"{name} of the harbour", "group", owner=HARBOUR) for name in GROUPS}
    with ground.people.as_("priya") as visit:
        peers = places.save_peer_group(visit, PeerGroup(name="Neighbours", members=tuple(AREAS)))
    made = {
        name: ground.indicator(
            datasets[name],
            name,
            rows(name),
            value_type="count",
            unit="places",
            decimals=0,
            comparison=Comparison.NAMED,
            peer_group_id=peers.id,
        )
        for name in GROUPS
    }
    drafts = tuple(ItemDraft(indicator_id=each.id) for each in made.values())
    with ground.people.as_("priya") as visit:
        card = cards.save(visit, CardDraft(title="Harbour", area_code="V", purpose=PURPOSE, items=drafts)).name
    return Covered(home=home, ground=ground, datasets=datasets, indicators=made, card=card)


def _tell(made: Covered) -> None:
    """A second revision, the words that people write beside a figure, a watch that calls."""
    with made.as_("priya") as visit:
        made.items = {each.name: each.item for each in composing.report_card(visit, made.card).items}
        for name, item in made.items.items():
            telling.tell_story(visit, item, [STORIES[name]])
            action = ActionItem(id="", what=STORIES[name], who="Us", due=None, status=STATUSES[0])
            telling.add_action(visit, item, action)
            watching.add_watch(visit, item, Watch(kind="change", value=1, owner="The harbour master"))
    revisions = {}
    for name, dataset in made.datasets.items():
        done = made.ground.take(dataset, rows(name, revised=True))
        assert done.status == "committed", done.errors
        with made.as_("priya") as visit:
            seen = composing.measurement(visit, made.card, made.items[name])
        revisions[name] = tuple(each.id for each in sorted(seen.revisions, key=lambda each: each.number))
    made.revisions = revisions


def _looked(made: Covered, name: str) -> Iterator[object]:
    """Everything that the owner can be told of one figure."""
    item = made.items[name]
    with made.as_("priya") as visit:
        yield [each for each in composing.whole_card(visit, made.card).items if each.item == item]
        for revision in ("", *made.revisions[name]):
            yield from (composing.measurement(visit, made.card, item, part=part, revision=revision) for part in Part)
        yield composing.differences(visit, made.card, item, revision=made.revisions[name][-1])


def _calls(made: Covered, name: str) -> tuple[str, ...]:
    """What the warnings say: made of the figures."""
    with made.as_("carol") as visit:
        return tuple(each.words for each in calling.unanswered(visit) if each.item == made.items[name])


def _telltales(made: Covered, name: str) -> Telltales:
    """The numbers of both files, and every number of seven digits that is worked out of them."""
    source = {each for revised in (False, True) for each in values(name, revised=revised).values()}
    least, most = 10 ** (DIGITS - 1), 10**DIGITS
    derived = {each for told in _looked(made, name) for each in numbers(told) if least <= abs(each) < most - 1}
    return Telltales(
        numbers=tuple(sorted(source)),
        derived=tuple(sorted(derived - source)),
        words=(GROUPS[name], STORIES[name], *_calls(made, name)),
    )


# ---- The agreement ----


def _document(made: Covered) -> Document:
    harbour, tidewater = made.organisation(HARBOUR), made.organisation(TIDEWATER)
    return Document(
        title="Berths for the table",
        lead=harbour,
        starts_on=date(2026, 11, 1),
        ends_on=LAST_DAY,
        review_on=date(2026, 11, 20),
        parties=(
            PartyLine(organisation=harbour, role=PartyRole.GIVES, stakes="Nothing to add."),
            PartyLine(organisation=tidewater, role=PartyRole.RECEIVES, stakes="Nothing to add."),
        ),
        terms=Terms(
            who="Two of us.",
            purpose="To look at berths together.",
            purposes=(PURPOSE,),
            how="On this screen.",
            access="Those at the table.",
            privacy="Counts only.",
            breach_contact="The data desk.",
        ),
        schedule=tuple(_line(made, name) for name in made.datasets),
    )


def _line(made: Covered, name: str) -> ScheduleLine:
    return ScheduleLine(
        dataset=made.datasets[name],
        title=f"{name} of the harbour",
        owner=made.organisation(HARBOUR),
        channel="here",
        uses=_USES[name],
        purposes=(PURPOSE,),
        receivers=(made.organisation(TIDEWATER),),
    )


def _signed(made: Covered, agreement: str, version: str, *signers: str) -> None:
    subjects = {
        each: Subject(id=each, title=name, owner=made.organisation(HARBOUR), band=Band.GROUP)
        for name, each in made.datasets.items()
    }
    with made.as_("priya") as visit:
        drafting.for_review(visit, version)
        signing.open_for_signature(visit, version, subjects=subjects)
        content_hash = reading.agreement(visit, agreement, version=version).version.content_hash
    for username in signers:
        with made.as_(username) as visit:
            signing.sign(visit, version, Signature(signatory=username.title()), content_hash=content_hash)


def agree(made: Covered) -> None:
    """An agreement in force by which Harbour Council gives both datasets to Tidewater Homes."""
    with made.as_("priya") as visit:
        made.agreement = drafting.draft(visit, _document(made))
        version = reading.agreement(visit, made.agreement).version.id
    _signed(made, made.agreement, version, "priya", "jonas")


def close(made: Covered) -> None:
    """End it today."""
    with made.as_("priya") as visit:
        signing.close(visit, made.agreement, why="It is done.")


def take_out(made: Covered, name: str) -> None:
    """Amend it: the row of this dataset is gone."""
    with made.as_("priya") as visit:
        version = drafting.amend(visit, made.agreement, terms=False)
        shown = reading.agreement(visit, made.agreement, version=version)
        left = tuple(each for each in shown.document.schedule if each.dataset != made.datasets[name])
        document = msgspec.structs.replace(shown.document, schedule=left)
        drafting.save(visit, version, document, seen=shown.version.content_hash)
    _signed(made, made.agreement, version, "priya")


# ---- Meetings and what is kept ----


def _meet(made: Covered) -> None:
    """One that is planned, one that is being held and one that was closed, each before both organisations."""
    found = {kind: _planned(made, kind) for kind in ("planned", "held", "closed")}
    for kind in ("held", "closed"):
        with made.as_("carol") as visit:
            holding.open_meeting(visit, found[kind])
            here = {made.organisation(each): 2 for each in (HARBOUR, TIDEWATER)}
            holding.say_who_is_here(visit, found[kind], here, public=False)
            for item in meeting(visit, found[kind]).agenda:
                if item.item_id:
                    holding.show(visit, item.id)
            recording.decide(visit, found[kind], DECIDED)
    with made.as_("carol") as visit:
        closing.close(visit, found["closed"], minutes="We looked at the harbour.")
    made.meetings = found
    with made.as_("carl") as visit:
        saved.save_search(visit, "The harbour", Query(text="harbour"))
        saved.follow(visit, made.datasets["Berths"])


def _planned(made: Covered, kind: str) -> str:
    with made.as_("carol") as visit:
        draft = MeetingDraft(title=f"A table, {kind}", starts_at=EVENING + timedelta(hours=1), card_name=made.card)
        return planning.plan(visit, draft)


# ---- What ends it ----


@contextmanager
def held(made: Covered, scope: Scope, object_id: str, *, by: str, whose: str) -> Iterator[None]:
    """A pause, lifted afterwards."""
    with made.as_(by) as visit:
        placed = holds.place(
            visit, scope, object_id, organisation_id=made.organisation(whose), reason="A wrong column."
        )
    try:
        yield
    finally:
        with made.as_(by) as visit:
            holds.lift(visit, placed)


@contextmanager
def disabled(made: Covered, username: str) -> Iterator[None]:
    """An account that is closed, opened again afterwards."""
    with made.as_("ada") as visit:
        people.disable(visit, username)
    try:
        yield
    finally:
        with made.as_("ada") as visit:
            people.enable(visit, username)
        made.cookies.pop(username, None)


@contextmanager
def ended(made: Covered) -> Iterator[None]:
    """The day after the last one, and back."""
    made.turn(MIDNIGHT)
    try:
        yield
    finally:
        made.turn(made.now)


@contextmanager
def closed(made: Covered) -> Iterator[None]:
    """An agreement that is ended before its time; afterwards the same is agreed anew."""
    close(made)
    try:
        yield
    finally:
        agree(made)


@contextmanager
def amended(made: Covered) -> Iterator[None]:
    """The agreement without Moorings; afterwards the same is agreed anew."""
    take_out(made, "Moorings")
    try:
        yield
    finally:
        close(made)
        agree(made)


# ---- All of it ----


def lay(home: Path) -> Covered:
    """Everything, in a new home of this process."""
    store.use_settings(Settings(home=home))
    store.upgrade()
    made = _lay(home)
    _tell(made)
    agree(made)
    _meet(made)
    made.tells = {name: _telltales(made, name) for name in made.datasets}
    return made
