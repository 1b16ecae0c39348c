"""Intervals against scipy, row by row and by group."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from scipy import stats

from reportcards.methods.byars import byar
from reportcards.methods.crude_rate import crude_rate
from reportcards.methods.dsr import ESP2013, dsr
from reportcards.methods.indirect import expected_events, indirect
from reportcards.methods.mean import mean_interval, mean_parts
from reportcards.methods.wilson import wilson

LEVELS = st.sampled_from([0.9, 0.95, 0.99, 0.998])
X, N = pl.col("x"), pl.col("n")


@st.composite
def shares(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 10**7))
    return draw(st.integers(0, n)), n


@settings(max_examples=60, deadline=None)
@given(st.lists(shares(), min_size=1, max_size=20), LEVELS)
def test_wilson_is_scipys(rows: list[tuple[int, int]], confidence: float) -> None:
    frame = pl.DataFrame(rows, schema=["x", "n"], orient="row")
    for (x, n), (value, lower, upper) in zip(
        rows, frame.select(**wilson(X, N, confidence=confidence).named()).iter_rows(), strict=True
    ):
        theirs = stats.binomtest(x, n).proportion_ci(confidence, method="wilson")
        assert (value, lower, upper) == pytest.approx((x / n, theirs.low, theirs.high), rel=1e-9, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10**6)), min_size=1, max_size=20), LEVELS)
def test_a_rate_is_exact_under_ten_events_and_near_exact_above(rows: list[tuple[int, int]], confidence: float) -> None:
    frame = pl.DataFrame(rows, schema=["x", "n"], orient="row")
    tail = (1 - confidence) / 2
    answer = frame.select(**crude_rate(X, N, confidence=confidence, multiplier=1000).named())
    for (x, n), (value, lower, upper) in zip(rows, answer.iter_rows(), strict=True):
        exact = (stats.chi2.ppf(tail, 2 * x) / 2 if x else 0.0, stats.chi2.ppf(1 - tail, 2 * x + 2) / 2)
        tolerance = 1e-9 if x < 10 else 0.02
        assert value == pytest.approx(1000 * x / n)
        assert (lower, upper) == pytest.approx([each * 1000 / n for each in exact], rel=tolerance)


@pytest.mark.parametrize(("count", "method"), [(9, "exact"), (9.999, "exact"), (10, "byar"), (4.5, "exact")])
def test_the_limits_change_strictly_at_ten(count: float, method: str) -> None:
    frame = pl.DataFrame({"x": [float(count)], "n": [1.0]})
    lower = frame.select(crude_rate(X, N, multiplier=1).lower).item()
    other = frame.select(byar(X).lower).item()
    if method == "byar":
        assert lower == other
    else:
        assert lower == pytest.approx(stats.chi2.ppf(0.025, 2 * count) / 2)


BAD = pl.DataFrame(
    {"x": [None, 5.0, -1.0, 5.0, 5.0, math.nan, 12.0, None], "n": [10.0, None, 10.0, 0.0, -3.0, 10.0, math.nan, None]}
)


@pytest.mark.parametrize("statistic", [wilson, crude_rate])
def test_a_row_that_cannot_be_true_has_no_figure(statistic: object) -> None:
    answer = BAD.select(**statistic(X, N).named())  # type: ignore[operator]
    assert answer.null_count().row(0) == (len(BAD),) * 3


def test_a_share_above_the_whole_has_no_figure() -> None:
    assert pl.DataFrame({"x": [11], "n": [10]}).select(wilson(X, N).value).item() is None


def test_certainty_about_a_share_is_everything_from_none_to_all() -> None:
    answer = pl.DataFrame({"x": [3], "n": [9]}).select(**wilson(X, N, confidence=1, multiplier=100).named()).row(0)
    assert answer == pytest.approx((100 / 3, 0, 100))


def test_byars_lower_limit_is_left_out_where_it_would_be_negative() -> None:
    answer = pl.DataFrame({"x": [0, 1, None]}).select(**byar(X, confidence=0.998).named())
    assert answer["lower"].to_list() == [None, None, None]
    assert answer["upper"].null_count() == 1


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=30), LEVELS)
def test_a_mean_has_scipys_interval(values: list[float], confidence: float) -> None:
    parts = pl.DataFrame({"x": values}).select(**mean_parts(X))
    mean, lower, upper = parts.select(
        **mean_interval(pl.col("n"), pl.col("mean"), pl.col("stdev"), confidence=confidence).named()
    ).row(0)
    spread = stats.tstd(values) / math.sqrt(len(values))
    half = stats.t.ppf(1 - (1 - confidence) / 2, len(values) - 1) * spread
    assert (mean, lower, upper) == pytest.approx((sum(values) / len(values), mean - half, mean + half), abs=1e-6)


def test_means_by_group_are_the_means_of_the_groups() -> None:
    frame = pl.LazyFrame({"g": ["a", "a", "b", "c", "c"], "x": [1.0, 3.0, 5.0, 2.0, None]})
    interval = mean_interval(pl.col("n"), pl.col("mean"), pl.col("stdev"))
    answer = frame.group_by("g").agg(**mean_parts(X)).select("g", **interval.named()).sort("g").collect()
    assert answer["value"].to_list() == [2.0, 5.0, None]
    assert answer["lower"].null_count() == 2


def _bands(seed: int) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "area": ["a"] * 19 + ["b"] * 19,
            "x": [(seed + 7 * i) % 40 for i in range(38)],
            "n": [500 + (seed * 13 + 31 * i) % 900 for i in range(38)],
            "w": [*ESP2013, *ESP2013],
        }
    )


def test_standardised_rates_by_group_are_those_of_the_groups() -> None:
    interval = dsr(X, N, pl.col("w"))
    frame = _bands(3)
    grouped = frame.group_by("area", maintain_order=True).agg(**interval.named())
    for area in ("a", "b"):
        alone = frame.filter(pl.col("area") == area).select(pl.lit(area).alias("area"), **interval.named())
        assert_frame_equal(grouped.filter(pl.col("area") == area), alone)


def test_a_standardised_rate_is_the_crude_one_where_the_ages_are_the_standards() -> None:
    frame = pl.DataFrame({"x": [10, 20, 70], "n": [1000, 1000, 1000], "w": [5, 5, 5]})
    value, lower, upper = frame.select(**dsr(X, N, pl.col("w"), multiplier=100).named()).row(0)
    crude = pl.DataFrame({"x": [100], "n": [3000]}).select(**crude_rate(X, N, multiplier=100).named()).row(0)
    assert (value, lower, upper) == pytest.approx(crude)


def test_repeated_events_widen_the_interval_and_leave_the_rate() -> None:
    frame = pl.DataFrame({"x": [20, 30], "n": [1000, 900], "w": [6, 4], "s": [40, 80]})
    once = frame.select(**dsr(X, N, pl.col("w")).named()).row(0)
    repeated = frame.select(**dsr(X, N, pl.col("w"), squared=pl.col("s")).named()).row(0)
    assert repeated[0] == pytest.approx(once[0])
    assert repeated[2] - repeated[1] > once[2] - once[1]


@pytest.mark.parametrize("population", [0, None])
def test_a_band_without_people_leaves_the_standardised_rate_out(population: int | None) -> None:
    frame = pl.DataFrame({"x": [20, 30], "n": [1000, population], "w": [6, 4]})
    assert frame.select(**dsr(X, N, pl.col("w")).named()).row(0) == (None, None, None)


def test_an_area_with_the_references_rates_has_a_ratio_of_one() -> None:
    frame = pl.DataFrame({"n": [500, 700], "rx": [10, 40], "rn": [1000, 1000]})
    expected = frame.select(e=expected_events(N, pl.col("rx"), pl.col("rn")))
    assert expected.item() == pytest.approx(33)
    value, lower, upper = (
        expected.with_columns(x=33.0).select(**indirect(X, pl.col("e"), multiplier=100).named()).row(0)
    )
    assert value == pytest.approx(100)
    assert lower < 100 < upper


def test_nothing_expected_gives_no_ratio() -> None:
    answer = pl.DataFrame({"x": [0.0], "e": [0.0]}).select(**indirect(X, pl.col("e")).named()).row(0)
    assert answer == (None, None, None)


def test_the_streaming_engine_gives_the_same_figures() -> None:
    frame = pl.LazyFrame({"x": list(range(1000)), "n": list(range(1, 2001, 2))})
    asked = frame.select(**crude_rate(X, N).named(), **wilson(X, N).named("share", "low", "high"))
    assert_frame_equal(asked.collect(engine="streaming"), asked.collect(), check_row_order=True)
