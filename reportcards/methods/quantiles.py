"""Which fifth or tenth of its group a value is in."""

from __future__ import annotations

from typing import Any

import polars as pl

from reportcards.methods._inputs import NUMBER, numbers, whole
from reportcards.methods._limits import real
from reportcards.methods._method import Case, Method


def quantile(value: pl.Expr, *, parts: int = 10, invert: bool = True) -> pl.Expr:
    """The quantile 1 to `parts` of each value: a window over a group (`.over("indicator")`), not an aggregation.

    Inverted, 1 holds the highest values. Equal values share the lower rank. Null for a missing value, and for all
    where a group has fewer values than parts.
    """
    value = real(value)
    rank = value.rank("min", descending=invert).cast(pl.Int64)
    count = value.count().cast(pl.Int64)
    # Whole numbers throughout: in floats 13 / (13 / 10) may fall a hair above 10 and move a value by one part.
    from_top = (count + 1 - rank) * parts
    return pl.when(count >= parts).then(parts + 1 - (from_top + count - 1) // count)


def check(inputs: Case) -> dict[str, Any]:
    """The quantiles of one group of values."""
    parts = whole(inputs, "nquantiles", default=10, within=range(2, 1001))
    frame = pl.DataFrame({"value": pl.Series(numbers(inputs, "values"), dtype=NUMBER)})
    asked = quantile(pl.col("value"), parts=parts, invert=bool(inputs.get("invert", True)))
    return {"quantile": frame.select(asked.alias("quantile"))["quantile"].to_list()}


METHOD = Method(
    name="quantile_in_group",
    title="Quantiles within a group",
    what=(
        "Which tenth (or fifth) of a group of areas a value falls in: for maps and for indicators without a good and "
        "a bad side. It orders areas without naming a rank; a group with fewer values than parts is not divided."
    ),
    formula="q + 1 − ⌈(N + 1 − r) q / N⌉, r the rank (equal values take the lowest), N the values that are known",
    source="Public Health England, technical guidance on quantiles; Hyndman RJ, Fan Y (1996), Am Stat 50:361-365.",
    example={"values": [12.0, 15.5, 9.1, 20.3, 17.7, 11.4], "nquantiles": 3, "invert": True},
    check=check,
)
