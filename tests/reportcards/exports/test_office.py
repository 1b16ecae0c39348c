"""Slides and workbook, read back with the libraries that other people use."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import openpyxl
import pptx
import pytest

from tests.reportcards import examples


@pytest.fixture(scope="module")
def deck(files: Mapping[str, bytes]) -> Any:
    return pptx.Presentation(io.BytesIO(files["pptx"]))


def texts(slide: Any) -> str:
    return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def charts(deck: Any) -> dict[str, Any]:
    """The chart of each slide by the slide's title."""
    return {
        slide.shapes.title.text_frame.text: shape for slide in deck.slides for shape in slide.shapes if shape.has_chart
    }


def test_every_indicator_has_a_slide_whose_title_is_its_headline(deck: Any) -> None:
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    for item in examples.eight().items:
        assert (f"{item.name}: held" if item.held else item.headline) in titles
    assert deck.slide_width / deck.slide_height == pytest.approx(16 / 9, abs=0.001)


def test_every_slide_says_for_whom_it_is_when_it_was_so_and_its_source(deck: Any) -> None:
    for slide in deck.slides:
        assert "Partners only." in texts(slide)
        assert "As at 21 Nov 2026" in texts(slide)
        assert "Source: " in texts(slide)


def test_charts_are_native_with_the_values_target_peers_and_range(deck: Any) -> None:
    found = charts(deck)
    for item in examples.eight().items:
        if item.held is not None or item.series is None:
            continue
        plot = found[item.headline].chart.plots[0]
        assert list(plot.categories) == [point.period for point in item.series.points]
        series = {one.name: list(one.values) for one in plot.series}
        assert next(iter(series.values())) == [point.value for point in item.series.points]
        if item.target is not None:
            assert any(
                name.startswith("Target") and set(values) == {item.target.value} for name, values in series.items()
            )
        if item.series.points[0].high is not None:
            assert series["Usual range, upper"] == [point.high for point in item.series.points]
        if item.benchmark is not None:
            assert any(name.startswith(item.benchmark.name) for name in series)


def test_charts_and_tables_have_alternative_text_and_notes_the_story(deck: Any) -> None:
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.has_chart or shape.has_table:
                assert len(shape._element.xpath(".//p:cNvPr")[0].get("descr")) > 30
    first = next(slide for slide in deck.slides if slide.shapes.title.text_frame.text.startswith("NEET"))
    notes = first.notes_slide.notes_text_frame.text
    assert "Bus 14 stopped in February" in notes and "Restart follow-up calls" in notes and "Source: " in notes


def test_a_held_slide_has_the_reason_and_no_chart(deck: Any) -> None:
    slide = next(one for one in deck.slides if one.shapes.title.text_frame.text.endswith(": held"))
    assert "Not shared with your organisation" in texts(slide)
    assert not any(shape.has_chart or shape.has_table for shape in slide.shapes)


def rows(content: bytes, sheet: str = "Values") -> list[dict[str, Any]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    head, *rest = book[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rest]


def test_the_workbook_has_every_value_as_a_number(files: Mapping[str, bytes]) -> None:
    found = rows(files["xlsx"])
    for item in examples.eight().items:
        if item.held is not None or item.series is None:
            continue
        mine = {
            row["Period"]: row
            for row in found
            if row["Indicator"] == item.name and not row["Group"] and row["Area"] == item.series.area
        }
        for point in item.series.points:
            row = mine[point.period]
            mark = "[c]" if point.held.startswith("[c]") else "[x]"
            assert row["Value"] == (mark if point.value is None else pytest.approx(point.value, rel=1e-14))
            for cell, limit in ((row["Lower"], point.lower), (row["Upper"], point.upper)):
                assert cell == (None if limit is None else pytest.approx(limit, rel=1e-14))
            assert row["Status"] == point.status
            assert row["Source"] == item.source_line
    groups = [row for row in found if row["Group"]]
    assert [row["Value"] for row in groups] == [
        one.points[0].value if one.points[0].value is not None else "[c]" for one in examples.groups()
    ]


def test_held_stands_as_held_and_each_sheet_names_sources(files: Mapping[str, bytes]) -> None:
    held = [row for row in rows(files["xlsx"]) if row["Indicator"] == "Leaving care without a home"]
    assert [row["Value"] for row in held] == ["held"]
    assert "Not shared with your organisation" in held[0]["Note"]
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    for sheet in book.worksheets:
        words = "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
        assert examples.shift_up().source_line in words


def test_texts_that_look_like_formulas_stay_texts(hostile_files: Mapping[str, bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(hostile_files["xlsx"]))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert any(str(cell.value).startswith("=cmd") for cell in cells)
    assert not [cell for cell in cells if cell.data_type == "f" or cell.hyperlink]


def test_a_deck_of_hostile_texts_can_be_read_and_keeps_them(hostile_files: Mapping[str, bytes]) -> None:
    deck = pptx.Presentation(io.BytesIO(hostile_files["pptx"]))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    assert "</script><script>alert(1)</script>" in titles
    assert any("👨" in title for title in titles)
