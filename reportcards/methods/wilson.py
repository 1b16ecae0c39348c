"""A proportion and its Wilson score interval."""

from __future__ import annotations

from typing import Any

import polars as pl

from reportcards.methods._inputs import computed, not_negative, number, positive
from reportcards.methods._limits import Interval, level, real, z_of
from reportcards.methods._method import Case, Method, Refused


def wilson(numerator: pl.Expr, denominator: pl.Expr, *, confidence: float = 0.95, multiplier: float = 1.0) -> Interval:
    """A proportion times the multiplier (100 for per cent) with its limits.

    Null where a part is missing, the numerator is negative or above the denominator, or the denominator is not
    positive.
    """
    z = z_of(confidence)
    n, x = real(denominator), real(numerator)
    x = pl.when((x >= 0) & (n > 0) & (x <= n)).then(x)
    share = x / n
    if z == float("inf"):
        return Interval(value=share * multiplier, lower=share * 0.0, upper=(share * 0.0 + 1) * multiplier)
    middle, spread = 2 * x + z * z, z * (z * z + 4 * x * (1 - share)).sqrt()
    width = 2 * (n + z * z)
    return Interval(
        value=share * multiplier,
        lower=((middle - spread) / width).clip(0, 1) * multiplier,
        upper=((middle + spread) / width).clip(0, 1) * multiplier,
    )


def check(inputs: Case) -> dict[str, Any]:
    """The interval of one proportion."""
    numerator, denominator = number(inputs, "numerator"), number(inputs, "denominator")
    not_negative("numerator", numerator)
    positive("denominator", denominator)
    if numerator is not None and denominator is not None and numerator > denominator:
        raise Refused("numerator greater than denominator")
    interval = wilson(
        pl.col("numerator"),
        pl.col("denominator"),
        confidence=level(number(inputs, "confidence", default=0.95)),
        multiplier=number(inputs, "multiplier", default=1.0) or 1.0,
    )
    return computed({"numerator": numerator, "denominator": denominator}, interval.named())


METHOD = Method(
    name="wilson_proportion_ci",
    title="Proportion with Wilson score interval",
    what=(
        "The share of people (or things) with a characteristic, and how sure one can be of it. It holds for small "
        "groups and for shares near 0 or 100 %, where the textbook interval breaks down. A missing part, or a "
        "denominator of zero, gives no figure rather than 0."
    ),
    formula="(2x + z² ∓ z √(z² + 4x(1 − x/n))) / (2(n + z²)), with z = Φ⁻¹(1 − (1 − c)/2)",
    source="Wilson EB (1927), J Am Stat Assoc 22:209-212; Newcombe RG, Altman DG (2000), Statistics with Confidence.",
    example={"numerator": 65, "denominator": 100, "confidence": 0.95, "multiplier": 100},
    check=check,
)
