"""Read the dates that sources write; a date that cannot be told for certain is unknown, never guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

EARLIEST, LATEST = 1000, 2099
_ISO = re.compile(
    r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})"
    r"(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?\s?(Z|[+-]\d{2}:?\d{2})?)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})", re.ASCII)
_EPOCH = re.compile(r"\d{10}|\d{13}", re.ASCII)
_MONTHS = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]
_NAMED = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+)?([A-Za-z]{3,9})\.?,?\s+(?:(\d{1,2}),?\s+)?(\d{4})",
    re.ASCII,
)


def iso_date(value: Any, *, latest: int = LATEST) -> tuple[str, str]:
    """A date or date-time in ISO 8601, as precise as given ("2015", "2016-05"), and "" or what is wrong."""
    if value is None or value == "":
        return "", ""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return "", "not a date"
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
    if not text:
        return "", ""
    if len(text) > 60:
        return "", "not a date"
    try:
        found = _read(text)
    except (ValueError, OverflowError, OSError):
        return "", "no such day or time"
    if not found:
        return "", "not a date" if not _SLASHED.fullmatch(text) else "day and month cannot be told apart"
    if not EARLIEST <= int(found[:4]) <= latest:
        return "", f"the year is not between {EARLIEST} and {latest}"
    return found, ""


def _read(text: str) -> str:
    if match := _ISO.fullmatch(text):
        return _iso(match)
    if match := _COMPACT.fullmatch(text) or _YEAR_FIRST.fullmatch(text):
        return date(*map(int, match.groups())).isoformat()
    if match := _SLASHED.fullmatch(text):
        first, second, year = map(int, match.groups())
        if first > 12 >= second:
            return date(year, second, first).isoformat()
        if second > 12 >= first:
            return date(year, first, second).isoformat()
        return date(year, first, second).isoformat() if first == second else ""
    if _EPOCH.fullmatch(text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if match := _NAMED.fullmatch(text):
        return _named(match)
    if "," in text and ":" in text:
        return parsedate_to_datetime(text).isoformat().replace("+00:00", "Z")
    return ""


def _iso(match: re.Match[str]) -> str:
    year, month, day, hour, minute, second, zone = match.groups()
    if month is None:
        return str(year)
    checked = date(int(year), int(month), int(day or 1))
    if day is None:
        return checked.strftime("%Y-%m") if int(year) >= 1000 else f"{year}-{int(month):02d}"
    if hour is None:
        return checked.isoformat()
    if zone and zone not in "Zz" and int(zone[1:3]) > 14:
        raise ValueError(zone)
    datetime(
        checked.year,
        checked.month,
        checked.day,
        int(hour),
        int(minute),
        int(second or 0),
    )
    zone = "" if zone is None else "Z" if zone in "Zz" else zone if ":" in zone else f"{zone[:3]}:{zone[3:]}"
    return f"{checked.isoformat()}T{hour}:{minute}:{second or '00'}{zone}"


def _named(match: re.Match[str]) -> str:
    before, name, after, year = match.groups()
    full = [month for month in _MONTHS if month.startswith(name.lower())]
    if len(full) != 1 or (before and after):
        return ""
    number, day = _MONTHS.index(full[0]) + 1, before or after
    return date(int(year), number, int(day)).isoformat() if day else f"{year}-{number:02d}"
