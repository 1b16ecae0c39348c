"""A crude rate with exact or Byar's interval."""

from __future__ import annotations

from typing import Any

import polars as pl

from reportcards.methods._inputs import computed, not_negative, number, positive
from reportcards.methods._limits import Interval, count_limits, level, real
from reportcards.methods._method import Case, Method


def crude_rate(
    count: pl.Expr, population: pl.Expr, *, confidence: float = 0.95, multiplier: float = 100_000.0
) -> Interval:
    """Events per `multiplier` persons with limits: exact under 10 events, Byar's from 10 on.

    Null where a part is missing, the count is negative or the population is not positive.
    """
    count, population = real(count), real(population)
    lower, upper = count_limits(count, confidence=confidence)
    per = multiplier / pl.when(population > 0).then(population)
    return Interval(value=pl.when(count >= 0).then(count) * per, lower=lower * per, upper=upper * per)


def check(inputs: Case) -> dict[str, Any]:
    """The interval of one rate."""
    count, population = number(inputs, "count"), number(inputs, "population")
    not_negative("count", count)
    positive("population", population)
    interval = crude_rate(
        pl.col("count"),
        pl.col("population"),
        confidence=level(number(inputs, "confidence", default=0.95)),
        multiplier=number(inputs, "multiplier", default=100_000.0) or 100_000.0,
    )
    return computed({"count": count, "population": population}, interval.named())


METHOD = Method(
    name="crude_rate_ci",
    title="Crude rate with exact or Byar's interval",
    what=(
        "Events per 100 or 100,000 persons and how far chance alone could have moved them. The population is taken "
        "as known, the count as the chance part. Under 10 events the limits are exact, from 10 on Byar's; the "
        "change is strictly at 10."
    ),
    formula="m x/n; limits of x: under 10 events χ²(α/2; 2x)/2 and χ²(1 − α/2; 2x + 2)/2, else Byar's; times m/n",
    source="Breslow NE, Day NE (1987), IARC Scientific Publications 82; Public Health England technical guide on CIs.",
    example={"count": 7, "population": 12_400, "confidence": 0.95, "multiplier": 100_000},
    check=check,
)
