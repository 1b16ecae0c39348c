"""Which areas lie outside a funnel: further from the average than their size explains."""

from __future__ import annotations

from typing import Any

import polars as pl

from reportcards.methods._inputs import NUMBER, Number, equally_long, not_negative, number, numbers, positive, word
from reportcards.methods._limits import EXACT_BELOW, count_limits, real, z_of
from reportcards.methods._method import Case, Method, Refused
from reportcards.methods.polarity import first_of

TOO_FEW = "Not applicable for events less than 10 for dsrs"
_WIDE, _NEAR = 0.998, 0.95
_LEVELS = ((_WIDE, "0.001"), (_NEAR, "0.025"))
"""Confidence and the chance beyond one limit that it leaves."""
SIGNIFICANCES = pl.Enum(
    [f"{side} ({tail})" for _, tail in _LEVELS for side in ("Low", "High")] + ["Not significant", TOO_FEW]
)


def proportion_funnel(numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    """How significant each area's proportion is against that of all areas together (windows over the group)."""
    x, n = real(numerator), real(denominator)
    average = x.sum() / n.sum()
    spread = (average * (1 - average) / n).sqrt()
    limits = {tail: (average - z_of(level) * spread, average + z_of(level) * spread) for level, tail in _LEVELS}
    return _outside({tail: (x / n < low, x / n > high) for tail, (low, high) in limits.items()}, x / n)


def ratio_funnel(observed: pl.Expr, expected: pl.Expr, *, reference: pl.Expr | float = 1.0) -> pl.Expr:
    """How significant each ratio (or rate, with the reference rate) is, by Poisson limits of its events."""
    beyond = {}
    for level, tail in _LEVELS:
        low, high = count_limits(observed, confidence=level)
        beyond[tail] = (high / expected < reference, low / expected > reference)
    return _outside(beyond, observed / expected)


def rate_funnel(
    count: pl.Expr, rate: pl.Expr, population: pl.Expr, *, multiplier: float, standardised: bool = False
) -> pl.Expr:
    """How significant each rate is against the events of all areas over their populations together.

    The population of a rate is derived from it, so that a standardised rate has an effective one; with no events
    it is the given one, or for a standardised rate none. Standardised rates under 10 events are not judged.
    """
    events = real(count)
    none = pl.lit(None, NUMBER) if standardised else real(population)
    derived = pl.when(events == 0).then(none).otherwise(events / real(rate) * multiplier)
    judged = ratio_funnel(events, derived, reference=events.sum() / derived.sum())
    if not standardised:
        return judged
    return pl.when(events < EXACT_BELOW).then(pl.lit(TOO_FEW, SIGNIFICANCES)).otherwise(judged)


def _outside(beyond: dict[str, tuple[pl.Expr, pl.Expr]], known: pl.Expr) -> pl.Expr:
    """The widest limits an area is outside of; null where its figure is."""
    choices = [(known.is_null() | known.is_nan(), pl.lit(None, SIGNIFICANCES))]
    for tail, sides in beyond.items():
        choices += [
            (outside, pl.lit(f"{side} ({tail})", SIGNIFICANCES))
            for side, outside in zip(("Low", "High"), sides, strict=True)
        ]
    return first_of(choices, pl.lit("Not significant", SIGNIFICANCES))


def check(inputs: Case) -> dict[str, Any]:
    """The significance of each area of a group."""
    statistic = word(inputs, "statistic", default="proportion")
    events = _first(inputs, "count", "observed", "numerator")
    if statistic in {"proportion", "ratio"}:
        sizes = _first(inputs, "population", "denominator", "expected")
        positive("denominator", sizes)
    elif statistic == "rate":
        sizes = numbers(inputs, "population") if inputs.get("population") is not None else [None] * len(events)
    else:
        raise Refused("statistic is one of proportion, ratio, rate")
    not_negative("numerator", events)
    rates = numbers(inputs, "rate") if statistic == "rate" else [None] * len(events)
    equally_long(numerator=events, denominator=sizes, rate=rates)
    columns = {"events": events, "size": sizes, "rate": rates}
    frame = pl.DataFrame({name: pl.Series(values, dtype=NUMBER) for name, values in columns.items()})
    asked = _asked(inputs, statistic, events=events, sizes=sizes)
    return {"significance": frame.select(asked.alias("significance"))["significance"].to_list()}


def _asked(inputs: Case, statistic: str, *, events: list[Number], sizes: list[Number]) -> pl.Expr:
    count, size = pl.col("events"), pl.col("size")
    if statistic == "ratio":
        return ratio_funnel(count, size)
    if statistic == "proportion":
        if any(x is not None and n is not None and x > n for x, n in zip(events, sizes, strict=True)):
            raise Refused("numerator greater than denominator")
        return proportion_funnel(count, size)
    multiplier = number(inputs, "multiplier")
    kind = word(inputs, "rate_type", default="crude")
    if not multiplier:
        raise Refused("for rates, a multiplier is required to test the significance of the points")
    if kind not in {"crude", "dsr"}:
        raise Refused("rate_type is crude or dsr")
    return rate_funnel(count, pl.col("rate"), size, multiplier=multiplier, standardised=kind == "dsr")


def _first(inputs: Case, *names: str) -> list[Number]:
    """The list under whichever of the names is given."""
    return numbers(inputs, next((name for name in names if inputs.get(name) is not None), names[0]))


METHOD = Method(
    name="funnel_significance",
    title="Funnel plot significance",
    what=(
        "Which areas differ from the average of all by more than their size explains. A small area swings widely by "
        "chance and is only outside the funnel when it is very different: this is what stops a league table from "
        "blaming the small. High and low are told at two levels; nothing is called good or bad."
    ),
    formula="proportion: P ∓ z √(P(1 − P)/n); ratio and rate: exact or Byar's limits of the events over the expected",
    source="Spiegelhalter DJ (2005), Funnel plots for comparing institutional performance, Stat Med 24:1185-1202.",
    example={
        "statistic": "proportion",
        "count": [412, 388, 95, 240],
        "population": [1_000, 1_000, 140, 700],
    },
    check=check,
)
