"""XmR charts: which points of a series are more than ordinary variation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any

from reportcards.methods._inputs import Number, equally_long, items, number, numbers, word
from reportcards.methods._method import Case, Method, Refused
from reportcards.methods.polarity import Polarity

LIMIT = 2.66
"""Average moving ranges from the mean to a process limit: 3 / 1.128."""
SCREEN = 3.267
"""A moving range this many times the average is left out once, as an outlier."""
RUN = 7
SHORTEST = 13
"""Points of a baseline under which its limits are provisional."""
SHORTEST_FIX = 12


class Rule(StrEnum):
    """Why a point is a special cause; the first that fits is told."""

    BEYOND = "beyond a process limit"
    TREND = "part of seven points rising or falling"
    TWO_OF_THREE = "one of two in three close to a limit"
    SHIFT = "part of seven points on one side of the mean"


class Judgement(StrEnum):
    """What a point means under the polarity."""

    COMMON_CAUSE = "common_cause"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    HIGH = "neutral_high"
    LOW = "neutral_low"


class Assurance(StrEnum):
    """Whether the process, as it is, will meet its target."""

    PASS = "consistent_pass"  # noqa: S105
    FAIL = "consistent_fail"
    INCONSISTENT = "inconsistent"
    """Hit and miss: the target lies between the limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """A rule a point follows, and its side: 1 high or rising, -1 low or falling."""

    rule: Rule
    side: int


