"""Periods of the made-up series: whole ones that end before the day of `init`, so that the demo is never stale."""

from __future__ import annotations

from datetime import date, timedelta

MONTHS = {"month": 1, "quarter": 3, "school-year": 12, "financial-year": 12, "two-years": 24}
"""How far apart the periods of a series are, by how often it comes."""
_LONG = {"two-years": 12}
"""How long a period is where it is not as long as they are apart: a survey of a year, every second year."""
_FIRST_MONTH = {"school-year": 9, "financial-year": 4}
"""The month a year begins with; January for all others."""


def periods(every: str, count: int, *, until: date) -> list[tuple[date, date]]:
    """The first and last days of the newest `count` periods that have ended by `until`, the oldest first."""
    apart, long = MONTHS[every], _LONG.get(every, MONTHS[every])
    begins = _FIRST_MONTH.get(every, 1) - 1
    after = (until + timedelta(days=1)).replace(day=1)
    end = _number(after) - (_number(after) - begins) % min(apart, 12)
    found = [(end - apart * back - long, end - apart * back) for back in range(count)]
    return [(_first(start), _first(stop) - timedelta(days=1)) for start, stop in reversed(found)]


def _number(day: date) -> int:
    """Months since the year 0."""
    return day.year * 12 + day.month - 1


def _first(months: int) -> date:
    return date(months // 12, months % 12 + 1, 1)
