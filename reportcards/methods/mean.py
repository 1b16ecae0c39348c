"""The mean of measured values with Student's t interval."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import polars as pl
from scipy import stats

from reportcards.methods._inputs import NUMBER, number, numbers
from reportcards.methods._limits import Interval, level, real
from reportcards.methods._method import Case, Method


def mean_parts(value: pl.Expr) -> dict[str, pl.Expr]:
    """What `mean_interval` needs of a group, for `group_by(...).agg(**mean_parts(...))`: n, mean, stdev.

    One missing value makes mean and stdev null: the mean of what is known is not the mean of the group.
    """
    value = real(value)
    complete = value.null_count() == 0
    return {
        "n": pl.len(),
        "mean": pl.when(complete).then(value.mean()),
        "stdev": pl.when(complete).then(value.std()),
    }


def mean_interval(n: pl.Expr, mean: pl.Expr, stdev: pl.Expr, *, confidence: float = 0.95) -> Interval:
    """The mean of n values with its limits; no limits of fewer than two."""
    degrees = pl.when(n > 1).then(n.cast(NUMBER) - 1)
    quantile = degrees.map_batches(partial(_t, confidence=confidence), return_dtype=pl.Float64, is_elementwise=True)
    half = quantile * stdev / n.sqrt()
    return Interval(value=mean, lower=mean - half, upper=mean + half)


def _t(degrees: pl.Series, *, confidence: float) -> pl.Series:
    quantiles = stats.t.ppf(1 - (1 - level(confidence)) / 2, degrees.to_numpy())
    return pl.Series(degrees.name, np.asarray(quantiles, dtype=float), nan_to_null=True)


def check(inputs: Case) -> dict[str, Any]:
    """The mean of one list of values."""
    confidence = level(number(inputs, "confidence", default=0.95))
    parts = pl.DataFrame({"value": pl.Series(numbers(inputs, "values"), dtype=NUMBER)}).select(
        **mean_parts(pl.col("value"))
    )
    interval = mean_interval(pl.col("n"), pl.col("mean"), pl.col("stdev"), confidence=confidence)
    return dict(parts.select(pl.col("stdev"), pl.col("n"), **interval.named()).row(0, named=True))


METHOD = Method(
    name="mean_ci",
    title="Mean with Student's t interval",
    what=(
        "The average of measured values, such as a score or an age, and how sure one can be of it. One missing value "
        "leaves the whole mean out; a single value has a mean but no interval."
    ),
    formula="x̄ ∓ t(1 − α/2; n − 1) s / √n",
    source="Student (1908), Biometrika 6:1-25; Altman DG et al. (2000), Statistics with Confidence, chapter 4.",
    example={"values": [12.1, 14.8, 9.7, 13.3, 15.0, 11.2], "confidence": 0.95},
    check=check,
)