@dataclass(frozen=True, slots=True, kw_only=True)
class XmR:
    """A series read as a process, in lists as long as the series.

    Mean and limits are those of the baseline a point belongs to; limits are None where there is no variation.
    """

    mean: tuple[Number, ...]
    lower: tuple[Number, ...]
    upper: tuple[Number, ...]
    near_lower: tuple[Number, ...]
    near_upper: tuple[Number, ...]
    """Two thirds of the way to the limits."""
    signals: tuple[Signal | None, ...]
    judgements: tuple[Judgement, ...]
    screened: tuple[bool, ...]
    """The range from the point before was left out of the limits as an outlier."""
    short: tuple[bool, ...]
    """The baseline has fewer than 13 points."""
    assurance: Assurance | None
    """By the last baseline; None without a target, polarity or limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Baseline:
    values: Sequence[Number]
    mean: Number
    range: Number
    """The average moving range; None without variation or with fewer than two points."""
    screened: tuple[bool, ...]

    def at(self, steps: float) -> Number:
        return None if self.mean is None or self.range is None else self.mean + steps * self.range

    def side(self, value: Number) -> int:
        return 0 if value is None or self.mean is None else (value > self.mean) - (value < self.mean)


def xmr(
    values: Sequence[Number],
    *,
    polarity: Polarity = Polarity.NONE,
    target: Number = None,
    rebases: Sequence[int] = (),
    fix_after: int | None = None,
    screen_outliers: bool = True,
) -> XmR:
    """Read a series in order of time; None is a missing point.

    `rebases` are the indexes at which people decided, for a reason they gave, that a new process began. `fix_after`
    freezes each baseline after so many points. Raises Refused when that is fewer than 12, or an index is not inside.
    """
    if fix_after is not None and fix_after < SHORTEST_FIX:
        raise Refused(f"a baseline is fixed after {SHORTEST_FIX} points or more")
    if any(not 0 <= each < len(values) for each in rebases):
        raise Refused("a rebase is not at a point of the series")
    starts = sorted({0, *rebases})
    parts = [values[start:end] for start, end in pairwise([*starts, len(values)])] if values else []
    baselines = [_baseline(part, fix_after=fix_after, screen_outliers=screen_outliers) for part in parts]
    signals = tuple(each for baseline in baselines for each in _signals(baseline))

    def spread(steps: float) -> tuple[Number, ...]:
        return tuple(each.at(steps) for each in baselines for _ in each.values)

    return XmR(
        mean=tuple(each.mean for each in baselines for _ in each.values),
        lower=spread(-LIMIT),
        upper=spread(LIMIT),
        near_lower=spread(-2 * LIMIT / 3),
        near_upper=spread(2 * LIMIT / 3),
        signals=signals,
        judgements=tuple(_judgement(each, polarity) for each in signals),
        screened=tuple(each for baseline in baselines for each in baseline.screened),
        short=tuple(len(each.values) < SHORTEST for each in baselines for _ in each.values),
        assurance=_assurance(baselines[-1], target, polarity) if baselines else None,
    )


def _baseline(values: Sequence[Number], *, fix_after: int | None, screen_outliers: bool) -> _Baseline:
    fixed = [value if fix_after is None or i < fix_after else None for i, value in enumerate(values)]
    ranges = [None, *(None if a is None or b is None else abs(b - a) for a, b in pairwise(fixed))]
    average = _average(ranges)
    screened = tuple(
        screen_outliers and average is not None and each is not None and not each < SCREEN * average for each in ranges
    )
    kept = [None if out else each for each, out in zip(ranges, screened, strict=True)]
    return _Baseline(values=values, mean=_average(fixed), range=_average(kept), screened=screened)


def _average(values: Sequence[Number]) -> Number:
    known = [each for each in values if each is not None]
    try:
        average = math.fsum(known) / len(known) if known else None
    except OverflowError:
        average = math.inf
    if average is not None and math.isinf(average):
        raise Refused("the values are beyond all bounds")
    return average


def _signals(baseline: _Baseline) -> Iterator[Signal | None]:
    sides = [baseline.side(each) for each in baseline.values]
    beyond, close = _beyond(baseline), _close(baseline)
    trend, shift, pairs = _trend(baseline.values), _shift(sides), _pairs(close, sides)
    for i, side in enumerate(sides):
        if beyond[i]:
            yield Signal(rule=Rule.BEYOND, side=side)
        elif trend[i]:
            yield Signal(rule=Rule.TREND, side=trend[i])
        elif pairs[i]:
            yield Signal(rule=Rule.TWO_OF_THREE, side=side)
        else:
            yield Signal(rule=Rule.SHIFT, side=side) if shift[i] else None


def _outside(values: Sequence[Number], lower: Number, upper: Number) -> list[bool]:
    if lower is None or upper is None:
        return [False] * len(values)
    return [each is not None and (each < lower or each > upper) for each in values]


def _beyond(baseline: _Baseline) -> list[bool]:
    return _outside(baseline.values, baseline.at(-LIMIT), baseline.at(LIMIT))


def _close(baseline: _Baseline) -> list[bool]:
    """Between two thirds of the way and the limit."""
    near = _outside(baseline.values, baseline.at(-2 * LIMIT / 3), baseline.at(2 * LIMIT / 3))
    return [each and not out for each, out in zip(near, _beyond(baseline), strict=True)]


def _windows(length: int, size: int) -> Iterator[range]:
    return (range(start, start + size) for start in range(length - size + 1))


def _trend(values: Sequence[Number]) -> list[int]:
    """1 or -1 at points of seven that rise or fall without a tie; a turning point goes with what follows."""
    steps = [0, *(0 if a is None or b is None else (b > a) - (b < a) for a, b in pairwise(values))]
    part = [False] * len(values)
    for window in _windows(len(values), RUN):
        if abs(sum(steps[i] for i in window[1:])) == RUN - 1:
            for i in window:
                part[i] = True
    following = [*part[1:], False]
    return [
        0 if not part[i] else 1 if (steps[i + 1] if following[i] else steps[i]) == 1 else -1 for i in range(len(values))
    ]


def _shift(sides: Sequence[int]) -> list[bool]:
    part = [False] * len(sides)
    for window in _windows(len(sides), RUN):
        if abs(sum(sides[i] for i in window)) == RUN:
            for i in window:
                part[i] = True
    return part


def _pairs(close: Sequence[bool], sides: Sequence[int]) -> list[bool]:
    """Points close to a limit, two or more in three that are all on one side of the mean."""
    part = [False] * len(sides)
    for window in _windows(len(sides), 3):
        if abs(sum(sides[i] for i in window)) == 3 and sum(close[i] for i in window) >= 2:
            for i in window:
                part[i] = part[i] or close[i]
    return part


def _judgement(signal: Signal | None, polarity: Polarity) -> Judgement:
    if signal is None or signal.side == 0:
        return Judgement.COMMON_CAUSE
    if polarity in {Polarity.HIGH, Polarity.LOW}:
        good = 1 if polarity is Polarity.HIGH else -1
        return Judgement.IMPROVEMENT if signal.side == good else Judgement.CONCERN
    return Judgement.HIGH if signal.side > 0 else Judgement.LOW


def _assurance(baseline: _Baseline, target: Number, polarity: Polarity) -> Assurance | None:
    lower, upper = baseline.at(-LIMIT), baseline.at(LIMIT)
    if target is None or polarity not in {Polarity.HIGH, Polarity.LOW} or lower is None or upper is None:
        return None
    if lower <= target <= upper:
        return Assurance.INCONSISTENT
    return Assurance.FAIL if (target > upper) is (polarity is Polarity.HIGH) else Assurance.PASS


_DIRECTIONS = {"increase": Polarity.HIGH, "decrease": Polarity.LOW, "neutral": Polarity.NONE, "": Polarity.HIGH}
_SIDES = {
    Rule.BEYOND: {1: "Above UCL", -1: "Below LCL"},
    Rule.TREND: {1: "7 Point Trend (Increasing)", -1: "7 Point Trend (Decreasing)"},
    Rule.TWO_OF_THREE: {1: "2 in 3 Above CL", -1: "2 in 3 Below CL"},
    Rule.SHIFT: {1: "7 Points Above CL", -1: "7 Points Below CL"},
}


def check(inputs: Case) -> dict[str, Any]:
    """The chart of one series, in the words of NHS Making Data Count; a series given out of order is put in order."""
    values = numbers(inputs, "values") if inputs.get("values") is not None else []
    dates = [str(each) for each in items(inputs, "dates") or range(len(values))]
    equally_long(dates=[0.0] * len(dates), values=values)
    if len(set(dates)) < len(dates):
        raise Refused("duplicate rows found in 'dates'")
    order = sorted(range(len(dates)), key=lambda i: dates[i]) if inputs.get("dates") else list(range(len(dates)))
    direction = word(inputs, "improvement_direction")
    if direction not in _DIRECTIONS:
        raise Refused("improvement_direction is one of increase, decrease, neutral")
    fix_after, rebase_dates = (
        number(inputs, "fix_after_n_points"),
        {str(each) for each in items(inputs, "rebase_dates")},
    )
    chart = xmr(
        [values[i] for i in order],
        polarity=_DIRECTIONS[direction],
        target=number(inputs, "target"),
        rebases=[place for place, i in enumerate(order) if dates[i] in rebase_dates],
        fix_after=None if fix_after is None else int(fix_after),
        screen_outliers=bool(inputs.get("screen_outliers", True)),
    )
    return {
        "mean": list(chart.mean),
        "lpl": list(chart.lower),
        "upl": list(chart.upper),
        "special_cause_type": [
            _SIDES[each.rule].get(each.side, "Common Cause") if each else "Common Cause" for each in chart.signals
        ],
        "point_type": [
            each if each is Judgement.COMMON_CAUSE else f"special_cause_{each}" for each in chart.judgements
        ],
        "assurance": chart.assurance,
        "short_series_warning": list(chart.short),
    }


METHOD = Method(
    name="spc_xmr",
    title="XmR chart (early warning)",
    what=(
        "Tells ordinary ups and downs from a real change, so that a meeting spends its time on the latter. A point is "
        "a special cause when it is beyond a process limit, part of seven points rising or falling, one of two in "
        "three close to a limit on one side, or part of seven on one side of the mean; the first that fits is told. "
        "A new baseline is a decision of people with a reason, never made by the program. Under 13 points the limits "
        "are provisional. Against a target: consistently met, consistently missed, or hit and miss."
    ),
    formula=(
        "mean ∓ 2.66 × average moving range; ranges of 3.267 times the average or more are left out once; near "
        "limits at two thirds"
    ),
    source="Wheeler DJ (2000), Understanding Variation; NHS England, Making Data Count.",
    example={
        "values": [71, 74, 69, 73, 75, 70, 72, 68, 74, 71, 73, 70, 61, 72],
        "improvement_direction": "increase",
        "target": 80,
        "fix_after_n_points": None,
        "rebase_dates": [],
        "screen_outliers": True,
    },
    check=check,
)
