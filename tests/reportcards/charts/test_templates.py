"""Templates: swapping the data gives what a fresh build would, and leaves the template alone."""

from __future__ import annotations

import copy
import time
from typing import Any

import altair as alt
import pytest

from reportcards.charts import (
    Size,
    Theme,
    _dots_template,
    _spark,
    _trend_template,
    areas,
    groups,
    prepare,
    spark,
    trend,
)
from tests.reportcards import examples


def fresh(chart: alt.LayerChart, spec: dict[str, Any]) -> dict[str, Any]:
    """The same chart built by Altair from the start with the data of `spec` inside."""
    by_place = {str(layer["encoding"]) + str(layer["mark"]): layer["data"] for layer in spec["layer"]}
    built = chart.to_dict()
    layers = []
    for layer in built["layer"]:
        data = by_place.get(str(layer["encoding"]) + str(layer["mark"]))
        if data is not None:
            layers.append({**layer, "data": alt.InlineData(values=data["values"]).to_dict()})
    values = {one["name"]: one for one in spec["params"]}
    built["params"] = [{**one, **values[one["name"]]} for one in built["params"]]
    return {**built, "layer": layers, **{key: spec[key] for key in ("width", "height", "description")}}


@pytest.mark.parametrize(("theme", "size"), [(Theme.LIGHT, Size.NORMAL), (Theme.DARK, Size.PROJECTED)])
def test_swapped_data_equal_a_fresh_build(theme: Theme, size: Size) -> None:
    item = examples.shift_up()
    spec = trend(item, theme=theme, size=size).spec
    assert spec == fresh(_trend_template.build(theme, size), spec)
    spec = groups(item, theme=theme, size=size).spec
    assert spec == fresh(_dots_template.build(theme, size), spec)
    spec = spark(item, theme=theme).spec
    assert spec == fresh(_spark.build(theme), spec)


def test_a_built_spec_is_valid_vega_lite() -> None:
    for chart in (trend(examples.suppressed()), areas(examples.shift_up())):
        alt.LayerChart.from_dict(chart.spec, validate=True)


def test_filling_leaves_the_template_and_earlier_charts_alone() -> None:
    first = trend(examples.shift_up())
    kept = copy.deepcopy(first.spec)
    trend(examples.suppressed())
    trend(examples.too_few(), width=300)
    assert first.spec == kept
    assert trend(examples.shift_up()).spec == kept


def test_after_preparing_no_template_is_built_for_a_visitor() -> None:
    prepare()
    before = _trend_template.trend_template.cache_info().misses
    trend(examples.shift_up(), theme=Theme.DARK)
    trend(examples.suppressed())
    assert _trend_template.trend_template.cache_info().misses == before


def test_a_swap_costs_a_fraction_of_a_build() -> None:
    item = examples.improvement()
    spark(item)
    began = time.process_time()
    for _ in range(50):
        spark(item)
    swap = (time.process_time() - began) / 50
    began = time.process_time()
    _spark.build(Theme.LIGHT).to_dict()
    built = time.process_time() - began
    assert swap * 3 < built
