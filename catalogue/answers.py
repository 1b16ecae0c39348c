"""The answers of the registration form, what they must say before they are handed in, and the record they make."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from catalogue import licences
from catalogue.records import Distribution, Record
from catalogue.spectrum import Band, Placement, Stated, place
from governance import Invalid

LONGEST_LINE = 300
LONGEST_TEXT = 10_000
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


class People(StrEnum):
    """Does it hold facts about people?"""

    NO = "no"
    COUNTS = "counts"
    ROWS = "rows"

    @property
    def person_level(self) -> str:
        """The record's word. One row each counts as identifiable until somebody shows that it is not."""
        return {"no": "none", "counts": "aggregate", "rows": "identifiable"}[self.value]


FREQUENCIES: Mapping[str, str] = {
    "daily": "Daily",
    "weekly": "Weekly",
    "monthly": "Monthly",
    "quarterly": "Quarterly",
    "yearly": "Yearly",
    "irregular": "As it happens",
}
"""How often it changes: kept word -> words on screen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Six questions, and what may be added later; "" is not answered."""

    title: str = ""
    description: str = ""
    people: str = ""
    """no, counts, rows"""
    answers_for: str = ""
    """Username of the person who answers for it."""
    frequency: str = ""
    listing: str = ""
    """everyone, organisations, owner"""
    organisations: tuple[str, ...] = ()
    """Ids of those that may know of it, for the listing "organisations"."""
    approver: str = ""
    """Who decides on requests; the person who answers for it when nobody is named."""
    how_to_ask: str = ""
    usual_days: int | None = None
    """Working days in which a request is usually decided."""
    told_people: str = ""
    """What the people in the data were told about its use."""
    self_access: str = ""
    """How people see what is held about themselves."""
    legal_basis: str = ""
    sensitivity: int | None = None
    """0 to 3, as the owner judges it."""
    columns: tuple[str, ...] = ()
    row_count: int | None = None
    link: str = ""
    """Where anybody can get it; "" when it is not published."""
    licence: str = ""
    """Id in the licence registry, or the words of its terms."""
    formats: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    life_events: tuple[str, ...] = ()
    period_from: str = ""
    period_to: str = ""
    area: str = ""
    band: str = ""
    """Where the owner says it stands; "" lets the answers decide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """The person who answers for a dataset, as shown."""

    name: str = ""
    email: str = ""
    organisation: str = ""


def kept(answers: Answers) -> dict[str, Any]:
    """The answers as a draft is stored."""
    return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(answers).items()}


def answers_from(stored: Mapping[str, Any]) -> Answers:
    """The answers of a stored draft; what an older draft does not have is not answered."""
    known = {each.name for each in fields(Answers)}
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in stored.items()
    }
    return Answers(**{name: value for name, value in values.items() if name in known})


def tidied(answers: Answers) -> Answers:
    """Spaces and lengths put right; nothing is refused."""
    changes: dict[str, Any] = {}
    for each in fields(Answers):
        value = getattr(answers, each.name)
        if isinstance(value, str):
            changes[each.name] = _text(value, lines=each.name in _TEXTS)
        elif isinstance(value, tuple):
            words = (_text(word) for word in value)
            changes[each.name] = tuple(dict.fromkeys(word for word in words if word))[:500]
    return replace(answers, **changes)


_TEXTS = frozenset({"description", "how_to_ask", "told_people", "self_access", "legal_basis"})


def _text(value: str, *, lines: bool = False) -> str:
    # Lone surrogates cannot be stored or sent.
    sound = value.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")
    if lines:
        return sound.strip()[:LONGEST_TEXT]
    return " ".join(sound.split())[:LONGEST_LINE]


def check(answers: Answers, ruled: Placement) -> None:
    """Raises Invalid, naming the field, for the first answer that has to change before it is handed in."""
    for field, sentence in _QUESTIONS:
        if not getattr(answers, field):
            raise Invalid(sentence, field=field)
    if answers.people not in set(People):
        raise Invalid("Say whether it holds facts about people.", field="people")
    if answers.frequency not in FREQUENCIES:
        raise Invalid("Choose how often it changes.", field="frequency")
    _check_link(answers.link)
    _check_period(answers)
    for field, most in (("usual_days", 365), ("sensitivity", 3), ("row_count", 10**15)):
        value = getattr(answers, field)
        if value is not None and not 0 <= value <= most:
            raise Invalid(f"Give a whole number from 0 to {most:,}.", field=field)
    _check_band(answers.band, ruled)


_QUESTIONS = (
    ("title", "Give it a name that somebody from another organisation understands."),
    ("description", "Say in two sentences what is in it."),
    ("people", "Say whether it holds facts about people."),
    ("answers_for", "Choose who answers for it."),
    ("frequency", "Choose how often it changes."),
    ("listing", "Choose who may know that it exists."),
)


def _check_link(link: str) -> None:
    if not link:
        return
    try:
        parts = urlsplit(link)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.username
    except ValueError:
        fits = False
    if not fits:
        raise Invalid("Give the whole web address, beginning with https://.", field="link")


def _check_period(answers: Answers) -> None:
    for field in ("period_from", "period_to"):
        text = getattr(answers, field)
        if text and not (_DAY.fullmatch(text) and _is_day(text)):
            raise Invalid("Give a year, a month (2026-04) or a day (2026-04-01).", field=field)
    if answers.period_from and answers.period_to and answers.period_to < answers.period_from[: len(answers.period_to)]:
        raise Invalid("The period ends before it begins.", field="period_to")


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text + {4: "-01-01", 7: "-01"}.get(len(text), ""))
    except ValueError:
        return False
    return True


_SHARED = frozenset({Band.NAMED.value, Band.GROUP.value})


def _check_band(band: str, ruled: Placement) -> None:
    if not band or band == Band.CLOSED.value or band in _SHARED:
        return
    if band not in set(Band) or band == Band.UNKNOWN.value:
        raise Invalid("Choose one of the bands from closed to open.", field="band")
    if _is_more_open(Band(band), ruled.band):
        raise Invalid(
            f"The answers do not show that it is {Band(band).label.lower()}: they place it at "
            f"{ruled.band.label.lower()}. {ruled.next_step}".strip(),
            field="band",
        )


def _is_more_open(band: Band, than: Band) -> bool:
    return than is Band.UNKNOWN or band.position > than.position


def record_of(answers: Answers, *, identity: str, answering: Answering) -> Record:
    """The record that a registration stands for."""
    level = People(answers.people).person_level if answers.people in set(People) else ""
    extras = {
        "told_people": answers.told_people,
        "self_access": answers.self_access,
        "legal_basis": answers.legal_basis,
        "usual_days": "" if answers.usual_days is None else str(answers.usual_days),
        "sensitivity_level": "" if answers.sensitivity is None else str(answers.sensitivity),
    }
    return Record(
        remote_id=identity,
        identity=identity,
        title=answers.title,
        description=answers.description,
        publisher=answering.organisation,
        contact_name=answering.name,
        contact_email=answering.email,
        approver=answers.approver or answering.name,
        access_how=answers.how_to_ask,
        keywords=answers.keywords,
        themes=answers.themes,
        life_events=answers.life_events,
        licence=_licence(answers.licence),
        accrual_periodicity=answers.frequency,
        temporal_start=answers.period_from,
        temporal_end=answers.period_to,
        spatial=answers.area,
        person_level=level,
        columns=answers.columns,
        row_count=answers.row_count,
        distributions=_distributions(answers),
        extras={key: value for key, value in extras.items() if value},
    )


def _licence(stated: str) -> tuple[str, ...]:
    found = licences.licence(stated)
    return (found.id, found.url, found.title) if found else (stated,) if stated else ()


def _distributions(answers: Answers) -> tuple[Distribution, ...]:
    if not answers.link and not answers.formats:
        return ()
    return tuple(
        Distribution(title=answers.title, access_url=answers.link, format=each) for each in answers.formats or ("",)
    )


def stated_for(answers: Answers, record: Record, *, by: str, on: date) -> Stated | None:
    """What the owner states about its place; None when the rules place it by evidence.

    Without a statement a dataset that nobody outside can reach stands at closed, which is what the owner told us:
    it registers that the dataset exists and shares nothing yet.
    """
    ruled = place(record)
    if answers.band and _may_state(answers.band, ruled):
        return Stated(band=Band(answers.band), by=by, on=on, reason=_why(answers))
    if ruled.band is Band.UNKNOWN:
        return Stated(band=Band.CLOSED, by=by, on=on, reason=_why(replace(answers, band="closed")))
    return None


def _may_state(band: str, ruled: Placement) -> bool:
    try:
        _check_band(band, ruled)
    except Invalid:
        return False
    return True


def _why(answers: Answers) -> str:
    if answers.band == Band.CLOSED.value:
        if answers.people == People.ROWS:
            return "it holds one row for each person and no agreement covers it yet"
        return "it is registered here and nothing of it is shared yet"
    if answers.band in _SHARED:
        whom = "people or bodies that are named" if answers.band == Band.NAMED.value else "a stated group"
        return f"its owner shares it under agreement with {whom}"
    return "its owner says so, and the answers bear it out"
