"""The card as slides: one indicator each, with a chart that can be edited, its source, and the story in the notes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.util import Inches, Pt

from reportcards.charts import NothingToDraw
from reportcards.charts._look import INKS, Theme
from reportcards.exports import _facts as facts
from reportcards.exports import _slide_chart, _slides
from reportcards.exports._format import Format
from reportcards.exports._zip import steady
from reportcards.report import Judgement, Measurement, ReportCard

_SHAPES = {
    Judgement.BETTER: MSO_SHAPE.ISOSCELES_TRIANGLE,
    Judgement.WORSE: MSO_SHAPE.FLOWCHART_MERGE,
    Judgement.SIMILAR: MSO_SHAPE.OVAL,
    Judgement.NO_JUDGEMENT: MSO_SHAPE.DIAMOND,
    Judgement.NOT_ENOUGH: MSO_SHAPE.OVAL,
}
_ROWS = 10
"""Indicators in the table of one overview slide, and sources on one of the last slides."""
_CUTS = (60, 34, 26, 26, 26)
"""Letters that fit one line of the overview's columns."""


def _draw(card: ReportCard) -> bytes:
    made = _slides.deck()
    made.core_properties.title, made.core_properties.author = card.title, ""
    made.core_properties.subject = facts.audience_words(card)
    made.core_properties.language = "en-GB"
    for start in range(0, len(card.items), _ROWS):
        _overview(made, card, card.items[start : start + _ROWS], start=start)
    for item in card.items:
        _indicator(made, card, item)
    lines = [f"{item.name}: {facts.origin_words(origin)}" for item in card.items for origin in item.origins]
    for start in range(0, len(lines), _ROWS):
        page = _slides.slide(made, "Sources")
        _frame(page, card, "Everything that this card is made of", source="Source: as listed here.")
        box = _slides.words(page, (0.55, 1.6, 12.2, 4.9), "", size=12)
        for line in lines[start : start + _ROWS]:
            _slides.put(box.text_frame.add_paragraph(), _slides.cut(line, 400), size=12, colour=_slides.INK)
    out = io.BytesIO()
    made.save(out)
    return steady(out.getvalue(), card.as_of)


def _frame(page: Any, card: ReportCard, eyebrow: str, *, source: str) -> None:
    """What stands on every slide: what it is about, for whom it is, when it was so, where it comes from."""
    _slides.words(page, (0.55, 0.28, 7.2, 0.4), _slides.cut(eyebrow, 90), size=14, colour=_slides.MUTED)
    _slides.words(page, (7.85, 0.28, 4.93, 0.4), card.audience.word, size=14, bold=True, align="right")
    _slides.words(
        page, (0.55, 6.55, 10.4, 0.75), _slides.cut(source, 900), size=_source_size(source), colour=_slides.MUTED
    )
    when = facts.as_at(card) + (f". {card.made_up}" if card.made_up else "")
    _slides.words(page, (11.0, 6.55, 1.78, 0.75), when[:200], size=11, colour=_slides.MUTED, align="right")


def _source_size(source: str) -> int:
    return 12 if len(source) <= 260 else 10 if len(source) <= 500 else 8


def _overview(made: Any, card: ReportCard, items: Sequence[Measurement], *, start: int) -> None:
    page = _slides.slide(made, card.title if start == 0 else f"{card.title}, continued")
    sources = "; ".join(dict.fromkeys(_short(item) for item in items if not item.held))
    _frame(page, card, card.outcome, source=f"Source: {sources}")
    _slides.words(page, (0.55, 1.3, 12.2, 0.4), facts.audience_words(card)[:200], size=14, colour=_slides.MUTED)
    place = [Inches(part) for part in (0.55, 1.75, 12.23, 0.4 * (len(items) + 1))]
    frame = page.shapes.add_table(len(items) + 1, 5, *place)
    _slides.describe(frame, f"{len(items)} indicators of {card.title} with latest value, signal, target and comparison")
    table = frame.table
    table.horz_banding = False
    for column, width in enumerate((4.2, 2.4, 1.9, 1.9, 1.83)):
        table.columns[column].width = Inches(width)
    rows = [("Indicator", "Latest", "Signal", "Target", "Compared"), *(_row(item) for item in items)]
    for at, row in enumerate(rows):
        table.rows[at].height = Inches(0.4)
        for column, text in enumerate(row):
            cell = table.cell(at, column)
            cell.fill.solid()
            cell.fill.fore_color.rgb = _slides.rgb("EDF1F0" if at == 0 else "FFFFFF")
            words = _slides.cut(text, _CUTS[column])
            _slides.put(cell.text_frame.paragraphs[0], words, size=12, bold=at == 0 or column == 0)
            cell.margin_top = cell.margin_bottom = Inches(0.04)


