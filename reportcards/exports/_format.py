"""What a format is, and what every file is made safe by before it is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any, TypeVar

from reportcards.charts._words import plain
from reportcards.report import Definition, Measurement, Point, ReportCard, Story

V = TypeVar("V")


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One kind of file that a whole card can be taken away as."""

    name: str
    """Short name in commands: "pdf"."""
    suffix: str
    """Of the file's name, with the dot."""
    media_type: str
    title: str
    """What people choose: "PDF for reading and printing"."""
    draw: Callable[[ReportCard], bytes]
    """Writes a card that `ready` has been over."""

    def write(self, card: ReportCard) -> bytes:
        """The file. The same card gives the same bytes.

        Raises:
            FontMissing: a typeface is not installed.
        """
        return self.draw(ready(card))

    def file_name(self, card: ReportCard) -> str:
        """ "children-and-young-people-2026-11-21.pdf"."""
        stem = re.sub(r"[^a-z0-9]+", "-", card.name.lower()).strip("-")[:60] or "report-card"
        return f"{stem}-{card.as_of:%Y-%m-%d}{self.suffix}"


def ready(card: ReportCard) -> ReportCard:
    """The card without anything that may not leave: figures behind what is held or suppressed, control characters."""
    return mapped(replace(card, items=tuple(_shown(item) for item in card.items)), _clean)


def mapped(value: V, change: Callable[[str], str]) -> V:
    """The same value with every text in it changed."""
    return _mapped(value, change)  # type: ignore[no-any-return]


def _mapped(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str) and not isinstance(value, Enum):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_mapped(one, change) for one in value)
    if isinstance(value, Mapping):
        return {key: _mapped(one, change) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        if isinstance(value, Point):
            return replace(value, period=change(value.period), held=change(value.held), rule=change(value.rule))
        found = {field.name: _mapped(getattr(value, field.name), change) for field in fields(value)}
        return type(value)(**found)
    return value


def _clean(text: str) -> str:
    return "\n".join(plain(line, 20_000) for line in text.split("\n")) if "\n" in text else plain(text, 20_000)


def _shown(item: Measurement) -> Measurement:
    """Nothing but its name and the reason when it is held; no limits or counts round a hidden value."""
    if item.held is not None:
        return Measurement(
            item=item.item,
            indicator=item.indicator,
            name=item.name,
            unit="",
            decimals=0,
            polarity=item.polarity,
            comparison=item.comparison,
            held=item.held,
            story=Story(),
            definition=Definition(),
        )
    latest = _covered(item.latest) if item.latest is not None else None
    return replace(
        item,
        latest=latest,
        series=replace(item.series, points=tuple(map(_covered, item.series.points))) if item.series else None,
        groups=tuple(replace(one, points=tuple(map(_covered, one.points))) for one in item.groups),
        areas=tuple(replace(one, points=tuple(map(_covered, one.points))) for one in item.areas),
    )


def _covered(point: Point) -> Point:
    if point.value is not None:
        return point
    return replace(point, lower=None, upper=None, count=None, denominator=None, was=None, signal=None, rule="")
