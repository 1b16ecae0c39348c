"""Whether a dataset is as fresh as its source promises, in words.

A stated update frequency in any spelling (EU frequency table, ISO 8601 and ISO 19115, Dublin Core, SDMX, plain
words in seven languages) becomes a period. A dataset is due when its period has passed and late when a grace has
passed too: a day for daily data, a week for weekly, two for monthly, a month for quarterly, two for yearly.
Source: the freshness rule of the Humanitarian Data Exchange, with its first grace.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

from catalogue.access import words_of


class State(StrEnum):
    """How fresh a dataset is; the words people see and the facet counts."""

    FRESH = "fresh"
    DUE = "due"
    LATE = "late"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The word on the facet."""
        return {"fresh": "Up to date", "due": "Due", "late": "Late", "unknown": "Not stated"}[self.value]


class Rhythm(StrEnum):
    """What kind of promise an update frequency is."""

    REGULAR = "regular"
    CONTINUOUS = "continuous"
    AS_NEEDED = "as needed"
    NEVER = "never"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """An update frequency, read."""

    rhythm: Rhythm
    days: float | None = None
    """Days between updates, None when there is no such number."""
    words: str = ""
    """As shown: "weekly", "every 2 years", "" when not stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How fresh a dataset is, and the sentence that says so."""

    state: State
    words: str
    """In a row of results: "9 days late"."""
    detail: str
    """On the dataset's page: "Weekly. Last updated 5 November 2026."."""
    due_on: date | None = None
    days_late: int = 0


_UNKNOWN = Period(rhythm=Rhythm.UNKNOWN)
_NEVER = Period(rhythm=Rhythm.NEVER, words="not updated any more")
_AS_NEEDED = Period(rhythm=Rhythm.AS_NEEDED, words="updated as needed")
_CONTINUOUS = Period(rhythm=Rhythm.CONTINUOUS, days=1, words="updated continuously")

_DURATION = re.compile(
    r"^r?\d*/?p(?:(?P<y>[\d.]+)y)?(?:(?P<m>[\d.]+)m)?(?:(?P<w>[\d.]+)w)?(?:(?P<d>[\d.]+)d)?"
    r"(?P<t>t(?:(?P<h>[\d.]+)h)?(?:(?P<i>[\d.]+)m)?(?:(?P<s>[\d.]+)s)?)?$"
)
_UNITS = {"minute": 1 / 1440, "hour": 1 / 24, "day": 1, "week": 7, "month": 30.4, "quarter": 91.3, "year": 365.25}
_NUMBERS = {"other": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "ten": 10}
_EVERY = re.compile(
    r"\b(?:every|each|once (?:in )?(?:a|an|every|per)|per) (?:(\d+|other|two|three|four|five|six|seven|eight|ten) )?"
    r"(minute|hour|day|week|month|quarter|year)s?\b"
)
_TIMES = re.compile(
    r"\b(once|twice|two|three|four|six|\d+)(?: times)? (?:a|an|per|each|every) (hour|day|week|month|quarter|year)\b"
)


@dataclass(frozen=True, slots=True)
class _Table:
    spellings: Mapping[str, Period]
    regular: tuple[Period, ...]


@cache
def _table() -> _Table:
    data = tomllib.loads(Path(__file__).with_name("frequencies.toml").read_text(encoding="utf-8"))
    spellings: dict[str, Period] = {}
    regular: list[Period] = []
    for entry in data["regular"]:
        period = Period(rhythm=Rhythm.REGULAR, days=entry["days"], words=entry["words"])
        regular.append(period)
        spellings |= dict.fromkeys((words_of(period.words), *entry["spellings"]), period)
    for name, period in (("never", _NEVER), ("as_needed", _AS_NEEDED), ("continuous", _CONTINUOUS)):
        spellings |= dict.fromkeys(data[name], period)
    return _Table(spellings, tuple(regular))


@lru_cache(maxsize=4_000)
def read_period(stated: str) -> Period:
    """The period an update frequency means, in whatever vocabulary or language it is written."""
    text = stated.strip()[:200]
    if text in ("-1", "-2"):  # the Humanitarian Data Exchange's numbers for "never" and "as needed"
        return _NEVER if text == "-1" else _AS_NEEDED
    if duration := _DURATION.match(text.casefold().replace(" ", "")):
        return _of_duration(duration)
    if text.casefold().startswith(("http://", "https://")):
        text = re.split(r"[/#=]", text.rstrip("/"))[-1].removeprefix("freq-")
    known = _table().spellings
    whole, apart = words_of(text), words_of(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text))
    return known.get(whole) or known.get(apart) or _of_sentence(whole)


def _of_duration(duration: re.Match[str]) -> Period:
    sizes = {"y": 365.25, "m": 30.4, "w": 7.0, "d": 1.0, "h": 1 / 24, "i": 1 / 1440, "s": 1 / 86400}
    try:
        days = sum(float(duration[name]) * size for name, size in sizes.items() if duration[name])
    except ValueError:
        return _UNKNOWN
    if days == 0:
        return _UNKNOWN
    return _CONTINUOUS if days < 1 / 24 else _named(days)


