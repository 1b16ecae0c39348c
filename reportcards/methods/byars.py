"""Byar's interval of a count of events."""

from __future__ import annotations

from typing import Any

import polars as pl

from reportcards.methods._inputs import computed, not_negative, number
from reportcards.methods._limits import Interval, byar_limits, level, real
from reportcards.methods._method import Case, Method


def byar(count: pl.Expr, *, confidence: float = 0.95) -> Interval:
    """A count with Byar's limits, whatever its size. Under 10 the exact limits of `crude_rate` are better."""
    lower, upper = byar_limits(count, confidence=confidence)
    return Interval(value=real(count), lower=lower, upper=upper)


def check(inputs: Case) -> dict[str, Any]:
    """The limits of one count."""
    count = number(inputs, "count")
    not_negative("count", count)
    interval = byar(pl.col("count"), confidence=level(number(inputs, "confidence", default=0.95)))
    return computed({"count": count}, interval.named())


METHOD = Method(
    name="byars_count_ci",
    title="Count with Byar's interval",
    what=(
        "How far a count of independent events could have been lower or higher by chance alone. It is an "
        "approximation that is good from 10 events on; a lower limit that would fall below zero is left out."
    ),
    formula="x (1 − 1/(9x) − z/(3√x))³ and (x + 1)(1 − 1/(9(x + 1)) + z/(3√(x + 1)))³",
    source="Breslow NE, Day NE (1987), Statistical Methods in Cancer Research II, IARC Scientific Publications 82.",
    example={"count": 65, "confidence": 0.95},
    check=check,
)
