"""What counts as better: the polarity of an indicator, and the words for comparisons and trends under it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

import polars as pl

from reportcards.methods._inputs import word
from reportcards.methods._method import Case, Method, Refused


class Polarity(StrEnum):
    """Which way an indicator is good."""

    HIGH = "high"
    LOW = "low"
    NONE = "none"
    """Neither way: higher and lower are told without a judgement."""
    NOT_APPLICABLE = "not_applicable"
    """Never compared."""


class Outcome(StrEnum):
    """How a figure compares."""

    BEST = "best"
    BETTER = "better"
    SIMILAR = "similar"
    WORSE = "worse"
    WORST = "worst"
    HIGHEST = "highest"
    HIGHER = "higher"
    LOWER = "lower"
    LOWEST = "lowest"
    NOT_COMPARED = "not_compared"


OUTCOMES = pl.Enum([each.value for each in Outcome])
"""The type of a column of outcomes: one byte a row."""


class Marker(StrEnum):
    """Which way a series goes."""

    INCREASING = "Increasing"
    DECREASING = "Decreasing"
    NO_CHANGE = "NoChange"
    CANNOT_BE_CALCULATED = "CannotBeCalculated"
    INCREASING_BETTER = "IncreasingAndGettingBetter"
    INCREASING_WORSE = "IncreasingAndGettingWorse"
    DECREASING_BETTER = "DecreasingAndGettingBetter"
    DECREASING_WORSE = "DecreasingAndGettingWorse"


_STEP = pl.Int8
_JUDGED = {
    Polarity.HIGH: {2: Outcome.BEST, 1: Outcome.BETTER, -1: Outcome.WORSE, -2: Outcome.WORST},
    Polarity.LOW: {2: Outcome.WORST, 1: Outcome.WORSE, -1: Outcome.BETTER, -2: Outcome.BEST},
    Polarity.NONE: {2: Outcome.HIGHEST, 1: Outcome.HIGHER, -1: Outcome.LOWER, -2: Outcome.LOWEST},
}
_GETTING = {
    (Polarity.HIGH, Marker.INCREASING): Marker.INCREASING_BETTER,
    (Polarity.HIGH, Marker.DECREASING): Marker.DECREASING_WORSE,
    (Polarity.LOW, Marker.INCREASING): Marker.INCREASING_WORSE,
    (Polarity.LOW, Marker.DECREASING): Marker.DECREASING_BETTER,
}
_ALSO = {
    "": Polarity.NONE,
    "unknown": Polarity.NONE,
    "neutral": Polarity.NONE,
    "no_judgement": Polarity.NONE,
    "no judgement": Polarity.NONE,
    "higher_is_better": Polarity.HIGH,
    "high_is_good": Polarity.HIGH,
    "increase": Polarity.HIGH,
    "lower_is_better": Polarity.LOW,
    "low_is_good": Polarity.LOW,
    "decrease": Polarity.LOW,
    "not applicable": Polarity.NOT_APPLICABLE,
}
"""Words other systems use."""


def judged(direction: pl.Expr, polarity: Polarity | pl.Expr) -> pl.Expr:
    """The outcome of a direction (2 far above, 1 above, 0 similar, -1 below, -2 far below, null unknown).

    The polarity is one for all rows, or a column of its words.
    """
    if isinstance(polarity, Polarity):
        return _worded(direction, polarity)
    words = {each: _worded(direction, each) for each in Polarity}
    return first_of([(polarity == str(each), words[each]) for each in Polarity], words[Polarity.NONE])


def step(above: pl.Expr, below: pl.Expr) -> pl.Expr:
    """The direction of two conditions that exclude each other; null where one of them is unknown."""
    return above.cast(_STEP) - below.cast(_STEP)


def first_of(choices: Sequence[tuple[pl.Expr, pl.Expr]], otherwise: pl.Expr) -> pl.Expr:
    """The value behind the first condition that holds."""
    chosen = otherwise
    for condition, value in reversed(choices):
        chosen = pl.when(condition).then(value).otherwise(chosen)
    return chosen


def _worded(direction: pl.Expr, polarity: Polarity) -> pl.Expr:
    if polarity is Polarity.NOT_APPLICABLE:
        return _literal(Outcome.NOT_COMPARED)
    words = {0: Outcome.SIMILAR} | _JUDGED[polarity]
    return worded(direction, [words[each] for each in range(-2, 3)] + [Outcome.NOT_COMPARED], dtype=OUTCOMES)


def worded(direction: pl.Expr, words: Sequence[str], *, dtype: pl.Enum) -> pl.Expr:
    """The word of a direction: words for -2 to 2, then the word for unknown.

    Looked up rather than chosen by conditions, for which polars would compute the direction anew each time, or by
    `replace`, which the streaming engine does not stream.
    """
    table = pl.Series([str(each) for each in words], dtype=dtype)

    def look_up(directions: pl.Series) -> pl.Series:
        return table.gather((directions.cast(pl.Int32) + 2).fill_null(len(table) - 1))

    return direction.map_batches(look_up, return_dtype=dtype, is_elementwise=True)


def _literal(outcome: Outcome) -> pl.Expr:
    return pl.lit(str(outcome), OUTCOMES)


def getting(marker: Marker, polarity: Polarity) -> Marker:
    """A plain marker with its judgement; a marker that says no direction, or has one already, stays as it is."""
    return _GETTING.get((polarity, marker), marker)


def polarity_of(inputs: Case) -> Polarity:
    """The polarity a case names. Raises Refused for a word nobody uses."""
    given = word(inputs, "polarity").strip().lower()
    try:
        return _ALSO.get(given) or Polarity(given)
    except ValueError:
        raise Refused(f"polarity is one of {', '.join(Polarity)}") from None


def check(inputs: Case) -> dict[str, Any]:
    """The judged marker of a plain one."""
    try:
        marker = Marker(word(inputs, "marker"))
    except ValueError:
        raise Refused(f"marker is one of {', '.join(Marker)}") from None
    return {"marker": getting(marker, polarity_of(inputs))}


METHOD = Method(
    name="trend_polarity",
    title="Whether a change is an improvement",
    what=(
        "A trend says which way the figures go; the polarity of the indicator says whether that is good. Without a "
        "polarity the words stay at increasing and decreasing, and nothing is called better or worse."
    ),
    formula="high: increasing is better, decreasing worse; low: the other way round; none: no judgement",
    source="Fingertips technical guidance, recent trends (Office for Health Improvement and Disparities).",
    example={"polarity": "low", "marker": "Increasing"},
    check=check,
)
