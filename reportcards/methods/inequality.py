"""The slope and relative index of inequality over groups from most to least deprived."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from reportcards.methods._inputs import Number, equally_long, number, numbers, positive, word
from reportcards.methods._limits import level, z_of
from reportcards.methods._method import Case, Method, Refused

DRAWS = 100_000
SEED = 20_040_326
"""One seed for all, so that a card shows the same interval each time it is made."""
FEWEST = 2
Floats = npt.NDArray[np.float64]


class ValueType(StrEnum):
    """What the values are, which says on what scale their errors are symmetric."""

    NORMAL = "normal"
    RATE = "rate"
    """Logarithm."""
    PROPORTION = "proportion"
    """Logit; shares between 0 and 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """One indicator over groups, most deprived first."""

    values: Sequence[float]
    populations: Sequence[float]
    errors: Sequence[float] = ()
    """Standard errors on the scale of the value type (see `errors_of`); without them there are no intervals."""
    value_type: ValueType = ValueType.NORMAL
    transform: bool = False
    """Fit the line on the scale of the value type too, instead of on the values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inequality:
    """The gap between the two ends of a society, in the indicator's unit and as a ratio."""

    sii: float
    """Value at the least deprived end less that at the most deprived, by the fitted line."""
    rii: float
    """The same as a ratio."""
    sii_limits: tuple[float, float] | None = None
    rii_limits: tuple[float, float] | None = None


def _plain(values: Floats) -> Floats:
    return values


def _logit(values: Floats) -> Floats:
    return np.log(values / (1 - values))


def _expit(values: Floats) -> Floats:
    return 1 / (1 + np.exp(-values))


_SCALES: dict[ValueType, tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]] = {
    ValueType.NORMAL: (_plain, _plain),
    ValueType.RATE: (np.log, np.exp),
    ValueType.PROPORTION: (_logit, _expit),
}
"""To the scale and back."""


def errors_of(lower: Sequence[float], upper: Sequence[float], value_type: ValueType) -> list[float]:
    """Standard errors on the scale of the value type, from 95 % limits."""
    there, _ = _SCALES[value_type]
    width = there(np.asarray(upper, dtype=float)) - there(np.asarray(lower, dtype=float))
    return [float(each) for each in width / (2 * z_of(0.95))]


def slope_index(groups: Groups, *, confidence: float = 0.95, multiplier: float = 1.0, draws: int = DRAWS) -> Inequality:
    """Fit the weighted line through the groups; its limits by simulation where errors are given.

    A negative multiplier turns the index round, the ratio with it. Raises Refused for what no line goes through.
    """
    _possible(groups)
    values, solve = np.asarray(groups.values, dtype=float), _least_squares(groups.populations)
    there, back = _SCALES[groups.value_type]
    fitted = there(values) if groups.transform else values
    sii, rii = _indices(solve(fitted[:, None]), back if groups.transform else _plain, multiplier=multiplier)
    if not groups.errors:
        return Inequality(sii=float(sii[0]), rii=float(rii[0]))
    drawn = _draws(there(values), groups.errors, draws)
    drawn = drawn if groups.transform else back(drawn)
    simulated = _indices(solve(drawn), back if groups.transform else _plain, multiplier=multiplier)
    return Inequality(
        sii=float(sii[0]),
        rii=float(rii[0]),
        sii_limits=_middle(simulated[0], confidence),
        rii_limits=_middle(simulated[1], confidence),
    )


def _draws(values: Floats, errors: Sequence[float], draws: int) -> Floats:
    rng = np.random.default_rng(SEED)
    return rng.normal(values[:, None], np.asarray(errors, dtype=float)[:, None], (len(values), draws))


def _possible(groups: Groups) -> None:
    if len(groups.values) < FEWEST:
        raise Refused("an index of inequality needs two groups or more")
    equally_long(value=list(groups.values), population=list(groups.populations))
    if groups.errors:
        equally_long(value=list(groups.values), standard_error=list(groups.errors))
        if not all(math.isfinite(each) and each >= 0 for each in groups.errors):
            raise Refused("a standard error is not a number from 0")
    scaled = groups.transform or bool(groups.errors)
    if scaled and groups.value_type is ValueType.PROPORTION and not all(0 < each < 1 for each in groups.values):
        raise Refused("value proportions are not all between 0 and 1")
    if scaled and groups.value_type is ValueType.RATE and not all(each > 0 for each in groups.values):
        raise Refused("value rates are not all above 0")


def _least_squares(populations: Sequence[float]) -> Callable[[Floats], Floats]:
    """From values (one column a draw) to intercept and slope over the cumulative share of the population."""
    share = np.asarray(populations, dtype=float) / math.fsum(populations)
    root, middle = np.sqrt(share), np.cumsum(share) - share / 2
    inverse = np.linalg.pinv(np.column_stack([root, middle * root]))
    return lambda values: np.asarray(inverse @ (values * root[:, None]), dtype=float)


