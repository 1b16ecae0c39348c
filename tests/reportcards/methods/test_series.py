"""Rules on series: XmR against a plain reading of its rules, recent trend, forecast."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from reportcards.methods import Refused
from reportcards.methods.forecast import FURTHEST, Withheld, if_nothing_changes
from reportcards.methods.polarity import Marker, Polarity
from reportcards.methods.recent_trend import Reason, TrendPoint, TrendTest, recent_trend
from reportcards.methods.xmr import Assurance, Judgement, Rule, Signal, xmr

SERIES = st.lists(st.integers(0, 12).map(float), min_size=2, max_size=40)


def _plainly(values: list[float], screen: bool) -> list[Rule | None]:
    """The four rules as a person would apply them by hand, point by point."""
    mean = math.fsum(values) / len(values)
    ranges = [abs(b - a) for a, b in pairwise(values)]
    average = math.fsum(ranges) / len(ranges)
    if screen:
        ranges = [each for each in ranges if each < 3.267 * average]
    half = 2.66 * math.fsum(ranges) / len(ranges) if ranges else math.inf

    def near(y: float) -> bool:
        return abs(y - mean) > 2 * half / 3 and not abs(y - mean) > half

    def some(size: int, i: int, holds: object) -> bool:
        starts = range(max(0, i - size + 1), min(i, len(values) - size) + 1)
        return any(holds(values[s : s + size]) for s in starts)  # type: ignore[operator]

    def runs(w: list[float]) -> bool:
        steps = [b - a for a, b in pairwise(w)]
        return all(each > 0 for each in steps) or all(each < 0 for each in steps)

    def sided(w: list[float]) -> bool:
        return all(each > mean for each in w) or all(each < mean for each in w)

    found: list[Rule | None] = []
    for i, y in enumerate(values):
        if abs(y - mean) > half:
            found.append(Rule.BEYOND)
        elif some(7, i, runs):
            found.append(Rule.TREND)
        elif near(y) and some(3, i, lambda w: sided(w) and sum(map(near, w)) >= 2):
            found.append(Rule.TWO_OF_THREE)
        else:
            found.append(Rule.SHIFT if some(7, i, sided) else None)
    return found


@settings(max_examples=200, deadline=None)
@given(SERIES, st.booleans())
def test_the_rules_are_those_a_person_applies_by_hand(values: list[float], screen: bool) -> None:
    signals = xmr(values, screen_outliers=screen).signals
    assert [each.rule if each else None for each in signals] == _plainly(values, screen)


@settings(max_examples=60, deadline=None)
@given(SERIES)
def test_turning_a_series_over_turns_every_judgement_over(values: list[float]) -> None:
    over = {
        Judgement.IMPROVEMENT: Judgement.CONCERN,
        Judgement.CONCERN: Judgement.IMPROVEMENT,
        Judgement.COMMON_CAUSE: Judgement.COMMON_CAUSE,
    }
    one, other = (xmr(each, polarity=Polarity.HIGH) for each in (values, [-y for y in values]))
    assert [over[each] for each in one.judgements] == list(other.judgements)
    assert list(one.judgements) == list(xmr([-y for y in values], polarity=Polarity.LOW).judgements)


@settings(max_examples=60, deadline=None)
@given(SERIES, SERIES)
def test_a_rebase_reads_both_parts_as_if_alone(before: list[float], after: list[float]) -> None:
    both = xmr([*before, *after], polarity=Polarity.LOW, rebases=[len(before)])
    alone = [xmr(each, polarity=Polarity.LOW) for each in (before, after)]
    for name in ("mean", "lower", "upper", "signals", "judgements", "screened", "short"):
        assert getattr(both, name) == getattr(alone[0], name) + getattr(alone[1], name)


def test_a_fixed_baseline_is_not_moved_by_what_follows() -> None:
    base = [5.0, 6.0, 4.0, 5.0, 6.0, 5.0, 4.0, 6.0, 5.0, 5.0, 4.0, 6.0]
    fixed, later = xmr(base), xmr([*base, 30.0, 31.0], fix_after=12)
    assert set(later.mean) == set(fixed.mean)
    assert set(later.upper) == set(fixed.upper)
    assert later.signals[-1] == Signal(rule=Rule.BEYOND, side=1)


@pytest.mark.parametrize("wrong", [{"fix_after": 11}, {"rebases": [20]}, {"rebases": [-1]}])
def test_a_baseline_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        xmr([1.0] * 20, **wrong)  # type: ignore[arg-type]


def test_a_series_without_variation_has_no_limits_and_no_signal() -> None:
    flat = xmr([5.0] * 15, polarity=Polarity.HIGH, target=6)
    assert set(flat.upper) == {None}
    assert set(flat.signals) == {None}
    assert flat.assurance is None


def test_an_outlying_range_is_screened_once_and_can_be_kept() -> None:
    values = [1.0, 2.0] * 6 + [30.0] + [1.0, 2.0] * 3
    screened, kept = xmr(values), xmr(values, screen_outliers=False)
    assert sum(screened.screened) == 2
    assert not any(kept.screened)
    assert (screened.upper[0] or 0) < (kept.upper[0] or 0)


@pytest.mark.parametrize(
    ("target", "polarity", "assurance"),
    [
        (100, Polarity.HIGH, Assurance.FAIL),
        (100, Polarity.LOW, Assurance.PASS),
        (-100, Polarity.HIGH, Assurance.PASS),
        (-100, Polarity.LOW, Assurance.FAIL),
        (5, Polarity.LOW, Assurance.INCONSISTENT),
        (100, Polarity.NONE, None),
        (None, Polarity.HIGH, None),
    ],
)
def test_assurance_is_told_by_the_limits(target: float | None, polarity: Polarity, assurance: Assurance | None) -> None:
    assert xmr([4.0, 6.0] * 8, target=target, polarity=polarity).assurance == assurance


def test_assurance_is_that_of_the_last_baseline() -> None:
    values = [4.0, 6.0] * 8 + [94.0, 96.0] * 8
    assert xmr(values, target=50, polarity=Polarity.HIGH, rebases=[16]).assurance is Assurance.PASS


def test_a_missing_point_has_no_signal_and_breaks_a_run() -> None:
    rising: list[float | None] = [float(i) for i in range(1, 13)]
    gap: list[float | None] = [*rising[:6], None, *rising[6:]]
    assert any(each and each.rule is Rule.TREND for each in xmr(rising).signals)
    read = xmr(gap)
    assert read.signals[6] is None
    assert not any(each and each.rule is Rule.TREND for each in read.signals)


def test_an_empty_series_is_an_empty_chart() -> None:
    assert xmr([]).mean == ()
    assert all(xmr([3.0]).short)


def _points(values: list[float], *, size: float = 10_000, half: float = 0.3) -> list[TrendPoint]:
    return [
        TrendPoint(year=2020 + i, value=v, count=v * size / 100, denominator=size, lower=v - half, upper=v + half)
        for i, v in enumerate(values)
    ]


RISING = _points([5.0, 6.0, 7.0, 8.0, 9.0])


@pytest.mark.parametrize("test", list(TrendTest))
@pytest.mark.parametrize(
    ("polarity", "marker"),
    [
        (Polarity.HIGH, Marker.INCREASING_BETTER),
        (Polarity.LOW, Marker.INCREASING_WORSE),
        (Polarity.NONE, Marker.INCREASING),
    ],
)
def test_a_clear_rise_is_told_in_the_words_of_the_polarity(test: TrendTest, polarity: Polarity, marker: Marker) -> None:
    trend = recent_trend(RISING[::-1], value_type="proportion", polarity=polarity, test=test)
    assert (trend.marker, trend.shown, trend.reason) == (marker, marker, None)


def test_one_odd_year_makes_no_trend() -> None:
    trend = recent_trend(_points([5.0, 5.1, 5.0, 5.1, 9.0]), value_type="proportion")
    assert trend.chi_square is not None and trend.chi_square > 9.55
    again = recent_trend(_points([5.2, 5.1, 5.0, 4.9, 9.0]), value_type="proportion")
    assert (again.marker, again.significant) == (Marker.NO_CHANGE, False)


def test_the_chi_square_of_proportions_is_cochran_armitages() -> None:
    counts, sizes = [51, 60, 64, 71, 93], [900, 950, 980, 1010, 1050]
    points = [
        TrendPoint(year=2020 + i, value=100 * x / n, count=x, denominator=n)
        for i, (x, n) in enumerate(zip(counts, sizes, strict=True))
    ]
    trend = recent_trend(points, value_type="proportion", test=TrendTest.OF_PROPORTIONS)
    score = [i for i, n in enumerate(sizes) for _ in range(n)]
    case = [j < x for x, n in zip(counts, sizes, strict=True) for j in range(n)]
    assert trend.chi_square == pytest.approx(len(case) * stats.pearsonr(score, case).statistic ** 2)


REASONS = {
    Reason.VALUE_TYPE: {"value_type": "count"},
    Reason.POOLED: {"years_pooled": 3},
    Reason.NO_POINTS: {"points": []},
    Reason.TOO_FEW: {"points": RISING[1:]},
    Reason.GAP: {"points": [*RISING[:2], replace(RISING[2], value=None), *RISING[3:]]},
    Reason.ALL: {"points": [*RISING[:4], replace(RISING[4], count=10_000)]},
    Reason.NOTHING: {"points": [*RISING[:4], replace(RISING[4], count=0)], "test": TrendTest.OF_PROPORTIONS},
    Reason.NO_INTERVALS: {"points": [replace(each, lower=None, upper=None) for each in RISING]},
}


@pytest.mark.parametrize(("reason", "how"), list(REASONS.items()), ids=lambda each: getattr(each, "name", ""))
def test_what_cannot_be_calculated_says_why(reason: Reason, how: dict[str, object]) -> None:
    given: dict[str, object] = {"points": RISING, "value_type": "proportion"} | how
    trend = recent_trend(given.pop("points"), **given)  # type: ignore[arg-type]
    assert trend.reason is reason
    assert trend.shown is Marker.CANNOT_BE_CALCULATED
    assert not trend.significant


def test_a_year_that_is_not_there_is_a_gap() -> None:
    apart = [*RISING[:2], *(replace(each, year=each.year + 1) for each in RISING[2:])]
    assert recent_trend(apart, value_type="dsr").reason is Reason.GAP


def test_a_gap_before_the_last_five_years_does_not_matter() -> None:
    old = replace(RISING[0], year=2019, value=None)
    assert recent_trend([old, *RISING], value_type="dsr").marker is Marker.INCREASING


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-100, 100), min_size=5, max_size=6), st.integers(1, 4))
def test_a_forecast_is_the_prediction_interval_of_least_squares(values: list[float], ahead: int) -> None:
    told = if_nothing_changes(values, ahead).ahead[-1]
    line = stats.linregress(range(len(values)), values)
    n, at = len(values), len(values) - 1 + ahead
    middle = (n - 1) / 2
    residual = sum((y - line.intercept - line.slope * t) ** 2 for t, y in enumerate(values)) / (n - 2)
    spread = sum((t - middle) ** 2 for t in range(n))
    half = stats.t.ppf(0.975, n - 2) * math.sqrt(max(residual, 0) * (1 + 1 / n + (at - middle) ** 2 / spread))
    value = line.intercept + line.slope * at
    assert (told.value, told.lower, told.upper) == pytest.approx((value, value - half, value + half), abs=1e-6)


def test_a_forecast_looks_at_eight_figures_and_no_further_ahead() -> None:
    values = [10.0, 30.0, 20.0, 14.0, 26.0, 16.0, 24.0, 15.0, 25.0, 17.0, 23.0]
    forecast = if_nothing_changes(values, 50)
    assert forecast.points == 8
    assert len(forecast.ahead) == FURTHEST
    assert forecast.ahead[0] == if_nothing_changes(values[3:]).ahead[0]


@pytest.mark.parametrize(
    "values", [[], [1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 3.0, 4.0, 5.0, None], [1.0, None, 3.0, 4.0, 5.0, 6.0]]
)
def test_a_forecast_needs_five_figures_in_a_row(values: list[float | None]) -> None:
    forecast = if_nothing_changes(values)
    assert (forecast.ahead, forecast.withheld) == ((), Withheld.TOO_FEW)


def test_a_shift_withholds_the_forecast_until_it_is_explained() -> None:
    values = [5.0, 6.0] * 5 + [9.0, 8.0] * 4
    assert if_nothing_changes(values).withheld is Withheld.SHIFT
    explained = if_nothing_changes(values, rebases=[10])
    assert explained.withheld is None
    assert explained.points == 8
