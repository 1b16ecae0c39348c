"""How an area compares with a benchmark, told by confidence or control limits and never by rank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from reportcards.methods._inputs import computed, number, word
from reportcards.methods._limits import Interval, level, poisson_bounds, real, z_of
from reportcards.methods._method import Case, Method, Refused
from reportcards.methods.polarity import judged, polarity_of, step

_UNKNOWN = pl.lit(None, pl.Int8)


def against_reference(area: Interval, reference: pl.Expr) -> pl.Expr:
    """The direction by whether the area's limits leave out the reference value: -1, 0, 1, or null (see `judged`)."""
    return pl.when(area.value.is_not_null()).then(step(area.lower > reference, area.upper < reference))


def against_reference_twice(area: Interval, wide: Interval, reference: pl.Expr) -> pl.Expr:
    """The same at two levels (95 and 99.8 %): 2 or -2 where even the wider limits leave out the reference."""
    near, far = against_reference(area, reference), against_reference(wide, reference)
    return pl.when(near == far).then(near + far).otherwise(near) + far * 0


def against_interval(area: Interval, benchmark: Interval) -> pl.Expr:
    """The direction by whether two intervals are apart; touching counts as similar."""
    higher = area.value >= benchmark.value
    return step(higher & (area.lower > benchmark.upper), ~higher & (area.upper < benchmark.lower)) + _known(
        area.lower, area.upper, benchmark.lower, benchmark.upper
    )


def _known(*columns: pl.Expr) -> pl.Expr:
    """0 where all are known, else null: "false and unknown" is false to polars, and a comparison must not be."""
    return pl.when(pl.all_horizontal(each.is_not_null() for each in columns)).then(pl.lit(0, pl.Int8))


def beyond_limits(value: pl.Expr, lower: pl.Expr, upper: pl.Expr) -> pl.Expr:
    """The direction by whether a value lies beyond control limits."""
    return step(value > upper, value < lower)


def proportion_limits(
    denominator: pl.Expr, benchmark: pl.Expr, *, unit: float = 100.0, confidence: float = 0.95
) -> tuple[pl.Expr, pl.Expr]:
    """Control limits round a benchmark proportion for an area of this size, in the benchmark's unit.

    They are Wilson's limits of the events the area would have at the benchmark.
    """
    z, n = z_of(confidence), real(denominator)
    share = real(benchmark) / unit
    share = pl.when((share >= 0) & (share <= 1)).then(share)
    n = pl.when(n > 0).then(n)
    if z == float("inf"):
        return share * n * 0, share * n * 0 + unit
    middle, spread = 2 * n * share + z * z, z * (z * z + 4 * n * (share * (1 - share))).sqrt()
    per = unit / (2 * (n + z * z))
    return (middle - spread) * per, (middle + spread) * per


def rate_limits(
    denominator: pl.Expr, benchmark: pl.Expr, *, unit: float = 100_000.0, confidence: float = 0.95
) -> tuple[pl.Expr, pl.Expr]:
    """Poisson control limits round a benchmark rate for an area of this size, in the benchmark's unit."""
    population = pl.when(real(denominator) > 0).then(real(denominator))
    lower, upper = poisson_bounds(real(benchmark) * population / unit, confidence=confidence)
    return lower / population * unit, upper / population * unit


_NAMES = ("value", "denominator", "benchmark", "lower", "upper", "lower95", "upper95", "lower998", "upper998")
_BENCHMARK = ("benchmark_lower95", "benchmark_upper95", "benchmark_lower998", "benchmark_upper998")
_VALUE, _BENCHMARK_VALUE = pl.col("value"), pl.col("benchmark")


def _area(suffix: str = "95") -> Interval:
    return Interval(value=_VALUE, lower=pl.col(f"lower{suffix}"), upper=pl.col(f"upper{suffix}"))


def _other(suffix: str = "95") -> Interval:
    return Interval(
        value=_BENCHMARK_VALUE,
        lower=pl.col(f"benchmark_lower{suffix}"),
        upper=pl.col(f"benchmark_upper{suffix}"),
    )


def _by_limits(limits: Callable[..., tuple[pl.Expr, pl.Expr]], inputs: Case) -> pl.Expr:
    unit = number(inputs, "unit")
    confidence = level(number(inputs, "confidence", default=0.95))
    chosen = {"confidence": confidence} | ({"unit": unit} if unit else {})
    return beyond_limits(_VALUE, *limits(pl.col("denominator"), _BENCHMARK_VALUE, **chosen))


COMPARISONS: dict[str, Callable[[Case], pl.Expr]] = {
    "ci_overlaps_reference_95": lambda _: against_reference(_area(), _BENCHMARK_VALUE),
    "ci_overlaps_reference_998": lambda _: against_reference(_area("998"), _BENCHMARK_VALUE),
    "ci_overlaps_reference_95_and_998": lambda _: against_reference_twice(_area(), _area("998"), _BENCHMARK_VALUE),
    "double_overlapping_cis_95": lambda _: against_interval(_area(), _other()),
    "double_overlapping_cis_998": lambda _: against_interval(_area("998"), _other("998")),
    "spc_proportions": lambda inputs: _by_limits(proportion_limits, inputs),
    "spc_rates_poisson": lambda inputs: _by_limits(rate_limits, inputs),
    "no_comparison": lambda _: _UNKNOWN,
}
"""The ways of comparing, by the name a case gives."""


def check(inputs: Case) -> dict[str, Any]:
    """The outcome for one area by the `method` named."""
    named = word(inputs, "method", default="ci_overlaps_reference_95")
    if named not in COMPARISONS:
        raise Refused(f"there is no comparison called {named}: {', '.join(COMPARISONS)}")
    columns = {name: number(inputs, name) for name in (*_NAMES, *_BENCHMARK)}
    outcome = judged(COMPARISONS[named](inputs), polarity_of(inputs))
    return computed(columns, {"outcome": outcome})


METHOD = Method(
    name="benchmark_comparison",
    title="Comparison with a benchmark",
    what=(
        "Whether an area differs from a benchmark (the parent area, the average of its peers) by more than chance. "
        "Similar is the state of rest: better or worse is only said when the area's 95 % limits leave out the "
        "benchmark's value; with 99.8 % limits beside them, best and worst where even those do. Two intervals may be "
        "compared instead, or the value with control limits round the benchmark. Without limits nothing is compared. "
        "With ten or more comparisons on one card use 99.8 %: at 95 % one in twenty would differ by chance."
    ),
    formula="upper < reference: lower; lower > reference: higher; else similar; then worded by the polarity",
    source="Fingertips technical guidance, comparing areas; Spiegelhalter DJ (2005), Statistics in Medicine 24:1185.",
    example={
        "method": "ci_overlaps_reference_95",
        "value": 71.1,
        "lower95": 69.8,
        "upper95": 72.4,
        "benchmark": 67.5,
        "polarity": "high",
    },
    check=check,
)
