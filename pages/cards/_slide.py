"""One slide: the finding, the figures in a row, the picture, the source; or that it is held, in large."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from governance import Visit
from pages.cards import _acts, _addresses, _aside, _figures, _words
from pages.shell import widgets as w
from reportcards import charts
from reportcards.charts import Size
from reportcards.charts.fonts import text_width
from reportcards.report import Measurement, ReportCard

add_action = _acts.add_action
_SOURCE = 24
"""Px of the letters under the picture: they are read from the last row."""
_BEGAN = "presenting"


def draw(card: ReportCard, shown: Measurement, window: tuple[int, int]) -> None:
    """Everything between the edge of the window, of this width and height in px, and the bar of buttons."""
    if shown.held is not None:
        held = shown.held
        w.slide_held(shown.name, held.reason, held.what_changes_it, symbol=held.symbol or "lock")
        return
    note = shown.definition.reading_note
    headline = shown.headline or shown.name
    band, audience = card.audience.band, card.audience.word.rstrip(".")
    w.slide_head(shown.name, headline, band=band, audience=audience, small=bool(note))
    if _addresses.asks_for_source():
        w.slide_lines((f"Source: {shown.source_line}",))
        return
    lines = (f"Source: {source(shown, w.line_width(window))}", _aside.in_full(note) if note else "")
    latest = shown.latest
    if latest is not None and latest.value is not None:
        beside = (_words.interval(latest, shown) or "Latest", _words.period(latest))
        w.slide_figures(_words.parts(latest.value, shown), beside, _figures.short_facts(shown))
        height = w.plot_height(headline, lines, small=bool(note), size=window)
        picture = charts.trend(shown, theme=w.theme(), size=Size.PROJECTED, height=height, with_source=False)
        w.chart(picture.spec, picture.alt, key="slide")
    w.slide_lines(lines)


def source(shown: Measurement, room: float) -> str:
    """The whole line where it fits on two lines of `room` px, else the short one: `sources` leads to the whole."""
    if not shown.source_short or _fits(f"Source: {shown.source_line}", room):
        return shown.source_line
    return ", ".join(line.strip() for line in shown.source_short.splitlines() if line.strip())


def sources(card: ReportCard, at: int) -> list[w.Markup]:
    """The way to the whole source of a slide that shows the short one, and back to the picture."""
    if _addresses.asks_for_source():
        return [w.key_link("Picture", _addresses.slide(card, at), keys="s")]
    shown = card.items[at - 1]
    if shown.held is not None or source(shown, w.line_width(_addresses.window())) == shown.source_line:
        return []
    return [w.key_link("Source", _addresses.slide(card, at, sources=True), keys="s")]


def _fits(line: str, room: float) -> bool:
    """Whether it takes two lines at most: the first one may end a word too early."""
    widest = max(text_width(word, _SOURCE) for word in line.split())
    return text_width(line, _SOURCE) <= 2 * room - widest


def clocks(visit: Visit, card: str, at: int) -> list[w.Markup]:
    """How long this slide, and how long the whole: they begin anew with another card."""
    kept: tuple[str, datetime, int, datetime] | None = st.session_state.get(_BEGAN)
    if kept is None or kept[0] != card:
        kept = (card, visit.now, at, visit.now)
    elif kept[2] != at:
        kept = (card, kept[1], at, visit.now)
    st.session_state[_BEGAN] = kept
    this, whole = (int((visit.now - since).total_seconds()) for since in (kept[3], kept[1]))
    return [w.clock(max(this, 0), "on this one"), w.clock(max(whole, 0), "in all")]
