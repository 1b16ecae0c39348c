"""Read a period of time as publishers write it: years, quarters, months, weeks, days, pooled and rolling ranges.

Conventions. A financial year runs from 1 April to 31 March and a school year from 1 September to 31 August.
`2017/18` and `2017-18` are a financial year unless a hint says otherwise; `2017 - 18`, with spaces, is two calendar
years together; `FY2017` begins in 2017 and `FYE 2017` ends in it; `01/04/2017` has the day first. Twelve months named
by their months are a rolling year even from January to December, so that one series keeps one kind of period.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

FIRST_YEAR, LAST_YEAR = 1700, 2199
MONTHS = tuple(calendar.month_name)[1:]
QUARTER_MONTHS = 3
YEAR_MONTHS = 12


class PeriodType(StrEnum):
    """How long a period is and where it begins."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    CALENDAR_YEAR = "calendar_year"
    FINANCIAL_YEAR = "financial_year"
    SCHOOL_YEAR = "school_year"
    ROLLING_YEAR = "rolling_year"
    POOLED_YEARS = "pooled_years"
    """More than one whole year together."""
    ACADEMIC_TERM = "academic_term"
    RANGE = "range"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of whole days, both ends included; periods order by their start, then their end."""

    start: date
    end: date
    type: PeriodType

    @property
    def iso(self) -> str:
        """The two days as an ISO 8601 interval, which sorts as text in the order of time."""
        return f"{self.start.isoformat()}/{self.end.isoformat()}"


class PeriodUnknown(ValueError):
    """The words are not a period, or could be two; `sentence` says which."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def parse_period(text: str, *, hint: PeriodType | None = None) -> Period:
    """The period that the words name.

    The hint decides what the words leave open: SCHOOL_YEAR and FINANCIAL_YEAR say what `2017/18` is, POOLED_YEARS that
    `2017-18` is two years, MONTH that `2010-11` is November. Raises PeriodUnknown naming the words.
    """
    from reportcards.formats._period_forms import read

    words = " ".join(text.translate(_DASHES).split())
    try:
        found = read(words.lower(), hint)
    except (ValueError, OverflowError) as fault:
        said = fault.sentence if isinstance(fault, PeriodUnknown) else f"{_shown(text)} names no day that exists"
        raise PeriodUnknown(said) from None
    if found is None:
        raise PeriodUnknown(f"{_shown(text)} is not a period that can be read")
    if found.end < found.start:
        raise PeriodUnknown(f"{_shown(text)} ends before it begins")
    if not FIRST_YEAR <= found.start.year <= found.end.year <= LAST_YEAR:
        raise PeriodUnknown(f"{_shown(text)} lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return found


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | {"\u00a0": " "})


def _shown(text: str) -> str:
    return repr(text.strip()[:60]) if text.strip() else "an empty cell"


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: date, months: int) -> date:
    """The same day of a later (or earlier) month; the first of a month stays the first."""
    year, month = divmod(day.year * YEAR_MONTHS + day.month - 1 + months, YEAR_MONTHS)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_from(start: date, months: int, *, kind: PeriodType | None = None) -> Period:
    """Whole months from the first of one; the kind follows from the dates when it is not given."""
    end = add_months(start, months) - timedelta(days=1)
    return Period(start, end, kind) if kind else spanning(start, end)


def calendar_year(year: int, *, years: int = 1) -> Period:
    """One calendar year, or several together."""
    return Period(date(year, 1, 1), date(year + years - 1, 12, 31), _years(PeriodType.CALENDAR_YEAR, years))


def split_year(year: int, *, hint: PeriodType | None = None, years: int = 1) -> Period:
    """The financial year that begins in a year, or the school year where the hint says so; or several together."""
    kind = PeriodType.SCHOOL_YEAR if hint is PeriodType.SCHOOL_YEAR else PeriodType.FINANCIAL_YEAR
    start = date(year, 9 if kind is PeriodType.SCHOOL_YEAR else 4, 1)
    return months_from(start, YEAR_MONTHS * years, kind=_years(kind, years))


def _years(kind: PeriodType, years: int) -> PeriodType:
    return kind if years == 1 else PeriodType.POOLED_YEARS


_YEAR_STARTS = {
    1: PeriodType.CALENDAR_YEAR,
    4: PeriodType.FINANCIAL_YEAR,
    9: PeriodType.SCHOOL_YEAR,
}


def whole_months(start: date, end: date) -> int:
    """How many whole months lie between two days, both included; 0 when they are not whole months."""
    after = end + timedelta(days=1)
    if start.day != after.day:
        return 0
    return (after.year - start.year) * YEAR_MONTHS + after.month - start.month


def spanning(start: date, end: date) -> Period:
    """A period of the kind that its first and last day make it."""
    months = whole_months(start, end)
    kind = PeriodType.RANGE
    if start == end:
        kind = PeriodType.DAY
    elif (end - start).days == 6:
        kind = PeriodType.WEEK
    elif months == 1 and start.day == 1:
        kind = PeriodType.MONTH
    elif months == QUARTER_MONTHS and start.day == 1:
        kind = PeriodType.QUARTER
    elif months == YEAR_MONTHS:
        kind = _YEAR_STARTS.get(start.month, PeriodType.ROLLING_YEAR) if start.day == 1 else PeriodType.ROLLING_YEAR
    elif months > YEAR_MONTHS and months % YEAR_MONTHS == 0:
        kind = PeriodType.POOLED_YEARS
    return Period(start, end, kind)


def label(period: Period) -> str:
    """The period in the words of a report; `parse_period` reads them back as the same period."""
    start, end = period.start, period.end
    match period.type:
        case PeriodType.DAY:
            return start.isoformat()
        case PeriodType.MONTH:
            return f"{MONTHS[start.month - 1]} {start.year}"
        case PeriodType.QUARTER if start.month % QUARTER_MONTHS == 1:
            return f"{start.year} Q{start.month // QUARTER_MONTHS + 1}"
        case PeriodType.CALENDAR_YEAR:
            return str(start.year)
        case PeriodType.FINANCIAL_YEAR:
            return f"{start.year}/{end.year % 100:02}"
        case PeriodType.SCHOOL_YEAR:
            return f"Academic year {start.year}/{end.year % 100:02}"
        case PeriodType.ROLLING_YEAR if start.day == 1:
            return f"12 months to {MONTHS[end.month - 1]} {end.year}"
        case PeriodType.POOLED_YEARS if (start.month, start.day) == (1, 1):
            return f"{start.year} - {end.year}"
        case PeriodType.POOLED_YEARS if (start.month, start.day) == (4, 1):
            return f"{start.year}/{(start.year + 1) % 100:02} - {end.year - 1}/{end.year % 100:02}"
        case PeriodType.ACADEMIC_TERM if whole_months(start, end) == _TERM_MONTHS.get(start.month):
            year = start.year if start.month == 9 else start.year - 1
            return f"{_TERM_OF_MONTH[start.month]} term {year}/{(year + 1) % 100:02}"
        case _:
            return period.iso


_TERM_OF_MONTH = {9: "Autumn", 1: "Spring", 4: "Summer"}
_TERM_MONTHS = {9: 4, 1: 3, 4: 5}
