"""What the periods of a file mean together: the same words are a month here and a year there.

A column of days is read by its rhythm and its heading: first days of consecutive months are months, last days of
every third month are quarters, Fridays a week apart are weeks that end on them. Where nothing says so, a day is a day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

from reportcards.formats.periods import (
    QUARTER_MONTHS,
    YEAR_MONTHS,
    Period,
    PeriodType,
    PeriodUnknown,
    add_months,
    month_end,
    parse_period,
    spanning,
)

_SCHOOL = re.compile(
    r"\bschools?\b|\bacademic\b|\bpupils?\b|key stage|\bks[1245]\b|\bgcses?\b|\ba[- ]levels?\b|attainment 8|progress 8"
    r"|foundation stage|\beyfs|\bgld\b|\breception\b|\byear (?:6|1|r)\b|\bphonics\b|\bexclusions?\b|\bsuspensions?\b"
    r"|5 year olds|\bapprentice|persistent absen|further education",
    re.I,
)
_FINANCIAL = re.compile(r"\bfinancial[ _]year|\bfiscal|\bfin[ _]?yr\b", re.I)
_ROLLING = re.compile(r"\bannual|12[- ]months?|\brolling|\byear ending|year_ending|\byearly", re.I)
_DAY_WORDS = (
    (re.compile(r"year_?(?:ending|end)\b|\by_?e\b"), PeriodType.ROLLING_YEAR),
    (re.compile(r"week_?(?:ending|end)|\bw_?e\b"), PeriodType.WEEK),
    (re.compile(r"week"), PeriodType.WEEK),
    (re.compile(r"quarter|qtr"), PeriodType.QUARTER),
    (re.compile(r"month"), PeriodType.MONTH),
    (re.compile(r"year|\byr\b"), PeriodType.CALENDAR_YEAR),
)
_MONTHS_OF = {PeriodType.MONTH: 1, PeriodType.QUARTER: QUARTER_MONTHS}
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Times:
    """The distinct periods of one indicator, read together."""

    periods: Mapping[str, Period] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


def year_hint(words: str) -> PeriodType | None:
    """What a year like 2017/18 stands for, by the words around it; None when they do not say."""
    if _FINANCIAL.search(words):
        return PeriodType.FINANCIAL_YEAR
    return PeriodType.SCHOOL_YEAR if _SCHOOL.search(words) else None


def together(texts: Iterable[str], *, words: str, heading: str, stated: PeriodType | None = None) -> Times:
    """Read the distinct periods of one indicator; `words` are its name and measure, `stated` what a person said."""
    distinct = sorted(set(texts))
    hint = stated or _two_figures(distinct)
    if hint is None or (stated is None and hint is PeriodType.FINANCIAL_YEAR):
        hint = year_hint(words) or hint
    found: dict[str, Period] = {}
    problems: dict[str, str] = {}
    for text in distinct:
        try:
            found[text] = parse_period(text, hint=hint)
        except PeriodUnknown as unknown:
            problems[text] = unknown.sentence
    if found and not problems and all(period.type is PeriodType.DAY for period in found.values()):
        found = _days(found, words=words, heading=heading, stated=stated)
    return Times(found, problems)


def _two_figures(texts: list[str]) -> PeriodType | None:
    """What `2010-11` is among the others: a month beside 2010-06, a year beside 2012-13."""
    pairs = [(int(text[:4]), int(text[5:])) for text in texts if re.fullmatch(r"\d{4}-\d\d", text)]
    if not pairs:
        return None
    follows = [last == (first + 1) % 100 for first, last in pairs]
    if any(last > YEAR_MONTHS or last == 0 for _, last in pairs):
        return PeriodType.FINANCIAL_YEAR if all(follows) else PeriodType.POOLED_YEARS
    if not all(follows):
        return PeriodType.MONTH
    # Years one after another would be thirteen months apart: nobody publishes so.
    return PeriodType.FINANCIAL_YEAR if len(pairs) > 1 else None


def _days(found: Mapping[str, Period], *, words: str, heading: str, stated: PeriodType | None) -> dict[str, Period]:
    days = sorted({period.start for period in found.values()})
    kind = stated or next((kind for pattern, kind in _DAY_WORDS if pattern.search(heading.lower())), None)
    ends, meant = _rhythm(days, kind, is_annual=_ROLLING.search(f"{words} {heading}") is not None)
    return {text: _around(period.start, meant, ends=ends) for text, period in found.items()}


def _rhythm(days: list[date], kind: PeriodType | None, *, is_annual: bool) -> tuple[bool, PeriodType]:
    """Whether the days end what they stand for, and what that is."""
    first_days = all(day.day == 1 for day in days)
    last_days = all(day == month_end(day.year, day.month) for day in days)
    if kind is PeriodType.WEEK or (kind is None and _is_weekly(days)):
        weekday = days[0].weekday()
        if all(day.weekday() == weekday for day in days) and (weekday == 0 or weekday >= _FRIDAY):
            return weekday != 0, PeriodType.WEEK
        return False, PeriodType.DAY
    if not (first_days or last_days):
        return False, PeriodType.DAY
    if kind is PeriodType.CALENDAR_YEAR and all(day.month == (1 if first_days else YEAR_MONTHS) for day in days):
        return last_days, PeriodType.CALENDAR_YEAR
    apart = {(b.year - a.year) * YEAR_MONTHS + b.month - a.month for a, b in pairwise(days)}
    if kind in {PeriodType.MONTH, PeriodType.QUARTER, PeriodType.ROLLING_YEAR, PeriodType.FINANCIAL_YEAR}:
        return last_days, kind
    if kind is not None or not apart or min(apart) not in {1, QUARTER_MONTHS} or any(gap % min(apart) for gap in apart):
        return False, PeriodType.DAY
    if is_annual and last_days:
        return True, PeriodType.ROLLING_YEAR
    return last_days, PeriodType.MONTH if min(apart) == 1 else PeriodType.QUARTER


def _is_weekly(days: list[date]) -> bool:
    gaps = [(b - a).days for a, b in pairwise(days)]
    return len(gaps) > 1 and min(gaps) == 7 and not any(gap % 7 for gap in gaps)


def _around(day: date, kind: PeriodType, *, ends: bool) -> Period:
    if kind is PeriodType.DAY:
        return Period(day, day, kind)
    if kind is PeriodType.WEEK:
        start = day - timedelta(days=6) if ends else day
        return Period(start, start + timedelta(days=6), kind)
    months = _MONTHS_OF.get(kind, YEAR_MONTHS)
    start = add_months(day.replace(day=1), 1 - months) if ends else day
    end = day if ends else add_months(start, months) - timedelta(days=1)
    return Period(start, end, kind) if kind is not PeriodType.FINANCIAL_YEAR else spanning(start, end)
