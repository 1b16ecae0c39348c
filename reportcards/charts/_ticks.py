"""Which periods are written under a chart, in the words the publisher's readers use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from reportcards.charts._template import WIDTHS
from reportcards.charts._words import plain
from reportcards.charts.fonts import text_width
from reportcards.report import Point

_STEPS = (1, 2, 3, 4, 6, 12, 24, 36, 60, 120, 240, 480)
"""Months (or periods, where they are not months) between two that are written: January stays January."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticks:
    """Tick places for each of `WIDTHS`, and what is written at each."""

    tiers: list[list[int]]
    words: dict[str, str]


def period_ticks(points: Sequence[Point], size: float, *, width: float | None, column: float) -> Ticks:
    """As many periods as fit without touching, evenly spaced."""
    rooms = plot_rooms(width, column)
    words = {point.start.toordinal(): plain(point.period, 24) for point in points}
    places = sorted(words)
    tiers = [_chosen(places, points, words, size=size, room=room) for room in rooms]
    written = {place for tier in tiers for place in tier}
    return Ticks(tiers=tiers, words={str(place): words[place] for place in sorted(written)})


def plot_rooms(width: float | None, column: float) -> tuple[float, ...]:
    """What is left for the plot itself in px, for each of `WIDTHS`; the same each time when the width is known."""
    if width:
        return (max(width - column - 70, 60.0),) * len(WIDTHS)
    return tuple(max(step - column - 12, 60.0) for step in WIDTHS)


def _chosen(
    places: list[int], points: Sequence[Point], words: dict[int, str], *, size: float, room: float
) -> list[int]:
    if len(places) < 2:
        return places
    months = {point.start.toordinal(): point.start.year * 12 + point.start.month - 1 for point in points}
    by_month = all(point.start.day == 1 for point in points) and 27 < (places[-1] - places[0]) / (len(places) - 1) < 200
    for step in _STEPS:
        if by_month:
            kept = [place for place in places if months[place] % step == 0]
        else:
            kept = [place for index, place in enumerate(reversed(places)) if index % step == 0][::-1]
        if len(kept) >= 2 and _fit(kept, places, words, size=size, room=room):
            return kept
    return (
        [places[0], places[-1]] if _fit([places[0], places[-1]], places, words, size=size, room=room) else [places[-1]]
    )


def _fit(kept: list[int], places: list[int], words: dict[int, str], *, size: float, room: float) -> bool:
    span = places[-1] - places[0]
    edges = [((place - places[0]) / span * room, text_width(words[place], size)) for place in kept]
    return all(a[0] + a[1] / 2 + size <= b[0] - b[1] / 2 for a, b in pairwise(edges))
