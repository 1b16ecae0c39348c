"""Whether a figure changed since the one before."""

from __future__ import annotations

from typing import Any

import polars as pl

from reportcards.methods._inputs import computed, numbers
from reportcards.methods._limits import Interval
from reportcards.methods._method import Case, Method, Refused
from reportcards.methods.benchmark import against_interval
from reportcards.methods.polarity import Marker, worded

MARKERS = pl.Enum([each.value for each in Marker])


def change(recent: Interval, previous: Interval) -> pl.Expr:
    """The marker of a figure against the one before: no change while their intervals overlap or touch."""
    down, same, up = Marker.DECREASING, Marker.NO_CHANGE, Marker.INCREASING
    words = (down, down, same, up, up, Marker.CANNOT_BE_CALCULATED)
    return worded(against_interval(recent, previous), words, dtype=MARKERS)


def check(inputs: Case) -> dict[str, Any]:
    """The marker of two lists of [value, lower, upper]."""
    columns: dict[str, float | None] = {}
    for when in ("recent", "previous"):
        parts = numbers(inputs, when) if inputs.get(when) is not None else [None, None, None]
        if len(parts) != 3:
            raise Refused(f"{when} is not a value with its lower and upper limit")
        columns |= dict(zip((f"{when}_value", f"{when}_lower", f"{when}_upper"), parts, strict=True))
    recent, previous = (
        Interval(value=pl.col(f"{when}_value"), lower=pl.col(f"{when}_lower"), upper=pl.col(f"{when}_upper"))
        for when in ("recent", "previous")
    )
    return computed(columns, {"marker": change(recent, previous)})


METHOD = Method(
    name="two_point_change",
    title="Change since the last figure",
    what=(
        "Whether two figures in a row differ by more than chance. It is asked when a series is too short for a trend; "
        "without limits on both figures nothing is said."
    ),
    formula="intervals apart: increasing or decreasing; overlapping or touching: no change",
    source="Fingertips technical guidance; Schenker N, Gentleman JF (2001), The American Statistician 55:182-186.",
    example={"recent": [12.0, 11.2, 12.9], "previous": [14.1, 13.2, 15.0]},
    check=check,
)
