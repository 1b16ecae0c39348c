"""Annotations: a rule where something happened, and its words beside it, one above the other when they are near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportcards.charts._look import Scale
from reportcards.charts._template import lengths
from reportcards.charts._words import plain, shortened
from reportcards.charts.fonts import text_width
from reportcards.report import Annotation, Measurement


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    at: float
    """Share of the plot's width."""
    start: float
    end: float
    line: int


def event_rows(
    measurement: Measurement, scale: Scale, *, domain: tuple[int, int], rooms: Sequence[float], below: float = 0
) -> tuple[list[dict[str, object]], float]:
    """The rows, and the room in px that their words need above the plot; `rooms` are widths of the plot in px,
    `below` what stands above the words."""
    first, last = domain
    inside = [one for one in measurement.annotations if first <= one.on.toordinal() <= last]
    placed: list[_Placed] = []
    rows: list[dict[str, object]] = []
    step = scale.label * 1.4
    for one in _outside_in(inside, first, last):
        share = (one.on.toordinal() - first) / (last - first)
        to_left = share > 0.5
        free = share if to_left else 1 - share
        texts = [shortened(plain(one.text, 200), max(free * room - 10, 40), scale.label) for room in rooms]
        reach = max((text_width(text, scale.label) + 12) / room for text, room in zip(texts, rooms, strict=True))
        start, end = (share - reach, share) if to_left else (share, share + reach)
        line = _free_line(placed, at=share, start=start, end=end)
        placed.append(_Placed(at=share, start=start, end=end, line=line))
        rows.append(
            {
                "x": one.on.toordinal(),
                "px": below + line * step + scale.label * 0.6,
                "align": "right" if to_left else "left",
                "dx": -6 if to_left else 6,
                **lengths(texts),
            }
        )
    return rows, (max((one.line for one in placed), default=-1) + 1) * step


def _outside_in(notes: Sequence[Annotation], first: int, last: int) -> list[Annotation]:
    """From both ends to the middle: words point inwards, over the rules that come later and start lower."""
    middle = (first + last) / 2
    return sorted(notes, key=lambda note: (-abs(note.on.toordinal() - middle), note.on, note.text))


def _free_line(placed: Sequence[_Placed], *, at: float, start: float, end: float) -> int:
    """The highest line where the words touch no other words and no rule, and the rule crosses no words."""
    line = 0
    while any(
        (one.line == line and start < one.end and one.start < end)
        or (one.line <= line and start < one.at < end and one.at != at)
        or (one.line >= line and one.start < at < one.end)
        for one in placed
    ):
        line += 1
        if line > len(placed):
            break
    return line
