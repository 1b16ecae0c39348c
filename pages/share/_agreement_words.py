"""The words of an agreement: what may be done, how closely, by whom, in which state it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from governance.access import Detail, PartyRole, Use
from pages.shell import widgets as w

USES: Mapping[Use, str] = {
    Use.VIEW: "Look at it",
    Use.PRESENT: "Show it in a meeting",
    Use.RETAIN: "Keep it in the minutes",
    Use.DOWNLOAD: "Download it",
    Use.LINK: "Link it with other data",
    Use.PUBLISH: "Publish it",
}
DETAILS: Mapping[Detail, str] = {
    Detail.METADATA: "Only that it exists",
    Detail.AGGREGATE: "Counts",
    Detail.ROWS: "Single rows",
}
ROLES: Mapping[PartyRole, str] = {
    PartyRole.BOTH: "Gives and receives",
    PartyRole.GIVES: "Gives data",
    PartyRole.RECEIVES: "Receives data",
    PartyRole.HOSTS: "Keeps the data, and neither gives nor receives",
}
PEOPLE: Mapping[str, str] = {
    "none": "No",
    "aggregate": "Counts of people",
    "de-identified": "Rows without names",
    "identifiable": "Rows that point to people",
}
KINDS: Mapping[str, str] = {
    "standard": "Standard",
    "pilot": "Pilot: to try it out",
    "emergency": "Emergency: 30 days at most",
}
ADVICE: tuple[str, ...] = ("Sought", "Not needed", "Pending")
PARTS: tuple[str, ...] = ("Who", "Purpose", "How and in what format", "Access and use", "Privacy")
"""The five parts in their order."""
NOT_SAID = "Nobody has said yet."
NOT_WRITTEN = "Not written yet."


def listed(words: Iterable[str], *, last: str = "and") -> str:
    """Words in a row: "A, B and C"."""
    every = [each for each in words if each]
    return f" {last} ".join([", ".join(every[:-1]), every[-1]]) if len(every) > 1 else "".join(every)


def used_for(uses: Sequence[Use]) -> str:
    """The uses in one phrase: "Look at it, show it in a meeting"."""
    words = ", ".join(USES[each].lower() for each in Use if each in uses)
    return words[:1].upper() + words[1:]


def days_left(last: date, today: date) -> str:
    """How long it is from today to the last day, which is included: "in 40 days", "today", "3 days ago"."""
    days = (last - today).days
    if not days:
        return "today"
    return f"in {w.count(days, 'day')}" if days > 0 else f"{w.count(-days, 'day')} ago"


def question(asked: str) -> w.Markup:
    """What a question of several widgets is called; of one widget its own label says it."""
    return w.Markup("<p>{}</p>").format(w.strong(asked))


def lines(text: str, otherwise: str = "") -> w.Markup:
    """What a person wrote, with its line breaks; `otherwise`, quietly, when they wrote nothing."""
    if not text.strip():
        return w.muted(otherwise)
    return w.Markup("<br>").join(w.esc(line) for line in text.strip().splitlines())