def _named(days: float) -> Period:
    """A number of days under its everyday name, when it has one."""
    for known in _table().regular:
        if known.days and abs(days - known.days) <= known.days * 0.04:
            return known
    for unit, size in (("year", 365.25), ("month", 30.4), ("week", 7.0), ("day", 1.0), ("hour", 1 / 24)):
        count = round(days / size)
        if count and abs(days - count * size) <= size * 0.1:
            return Period(rhythm=Rhythm.REGULAR, days=days, words=f"every {count} {unit}{'s' if count > 1 else ''}")
    return Period(rhythm=Rhythm.REGULAR, days=days, words=f"every {max(1, round(days))} days")


def _of_sentence(key: str) -> Period:
    if times := _TIMES.search(key):
        count = {"once": 1, "twice": 2, **_NUMBERS}.get(times[1]) or int(times[1])
        return _named(_UNITS[times[2]] / count) if count else _UNKNOWN
    if every := _EVERY.search(key):
        number = every[1] or "1"
        count = _NUMBERS.get(number) or int(number)
        return _named(_UNITS[every[2]] * count) if count else _UNKNOWN
    words = key.split()
    found = {period for word in words[:8] if len(word) > 3 and (period := _table().spellings.get(word))}
    return found.pop() if len(found) == 1 else _UNKNOWN


def grace(period_days: float) -> int:
    """Days after the due date before a dataset counts as late."""
    for longest, days in ((1.5, 1), (15, 7), (31, 14), (200, 30)):
        if period_days <= longest:
            return days
    return 60


def freshness(
    modified: str,
    accrual_periodicity: str,
    *,
    today: date,
    reviewed_on: date | None = None,
    stale_after_days: int | None = None,
) -> Freshness:
    """How fresh a dataset is on a day; a review counts as an update, an owner's own limit replaces the grace."""
    period, update = read_period(accrual_periodicity), _day_of(modified, today)
    if reviewed_on and (update is None or reviewed_on > update.on):
        update = _Update(reviewed_on, _long(reviewed_on), _short(reviewed_on))
    detail = _detail(period, update)
    if update is None:
        return Freshness(state=State.UNKNOWN, words="Update date not stated", detail=detail)
    if update.on > today:
        detail += " That day has not come yet, so freshness cannot be told."
        return Freshness(state=State.UNKNOWN, words="Update date lies ahead", detail=detail)
    if stale_after_days:
        period = replace(period, days=float(stale_after_days))
    if period.days is None:
        ended = period.rhythm is Rhythm.NEVER
        words = "No more updates planned" if ended else f"Updated {update.short}"
        return Freshness(state=State.FRESH if ended else State.UNKNOWN, words=words, detail=detail)
    due_on = update.on + timedelta(days=max(1, round(period.days)))
    state, words = _against(period, update, (today - due_on).days, own_limit=bool(stale_after_days))
    return Freshness(state=state, words=words, detail=detail, due_on=due_on, days_late=max(0, (today - due_on).days))


@dataclass(frozen=True, slots=True)
class _Update:
    on: date
    long: str
    short: str


def _against(period: Period, update: _Update, over: int, *, own_limit: bool) -> tuple[State, str]:
    """The state and its words, `over` days after the due date."""
    continuous = period.rhythm is Rhythm.CONTINUOUS and not own_limit
    slack = 0 if own_limit else 30 if continuous else grace(period.days or 0)
    if over <= 0:
        return State.FRESH, f"Updated {update.short}"
    if over <= slack:
        return State.DUE, f"Due for {_span(over)}"
    return State.LATE, f"No update for {_span(over)}" if continuous else f"{_span(over)} late"


def _detail(period: Period, update: _Update | None) -> str:
    often = period.words or "how often it is updated is not stated"
    last = f"Last updated {update.long}." if update else "When it was last updated is not stated."
    return f"{often[0].upper()}{often[1:]}. {last}"


def _span(days: int) -> str:
    size, unit = next(((size, unit) for size, unit in ((365, "year"), (30, "month")) if days >= 2 * size), (1, "day"))
    return f"{days // size} {unit}{'' if days // size == 1 else 's'}"


@lru_cache(maxsize=10_000)
def _long(when: date) -> str:
    return f"{when.day} {when:%B %Y}"


@lru_cache(maxsize=10_000)
def _short(when: date) -> str:
    return f"{when.day} {when:%b %Y}"


def _day_of(stated: str, today: date) -> _Update | None:
    """The day of an ISO date or date-time; of a bare month or year its last day so far, shown as it is stated."""
    parts = re.match(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:[Tt ].*)?)?)?$", stated.strip())
    if not parts:
        return None
    year, month = int(parts[1]), int(parts[2] or 12)
    try:
        if parts[3]:
            day = date(year, month, int(parts[3]))
            return _Update(day, _long(day), _short(day))
        first = date(year, int(parts[2] or 1), 1)
        last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    except ValueError:
        return None
    day = min(last, today) if first <= today else last
    return _Update(day, f"{last:%B %Y}" if parts[2] else parts[1], f"{last:%b %Y}" if parts[2] else parts[1])
