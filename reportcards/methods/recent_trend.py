"""Whether the last five figures of a series go up or down by more than chance."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from reportcards.methods._inputs import Number, items, number, word
from reportcards.methods._method import Case, Method, Refused
from reportcards.methods.polarity import Marker, Polarity, getting, polarity_of

POINTS = 5
CHI_SQUARE = 9.54953570608324
"""99.8 % point of the chi-square distribution with one degree of freedom."""
_WIDTH = 3.92
"""Standard errors between the 95 % limits."""
VALUE_TYPES = ("proportion", "crude_rate", "dsr")


class TrendTest(StrEnum):
    """Which test is made."""

    BY_INTERVAL = "ci_weighted"
    """A line weighted by the width of the intervals."""
    OF_PROPORTIONS = "proportion_chi2"
    """Cochran-Armitage, on counts and denominators."""


class Reason(StrEnum):
    """Why there is no trend to tell, as a sentence for the card."""

    VALUE_TYPE = "The recent trend cannot be calculated for this kind of figure."
    POOLED = "The recent trend cannot be calculated for figures of several years together."
    NO_POINTS = "There are no figures yet."
    TOO_FEW = "The recent trend needs five figures in a row."
    GAP = "The recent trend needs five years in a row without a missing or suppressed figure."
    ALL = "The recent trend cannot be calculated while a count equals its denominator."
    NOTHING = "The recent trend of proportions cannot be calculated while a count is zero."
    NO_INTERVALS = "The recent trend cannot be calculated without confidence intervals."


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """One year of a series; None is missing or suppressed."""

    year: int
    value: Number
    count: Number
    denominator: Number
    lower: Number = None
    upper: Number = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecentTrend:
    """What may be said of the last five years."""

    marker: Marker
    """Without intervals NoChange, as Fingertips publishes it; a card shows `shown`."""
    reason: Reason | None = None
    chi_square: float | None = None
    significant: bool = False

    @property
    def shown(self) -> Marker:
        """The marker for people: with a reason against it, a trend cannot be calculated."""
        return Marker.CANNOT_BE_CALCULATED if self.reason else self.marker


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slope:
    slope: float
    chi_square: float
    steady: bool
    """The slope keeps its sign whichever point is left out."""


def recent_trend(
    points: Sequence[TrendPoint],
    *,
    value_type: str,
    years_pooled: int = 1,
    polarity: Polarity = Polarity.NONE,
    test: TrendTest = TrendTest.BY_INTERVAL,
) -> RecentTrend:
    """The trend of the last five of an unbroken run of single years, in the words of the polarity."""
    run = _run(points)
    if reason := _refusal(points, run, value_type=value_type, years_pooled=years_pooled):
        return RecentTrend(marker=Marker.CANNOT_BE_CALCULATED, reason=reason)
    if test is TrendTest.OF_PROPORTIONS and any(each.count == 0 for each in run):
        return RecentTrend(marker=Marker.CANNOT_BE_CALCULATED, reason=Reason.NOTHING)
    if test is TrendTest.BY_INTERVAL and not all(_has_interval(each) for each in run):
        return RecentTrend(marker=Marker.NO_CHANGE, reason=Reason.NO_INTERVALS)
    found = (_of_proportions if test is TrendTest.OF_PROPORTIONS else _by_interval)(run)
    significant = found.steady and found.chi_square > CHI_SQUARE
    direction = Marker.INCREASING if found.slope > 0 else Marker.DECREASING
    return RecentTrend(
        marker=getting(direction, polarity) if significant else Marker.NO_CHANGE,
        chi_square=found.chi_square,
        significant=significant,
    )


def _run(points: Sequence[TrendPoint]) -> list[TrendPoint]:
    """The last five years up to the first gap going back, oldest first."""
    run: list[TrendPoint] = []
    for point in sorted(points, key=lambda each: each.year, reverse=True):
        missing = point.value is None or point.count is None or not point.denominator or point.denominator < 0
        if missing or len(run) == POINTS or (run and run[-1].year - point.year != 1):
            break
        run.append(point)
    return run[::-1]


def _refusal(
    points: Sequence[TrendPoint], run: Sequence[TrendPoint], *, value_type: str, years_pooled: int
) -> Reason | None:
    if value_type not in VALUE_TYPES:
        return Reason.VALUE_TYPE
    if years_pooled != 1:
        return Reason.POOLED
    if not points:
        return Reason.NO_POINTS
    if len(points) < POINTS:
        return Reason.TOO_FEW
    if len(run) < POINTS:
        return Reason.GAP
    return Reason.ALL if any(each.count == each.denominator for each in run) else None


def _has_interval(point: TrendPoint) -> bool:
    return point.lower is not None and point.upper is not None and point.upper > point.lower


def _by_interval(run: Sequence[TrendPoint]) -> _Slope:
    weights = [(_WIDTH / ((each.upper or 0.0) - (each.lower or 0.0))) ** 2 for each in run]
    values = [each.value or 0.0 for each in run]
    slope, variance = _line(weights, values)
    signs = _signs(lambda kept: _line([weights[i] for i in kept], [values[i] for i in kept], times=kept)[0])
    return _Slope(slope=slope, chi_square=slope * slope / variance, steady=abs(signs + _sign(slope)) == POINTS + 1)


def _line(weights: Sequence[float], values: Sequence[float], times: Sequence[int] | None = None) -> tuple[float, float]:
    """Slope and its variance of a weighted line over times 0, 1, 2..."""
    times = range(len(values)) if times is None else times
    total = math.fsum(weights)
    middle = math.fsum(w * t for w, t in zip(weights, times, strict=True)) / total
    spread = math.fsum(w * (t - middle) ** 2 for w, t in zip(weights, times, strict=True))
    moment = math.fsum(w * (t - middle) * y for w, t, y in zip(weights, times, values, strict=True))
    return moment / spread, 1 / spread


def _of_proportions(run: Sequence[TrendPoint]) -> _Slope:
    counts, sizes = [each.count or 0.0 for each in run], [each.denominator or 0.0 for each in run]
    size, count = math.fsum(sizes), math.fsum(counts)
    first = math.fsum(n * t for t, n in enumerate(sizes))
    second = math.fsum(n * t * t for t, n in enumerate(sizes))
    moment = size * math.fsum(x * t for t, x in enumerate(counts)) - count * first
    chi_square = size * moment**2 / (count * (size - count) * (size * second - first**2))
    logits = [math.log(x / (n - x)) if n > x else math.inf for x, n in zip(counts, sizes, strict=True)]
    slope, _ = _line([1.0] * POINTS, logits)
    signs = _signs(lambda kept: _line([1.0] * len(kept), [logits[i] for i in kept], times=kept)[0])
    return _Slope(slope=slope, chi_square=chi_square, steady=abs(signs + _sign(slope)) == POINTS + 1)


def _signs(slope: Callable[[Sequence[int]], float]) -> int:
    """The sum of the signs of the slopes with each point left out in turn."""
    return sum(_sign(slope([i for i in range(POINTS) if i != left_out])) for left_out in range(POINTS))


def _sign(slope: float) -> int:
    return -1 if slope < 0 else 1


def _point(given: object) -> TrendPoint:
    if not isinstance(given, Mapping):
        raise Refused("a point of the series is not an object")
    year = number(given, "year")
    if year is None:
        raise Refused("a point of the series has no year")
    named = {name: number(given, name) for name in ("value", "count", "denominator", "lower", "upper")}
    return TrendPoint(year=int(year), **named)


_TYPES = {
    "directly_standardised_rate": "dsr",
    "directly standardised rate": "dsr",
    "crude rate": "crude_rate",
    "rate": "crude_rate",
}


def check(inputs: Case) -> dict[str, Any]:
    """The trend of one list of points; a chi-square of 0 where there is none."""
    given = word(inputs, "value_type").lower()
    try:
        test = TrendTest(word(inputs, "method", default=TrendTest.BY_INTERVAL))
    except ValueError:
        raise Refused(f"method is one of {', '.join(TrendTest)}") from None
    trend = recent_trend(
        [_point(each) for each in items(inputs, "points")],
        value_type=_TYPES.get(given, given),
        years_pooled=int(number(inputs, "year_range", default=1) or 1),
        polarity=polarity_of(inputs),
        test=test,
    )
    return {
        "marker": trend.marker,
        "chi_square": trend.chi_square or 0.0,
        "significant": trend.significant,
        "reason": trend.reason,
    }


METHOD = Method(
    name="recent_trend",
    title="Recent trend",
    what=(
        "Whether the last five yearly figures rise or fall by more than chance. It asks for strong evidence (99.8 %) "
        "and for a slope that keeps its sign whichever year is left out, so that one odd year makes no trend. It is "
        "made of five years in a row of proportions, crude or directly standardised rates; otherwise the reason is "
        "told. Without intervals Fingertips publishes no change; a card says that it cannot be calculated."
    ),
    formula=(
        "weighted line, weights (3.92/(U − L))², χ² = (slope/se)² > 9.5495; or of proportions Cochran-Armitage χ², "
        "signs on logit slopes"
    ),
    source="Fingertips technical guidance, recent trends; Armitage P (1955), Biometrics 11:375-386.",
    example={
        "value_type": "proportion",
        "year_range": 1,
        "polarity": "low",
        "points": [
            {"year": 2021, "count": 310, "denominator": 4000, "value": 7.75, "lower": 6.96, "upper": 8.62},
            {"year": 2022, "count": 352, "denominator": 4050, "value": 8.69, "lower": 7.86, "upper": 9.6},
            {"year": 2023, "count": 391, "denominator": 4100, "value": 9.54, "lower": 8.68, "upper": 10.48},
            {"year": 2024, "count": 433, "denominator": 4120, "value": 10.51, "lower": 9.61, "upper": 11.48},
            {"year": 2025, "count": 470, "denominator": 4150, "value": 11.33, "lower": 10.4, "upper": 12.33},
        ],
    },
    check=check,
)
