"""Words and figures on a chart: numbers with their unit, lines that fit, text that cannot break a picture."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from functools import lru_cache

from reportcards.charts.fonts import text_width
from reportcards.report import Measurement, Point, Polarity, Target

SPACE = "\u00a0"
"""Keeps a figure and its unit on one line."""

_BEFORE = {"£", "€", "$"}
_BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}


def plain(text: str, longest: int = 2_000) -> str:
    """One line without control characters and marks that turn the direction of what follows."""
    kept = "".join(
        " " if letter in "\r\n\t\v\f\u2028\u2029" else letter
        for letter in text
        if letter in "\r\n\t\v\f\u2028\u2029"
        or (unicodedata.category(letter) not in {"Cc", "Cs", "Cn"} and ord(letter) not in _BIDI)
    )
    return re.sub(" {2,}", " ", kept).strip()[:longest]


def number(value: float, decimals: int) -> str:
    """1234.5 -> "1,234.5", with a real minus sign and no "-0"."""
    words = f"{value:,.{max(decimals, 0)}f}"
    if words.startswith("-"):
        words = words[1:] if not words.strip("-0.,") else "\u2212" + words[1:]
    return words


def figure(value: float, measurement: Measurement, *, long: bool = False) -> str:
    """The value with its unit, when the unit is short or `long` asks for it."""
    words, unit = number(value, measurement.decimals), plain(measurement.unit, 24)
    if unit in _BEFORE:
        return unit + words
    return f"{words}{SPACE}{unit}" if unit and (long or len(unit) <= 2) else words


def interval(point: Point, measurement: Measurement) -> str:
    """ "6.1 to 7.6", or "" without limits."""
    if point.lower is None or point.upper is None:
        return ""
    return f"{number(point.lower, measurement.decimals)} to {number(point.upper, measurement.decimals)}"


def target_figure(target: Target, measurement: Measurement) -> str:
    """ "4.5 %" or "4 to 6 %"."""
    levels = [level for level in (target.value, target.upper) if level is not None]
    whole = replace(measurement, decimals=0) if all(level == int(level) for level in levels) else measurement
    if target.upper is None:
        return figure(target.value, whole)
    return f"{number(target.value, whole.decimals)} to {figure(target.upper, whole)}"


def mark_of(point: Point) -> str:
    """The symbol of a figure that is not there: "[c]" for suppressed, "[x]" for not available."""
    found = re.match(r"\[[a-z]{1,2}\]", point.held)
    return found.group() if found else "[x]"


def status_words(point: Point) -> str:
    """What must be known about one observation before it is quoted."""
    words = []
    if point.value is None:
        words.append(plain(point.held) or "[x] not available")
    elif point.status == "F":
        words.append("forecast, if nothing changes")
    elif point.is_provisional:
        words.append("provisional")
    elif point.status not in {"", "A"}:
        words.append(_STATUS.get(point.status, f"status {plain(point.status, 4)}"))
    if point.rule and point.value is not None:
        words.append(plain(point.rule))
    return "; ".join(words)


_STATUS = {
    "E": "estimated",
    "B": "break in series",
    "D": "definition differs",
    "U": "low reliability",
    "N": "not significant",
    "V": "not validated",
    "I": "imputed",
}


def polarity_words(polarity: Polarity) -> str:
    """Which direction is good, or that nobody has said so."""
    if polarity is Polarity.HIGH:
        return "higher is better"
    return "lower is better" if polarity is Polarity.LOW else "higher or lower is not judged"


def shortened(text: str, room: float, size: float, *, weight: int = 400) -> str:
    """The text, or its beginning and "…", within `room` px."""
    if text_width(text, size, weight) <= room:
        return text
    kept = text
    while kept and text_width(kept + "…", size, weight) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


@lru_cache(maxsize=2_048)
def wrapped(text: str, room: float, size: float, *, weight: int = 400, most: int = 0) -> tuple[str, ...]:
    """The text in lines no wider than `room` px; a word wider than that is cut, `most` lines end in "…"."""
    lines: list[str] = []
    current = ""
    for word in text.split(" "):
        wanted = f"{current} {word}" if current else word
        if text_width(wanted, size, weight) <= room:
            current = wanted
            continue
        if current:
            lines.append(current)
        current = word
        while text_width(current, size, weight) > room and len(current) > 1:
            cut = next(
                (end for end in range(len(current) - 1, 1, -1) if text_width(current[:end], size, weight) <= room), 1
            )
            lines.append(current[:cut])
            current = current[cut:]
    if current:
        lines.append(current)
    if most and len(lines) > most:
        rest = lines[most - 1] + "…"
        lines = [*lines[: most - 1], shortened(rest, room, size, weight=weight)]
    return tuple(lines) or ("",)
