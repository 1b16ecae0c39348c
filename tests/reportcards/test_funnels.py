"""A card's funnel: what the comparison policy lets be drawn of other places, on the page and in the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from reportcards import composing, places
from reportcards.exports import pdf
from reportcards.places import PeerGroup
from reportcards.report import Comparison, Judgement, Measurement, Part, ReportCard
from tests.reportcards import ground
from tests.reportcards.ground import Ground, counts

NAMES = tuple(f"W{number:02}" for number in range(1, 13))


@pytest.fixture
def table(home: Path) -> Ground:
    return ground.ground()


def card(table: Ground, comparison: Comparison, **more: Any) -> str:
    """Twelve wards of about the same size, one far above the others; the card is about the first."""
    sizes = {name: 900 + 4 * place for place, name in enumerate(NAMES)}
    rows = [
        line
        for name, size in sizes.items()
        for line in counts("Absence", [(round(size * (0.3 if name == "W07" else 0.1)), size)] * 3, area=name)
    ]
    made = table.indicator(
        table.dataset("Absence"),
        "Absence",
        rows,
        comparison=comparison,
        value_type="proportion",
        multiplier=100,
        **more,
    )
    return table.card("Days", made, area="W01")


def looked_at(table: Ground, name: str, part: Part = Part.AREAS) -> Measurement:
    with table.people.as_("priya") as visit:
        item = composing.report_card(visit, name).items[0].item
        return composing.measurement(visit, name, item, part=part)


def whole(table: Ground, name: str) -> ReportCard:
    with table.people.as_("priya") as visit:
        return composing.whole_card(visit, name)


@pytest.mark.parametrize("comparison", [Comparison.NONE, Comparison.OWN_TREND])
def test_without_a_comparison_nothing_of_another_place_leaves_the_server(table: Ground, comparison: Comparison) -> None:
    name = card(table, comparison)
    for found in (looked_at(table, name), looked_at(table, name, Part.TREND), *whole(table, name).items):
        assert found.funnel is None and found.areas == () and not found.has_areas
    assert pdf.content(whole(table, name))["items"][0]["funnel"] is None


def test_by_name_the_place_beyond_the_lines_is_named_on_the_page_and_in_the_file(table: Ground) -> None:
    name = card(table, Comparison.NAMED)
    found = looked_at(table, name)
    assert found.funnel is not None and len(found.areas) == 12
    beyond = [each.area for each in found.funnel.places if each.state.judgement is Judgement.NO_JUDGEMENT]
    assert beyond == ["W07"]
    assert [each.area for each in found.funnel.places if each.is_own] == ["W01"]
    assert "W07" in pdf.content(whole(table, name))["items"][0]["funnel"]["svg"]
    assert "Calculated by" in found.source_line


def test_without_names_places_are_points_and_nothing_else_of_them_leaves_the_server(table: Ground) -> None:
    name = card(table, Comparison.UNNAMED, parent_area="W99")
    exported = whole(table, name)
    trend = looked_at(table, name, Part.TREND)
    assert trend.has_areas and trend.funnel is None, "what is not looked at is not sent"
    for found in (looked_at(table, name), *exported.items):
        assert found.areas == () and found.funnel is not None and not found.funnel.is_named
        assert [each.area for each in found.funnel.places if each.area] == ["W01"]
        said = msgspec.json.encode(found).decode()
        assert not [other for other in NAMES[1:] if other in said]
    svg = pdf.content(exported)["items"][0]["funnel"]["svg"]
    assert "W01" in svg and not [other for other in NAMES[1:] if other in svg]


def test_the_peer_group_decides_which_places_are_compared(table: Ground) -> None:
    with table.people.as_("priya") as visit:
        group = places.save_peer_group(visit, PeerGroup(name="Like ours", members=NAMES[1:7]))
    found = looked_at(table, card(table, Comparison.NAMED, peer_group_id=group.id))
    assert found.funnel is not None and found.funnel.compared == 7


def test_a_group_too_small_to_hide_in_has_no_funnel_without_names(table: Ground) -> None:
    with table.people.as_("priya") as visit:
        group = places.save_peer_group(visit, PeerGroup(name="Like ours", members=NAMES[1:5]))
    found = looked_at(table, card(table, Comparison.UNNAMED, peer_group_id=group.id))
    assert found.funnel is None and not found.has_areas
