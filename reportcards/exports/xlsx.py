"""The card as a workbook: every value in one sheet as numbers, its sources, and what must be known to use them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format as Style  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from reportcards.charts._words import mark_of, status_words
from reportcards.exports import _facts as facts
from reportcards.exports._format import Format
from reportcards.exports._zip import steady
from reportcards.report import Measurement, Point, ReportCard, Series

COLUMNS = (
    "Indicator",
    "Unit",
    "Area",
    "Area code",
    "Breakdown",
    "Group",
    "Period",
    "From",
    "To",
    "Value",
    "Lower",
    "Upper",
    "Status",
    "Note",
    "Compared",
    "Target",
    "Target upper",
    "Usual low",
    "Mean",
    "Usual high",
    "Source",
)
"""Lower and Upper are 95 % limits; forecasts have the status F and prediction limits."""

_WIDTHS = (34, 11, 18, 12, 18, 18, 12, 11, 11, 11, 9, 9, 8, 40, 14, 9, 12, 10, 10, 10, 60)
_LONGEST = 32_000
"""A cell holds at most 32,767 characters."""

Cell = str | float | None


def _draw(card: ReportCard) -> bytes:
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties(
            {"title": card.title, "subject": facts.audience_words(card), "created": card.as_of.astimezone(UTC)}
        )
        head = book.add_format({"bold": True, "bottom": 1, "valign": "top"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        _sheet(book.add_worksheet("Values"), [COLUMNS, *_values(card)], _WIDTHS, head=head)
        _sheet(book.add_worksheet("Sources"), list(_sources(card)), (34, 60, 80), head=head, body=wrap)
        _sheet(book.add_worksheet("About"), list(_about(card)), (28, 100), head=head, body=wrap)
        for sheet in book.worksheets():
            sheet.set_footer("&L" + facts.audience_words(card).replace("&", "&&")[:200] + "&RPage &P of &N")
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            sheet.repeat_rows(0)
    return steady(out.getvalue(), card.as_of)


def _sheet(
    sheet: Worksheet,
    rows: list[tuple[Cell, ...]],
    widths: tuple[int, ...],
    *,
    head: Style,
    body: Style | None = None,
) -> None:
    """Numbers as numbers and everything else as text: nothing is ever a formula or a link."""
    for index, width in enumerate(widths):
        sheet.set_column(index, index, width)
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            style = head if at == 0 else body
            if isinstance(cell, str) and cell:
                sheet.write_string(at, column, cell[:_LONGEST], style)
            elif isinstance(cell, int | float):
                sheet.write_number(at, column, cell, style)
    sheet.freeze_panes(1, 0)


def _values(card: ReportCard) -> Iterator[tuple[Cell, ...]]:
    for item in card.items:
        if item.held is not None:
            note = f"{item.held.reason}. {item.held.what_changes_it}".strip()
            yield (item.name, *("",) * 8, "held", None, None, "", note, *("",) * 7)
            continue
        for one in (*((item.series,) if item.series else ()), *item.groups, *item.areas):
            for point in one.points:
                yield _row(item, one, point)
        if item.series is not None and item.forecast is not None:
            for point in item.forecast.points:
                yield _row(item, item.series, point)


def _row(item: Measurement, one: Series, point: Point) -> tuple[Cell, ...]:
    target = item.target
    is_latest = point is one.latest
    return (
        item.name,
        item.unit,
        one.area,
        one.area_code,
        one.breakdown,
        one.group,
        point.period,
        point.start.isoformat(),
        point.end.isoformat(),
        point.value if point.value is not None else mark_of(point),
        point.lower,
        point.upper,
        point.status,
        status_words(point),
        one.state.word if one.state is not None and is_latest else "",
        target.value if target and one is item.series else None,
        target.upper if target and one is item.series else None,
        point.low,
        point.mean,
        point.high,
        item.source_line,
    )


def _sources(card: ReportCard) -> Iterator[tuple[Cell, ...]]:
    yield ("Indicator", "Source line", "Source in full")
    for item in card.items:
        for origin in item.origins:
            yield (item.name, item.source_line, facts.origin_words(origin))
        if not item.origins:
            yield (item.name, "held: nothing of it is in this file", "")


def _about(card: ReportCard) -> Iterator[tuple[Cell, ...]]:
    yield ("About", card.title)
    yield ("Outcome", card.outcome)
    yield ("Population", card.population)
    yield ("Area", card.area)
    yield ("For whom", facts.audience_words(card))
    yield ("As at", facts.as_at(card))
    if card.made_up:
        yield ("Made up", card.made_up)
    yield (
        "[c]",
        "Suppressed to protect people. It is not zero; do not work it out from the rows around it.",
    )
    yield ("[x]", "Not available.")
    yield ("Status", "SDMX: A normal, P provisional, E estimated, F forecast if nothing changes, B break in series.")
    yield ("Lower, Upper", "95 % confidence limits; of a forecast, prediction limits.")
    yield ("Order", "Warnings first, then the card's own order; nothing is ranked.")
    for item in card.items:
        definition = item.definition
        words = (
            item.headline,
            definition.definition,
            f"Method: {definition.method}" if definition.method else "",
            definition.disclosure,
            definition.reading_note,
            definition.caveats,
            f"Source: {item.source_line}" if item.source_line else "",
        )
        yield (item.name, " ".join(part for part in words if part) or "held")


FORMAT = Format(
    name="xlsx",
    suffix=".xlsx",
    media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    title="Workbook with every value",
    draw=_draw,
)
