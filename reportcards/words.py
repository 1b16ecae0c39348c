"""Figures and periods in the words of a card: "6.8", "1,048", "Sep 2026", "2025/26"."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date

from reportcards.formats.periods import PeriodType

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_EACH = {
    PeriodType.DAY: ("day", "days"),
    PeriodType.WEEK: ("week", "weeks"),
    PeriodType.MONTH: ("month", "months"),
    PeriodType.QUARTER: ("quarter", "quarters"),
    PeriodType.CALENDAR_YEAR: ("year", "years"),
    PeriodType.FINANCIAL_YEAR: ("year", "years"),
    PeriodType.SCHOOL_YEAR: ("year", "years"),
    PeriodType.ACADEMIC_TERM: ("term", "terms"),
}
_TERMS = {9: "Autumn", 1: "Spring", 4: "Summer"}


def number(value: float, decimals: int) -> str:
    """A value as it is shown; minus is a real minus sign, and nothing is ever "-0"."""
    words = f"{value:,.{decimals}f}"
    if words.startswith("-") and not words.strip("-0.,"):
        words = words[1:]
    return words.replace("-", "\u2212")


def in_words(count: int) -> str:
    """Small whole numbers as words, others in digits."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else f"{count:,}"


def each(period_type: str, count: int) -> str:
    """What the periods of a series are called: "month", "months"; "periods" where they have no name."""
    one, many = _EACH.get(PeriodType(period_type), ("period", "periods"))
    return one if count == 1 else many


def period(start: date, end: date, period_type: str) -> str:
    """A period as people say it at a table."""
    match PeriodType(period_type):
        case PeriodType.DAY:
            return f"{start.day} {_month(start)} {start.year}"
        case PeriodType.WEEK:
            return f"week to {end.day} {_month(end)} {end.year}"
        case PeriodType.MONTH:
            return f"{_month(start)} {start.year}"
        case PeriodType.QUARTER if start.month % 3 == 1:
            return f"Q{start.month // 3 + 1} {start.year}"
        case PeriodType.CALENDAR_YEAR:
            return str(start.year)
        case PeriodType.FINANCIAL_YEAR | PeriodType.SCHOOL_YEAR:
            return f"{start.year}/{end.year % 100:02}"
        case PeriodType.ROLLING_YEAR:
            return f"year to {_month(end)} {end.year}"
        case PeriodType.POOLED_YEARS if (start.month, start.day) == (1, 1):
            return f"{start.year} to {end.year}"
        case PeriodType.POOLED_YEARS:
            return f"{start.year}/{(start.year + 1) % 100:02} to {end.year - 1}/{end.year % 100:02}"
        case PeriodType.ACADEMIC_TERM if start.month in _TERMS:
            return f"{_TERMS[start.month]} {start.year}"
        case _:
            return f"{start.day} {_month(start)} {start.year} to {end.day} {_month(end)} {end.year}"


def _month(day: date) -> str:
    return calendar.month_abbr[day.month]


def listed(words: Sequence[str]) -> str:
    """ "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"
