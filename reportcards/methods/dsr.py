"""A directly age-standardised rate with Dobson's interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from reportcards.methods._inputs import computed, equally_long, not_negative, number, numbers, positive
from reportcards.methods._limits import EXACT_BELOW, Interval, byar_limits, level, real
from reportcards.methods._method import Case, Method, Refused

ESP2013 = (
    5000,
    5500,
    5500,
    5500,
    6000,
    6000,
    6500,
    7000,
    7000,
    7000,
    7000,
    6500,
    6000,
    5500,
    5000,
    4000,
    2500,
    1500,
    1000,
)
"""European Standard Population 2013 by five-year age groups, 0-4 to 90 and over. Source: Eurostat."""


def dsr(
    count: pl.Expr,
    population: pl.Expr,
    standard: pl.Expr,
    *,
    squared: pl.Expr | None = None,
    confidence: float = 0.95,
    multiplier: float = 100_000.0,
) -> Interval:
    """The rate of a group of age bands: aggregations, for `select` or `group_by(...).agg(...)`.

    A missing count is a band without events. Null under 10 events in all, or where a population is missing or zero.
    `squared` is the sum over persons of (their events)² in a band, for events that come several to a person; without
    it every event is taken as independent, which makes it the count.
    """
    count, population, standard = real(count).fill_null(0), real(population), real(standard)
    squared = count if squared is None else real(squared).fill_null(0)
    complete = (population > 0).fill_null(False).all() & standard.is_not_null().all()
    weight = standard / population
    events, total = count.sum(), standard.sum()
    shown = complete & (events >= EXACT_BELOW) & (total > 0)
    value = pl.when(shown).then((count * weight).sum() / total)
    spread = ((squared * weight * weight).sum() / (total * total) / events).sqrt()
    lower, upper = byar_limits(events, confidence=confidence)
    return Interval(
        value=value * multiplier,
        lower=(value + spread * (lower - events)) * multiplier,
        upper=(value + spread * (upper - events)) * multiplier,
    )


def check(inputs: Case) -> dict[str, Any]:
    """The rate of one list of age bands; with `persons_by_event_frequency`, of events that repeat in a person."""
    confidence = level(number(inputs, "confidence", default=0.95))
    columns = {"count": _events(inputs, power=1), "squared": _events(inputs, power=2)}
    columns |= {name: numbers(inputs, name) for name in ("population", "standard_population")}
    not_negative("count", columns["count"])
    positive("population", columns["population"])
    not_negative("standard population", columns["standard_population"])
    equally_long(count=columns["count"], population=columns["population"], standard=columns["standard_population"])
    interval = dsr(
        pl.col("count"),
        pl.col("population"),
        pl.col("standard_population"),
        squared=pl.col("squared"),
        confidence=confidence,
        multiplier=number(inputs, "multiplier", default=100_000.0) or 100_000.0,
    )
    return computed(columns, interval.named() | {"count": pl.col("count").sum()})


def _events(inputs: Case, *, power: int) -> list[float | None]:
    """Events a band, or the sum of their squares a person."""
    by_frequency = inputs.get("persons_by_event_frequency")
    if by_frequency is None:
        return numbers(inputs, "count")
    if (
        not isinstance(by_frequency, Mapping)
        or not by_frequency
        or not all(str(each).isdigit() for each in by_frequency)
    ):
        raise Refused("persons by event frequency is not a list of persons for each number of events")
    bands = {int(times): numbers(by_frequency, times) for times in by_frequency}
    for persons in bands.values():
        not_negative("count", persons)
    equally_long(**{f"frequency {times}": persons for times, persons in bands.items()})
    length = len(next(iter(bands.values())))
    return [sum(times**power * (persons[i] or 0) for times, persons in bands.items()) for i in range(length)]


METHOD = Method(
    name="dsr_dobson_ci",
    title="Directly standardised rate with Dobson's interval",
    what=(
        "The rate an area would have if its people had the ages of a standard population, so that an old and a young "
        "area can be compared. It is withheld under 10 events. Events that come several to a person (admissions) make "
        "the interval wider: the variance then counts each person's events squared."
    ),
    formula="Σ(w O/n)/Σw; limits DSR + √(Var(DSR)/O) (Byar(O) − O), with Var(DSR) = Σ(w² O/n²)/(Σw)²",
    source="Dobson AJ et al. (1991), Statistics in Medicine 10:457-462; Eurostat (2013), European Standard Population.",
    example={
        "count": [3, 9, 25, 60],
        "population": [12_000, 15_000, 11_000, 6_000],
        "standard_population": [27_500, 33_500, 26_500, 12_500],
        "confidence": 0.95,
        "multiplier": 100_000,
    },
    check=check,
)
