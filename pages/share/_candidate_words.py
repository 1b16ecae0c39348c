"""The words of candidates: bands, comfort, barriers, how likely and how bad, answers."""

from __future__ import annotations

from collections.abc import Mapping

from governance import Visit
from governance.people import people
from sharing.candidates import Entry
from sharing.questions import Answer
from sharing.ranking import WORDS_OF_COMFORT, Band, Barrier, Comfort

BANDS: Mapping[Band, tuple[str, str]] = {
    Band.START: ("Start here", "Little risk, nothing that says stop, and the owner is ready."),
    Band.NEXT: ("Next", "Some risk, or an owner who has not said that it is ready: talk first."),
    Band.CARE: ("With care", "High risk, a stop sign, or too much that nobody has answered yet."),
}
"""Band -> its name and what it means."""
COMFORT: Mapping[Comfort, str] = WORDS_OF_COMFORT
BARRIERS: Mapping[Barrier, tuple[str, str]] = {
    Barrier.AVAILABILITY: ("Not there, or not now", "event_busy"),
    Barrier.FORMAT: ("The format", "description"),
    Barrier.TECHNOLOGY: ("The system it is kept in", "dns"),
    Barrier.APPROVER: ("Nobody named who can say yes", "person_off"),
    Barrier.COST: ("Cost, staff time, other priorities", "payments"),
    Barrier.CULTURE: ("How we are used to working", "groups"),
    Barrier.LAW: ("Unsure of the law", "gavel"),
    Barrier.SECURITY: ("Security", "lock"),
}
"""Barrier -> its words and its icon."""
ANSWERS: Mapping[Answer, tuple[str, str]] = {
    Answer.YES: ("Yes", "check_circle"),
    Answer.NO: ("No", "cancel"),
    Answer.UNCERTAIN: ("Uncertain", "help"),
}
LIKELY: Mapping[int, str] = {1: "Hardly", 2: "It may happen", 3: "Likely"}
BAD: Mapping[int, str] = {1: "A nuisance", 2: "Bad", 3: "Very bad"}


def name(band: Band) -> str:
    """ "A, start here"."""
    return f"{band.value}, {BANDS[band][0].lower()}"


def fears(entry: Entry) -> str:
    """How many concerns are open: "2 open concerns", "No open concern"."""
    if not entry.concerns:
        return "No open concern"
    return "1 open concern" if entry.concerns == 1 else f"{entry.concerns:,} open concerns"


def person(visit: Visit, username: str) -> str:
    """Their name; the user name of somebody who has left."""
    return next((each.display for each in people(visit) if each.username == username), username)
