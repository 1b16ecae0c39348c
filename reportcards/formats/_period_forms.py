"""The ways a period is written, each a pattern and what it means; the first that fits decides."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from re import Match

from reportcards.formats.periods import (
    QUARTER_MONTHS,
    YEAR_MONTHS,
    Period,
    PeriodType,
    PeriodUnknown,
    add_months,
    calendar_year,
    month_end,
    months_from,
    spanning,
    split_year,
)

Hint = PeriodType | None
Reading = Callable[[Match[str], Hint], Period | None]

_MONTH_NUMBERS = {name.lower(): n for n, name in enumerate(calendar.month_name) if name}
_MONTH_NUMBERS |= {name[:3]: number for name, number in _MONTH_NUMBERS.items()} | {"sept": 9}
_NAME = r"(?:" + "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True)) + r")\.?"
_YEAR = r"[12]\d{3}"
_TO = r"\s*(?:-|/|\bto\b|\band\b)\s*"
_SPLIT = rf"{_YEAR}\s?[/-]\s?(?:{_YEAR}|\d\d)"
_TERMS = {"autumn": (9, 4), "spring": (1, 3), "summer": (4, 5)}
_LONGEST_POOL = 25


def read(words: str, hint: Hint) -> Period | None:
    """The period, None when no pattern fits. Raises ValueError for days that do not exist, PeriodUnknown for doubt."""
    for pattern, reading in _FORMS:
        found = pattern.fullmatch(words)
        if found and (period := reading(found, hint)) is not None:
            return period
    return None


def _month(name: str) -> int:
    return _MONTH_NUMBERS[name.rstrip(".")]


def _full_year(two: str, *, near: int = 0) -> int:
    """Four figures of a year written with two: the first at or after a near year, else in this century or the last."""
    if len(two) == 4:
        return int(two)
    if near:
        year = near - near % 100 + int(two)
        return year if year >= near else year + 100
    return 2000 + int(two) if int(two) < 70 else 1900 + int(two)


def _year(found: Match[str], hint: Hint) -> Period:
    return calendar_year(int(found["a"]))


def _years(found: Match[str], hint: Hint) -> Period | None:
    """Two years with something between: a split year when they follow each other, otherwise years together."""
    first, mark = int(found["a"]), found["mark"]
    last = _full_year(found["b"], near=first)
    gap, is_close = last - first, mark in "-/"
    if mark == "-" and len(found["b"]) == 2 and 1 <= int(found["b"]) <= YEAR_MONTHS:
        if hint is PeriodType.MONTH or (gap != 1 and hint is not PeriodType.POOLED_YEARS):
            return months_from(date(first, int(found["b"]), 1), 1)
        if hint is None:
            raise PeriodUnknown(
                f"{found[0]!r} could be the year {first}/{found['b']} or a month: say in the mapping whether the "
                "periods are financial years, school years or months"
            )
    if gap == 1 and is_close and not (mark == "-" and hint in {PeriodType.POOLED_YEARS, PeriodType.CALENDAR_YEAR}):
        return split_year(first, hint=hint)
    if mark == "/" or not 1 <= gap < _LONGEST_POOL:
        return None
    return calendar_year(first, years=gap + 1)


def _split_start(text: str) -> int:
    """The year in which a split year begins. Raises ValueError when its second half is not the next year."""
    first, last = re.split(r"[/-]", text.replace(" ", ""))
    if _full_year(last, near=int(first)) != int(first) + 1:
        raise PeriodUnknown(f"{text!r} is not one year: its second part should be {(int(first) + 1) % 100:02}")
    return int(first)


def _said_year(found: Match[str], hint: Hint) -> Period:
    """A year with its kind in words: academic year 2021/22, FY 2017, calendar year 2020."""
    said, year = found["said"].replace(" ", ""), found["a"]
    kind = PeriodType.SCHOOL_YEAR if said.startswith(("ac", "ay", "sc")) else PeriodType.FINANCIAL_YEAR
    if said.startswith("c"):
        if len(year) != 4:
            raise PeriodUnknown(f"{found[0]!r} is not one calendar year")
        return calendar_year(int(year))
    if re.fullmatch(r"\d\d[/-]\d\d", year):
        year = f"{_full_year(year[:2])}{year[2:]}"
    start = _full_year(year) if year.isdigit() else _split_start(year)
    is_ending = said.startswith("fye") or "ending" in said
    return split_year(start - 1 if is_ending and year.isdigit() else start, hint=kind)


def _pooled_split(found: Match[str], hint: Hint) -> Period | None:
    first = _split_start(found["a"])
    last_start = _full_year(re.split(r"[/-]", found["b"])[0].strip(), near=first)
    end = _full_year(re.split(r"[/-]", found["b"])[1].strip(), near=last_start)
    years = end - first
    if end != last_start + 1 or not 1 < years < _LONGEST_POOL:
        return None
    kind = PeriodType.SCHOOL_YEAR if (found["said"] or "").startswith(("ac", "sc")) else hint
    return split_year(first, hint=kind, years=years)


def _six_figures(found: Match[str], hint: Hint) -> Period | None:
    """202122 is a split year, 202103 a month, 201112 could be either."""
    year, rest = int(found["a"]), int(found["b"])
    is_split, is_month = rest == (year + 1) % 100, 1 <= rest <= YEAR_MONTHS
    if is_split and is_month and hint is None:
        raise PeriodUnknown(
            f"{found[0]!r} could be the year {year}/{rest:02} or a month: say in the mapping whether the periods are "
            "financial years, school years or months"
        )
    if is_split and hint is not PeriodType.MONTH:
        return split_year(year, hint=hint)
    return months_from(date(year, rest, 1), 1) if is_month else None


def _quarter(found: Match[str], hint: Hint) -> Period:
    """A quarter of a calendar year, or of a split year where one is written."""
    year, number = found["a"], int(found["n"])
    start = date(int(year), 1, 1) if year.isdigit() else split_year(_split_start(year), hint=hint).start
    return months_from(add_months(start, QUARTER_MONTHS * (number - 1)), QUARTER_MONTHS, kind=PeriodType.QUARTER)


def _part(months: int) -> Reading:
    def reading(found: Match[str], hint: Hint) -> Period:
        year = found["a"]
        start = date(int(year), 1, 1) if year.isdigit() else split_year(_split_start(year), hint=hint).start
        return months_from(add_months(start, months * (int(found["n"]) - 1)), months)

    return reading


def _one_month(found: Match[str], hint: Hint) -> Period:
    month = found["m"] if found["m"].isdigit() else str(_month(found["m"]))
    return months_from(date(_full_year(found["a"]), int(month), 1), 1)


def _months(found: Match[str], hint: Hint) -> Period:
    last = date(_full_year(found["b"]), _month(found["n"]), 1)
    if found["a"]:
        first = date(_full_year(found["a"]), _month(found["m"]), 1)
    else:
        first = date(last.year - (_month(found["m"]) > last.month), _month(found["m"]), 1)
    return _of_months(first, month_end(last.year, last.month))


def _of_months(first: date, last: date) -> Period:
    found = spanning(first, last)
    is_year = (last.year - first.year) * YEAR_MONTHS + last.month - first.month == YEAR_MONTHS - 1
    return Period(first, last, PeriodType.ROLLING_YEAR) if is_year else found


def _quarters(found: Match[str], hint: Hint) -> Period | None:
    """From one quarter to another, both included."""
    first, last = read(found["first"], hint), read(found["last"], hint)
    return _of_months(first.start, last.end) if first is not None and last is not None else None


def _ending(found: Match[str], hint: Hint) -> Period:
    """So many months, or a year or a quarter, up to and including a month or a day."""
    unit = found["unit"]
    months = int(found["n"] or 1)
    months *= {"year": YEAR_MONTHS, "ye": YEAR_MONTHS, "quarter": QUARTER_MONTHS}.get(unit.rstrip("s"), 1)
    if found["day"]:
        last = _day(found["day"])
        first = add_months(last + timedelta(days=1), -months)
        if last == month_end(last.year, last.month):
            first = add_months(last.replace(day=1), 1 - months)
    else:
        last = month_end(_full_year(found["a"]), _month(found["m"]))
        first = add_months(last.replace(day=1), 1 - months)
    return _of_months(first, last)


def _week(found: Match[str], hint: Hint) -> Period:
    monday = date.fromisocalendar(int(found["a"]), int(found["n"]), 1)
    return Period(monday, monday + timedelta(days=6), PeriodType.WEEK)


def _week_of_day(found: Match[str], hint: Hint) -> Period:
    day = _day(found["day"])
    first = (
        day if "c" in found["how"] or "begin" in found["how"] or "start" in found["how"] else day - timedelta(days=6)
    )
    return Period(first, first + timedelta(days=6), PeriodType.WEEK)


def _term(found: Match[str], hint: Hint) -> Period:
    name, year = found["term"], found["a"]
    # A term with one year is that of the calendar year in which it lies.
    start_year = int(year) - (name != "autumn") if year.isdigit() else _split_start(year)
    month, months = _TERMS[name]
    start = date(start_year if name == "autumn" else start_year + 1, month, 1)
    if found["also"]:
        if name != "autumn" or found["also"] != "spring":
            raise PeriodUnknown(f"{found[0]!r} is not a run of terms that can be read")
        months += _TERMS["spring"][1]
    return months_from(start, months, kind=PeriodType.ACADEMIC_TERM)


def _day(text: str) -> date:
    """One day however it is written, the day before the month. Raises ValueError when there is no such day."""
    if found := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[t ]\d\d:\d\d.*)?", text):
        return date(*(int(part) for part in found.groups()))
    if found := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)(?: 00:00(?::00)?)?", text):
        return date(_full_year(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(rf"(\d{{1,2}})(?:st|nd|rd|th)?[ -]({_NAME})[ -](\d{{4}}|\d\d)", text):
        return date(_full_year(found[3]), _month(found[2]), int(found[1]))
    if found := re.fullmatch(rf"({_NAME}) (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})", text):
        return date(int(found[3]), _month(found[1]), int(found[2]))
    raise PeriodUnknown(f"{text!r} is not a day that can be read")


_DAY = (
    r"(?:\d{4}-\d\d-\d\d(?:[t ]\d\d:\d\d[\d:.z+]*)?|\d{1,2}[/.-]\d{1,2}[/.-](?:\d{4}|\d\d)(?: 00:00(?::00)?)?"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[ -]{_NAME}[ -](?:\d{{4}}|\d\d)|{_NAME} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}})"
)


def _one_day(found: Match[str], hint: Hint) -> Period:
    day = _day(found["day"])
    return Period(day, day, PeriodType.DAY)


def _days(found: Match[str], hint: Hint) -> Period | None:
    first, last = _day(found["day"]), _day(found["last"])
    return None if last < first else spanning(first, last)


def _duration(found: Match[str], hint: Hint) -> Period:
    first, number = _day(found["day"]), int(found["n"])
    if found["unit"] in "dw":
        last = first + timedelta(days=number * (7 if found["unit"] == "w" else 1) - 1)
    else:
        last = add_months(first, number * (YEAR_MONTHS if found["unit"] == "y" else 1)) - timedelta(days=1)
    return spanning(first, last)


def _mid_year(found: Match[str], hint: Hint) -> Period:
    day = date(int(found["a"]), 6, 30)
    return Period(day, day, PeriodType.DAY)


def _eight_figures(found: Match[str], hint: Hint) -> Period:
    """Fingertips' sortable period (year, quarter, month, with 00 for none) or a day without its dashes."""
    year, middle, last = int(found["a"]), int(found["b"]), int(found["c"])
    if middle and last:
        day = date(year, middle, last)
        return Period(day, day, PeriodType.DAY)
    is_split = hint in {PeriodType.FINANCIAL_YEAR, PeriodType.SCHOOL_YEAR}
    whole = split_year(year, hint=hint) if is_split else calendar_year(year)
    if middle:
        return _numbered_quarter(whole.start, middle)
    return months_from(add_months(whole.start, last - 1), 1) if last else whole


