"""Indicators: what is measured, from which dataset, up to when; and the way to import more."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from governance import Role, Visit
from pages import Page
from pages.cards import _maps
from pages.cards._finding import matches
from pages.shell import widgets as w
from reportcards import indicators
from reportcards.indicators import IndicatorBrief

PAGE = Page(title="Indicators", role=frozenset({Role.STEWARD, Role.ADMIN}), icon="monitoring", order=20)
_A_PAGE = 50


def render(visit: Visit) -> None:
    """The list, narrowed by what is typed."""
    with w.page_header("Indicators", "What is measured, and which dataset each figure comes from."):
        w.show(w.to_page("Import numbers", w.href("import-numbers"), symbol="upload_file", first=True))
    found = indicators.indicators(visit)
    if not found:
        what = "Import a table of figures: each indicator in it gets a place here, with its first revision."
        with w.empty_state("monitoring", "There are no indicators yet", what, key="noindicators"):
            w.show(w.to_page("Import numbers", w.href("import-numbers")))
        return
    owed = [each for each in found if not each.has_origin]
    if owed:
        _owed(owed)
    asked = st.text_input("Find an indicator", key="findindicator", placeholder="A word of its name or its dataset")
    shown = [each for each in found if matches(each, asked or "")]
    w.heading("Indicators", number=len(shown))
    if shown:
        with w.surface("indicators"):
            w.show(_table(shown[:_A_PAGE]))
    if len(shown) > _A_PAGE:
        st.caption(f"And {len(shown) - _A_PAGE:,} more: type a word to find them.")
    _maps.section(visit)


def _owed(owed: Sequence[IndicatorBrief]) -> None:
    first = w.link(owed[0].name, w.href("define-indicator", id=owed[0].id))
    words = w.count(len(owed), "indicator has no dataset", "indicators have no dataset")
    w.notice(f"{words}.", "Their numbers are shown nowhere until you say where they come from. First:", tone="owed",
             action=first)  # fmt: skip


def _table(shown: Sequence[IndicatorBrief]) -> w.Markup:
    columns = [
        w.Column(title="Indicator", strong=True),
        w.Column(title="Dataset"),
        w.Column(title="Periods"),
        w.Column(title="Revision", align="right"),
    ]
    return w.table(columns, [_row(each) for each in shown], caption="Indicators")


def _row(each: IndicatorBrief) -> tuple[str | w.Markup, ...]:
    name = w.two_lines(w.link(each.name, w.href("define-indicator", id=each.id)), each.unit)
    if not each.has_origin:
        dataset: str | w.Markup = w.with_icon("question_mark", "Not stated yet")
    elif each.dataset_id:
        dataset = w.two_lines(w.link(each.dataset_title, w.href("dataset", id=each.dataset_id)), each.publisher)
    else:
        dataset = w.two_lines(each.dataset_title, each.publisher)
    periods = f"{w.day(each.first)} to {w.day(each.last)}" if each.first else "None yet"
    return name, dataset, periods, f"r{each.revision}" if each.revision else "–"
