"""An indirectly standardised rate or ratio."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import polars as pl

from reportcards.methods._inputs import computed, equally_long, not_negative, number, numbers, positive, word
from reportcards.methods._limits import Interval, count_limits, level, real
from reportcards.methods._method import Case, Method, Refused


class Kind(StrEnum):
    """How observed against expected is expressed."""

    RATIO = "ratio"
    """Observed over expected: 1 (or 100, by the multiplier) is as expected."""
    RATE = "rate"
    """That ratio times the reference's own crude rate."""


def expected_events(population: pl.Expr, reference_count: pl.Expr, reference_population: pl.Expr) -> pl.Expr:
    """Events if every age band had the reference's rate: an aggregation. A missing part counts as none."""
    return (real(population).fill_null(0) * _rate(reference_count, reference_population)).sum()


def _rate(count: pl.Expr, population: pl.Expr) -> pl.Expr:
    population = real(population)
    return pl.when(population > 0).then(real(count) / population).fill_null(0)


def indirect(observed: pl.Expr, expected: pl.Expr, *, confidence: float = 0.95, multiplier: float = 1.0) -> Interval:
    """Observed over expected events times the multiplier; row by row, on totals. Null where nothing is expected."""
    expected, observed = real(expected), real(observed)
    lower, upper = count_limits(observed, confidence=confidence)
    per = multiplier / pl.when(expected > 0).then(expected)
    return Interval(value=observed * per, lower=lower * per, upper=upper * per)


_BANDS = ("population", "reference_count", "reference_population")


def check(inputs: Case) -> dict[str, Any]:
    """The ratio or rate of one area."""
    confidence = level(number(inputs, "confidence", default=0.95))
    try:
        kind = Kind(word(inputs, "kind", default="ratio"))
    except ValueError:
        raise Refused("kind is neither rate nor ratio") from None
    multiplier = number(inputs, "multiplier", default=100_000.0 if kind is Kind.RATE else 1.0) or 1.0
    observed, bands = numbers(inputs, "observed"), {name: numbers(inputs, name) for name in _BANDS}
    not_negative("observed", observed)
    not_negative("population", bands["population"])
    not_negative("reference count", bands["reference_count"])
    positive("reference population", bands["reference_population"])
    equally_long(**bands)
    reference = pl.col("reference_count").sum() / pl.col("reference_population").sum() * multiplier
    totals = computed(bands, {"expected": expected_events(*map(pl.col, _BANDS)), "reference_rate": reference})
    totals |= {"observed": sum(each or 0 for each in observed)}
    per = totals["reference_rate"] if kind is Kind.RATE else multiplier
    interval = indirect(pl.col("observed"), pl.col("expected"), confidence=confidence, multiplier=per or 0.0)
    return totals | computed(totals, interval.named())


METHOD = Method(
    name="indirect_standardisation",
    title="Indirectly standardised rate and ratio",
    what=(
        "How many events an area had against how many it would have had at the reference's rates for each age. Used "
        "where an area's own age bands are too small for a directly standardised rate. Two such ratios of different "
        "areas may be compared with the reference, not with each other."
    ),
    formula="E = Σ n (x_ref/n_ref); ratio m O/E; rate (O/E) m Σx_ref/Σn_ref; limits of O exact under 10, else Byar's",
    source="Breslow NE, Day NE (1987), IARC Scientific Publications 82; Public Health England technical guide on CIs.",
    example={
        "kind": "ratio",
        "observed": [4, 11, 23],
        "population": [5_200, 6_100, 3_300],
        "reference_count": [410, 1_020, 2_900],
        "reference_population": [510_000, 620_000, 350_000],
        "confidence": 0.95,
        "multiplier": 100,
    },
    check=check,
)