def _numbered_quarter(start: date, number: int) -> Period:
    if not 1 <= number <= 4:
        raise PeriodUnknown(f"a year has no quarter {number}")
    return months_from(add_months(start, QUARTER_MONTHS * (number - 1)), QUARTER_MONTHS, kind=PeriodType.QUARTER)


def _form(pattern: str, reading: Reading) -> tuple[re.Pattern[str], Reading]:
    return re.compile(pattern), reading


_SAID = (
    r"(?P<said>academic years?(?: ending)?|acad(?:emic)?\.? yr|ay|school years?|financial years?(?: ending)?"
    r"|fin(?:ancial)?\.? yr|fiscal years?|fye|fy|calendar years?|cy)"
)
_Q = r"(?:q|qtr\.? ?|quarter ?)"

_QUARTER = rf"(?:(?:{_SPLIT}|{_YEAR})(?: |-|/)?{_Q}[1-4]|{_Q}[1-4](?: |-|/)?(?:{_SPLIT}|{_YEAR}))"

_FORMS = (
    _form(rf"(?:year )?(?P<a>{_YEAR})(?:\.0)?", _year),
    _form(rf"(?P<a>{_YEAR})(?P<mark>-|/| - | to |-to-| & | and | / )(?P<b>{_YEAR}|\d\d)", _years),
    _form(rf"{_SAID}[ -]?(?P<a>{_SPLIT}|{_YEAR}|\d\d[/-]\d\d)", _said_year),
    _form(rf"(?P<a>{_SPLIT}|{_YEAR}) \(?{_SAID}\)?", _said_year),
    _form(
        rf"(?:(?P<said>academic|school|financial) years? )?(?P<a>{_SPLIT}){_TO}(?P<b>(?:{_YEAR}|\d\d)[/-]\d\d)",
        _pooled_split,
    ),
    _form(rf"(?P<a>{_YEAR})(?P<b>\d\d)", _six_figures),
    _form(rf"(?P<a>{_SPLIT}|{_YEAR})(?: |-|/)?{_Q}(?P<n>[1-4])", _quarter),
    _form(rf"{_Q}(?P<n>[1-4])(?: |-|/)?(?:fy ?)?(?P<a>{_SPLIT}|{_YEAR})", _quarter),
    _form(rf"(?P<first>{_QUARTER}){_TO}(?P<last>{_QUARTER})", _quarters),
    _form(rf"(?P<n>[1-4])(?:st|nd|rd|th) quarter(?: of)? (?P<a>{_SPLIT}|{_YEAR})", _quarter),
    _form(rf"(?P<a>{_SPLIT}|{_YEAR})[ -]?[sh](?P<n>[12])", _part(6)),
    _form(rf"[sh](?P<n>[12])[ -]?(?P<a>{_SPLIT}|{_YEAR})", _part(6)),
    _form(rf"(?P<a>{_YEAR})-?t(?P<n>[123])", _part(4)),
    _form(rf"(?P<a>{_YEAR})-?a(?P<n>1)", _part(YEAR_MONTHS)),
    _form(rf"(?P<a>{_YEAR})[ -]?m(?P<m>0?[1-9]|1[0-2])", _one_month),
    _form(rf"(?P<m>{_NAME})[ ,-]*(?P<a>{_YEAR}|\d\d)", _one_month),
    _form(rf"(?P<a>{_YEAR})[ -]*(?P<m>{_NAME})", _one_month),
    _form(rf"(?P<m>0?[1-9]|1[0-2])[/.-](?P<a>{_YEAR})", _one_month),
    _form(rf"(?P<m>{_NAME})(?:[ -]?(?P<a>{_YEAR}|\d\d))?{_TO}(?P<n>{_NAME})[ -]?(?P<b>{_YEAR}|\d\d)", _months),
    _form(
        rf"(?:(?P<n>\d{{1,2}})[ -])?(?P<unit>months?|years?|ye|quarters?)(?: (?:ended|ending|to|up to))?(?: the)?"
        rf" (?:(?P<day>{_DAY})|(?P<m>{_NAME})[ -]?(?P<a>{_YEAR}|\d\d))",
        _ending,
    ),
    _form(rf"(?P<a>{_YEAR})(?:-|/| )?(?:w|week |wk )(?P<n>\d{{1,2}})", _week),
    _form(rf"(?:w|week |wk )(?P<n>\d{{1,2}})(?:,|-|/)? ?(?P<a>{_YEAR})", _week),
    _form(
        rf"(?P<how>w/e|w/c|week (?:ending|ended|to|commencing|beginning|starting)|wk ending) (?P<day>{_DAY})",
        _week_of_day,
    ),
    _form(
        rf"(?P<term>autumn|spring|summer)(?:(?: and | & )(?P<also>spring|summer))?(?: terms?)?,?"
        rf" (?P<a>{_SPLIT}|{_YEAR})",
        _term,
    ),
    _form(
        rf"(?P<a>{_SPLIT}|{_YEAR}),? (?P<term>autumn|spring|summer)"
        r"(?:(?: and | & )(?P<also>spring|summer))?(?: terms?)?",
        _term,
    ),
    _form(rf"(?:as )?(?:at |on )?(?P<day>{_DAY})", _one_day),
    _form(rf"(?P<day>{_DAY})(?: - | to |/)(?P<last>{_DAY})", _days),
    _form(rf"(?P<day>{_DAY})/p(?P<n>\d{{1,3}})(?P<unit>[ymwd])", _duration),
    _form(rf"mid[ -](?P<a>{_YEAR})", _mid_year),
    _form(rf"(?P<a>{_YEAR})(?P<b>\d\d)(?P<c>\d\d)", _eight_figures),
)
