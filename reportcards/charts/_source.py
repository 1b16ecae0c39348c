"""The source row inside a picture, wrapped so that it never makes the picture wider."""

from __future__ import annotations

from reportcards.charts._look import Scale
from reportcards.charts._template import SOURCE_WIDTHS
from reportcards.charts._words import plain, wrapped
from reportcards.report import Measurement


def source_lines(measurement: Measurement, scale: Scale, *, width: float | None) -> list[list[str]]:
    """The whole source line in lines: once for a known width, else for each of `SOURCE_WIDTHS`."""
    text = plain(measurement.source_line)
    if not text.lower().startswith("source"):
        text = f"Source: {text}"
    rooms = (width - 8,) if width else tuple(room - 8 for room in SOURCE_WIDTHS)
    return [list(wrapped(text, room, scale.label)) for room in rooms]
