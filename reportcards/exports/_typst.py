"""Typst as the printer: our own layout, the card handed over as data and never as markup."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import orjson
import typst

from reportcards.charts import Chart
from reportcards.exports import _facts as facts
from reportcards.exports import _pictures, _typefaces
from reportcards.exports._format import mapped
from reportcards.report import ActionItem, Held, Measurement, Origin, ReportCard, Warning

Content = dict[str, Any]
_HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A file of this folder and what it is compiled to."""

    file: str
    format: Literal["pdf", "png"]
    ppi: float = 144


def printed(layout: Layout, content: Content, at: datetime) -> bytes:
    """The compiled document; a PDF is refused when it breaks PDF/UA-1.

    Raises:
        FontMissing: a typeface is not installed.
    """
    made = typst.compile(
        str(_HERE / layout.file),
        root=str(_HERE),
        font_paths=fonts(),
        format=layout.format,
        ppi=layout.ppi,
        sys_inputs={"card": orjson.dumps(content).decode()},
        pdf_standards=["ua-1"] if layout.format == "pdf" else [],
        timestamp=int(at.timestamp()),
    )
    if isinstance(made, list):
        raise TypeError("a picture has one page")
    return made


def fonts() -> typst.Fonts:
    """The typefaces of every layout, and none of the machine's."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_typefaces.folder())])


def printable(card: ReportCard) -> ReportCard:
    """The card in letters that the typefaces have; a run of others becomes one "?"."""
    known = _typefaces.letters()

    def change(text: str) -> str:
        return re.sub("\0+", "?", "".join(one if ord(one) in known or one == "\n" else "\0" for one in text))

    return mapped(card, change)


def picture(chart: Chart) -> Content:
    """A chart as the layouts take it."""
    return {"svg": _pictures.svg(chart), "alt": chart.alt}


def item_content(item: Measurement, draw: Callable[[Measurement], Content | None]) -> Content:
    """What a layout says of one indicator; `draw` gives its picture."""
    if item.held is not None:
        return {"name": item.name, "held": _held(item.held)}
    definition = item.definition
    return {
        "name": item.name,
        "held": None,
        "headline": item.headline or item.name,
        "edited": item.headline_edited_by,
        "value": facts.value_words(item),
        "period": item.latest.period if item.latest else "",
        "facts": [
            {"label": one.label, "words": one.words, "why": one.why, "shape": one.judgement or ""}
            for one in facts.facts(item)
        ],
        "picture": draw(item),
        "source": item.source_line,
        "source_short": " · ".join(line for line in item.source_short.split("\n") if line),
        "source_lines": [line for line in item.source_short.split("\n") if line],
        "band": item.origins[0].band if item.origins else "unknown",
        "hidden": facts.hidden_words(item),
        "freshness": item.freshness.words if item.freshness else "",
        "outlook": (item.forecast.words or item.forecast.why_not) if item.forecast else "",
        "story": list(item.story.lines),
        "told_by": ", ".join(part for part in (item.story.by, item.story.organisation) if part),
        "actions": [_action_words(one) for one in item.actions],
        "partners": ", ".join(item.partners),
        "warnings": [_warning_words(one) for one in item.warnings],
        "definition": definition.definition,
        "reading_note": definition.reading_note,
        "also_explains": definition.also_explains,
        "method": " ".join(part for part in (definition.method, definition.disclosure, definition.caveats) if part),
    }


def _held(held: Held) -> Content:
    return {"reason": held.reason, "change": held.what_changes_it}


def _action_words(one: ActionItem) -> str:
    due = f"by {one.due:%-d %b %Y}" if one.due else ""
    late = f"{one.days_late} days late" if one.days_late > 1 else "1 day late" if one.days_late else ""
    return f"{one.what} ({', '.join(part for part in (one.who, due, one.status, late) if part)})"


def _warning_words(one: Warning) -> str:
    answer = f"{one.response} ({one.responded_by})" if one.response else f"Not answered yet by {one.owner}"
    return f"{one.what} since {one.since:%-d %b %Y}. {answer}"


def card_content(card: ReportCard, items: list[Content]) -> Content:
    """What a layout says of the whole card."""
    every: dict[Origin, list[str]] = {}
    for item in card.items:
        for origin in item.origins:
            every.setdefault(origin, []).append(item.name)
    return {
        "title": card.title,
        "outcome": card.outcome,
        "population": card.population,
        "area": card.area,
        "as_at": facts.as_at(card),
        "made_up": card.made_up,
        "audience": facts.audience_words(card),
        "audience_word": card.audience.word,
        "audience_why": card.audience.why,
        "band": card.audience.band,
        "fills": facts.FILLS,
        "items": items,
        "origins": [
            {"words": facts.origin_words(origin), "used_by": ", ".join(dict.fromkeys(names))}
            for origin, names in every.items()
        ],
        "replaced": any("?" in item["name"] for item in items),
    }