def _row(item: Measurement) -> tuple[str, ...]:
    if item.held is not None:
        return (item.name, "Held", item.held.reason, "", "")
    when = f" ({item.latest.period})" if item.latest else ""
    signal = item.signal.word if item.signal else ""
    target = item.target.state.word if item.target else "none agreed"
    peers = item.benchmark.state.word if item.benchmark else "no comparison"
    return (item.name, facts.value_words(item) + when, signal, target, peers)


def _short(item: Measurement) -> str:
    return " · ".join(line for line in item.source_short.split("\n") if line) or item.source_line


def _indicator(made: Any, card: ReportCard, item: Measurement) -> None:
    if item.held is not None:
        page = _slides.slide(made, _slides.cut(f"{item.name}: held", 240))
        _frame(page, card, item.name, source="Source: not shown.")
        _slides.words(page, (0.55, 2.0, 11, 1.0), f"{item.held.reason}. {item.held.what_changes_it}", size=20)
        return
    page = _slides.slide(made, _slides.cut(item.headline or item.name, 240))
    _frame(page, card, item.name, source=f"Source: {item.source_line}")
    found = facts.facts(item)
    for index, one in enumerate(found):
        _fact(page, one, left=0.55 + index * 12.2 / len(found), width=12.2 / len(found) - 0.15)
    try:
        _slide_chart.add(page, item, (0.4, 2.85, 12.5, 3.45))
    except NothingToDraw:
        _slides.words(page, (0.55, 3.2, 11, 0.6), "No value came yet.", size=20)
    hidden = facts.hidden_words(item)
    if hidden:
        _slides.words(page, (0.55, 6.26, 12.2, 0.3), _slides.cut(hidden, 180), size=11, colour=_slides.MUTED)
    page.notes_slide.notes_text_frame.text = _notes(item)


def _fact(page: Any, one: facts.Fact, *, left: float, width: float) -> None:
    _slides.words(page, (left, 1.72, width, 0.3), _slides.cut(one.label, 28), size=13, colour=_slides.MUTED)
    shift = 0.0
    colour = _slides.INK
    if one.judgement is not None:
        colour = INKS[Theme.LIGHT].states[one.judgement].lstrip("#")
        _mark(page, one.judgement, left=left, colour=colour)
        shift = 0.28
    said, size = _slides.cut(one.words, 30), 18 if len(one.words) < 13 else 14
    _slides.words(page, (left + shift, 2.0, width - shift, 0.4), said, size=size, bold=True, colour=colour)
    _slides.words(page, (left, 2.42, width, 0.3), _slides.cut(one.why, 44), size=12, colour=_slides.MUTED)


def _mark(page: Any, judgement: Judgement, *, left: float, colour: str) -> None:
    made = page.shapes.add_shape(_SHAPES[judgement], *(Inches(part) for part in (left, 2.13, 0.19, 0.19)))
    made.shadow.inherit = False
    if judgement is Judgement.NOT_ENOUGH:
        made.fill.background()
        made.line.color.rgb, made.line.width = _slides.rgb(colour), Pt(1.75)
    else:
        made.fill.solid()
        made.fill.fore_color.rgb = _slides.rgb(colour)
        made.line.fill.background()
    _slides.decorative(made)


def _notes(item: Measurement) -> str:
    parts = [item.headline, f"Source: {item.source_line}"]
    if item.story.lines:
        told = ", ".join(part for part in (item.story.by, item.story.organisation) if part)
        parts += ["", f"Story behind the curve ({told})", *(f"- {line}" for line in item.story.lines)]
    if item.actions:
        parts += ["", "Actions", *(f"- {one.what} ({one.who}, {one.status})" for one in item.actions)]
    if item.warnings:
        parts += [
            "",
            "Warnings",
            *(f"- {one.what}, {one.owner}: {one.response or 'not answered yet'}" for one in item.warnings),
        ]
    notes = (item.definition.definition, item.definition.reading_note, item.definition.also_explains)
    parts += ["", *(words for words in notes if words), facts.hidden_words(item)]
    if item.forecast is not None:
        parts.append(item.forecast.words or item.forecast.why_not)
    return "\n".join(parts).strip()


FORMAT = Format(
    name="pptx",
    suffix=".pptx",
    media_type="application/vnd.openxmlformats-officedocument.presentationml.presentation",
    title="Slides with charts that can be edited",
    draw=_draw,
)