def _indices(line: Floats, back: Callable[[Floats], Floats], *, multiplier: float) -> tuple[Floats, Floats]:
    start, end = back(line[0]), back(line[0] + line[1])
    return (end - start) * multiplier, (end / start if multiplier >= 0 else start / end)


def _middle(simulated: Floats, confidence: float) -> tuple[float, float]:
    tail = (1 - level(confidence)) / 2
    low, high = np.quantile(simulated, [tail, 1 - tail])
    return float(low), float(high)


_TYPES = {"0": ValueType.NORMAL, "1": ValueType.RATE, "2": ValueType.PROPORTION, "": ValueType.NORMAL}


def _known(inputs: Case, name: str) -> list[float]:
    values = numbers(inputs, name)
    if any(each is None for each in values):
        raise Refused(f"missing {name.replace('_', ' ')}")
    return [each for each in values if each is not None]


def _errors(inputs: Case, value_type: ValueType) -> list[float]:
    if inputs.get("se") is not None:
        return _known(inputs, "se")
    if inputs.get("lower_cl") is None or inputs.get("upper_cl") is None:
        return []
    lower, upper = _known(inputs, "lower_cl"), _known(inputs, "upper_cl")
    equally_long(lower_cl=list(lower), upper_cl=list(upper))
    if value_type is ValueType.PROPORTION and not all(0 < each < 1 for each in (*lower, *upper)):
        raise Refused("confidence limit proportions are not all between 0 and 1")
    if value_type is ValueType.RATE and not all(each > 0 for each in (*lower, *upper)):
        raise Refused("confidence limit rates are not all above 0")
    return errors_of(lower, upper, value_type)


def _confidences(inputs: Case) -> list[float]:
    """One level or several: 0.95, [95, 99.8], or the text of a list."""
    given = inputs.get("confidence", 0.95)
    if isinstance(given, str):
        given = [float(each) for each in re.findall(r"\d+(?:\.\d+)?", given)]
    found: list[Number] = numbers({"confidence": given}, "confidence")
    return [level(each) for each in found] or [0.95]


def check(inputs: Case) -> dict[str, Any]:
    """The indices of one list of groups; limits at the first level of confidence."""
    given = str(inputs.get("value_type", "normal")).lower()
    try:
        value_type = _TYPES.get(given) or ValueType(given)
    except ValueError:
        raise Refused(f"value_type is one of {', '.join(ValueType)}") from None
    populations: list[Number] = list(numbers(inputs, "population"))
    if any(each is None or each <= 0 for each in populations):
        raise Refused("some groups have a zero, negative or missing population")
    positive("population", populations)
    transform = inputs.get("transform", False)
    groups = Groups(
        values=_known(inputs, "value"),
        populations=[each for each in populations if each is not None],
        errors=_errors(inputs, value_type),
        value_type=value_type,
        transform=transform is True or word({"transform": str(transform)}, "transform").lower() == "true",
    )
    multiplier = number(inputs, "multiplier", default=1.0)
    confidence = _confidences(inputs)[0]
    told = slope_index(groups, confidence=confidence, multiplier=1.0 if multiplier is None else multiplier)
    sii, rii = told.sii_limits or (None, None), told.rii_limits or (None, None)
    return {
        "sii": told.sii,
        "rii": told.rii,
        "sii_lower": sii[0],
        "sii_upper": sii[1],
        "rii_lower": rii[0],
        "rii_upper": rii[1],
    }


METHOD = Method(
    name="slope_index_of_inequality",
    title="Slope and relative index of inequality",
    what=(
        "How far apart the most and the least deprived ends of a population are, using all groups in between and "
        "their sizes, not only the two extremes. The slope index is in the indicator's unit (years of life), the "
        "relative index a ratio; 0 and 1 mean no gradient. The interval is simulated with a fixed seed, so that it "
        "is the same each time."
    ),
    formula="regress √a y on √a and b √a without intercept, a the share of the population, b its cumulative midpoint",
    source="Low A, Low A (2004), Measuring the gap, Journal of Public Health 26:388-395.",
    example={
        "value": [74.1, 76.0, 78.2, 79.9, 81.6],
        "population": [7_300, 8_000, 6_100, 7_700, 5_800],
        "lower_cl": [72.9, 74.9, 76.9, 78.8, 80.2],
        "upper_cl": [75.3, 77.1, 79.5, 81.0, 83.0],
        "value_type": "normal",
        "confidence": 0.95,
    },
    check=check,
)
