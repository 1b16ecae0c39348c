"""The trend: what is drawn, where its words stand, and what it never draws."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from reportcards.charts import NothingToDraw, Size, Theme, spark, trend
from reportcards.charts._layout import Wish, apart, upright
from reportcards.charts._look import SCALES
from reportcards.charts._trend_labels import column_of
from reportcards.charts._words import number, plain, wrapped
from reportcards.charts.fonts import text_width
from reportcards.report import Annotation, Judgement, Measurement, Point, Polarity
from tests.reportcards import examples

SHOWN = [item for item in examples.eight().items if item.held is None]


def rows(spec: dict[str, Any], *wanted: str) -> list[dict[str, Any]]:
    """Every row of the layers that have these fields."""
    found = (row for layer in spec["layer"] for row in layer["data"]["values"])
    return [row for row in found if all(field in row for field in wanted)]


@pytest.mark.parametrize("item", SHOWN, ids=lambda item: item.item)
@pytest.mark.parametrize("size", list(Size))
def test_every_example_compiles_in_every_theme_and_size(item: Measurement, size: Size) -> None:
    for theme in Theme:
        compiled = vl_convert.vegalite_to_vega(trend(item, theme=theme, size=size).spec, vl_version="6.4")
        assert compiled["marks"]


@pytest.mark.parametrize("item", SHOWN, ids=lambda item: item.item)
def test_every_chart_has_an_alternative_sentence_and_its_source_inside(item: Measurement) -> None:
    for chart in (trend(item), trend(item, width=360)):
        assert chart.alt.startswith(plain(item.name))
        assert chart.alt.endswith(".")
        assert chart.spec["description"] == chart.alt
        sources = next(one["value"] for one in chart.spec["params"] if one["name"] == "sources")  # type: ignore[attr-defined]
        for lines in sources:
            assert " ".join(lines) == f"Source: {item.source_line}"


def test_no_source_line_is_wider_than_what_it_was_wrapped_for() -> None:
    chart = trend(examples.shift_up(), width=360)
    lines = next(one["value"] for one in chart.spec["params"] if one["name"] == "sources")[0]  # type: ignore[attr-defined]
    assert max(text_width(line, 13) for line in lines) <= 360


def test_held_measurements_and_empty_ones_are_not_drawn() -> None:
    empty = examples.measurement("none", "Nothing came yet")
    hidden = replace(examples.shift_up(), held=examples.held().held)
    for item in (examples.held(), empty, hidden):
        for draw in (trend, spark):
            with pytest.raises(NothingToDraw):
                draw(item)


def test_a_suppressed_period_is_a_gap_with_its_mark_on_the_floor() -> None:
    item = examples.suppressed()
    spec = trend(item).spec
    marks = rows(spec, "said", "text")
    assert [row["text"] for row in marks] == ["[c]", "[x]", "[c]"]
    assert len({row["px"] for row in marks}) == 1
    parts = [row["part"] for row in rows(spec, "part")]
    assert len(set(parts)) == 4
    hidden = {point.start.toordinal() for point in item.series.points if point.value is None} if item.series else set()
    drawn = {row["x"] for row in [*rows(spec, "part"), *rows(spec, "shape")]}
    assert hidden and not hidden & drawn


def test_limits_of_a_hidden_value_are_never_drawn() -> None:
    item = examples.suppressed()
    assert item.series is not None
    points = tuple(
        replace(one, lower=1.0, upper=examples.SECRET) if one.value is None else one for one in item.series.points
    )
    spec = trend(replace(item, series=replace(item.series, points=points))).spec
    assert str(int(examples.SECRET)) not in str(spec)


def test_a_missing_row_breaks_the_line_too() -> None:
    item = examples.improvement()
    assert item.series is not None
    points = (*item.series.points[:5], *item.series.points[8:])
    spec = trend(replace(item, series=replace(item.series, points=points))).spec
    assert len({row["part"] for row in rows(spec, "part")}) == 2


def test_the_line_is_dashed_into_provisional_points_and_the_word_says_so() -> None:
    spec = trend(examples.shift_up()).spec
    dashed = [layer for layer in spec["layer"] if "strokeDash" in layer["mark"] and "detail" in layer["encoding"]]  # type: ignore[attr-defined]
    assert [len(layer["data"]["values"]) for layer in dashed] == [3]
    assert any(row["text"] == "provisional" for row in rows(spec, "text"))


def test_an_outlook_is_dashed_labelled_and_never_judged() -> None:
    item = examples.no_polarity()
    spec = trend(item).spec
    assert {"if nothing", "changes"} <= {str(row["text"]) for row in rows(spec, "text")}
    ahead = {point.start.toordinal() for point in item.forecast.points} if item.forecast else set()
    assert ahead <= {row["x"] for row in rows(spec, "part")}
    assert not ahead & {row["x"] for row in rows(spec, "shape")}


def test_each_judgement_has_a_shape_of_its_own() -> None:
    looks = set()
    for judgement in Judgement:
        item = examples.improvement()
        assert item.series is not None and item.signal is not None
        points = tuple(replace(point, signal=None) for point in item.series.points)
        item = replace(
            item, series=replace(item.series, points=points), signal=replace(item.signal, judgement=judgement)
        )
        last = rows(spark(item).spec, "shape")[-1]
        looks.add((last["shape"], last["fill"] == "#FFFFFF"))
    assert len(looks) == len(Judgement)


@pytest.mark.parametrize("item", SHOWN, ids=lambda item: item.item)
@pytest.mark.parametrize("size", list(Size))
def test_direct_labels_never_touch_and_stay_in_their_column(item: Measurement, size: Size) -> None:
    chart, scale = trend(item, size=size), SCALES[size]
    placed = sorted(
        (row["px"], row["text"], scale.last if _is_last(row, item) else scale.label)
        for row in rows(chart.spec, "dx", "text")
        if "align" not in row
    )
    for above, below in itertools.pairwise(placed):
        assert above[0] + above[2] / 2 <= below[0] - below[2] / 2 + 0.5, (above, below)
    column = column_of(item, scale)
    assert all(text_width(str(text), height, 600) <= column for _, text, height in placed)


def _is_last(row: dict[str, Any], item: Measurement) -> bool:
    return item.latest is not None and str(row["text"]).split("\u00a0")[0] == number(
        item.latest.value or 0, item.decimals
    )


def test_words_of_events_touch_neither_each_other_nor_a_rule() -> None:
    item = examples.hit_and_miss()
    notes = tuple(
        Annotation(on=date(2025, month, 10), text=f"Something that took {month} words to say")
        for month in range(1, 12, 2)
    )
    spec = trend(replace(item, annotations=notes), width=640).spec
    words = rows(spec, "align", "t0", "x")
    assert len(words) == 6
    first, last = next(one["value"] for one in spec["params"] if one["name"] == "x_domain")  # type: ignore[attr-defined]
    plot = 640 - 12 - next(one["value"] for one in spec["params"] if one["name"] == "column") - 60  # type: ignore[attr-defined]
    spans = []
    for row in words:
        at = (row["x"] - first) / (last - first) * plot
        long = text_width(str(row["t0"]), 13) + 6
        spans.append(
            (at - long if row["align"] == "right" else at, at if row["align"] == "right" else at + long, row["px"], at)
        )
    for one in spans:
        for other in spans:
            if one is not other:
                assert one[2] != other[2] or one[1] <= other[0] or other[1] <= one[0], (one, other)


def test_a_year_of_months_is_ticked_in_round_months() -> None:
    spec = trend(examples.shift_up(), width=640).spec
    words = next(one["value"] for one in spec["params"] if one["name"] == "tick_words")  # type: ignore[attr-defined]
    assert set(words.values()) == {"Jan 2024", "Jul 2024", "Jan 2025", "Jul 2025", "Jan 2026", "Jul 2026"}


@pytest.mark.parametrize(("apart", "count"), [(1, 200), (7, 60), (7, 700), (30, 300), (91, 40), (365, 30)])
def test_written_periods_never_touch_however_often_they_come(apart: int, count: int) -> None:
    points = tuple(
        Point(
            period=f"{start:%d %b %Y}",
            start=start,
            end=start + timedelta(days=apart - 1),
            value=float(index % 9),
        )
        for index in range(count)
        for start in (date(2001, 1, 1) + timedelta(days=apart * index),)
    )
    spec = trend(examples.measurement("often", "Often", points), width=700).spec
    given = {one["name"]: one["value"] for one in spec["params"]}  # type: ignore[attr-defined]
    first, last = given["x_domain"]
    places = [(tick - first) / (last - first) * (700 - given["column"] - 70) for tick in given["ticks"][0]]
    widest = max(text_width(words, 13) for words in given["tick_words"].values())
    assert len(places) >= 3
    assert all(b - a >= widest for a, b in itertools.pairwise(places))


def test_the_table_has_the_target_and_why_a_value_is_missing() -> None:
    table = trend(examples.suppressed()).table
    assert table.columns[:2] == ("Period", "Value") and "Target" in table.columns
    hidden = [row for row in table.rows if row[1] == "[c]"]
    assert len(hidden) == 3
    assert all("suppressed to protect people" in row[-1] and row[2] == "" for row in hidden)
    assert all(len(row) == len(table.columns) for row in table.rows)


def test_the_horizontal_axis_never_depends_on_a_time_zone() -> None:
    assert not re.search(r"temporal|timeUnit|utc", str(trend(examples.shift_up()).spec))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.floats(-50, 400), st.floats(1, 60)), min_size=1, max_size=8).filter(
        lambda wishes: sum(height for _, height in wishes) <= 300
    )
)
def test_nudged_labels_never_overlap_and_keep_their_order(given_wishes: list[tuple[float, float]]) -> None:
    wishes = [Wish(middle=middle, height=height) for middle, height in given_wishes]
    placed = apart(wishes, top=0, bottom=300)
    order = sorted(range(len(wishes)), key=lambda index: wishes[index].middle)
    for one, next_one in itertools.pairwise(order):
        assert placed[one] + wishes[one].height / 2 <= placed[next_one] - wishes[next_one].height / 2 + 0.05
    assert all(
        middle - wish.height / 2 >= -0.05 and middle + wish.height / 2 <= 300.05
        for middle, wish in zip(placed, wishes, strict=True)
    )


@settings(max_examples=80, deadline=None)
@given(st.lists(st.floats(-1e6, 1e9, allow_subnormal=False), min_size=1, max_size=20))
def test_every_value_lies_inside_the_scale_with_some_ticks(values: list[float]) -> None:
    scale = upright(values, height=300, top=20)
    assert all(19.99 <= scale.px(value) <= 300.01 for value in values)
    assert 1 <= len(scale.ticks) <= 12
    assert all(scale.low - 1e-6 * abs(scale.low) <= tick <= scale.high + 1e-6 * abs(scale.high) for tick in scale.ticks)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=120), st.floats(40, 300))
def test_wrapped_lines_fit_and_lose_no_letter(text: str, room: float) -> None:
    text = plain(text)
    lines = wrapped(text, room, 13)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(text_width(line, 13) <= room or len(line) == 1 for line in lines)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.one_of(st.none(), st.floats(0, 1e5)), min_size=1, max_size=40),
    st.sampled_from(list(Polarity)),
    st.integers(0, 3),
)
def test_any_series_with_a_value_can_be_drawn(values: list[float | None], polarity: Polarity, decimals: int) -> None:
    item = examples.measurement("any", "Any series", examples.monthly(date(2020, 1, 1), values, spread=1.0))
    item = replace(item, polarity=polarity, decimals=decimals)
    if all(value is None for value in values):
        with pytest.raises(NothingToDraw):
            trend(item)
        return
    chart = trend(item)
    assert len(rows(chart.spec, "shape")) == sum(value is not None for value in values)
    assert len(chart.table.rows) == len(values)
    assert rows(spark(item).spec, "shape")
