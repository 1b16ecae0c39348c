"""Groups, areas and the map: nothing is ranked, nothing hidden is drawn, colour is never alone."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
import vl_convert

from reportcards.charts import NothingToDraw, Theme, area_map, areas, groups
from reportcards.charts._look import INKS, SHAPES
from reportcards.report import Judgement, Polarity, State
from tests.reportcards import examples
from tests.reportcards.charts.test_trend import rows


def outlines(*, in_degrees: bool = True) -> dict[str, Any]:
    """Six made-up wards side by side, going round the way that GeoJSON asks for."""
    features = []
    for index in range(6):
        west, south = (-1.5 + 0.1 * (index % 3), 53.4 + 0.07 * (index // 3))
        ring = [[west, south], [west + 0.1, south], [west + 0.1, south + 0.07], [west, south + 0.07], [west, south]]
        if not in_degrees:
            ring = [[400_000 + x * 60_000, 300_000 + y * 60_000] for x, y in ring]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"code": f"W{index:02d}"}, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


def test_groups_keep_their_order_and_areas_go_by_name() -> None:
    item = examples.shift_up()
    shown = [row["t0"] for row in rows(areas(replace(item, areas=item.areas[::-1])).spec, "t0") if "x" not in row]
    names = [one.area for one in item.areas]
    assert [word for word in shown if word in names] == sorted(names)
    assert [row[0] for row in groups(item).table.rows] == [f"{one.breakdown}: {one.group}" for one in item.groups]


def test_a_hidden_group_says_why_and_has_no_dot() -> None:
    item = examples.shift_up()
    chart = groups(item, width=640)
    assert len(rows(chart.spec, "shape")) == sum(one.latest is not None for one in item.groups) == 6
    assert any("[c] suppressed" in str(row.get("t3", "")) for row in rows(chart.spec, "t3"))
    assert "1 not shown" in chart.alt


def test_without_polarity_the_picture_says_that_nothing_is_judged() -> None:
    item = replace(examples.shift_up(), polarity=Polarity.NONE)
    chart = groups(replace(item, groups=tuple(replace(one, state=None) for one in item.groups)))
    assert any("not judged" in str(row.get("t0", "")) for row in rows(chart.spec, "t0"))
    assert "not judged" in chart.alt


@pytest.mark.parametrize("theme", list(Theme))
def test_what_was_not_compared_is_a_plain_muted_dot_without_a_word(theme: Theme) -> None:
    item = examples.shift_up()
    bare, judged = replace(item.areas[0], state=None), item.areas[1]
    chart = areas(replace(item, areas=(bare, judged)), theme=theme, width=640)
    marks = {row["said"].split(",")[0]: row for row in rows(chart.spec, "shape")}
    assert (marks[bare.area]["shape"], marks[bare.area]["fill"]) == ("circle", INKS[theme].muted)
    assert judged.state is not None and marks[judged.area]["shape"] == SHAPES[judged.state.judgement]
    said = [row["t0"] for row in rows(chart.spec, "t0")]
    assert judged.state.word in said and "No judgement" not in said


def test_no_judgement_that_was_asked_for_keeps_its_diamond() -> None:
    item = examples.shift_up()
    state = State(judgement=Judgement.NO_JUDGEMENT, word="Differs")
    chart = areas(replace(item, areas=tuple(replace(one, state=state) for one in item.areas)))
    assert {row["shape"] for row in rows(chart.spec, "shape")} == {"diamond"}


def test_the_scale_of_dots_begins_at_zero() -> None:
    for chart in (groups(examples.shift_up()), areas(examples.shift_up())):
        assert next(one["value"] for one in chart.spec["params"] if one["name"] == "x_domain")[0] == 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize("in_degrees", [True, False])
def test_the_map_fills_its_room_north_up_with_a_letter_on_every_area(theme: Theme, in_degrees: bool) -> None:
    chart = area_map(examples.shift_up(), outlines(in_degrees=in_degrees), theme=theme, width=640)
    letters = {row["text"] for row in rows(chart.spec, "cx")}
    assert letters == {"A", "B", "C", "E", "[c]"}
    key = {row["letter"] for row in rows(chart.spec, "letter")}
    assert {"A", "B", "C", "D", "E", "c"} == key
    by_name = {row["said"].split(",")[0]: row["geometry"]["coordinates"][0][0] for row in rows(chart.spec, "geometry")}
    assert max(y for _, y in by_name["Northgate"]) <= min(y for _, y in by_name["Castle"]) + 1e-6
    svg = vl_convert.vegalite_to_svg(chart.spec, vl_version="6.4")
    assert svg.count("geoshape") >= 6 or svg.count("<path") >= 6


def test_a_hidden_area_is_white_dashed_and_its_value_is_nowhere() -> None:
    item = examples.shift_up()
    points = tuple(
        replace(one, lower=1.0, upper=examples.SECRET, count=examples.SECRET) for one in item.areas[2].points
    )
    item = replace(item, areas=(*item.areas[:2], replace(item.areas[2], points=points), *item.areas[3:]))
    chart = area_map(item, outlines())
    assert str(int(examples.SECRET)) not in f"{chart}{areas(item)}"
    hidden = [row for row in rows(chart.spec, "geometry") if row["said"].startswith("Harbour")]
    assert [row["dash"] for row in hidden] == [[3, 3]]


def test_outlines_that_belong_to_nobody_are_no_map() -> None:
    with pytest.raises(NothingToDraw):
        area_map(examples.shift_up(), outlines(), code="name")
    with pytest.raises(NothingToDraw):
        area_map(examples.shift_up(), {"type": "FeatureCollection", "features": []})
    with pytest.raises(NothingToDraw):
        groups(examples.improvement())


@pytest.mark.parametrize("width", [300.0, 480.0, 620.0])
def test_a_map_is_as_high_as_its_container_is_wide_for_it(width: float) -> None:
    """In a browser, which says how wide it is, it is as high as where that is known beforehand."""
    flat = outlines()
    for feature in flat["features"]:
        ring = feature["geometry"]["coordinates"][0]
        feature["geometry"]["coordinates"] = [[[x, 53.4 + (y - 53.4) / 2] for x, y in ring]]
    known: Any = area_map(examples.shift_up(), flat, width=width, with_source=False).spec
    found_out: Any = area_map(examples.shift_up(), flat, with_source=False).spec
    (asked,) = [each["expr"] for each in found_out["params"] if each["name"] == "height"]
    room = "containerSize()[0] > 0 ? containerSize()[0] : width"
    words = re.fullmatch(rf"width < 0 \? 0 : round\((.+) \+ min\((.+), (.+) \* \({re.escape(room)}\)\)\)", asked)
    assert words is not None
    top, most, ratio = map(float, words.groups())
    assert round(top + min(most, ratio * width)) == pytest.approx(known["height"], abs=1)
    assert "height" not in {each["name"] for each in known["params"]}
