"""Confidence limits as polars expressions: the normal quantile, and limits of a count of events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import polars as pl
from scipy import special, stats

from reportcards.methods._method import Refused

EXACT_BELOW = 10
"""Counts under this have exact limits; Byar's approximation is good from here on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure with its confidence limits, each null where it cannot be computed."""

    value: pl.Expr
    lower: pl.Expr
    upper: pl.Expr

    def named(self, value: str = "value", lower: str = "lower", upper: str = "upper") -> dict[str, pl.Expr]:
        """The three as keyword arguments of `select` or `with_columns`."""
        return {value: self.value, lower: self.lower, upper: self.upper}

    def __iter__(self) -> Iterator[pl.Expr]:
        yield from (self.value, self.lower, self.upper)


def level(confidence: float | None) -> float:
    """A confidence level as a fraction, given as 0.9 to 1 or as 90 to 100. Raises Refused."""
    if confidence is None or not (0.9 <= confidence <= 1 or 90 <= confidence <= 100):
        raise Refused("confidence out of range (0.9-1 or 90-100)")
    return confidence / 100 if confidence >= 90 else confidence


@cache
def z_of(confidence: float) -> float:
    """The two-sided normal quantile: 1.96 for 0.95; infinite for 1."""
    return float(stats.norm.ppf(1 - (1 - level(confidence)) / 2))


def real(column: pl.Expr) -> pl.Expr:
    """A column as floats in which "not a number" is null."""
    return column.cast(pl.Float64).fill_nan(None)


def byar_limits(count: pl.Expr, *, confidence: float = 0.95) -> tuple[pl.Expr, pl.Expr]:
    """Byar's limits of a count of events; a lower limit below zero is null, as is any limit of a negative count."""
    z = z_of(confidence)
    if z == float("inf"):
        nothing = pl.lit(None, pl.Float64)
        return nothing, nothing
    count = real(count)
    more = count + 1
    below = 1 - 1 / (9 * count) - z / (3 * count.sqrt())
    above = 1 - 1 / (9 * more) + z / (3 * more.sqrt())
    lower = pl.when((count > 0) & (below >= 0)).then(count * below * below * below)
    upper = pl.when(count >= 0).then(more * above * above * above)
    return lower, upper


def count_limits(count: pl.Expr, *, confidence: float = 0.95) -> tuple[pl.Expr, pl.Expr]:
    """Limits of a count of events: exact (chi-square) under 10, Byar's from 10 on; null of a negative count.

    One pass over the counts for each limit: written as an expression with branches, polars computes a count that is
    itself an expression anew for every mention of it, which made a rate ten times slower.
    """
    lower, upper = (partial(_count_limit, upper=side, confidence=confidence) for side in (False, True))
    count = real(count)
    return (
        count.map_batches(lower, return_dtype=pl.Float64, is_elementwise=True),
        count.map_batches(upper, return_dtype=pl.Float64, is_elementwise=True),
    )


def poisson_bounds(expected: pl.Expr, *, confidence: float = 0.95) -> tuple[pl.Expr, pl.Expr]:
    """The exact limits of an expected number of events, which need not be whole, as control limits use them."""
    expected = real(expected)
    return (
        _bound(expected.ceil(), upper=False, confidence=confidence),
        _bound(expected.floor(), upper=True, confidence=confidence),
    )


def exact_limit(count: np.ndarray, *, upper: bool, confidence: float) -> np.ndarray:
    """Half a chi-square quantile: with 2x degrees of freedom below, 2x + 2 above; the lower limit of none is 0."""
    tail = (1 - level(confidence)) / 2
    if upper:
        return np.asarray(special.gammaincinv(count + 1, 1 - tail), dtype=float)
    return np.where(count > 0, special.gammaincinv(np.maximum(count, 1e-300), tail), 0.0)


def _count_limit(counts: pl.Series, *, upper: bool, confidence: float) -> pl.Series:
    values = counts.to_numpy()
    few = (values >= 0) & (values < EXACT_BELOW)
    with np.errstate(invalid="ignore", divide="ignore"):
        more, z = values + 1 if upper else values, z_of(confidence)
        part = 1 - 1 / (9 * more) + (z if upper else -z) / (3 * np.sqrt(more))
        limits = more * part * part * part
    whole = np.where(few, values, 0).astype(np.intp)
    limits = np.where(few, _table(upper=upper, confidence=confidence)[whole], limits)
    between = few & (whole != values)
    if between.any():
        limits[between] = exact_limit(values[between], upper=upper, confidence=confidence)
    # A negative count gives the square root of less than nothing from -1 on, and below it a limit of no meaning.
    limits[~(values >= 0) | np.isinf(limits)] = np.nan
    return pl.Series(counts.name, limits, nan_to_null=True)


@cache
def _table(*, upper: bool, confidence: float) -> np.ndarray:
    return exact_limit(np.arange(EXACT_BELOW, dtype=float), upper=upper, confidence=confidence)


def _bound(count: pl.Expr, *, upper: bool, confidence: float) -> pl.Expr:
    def limits(counts: pl.Series) -> pl.Series:
        different, where = np.unique(counts.to_numpy(), return_inverse=True)
        bounds = exact_limit(different, upper=upper, confidence=confidence)
        return pl.Series(counts.name, bounds[where], nan_to_null=True)

    return pl.when(count >= 0).then(count.map_batches(limits, return_dtype=pl.Float64, is_elementwise=True))
