"""The map on the Areas tab, and where stewards give and remove maps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from reportcards import composing, indicators, maps
from reportcards.report import Comparison
from tests.catalogue.made import NOW
from tests.pages.drawn import draw, markup, text
from tests.reportcards import ground
from tests.reportcards.ground import Ground, years
from tests.reportcards.test_maps import CODES, collection, ward

INDICATOR, NUMBERS = "pages.cards.indicator", "pages.cards.numbers"


@pytest.fixture
def table(home: Path) -> Ground:
    return ground.ground()


def areas_of(table: Ground, *, outlines: int, comparison: Comparison = Comparison.NAMED) -> AppTest:
    """The Areas tab of an indicator about five places, with a map of some of them."""
    rows = [row for code in (*CODES, "V") for row in years("Late", range(5, 15), area=code)]
    late = table.indicator(table.dataset("Late"), "Late", rows)
    name = table.card("Children", late)
    with table.people.as_("priya") as visit:
        indicators.save(visit, replace(indicators.indicator(visit, late.id), comparison=comparison))
        maps.keep(visit, "ward", collection(*(ward(code, at) for at, code in enumerate(CODES[:outlines]))))
        item = composing.report_card(visit, name).items[0].item
    drawn = draw(INDICATOR, table.people.viewers["miriam"], now=NOW, card=name, item=item, tab="areas")
    assert not drawn.exception, drawn.exception
    return drawn


def pictures(drawn: AppTest) -> int:
    return len(drawn.get("vega_lite_chart"))


def test_a_map_stands_above_the_chart_with_its_source_and_says_how_many_places_it_has(table: Ground) -> None:
    drawn = areas_of(table, outlines=4)
    assert pictures(drawn) == 2
    said = text(drawn)
    assert "4 of 5 places are on the map" in said
    assert said.index("4 of 5 places") < said.index("In the order of their names") and said.count("Source") == 2


def test_a_map_of_two_places_is_not_drawn(table: Ground) -> None:
    drawn = areas_of(table, outlines=2)
    assert pictures(drawn) == 1 and "on the map" not in text(drawn)


@pytest.mark.parametrize("comparison", [Comparison.OWN_TREND, Comparison.UNNAMED, Comparison.NONE])
def test_no_map_is_drawn_where_places_may_not_be_named(table: Ground, comparison: Comparison) -> None:
    drawn = areas_of(table, outlines=4, comparison=comparison)
    assert "on the map" not in text(drawn) and pictures(drawn) == 1


def test_stewards_see_the_maps_and_remove_one(table: Ground) -> None:
    areas_of(table, outlines=4)
    page = draw(NUMBERS, table.people.viewers["priya"], now=NOW)
    assert "ward" in text(page) and "ward_code" in markup(page)
    page.button(key="removemap").click().run()
    assert page.selectbox[-1].options == ["ward"]
    with table.people.as_("priya") as visit:
        maps.forget(visit, "ward")
    after = draw(NUMBERS, table.people.viewers["priya"], now=NOW)
    assert "No map is kept" in text(after)
    assert not [each for each in after.button if each.key == "removemap"]
    assert [each for each in after.button if each.key == "addmap"]
