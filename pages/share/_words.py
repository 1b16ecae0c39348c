"""The words of a registration: its states, who may know of it, what it says about people, who did what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalogue import registering
from catalogue.answers import Answers
from catalogue.registering import Registration
from catalogue.spectrum import Placement
from governance import Action, Visit, may
from governance.people import Person, organisations, people
from pages.shell import widgets as w


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One state of a registration, as word and shape."""

    word: str
    symbol: str


STATES: Mapping[str, State] = {
    registering.DRAFT: State(word="Draft", symbol="edit_note"),
    registering.SUBMITTED: State(word="Waits for a decision", symbol="hourglass_empty"),
    registering.CHANGES_ASKED: State(word="Changes asked for", symbol="reply"),
    registering.APPROVED: State(word="In the catalogue", symbol="check_circle"),
    registering.DECLINED: State(word="Declined", symbol="block"),
}
PEOPLE: Mapping[str, str] = {"no": "No", "counts": "Yes, counts only", "rows": "Yes, one row each"}
LISTINGS: Mapping[str, tuple[str, str]] = {
    "everyone": ("Everyone signed in", "They see its page, never the data"),
    "organisations": ("Named organisations", "You choose which"),
    "owner": ("Only us", "Nobody else sees even the title"),
}
"""Kept word -> the choice and what it means."""
SENSITIVITY: Mapping[int, str] = {
    0: "0: harmless to anybody",
    1: "1: for colleagues, no harm if it gets out",
    2: "2: could harm somebody",
    3: "3: could harm somebody gravely",
}
UNNAMED = "A dataset without a name yet"


def listing_words(visit: Visit, answers: Answers) -> str:
    """Who may know of it: "Named organisations: Harbour Police, Tidewater Homes"; "" when not answered."""
    word = LISTINGS[answers.listing][0] if answers.listing in LISTINGS else ""
    if answers.listing != "organisations":
        return word
    names = {each.id: each.name for each in organisations(visit)}
    return f"{word}: {', '.join(sorted(names[each] for each in answers.organisations if each in names))}"


def lines(text: str) -> w.Markup:
    """What a person wrote, with its line breaks."""
    return w.Markup("<br>").join(w.esc(line) for line in text.splitlines())


def stands(placed: Placement) -> str:
    """Why it would stand there: nobody has set it yet, so the sentence does not say who and when."""
    if placed.rule != "C1":
        return placed.sentence
    return f"{placed.band.label}, because {placed.short.rstrip('.')}."


def name_of(visit: Visit, username: str) -> str:
    """The name of a person of the viewer's organisation; the user name of somebody who has left."""
    known = {each.username: each.display for each in people(visit, organisation_id=visit.viewer.organisation_id)}
    return known.get(username, username)


def deciders(visit: Visit) -> Sequence[Person]:
    """Who of the viewer's organisation decides on registrations."""
    return [each for each in registering.who_can_answer(visit) if {"steward", "admin"} & each.roles]


def decides(visit: Visit, organisation_id: str) -> bool:
    """Whether the viewer decides on registrations of this organisation."""
    return bool(organisation_id) and may(visit, Action.DATASET_DECIDED, organisation_id=organisation_id)


def may_edit(visit: Visit, found: Registration) -> bool:
    """Whether the viewer may change its answers now."""
    is_open = found.state in (registering.DRAFT, registering.CHANGES_ASKED)
    return is_open and (found.is_mine or decides(visit, found.organisation_id))
