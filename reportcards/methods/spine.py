"""Where an area stands among the others: the ends and quartiles of a spine chart, and fifths by value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from reportcards.methods._inputs import Number, number, numbers, whole
from reportcards.methods._method import Case, Method, Refused
from reportcards.methods.polarity import Polarity, polarity_of

FEWEST = 4
"""With fewer values quartiles would only repeat them."""
_PLACES = 10
"""Decimals kept of a percentile, so that 30.8 is not 30.800000000000004."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spine:
    """The distribution of one indicator over areas."""

    min: float
    p25: float
    median: float
    p75: float
    max: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """The same in the order of worse to better."""

    worst: Number
    worst_quartile: Number
    best_quartile: Number
    best: Number


def spine(values: Sequence[Number]) -> Spine | None:
    """Ends and quartiles of the known values; None of fewer than four."""
    known = _known(values)
    if len(known) < FEWEST:
        return None
    low, p25, median, p75, high = _percentiles(known, (0, 25, 50, 75, 100))
    return Spine(min=low, p25=p25, median=median, p75=p75, max=high)


def bounds(values: Sequence[Number], parts: int = 5) -> list[float]:
    """The ends of equal parts of the known values, lowest first: parts + 1 numbers, or none of fewer than four."""
    known = _known(values)
    return _percentiles(known, np.linspace(0, 100, parts + 1)) if len(known) >= FEWEST else []


def category(values: Sequence[Number], value: Number, *, parts: int = 5) -> int:
    """Which part, 1 (lowest) to `parts`, a value of the group is in; 0 when it or enough of the group is unknown.

    Raises Refused when the value is above all of the group.
    """
    if value is None or len(_known(values)) < max(parts, FEWEST):
        return 0
    for part, bound in enumerate(bounds(values, parts)[1:], start=1):
        if value <= bound:
            return part
    raise Refused("Value does not fall within expected boundaries")


def ends(low: Number, quartiles: tuple[Number, Number], high: Number, *, polarity: Polarity) -> Ends:
    """The four marks of a spine in the order of the polarity; without one, high stands at the best end."""
    first, third = quartiles
    if polarity is Polarity.LOW:
        return Ends(worst=high, worst_quartile=third, best_quartile=first, best=low)
    return Ends(worst=low, worst_quartile=first, best_quartile=third, best=high)


def _known(values: Sequence[Number]) -> list[float]:
    return sorted(each for each in values if each is not None)


def _percentiles(known: Sequence[float], shares: Sequence[float] | np.ndarray) -> list[float]:
    """Percentiles from 0 to 100; the ends are the values themselves, so that each value lies between them."""
    inner = [round(float(each), _PLACES) for each in np.percentile(known, shares)[1:-1]]
    return [known[0], *inner, known[-1]]


def check(inputs: Case) -> dict[str, Any]:
    """The ends of four marks; the category of a value; the bounds of parts; else the spine of the values."""
    if inputs.get("values") is None and "q0" in inputs:
        q0, q1, q3, q4 = (number(inputs, name) for name in ("q0", "q1", "q3", "q4"))
        told = ends(q0, (q1, q3), q4, polarity=polarity_of(inputs))
        return {name: getattr(told, name) for name in ("best", "best_quartile", "worst_quartile", "worst")}
    values = numbers(inputs, "values") if inputs.get("values") is not None else []
    parts = whole(inputs, "n", default=5, within=range(2, 101))
    if "value" in inputs:
        return {"category": category(values, number(inputs, "value"), parts=parts)}
    if inputs.get("bounds"):
        return {"bounds": bounds(values, parts)}
    found = spine(values)
    if found is None:
        return dict.fromkeys(("result", "min", "p25", "median", "p75", "max"))
    return {name: getattr(found, name) for name in ("min", "p25", "median", "p75", "max")}


METHOD = Method(
    name="spine_statistics",
    title="Spine chart statistics",
    what=(
        "The lowest and highest value, the median and the quartiles of an indicator over areas: the bar behind an "
        "area's mark. Fewer than four known values have no quartiles. Fifths by value put an area in a band without "
        "calling a band good."
    ),
    formula="linear interpolation between the ordered values: position (N − 1) p + 1",
    source="Hyndman RJ, Fan Y (1996), American Statistician 50:361-365, type 7; Fingertips technical guidance.",
    example={"values": [4.0, 8.5, 6.1, 7.3, 5.9, 9.2]},
    check=check,
)
