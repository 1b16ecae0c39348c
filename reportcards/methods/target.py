"""Whether a target is met."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from reportcards.methods._inputs import computed, number, word
from reportcards.methods._limits import Interval
from reportcards.methods._method import Case, Method, Refused
from reportcards.methods.polarity import OUTCOMES, Outcome, Polarity, judged, polarity_of, step


def against_target(value: pl.Expr, limit: pl.Expr, *, polarity: Polarity) -> pl.Expr:
    """The outcome for one limit: a value equal to it has met it, whichever way is good."""
    if polarity is Polarity.LOW:
        return judged(step(value > limit, value <= limit), polarity)
    return judged(step(value >= limit, value < limit), polarity)


def interval_against_target(interval: Interval, limit: pl.Expr, *, polarity: Polarity) -> pl.Expr:
    """The outcome for one limit by confidence limits: similar while they hold the limit between them."""
    return judged(step(interval.lower >= limit, interval.upper < limit), polarity)


def against_range(value: pl.Expr, lower: pl.Expr, upper: pl.Expr, *, polarity: Polarity) -> pl.Expr:
    """The outcome for a range that includes its lower end and not its upper one; inside is similar."""
    return judged(step(value >= upper, value < lower), polarity)


_NAMES = (
    "value",
    "lower95",
    "upper95",
    "limit",
    "lower_limit",
    "upper_limit",
    "benchmark",
    "lower_percentile_value",
    "upper_percentile_value",
)
_VALUE = pl.col("value")


def _single(inputs: Case, polarity: Polarity) -> pl.Expr:
    if not inputs.get("use_ci", False):
        return against_target(_VALUE, pl.col("limit"), polarity=polarity)
    interval = Interval(value=_VALUE, lower=pl.col("lower95"), upper=pl.col("upper95"))
    return interval_against_target(interval, pl.col("limit"), polarity=polarity)


def _range(inputs: Case, polarity: Polarity) -> pl.Expr:
    _ordered(inputs)
    return against_range(_VALUE, pl.col("lower_limit"), pl.col("upper_limit"), polarity=polarity)


def _percentiles(inputs: Case, polarity: Polarity) -> pl.Expr:
    """A range between two percentiles of all areas; only said with a polarity."""
    _ordered(inputs)
    if polarity is Polarity.NONE:
        return pl.lit(str(Outcome.NOT_COMPARED), OUTCOMES)
    limits = (pl.col("lower_percentile_value"), pl.col("upper_percentile_value"))
    return against_range(_VALUE, *limits, polarity=polarity)


def _ordered(inputs: Case) -> None:
    lower, upper = number(inputs, "lower_limit"), number(inputs, "upper_limit")
    if lower is not None and upper is not None and lower > upper:
        raise Refused("Lower limit cannot be greater than upper limit")


KINDS: dict[str, Callable[[Case, Polarity], pl.Expr]] = {
    "single_value": _single,
    "range": _range,
    "percentile_range": _percentiles,
    "previous_year_benchmark": lambda _, polarity: against_target(_VALUE, pl.col("benchmark"), polarity=polarity),
}
"""The kinds of target, by the name a case gives."""


def check(inputs: Case) -> dict[str, Any]:
    """The outcome of one value against the target of the `kind` named."""
    kind = word(inputs, "kind", default="single_value")
    if kind not in KINDS:
        raise Refused(f"there is no target of the kind {kind}: {', '.join(KINDS)}")
    outcome = KINDS[kind](inputs, polarity_of(inputs))
    return computed({name: number(inputs, name) for name in _NAMES}, {"outcome": outcome})


METHOD = Method(
    name="target_comparison",
    title="Comparison with a target",
    what=(
        "Whether a target is met: a single value, a range, the percentiles of other areas, or last year's benchmark. "
        "A value equal to a single target has met it. By confidence limits it is met only when the limits are wholly "
        "on the good side, and similar while they hold the target between them."
    ),
    formula="value ≥ limit (high) or ≤ limit (low) is better; by limits: lower ≥ limit above, upper < limit below",
    source="Fingertips technical guidance, comparing with goals.",
    example={"kind": "range", "lower_limit": 90, "upper_limit": 95, "value": 92.4, "polarity": "high"},
    check=check,
)
