"""Comparisons, quantiles, spine, funnel, inequality and flags."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportcards.methods import Refused, registry
from reportcards.methods._limits import Interval
from reportcards.methods.benchmark import COMPARISONS, beyond_limits, proportion_limits, rate_limits
from reportcards.methods.funnel import proportion_funnel
from reportcards.methods.inequality import Groups, slope_index
from reportcards.methods.polarity import Polarity, judged
from reportcards.methods.quantiles import quantile
from reportcards.methods.small_numbers import small
from reportcards.methods.spine import bounds, category, spine
from reportcards.methods.two_point_change import change
from reportcards.methods.wilson import wilson

X, N = pl.col("x"), pl.col("n")
OVER = {"better": "worse", "worse": "better", "best": "worst", "worst": "best"}
FIGURES = {
    "value": 5.0,
    "denominator": 1000,
    "lower95": 4.0,
    "upper95": 6.0,
    "lower998": 3.0,
    "upper998": 7.0,
    "benchmark_lower95": 1.0,
    "benchmark_upper95": 1.4,
    "benchmark_lower998": 1.0,
    "benchmark_upper998": 1.4,
    "unit": 100,
}


@pytest.mark.parametrize("benchmark", [0.5, 3.5, 5.0, 6.5, 8.0])
@pytest.mark.parametrize("method", [each for each in COMPARISONS if each != "no_comparison"])
def test_the_other_polarity_turns_the_outcome_over(method: str, benchmark: float) -> None:
    check = registry()["benchmark_comparison"].check
    high, low, none, not_applicable = (
        check({**FIGURES, "method": method, "benchmark": benchmark, "polarity": each})["outcome"] for each in Polarity
    )
    assert OVER.get(high, high) == low
    assert (none in {"higher", "highest"}) == (high in {"better", "best"})
    assert not_applicable == "not_compared"


@pytest.mark.parametrize("method", list(COMPARISONS))
def test_a_missing_part_is_not_compared(method: str) -> None:
    needed = {"benchmark": 1.2} | FIGURES
    check = registry()["benchmark_comparison"].check
    for missing in ({"value": None}, {"benchmark": None, "benchmark_lower95": None, "benchmark_lower998": None}):
        given_figures = needed | missing | {"method": method, "polarity": "high"}
        assert check(given_figures)["outcome"] == "not_compared"


@pytest.mark.parametrize("side", ["lower95", "upper95"])
def test_one_limit_alone_compares_nothing(side: str) -> None:
    check = registry()["benchmark_comparison"].check
    figures = FIGURES | {side: None, "benchmark": 1.2, "polarity": "high"}
    for method in ("ci_overlaps_reference_95", "ci_overlaps_reference_95_and_998", "double_overlapping_cis_95"):
        assert check({**figures, "method": method})["outcome"] == "not_compared"


def test_a_polarity_by_row_is_the_polarity_of_that_row() -> None:
    frame = pl.DataFrame({"d": [1, 1, 1, 1, None], "p": ["high", "low", "none", "not_applicable", "high"]})
    answer = frame.select(judged(pl.col("d").cast(pl.Int8), pl.col("p"))).to_series().to_list()
    assert answer == ["better", "worse", "higher", "not_compared", "not_compared"]


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 100_000), st.floats(0, 100))
def test_control_limits_are_wilsons_limits_of_the_benchmark(n: int, benchmark: float) -> None:
    frame = pl.DataFrame({"n": [n], "b": [benchmark], "x": [n * benchmark / 100]})
    lower, upper = frame.select(*_two(proportion_limits(N, pl.col("b")))).row(0)
    theirs = frame.select(**wilson(X, N, multiplier=100).named()).row(0)
    assert (lower, upper) == pytest.approx(theirs[1:], abs=1e-9)


def _two(limits: tuple[pl.Expr, pl.Expr]) -> list[pl.Expr]:
    return [limits[0].alias("lower"), limits[1].alias("upper")]


def test_an_area_of_nobody_has_no_control_limits() -> None:
    frame = pl.DataFrame({"x": [1.0, 1.0], "n": [0, None]})
    for limits in (proportion_limits(N, pl.lit(5.0)), rate_limits(N, pl.lit(5.0))):
        assert frame.select(beyond_limits(X, *limits).alias("d"))["d"].to_list() == [None, None]


def test_a_change_needs_both_intervals_apart() -> None:
    frame = pl.DataFrame(
        {"v": [5.0, 9.0, 1.0, 6.0, 9.0], "l": [4.0, 8.0, 0.5, 5.0, None], "u": [6.0, 10.0, 1.5, 7.0, 10.0]}
    )
    recent = Interval(value=pl.col("v"), lower=pl.col("l"), upper=pl.col("u"))
    previous = Interval(value=pl.lit(5.5), lower=pl.lit(4.5), upper=pl.lit(6.5))
    answer = frame.select(change(recent, previous).alias("m"))["m"].to_list()
    assert answer == ["NoChange", "Increasing", "Decreasing", "NoChange", "CannotBeCalculated"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 500), min_size=2, max_size=60, unique=True), st.integers(2, 10), st.booleans())
def test_quantiles_are_even_and_in_order(values: list[int], parts: int, invert: bool) -> None:
    answer = pl.DataFrame({"x": values}).select(q=quantile(X, parts=parts, invert=invert))["q"].to_list()
    if len(values) < parts:
        assert set(answer) == {None}
        return
    ordered = [q for _, q in sorted(zip(values, answer, strict=True), reverse=invert)]
    sizes = np.bincount(ordered, minlength=parts + 1)[1:]
    assert ordered == sorted(ordered)
    assert sizes.max() - sizes.min() <= 1


def test_quantiles_by_group_are_those_of_the_group() -> None:
    frame = pl.DataFrame({"g": ["a"] * 4 + ["b"] * 4, "x": [1, 2, 3, 4, 40, 30, 20, 10]})
    answer = frame.select(q=quantile(X, parts=2, invert=False).over("g"))["q"].to_list()
    assert answer == [1, 1, 2, 2, 2, 2, 1, 1]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=5, max_size=50))
def test_a_value_of_the_group_lies_in_its_part(values: list[float]) -> None:
    edges = bounds(values)
    for value in values:
        part = category(values, value)
        assert edges[part - 1] - 1e-9 <= value <= edges[part] + 1e-9


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0, None, 3.0]])
def test_fewer_than_four_known_values_have_no_spine(values: list[float | None]) -> None:
    assert spine(values) is None
    assert bounds(values) == []
    assert category(values, 1.0) == 0


def test_a_value_above_its_group_is_refused() -> None:
    with pytest.raises(Refused):
        category([1.0, 2.0, 3.0, 4.0, 5.0], 9.0)


def test_the_same_difference_is_significant_only_for_a_large_area() -> None:
    frame = pl.DataFrame({"x": [500, 4500, 6, 60], "n": [1000, 9000, 10, 100]})
    small_area, large = frame.select(s=proportion_funnel(X, N))["s"].to_list()[2:]
    assert (small_area, large) == ("Not significant", "High (0.025)")
    assert frame.select(s=proportion_funnel(X * 0, N))["s"].null_count() == 0


@pytest.mark.parametrize(
    ("formula", "flagged"),
    [
        ("0<count<=5", [1, 5]),
        ("($ >0) AND ($ <=5)", [1, 5]),
        ("count<10", [0, 1, 5, 6]),
        ("count >= 6 and count < 10", [6]),
        ("0 <= $ < 2", [0, 1]),
    ],
)
def test_a_formula_flags_what_it_says(formula: str, flagged: list[int]) -> None:
    frame = pl.DataFrame({"x": [0, 1, 5, 6, 10, None]})
    answer = frame.filter(small(X, formula=formula))["x"].to_list()
    assert answer == flagged
    assert frame.select(small(X, formula=formula)).to_series()[-1] is None


@pytest.mark.parametrize("formula", ["count", "count <", "price < 5", "drop table", "< 5", "0 < count 5"])
def test_a_formula_that_compares_nothing_is_refused(formula: str) -> None:
    with pytest.raises(Refused):
        small(X, formula=formula)


def test_a_straight_gradient_is_found_exactly() -> None:
    populations = [10.0, 30.0, 20.0, 40.0]
    middles = np.cumsum(populations) / 100 - np.array(populations) / 200
    told = slope_index(Groups(values=list(70 + 8 * middles), populations=populations))
    assert (told.sii, told.rii) == pytest.approx((8, 78 / 70))
    turned = slope_index(Groups(values=list(70 + 8 * middles), populations=populations), multiplier=-1)
    assert (turned.sii, turned.rii) == pytest.approx((-8, 70 / 78))


def test_simulated_intervals_are_the_published_ones_within_five_per_cent(shared: Path) -> None:
    cases = json.loads((shared / "vectors" / "slope_index_of_inequality.json").read_text(encoding="utf-8"))["cases"]
    checked = 0
    for case in cases:
        band = re.search(r"sii \[(-?[\d.]+), (-?[\d.]+)\]", case["note"])
        if band and "98" not in case["source"]:
            got = registry()["slope_index_of_inequality"].check(case["inputs"])
            width = abs(float(band[2]) - float(band[1]))
            assert (got["sii_lower"], got["sii_upper"]) == pytest.approx(
                (float(band[1]), float(band[2])), abs=0.05 * width
            ), case["id"]
            checked += 1
    assert checked > 10


def test_an_interval_of_inequality_is_the_same_each_time() -> None:
    groups = Groups(values=[70.0, 74.0, 75.0], populations=[1.0, 1.0, 1.0], errors=[1.0, 1.0, 1.0])
    assert slope_index(groups) == slope_index(groups)
