"""The settings of one indicator: what it is, which direction is good, how it may be compared and read."""

from __future__ import annotations

import streamlit as st

from governance import Role, Visit
from pages import Page
from pages.cards import _goal, _settings
from pages.shell import widgets as w
from pages.shell.again import do
from reportcards import indicators
from reportcards.indicators import Indicator

PAGE = Page(
    title="Indicator settings",
    role=frozenset({Role.STEWARD, Role.ADMIN}),
    icon="tune",
    order=60,
    hidden=True,
    path="define-indicator",
)


def render(visit: Visit) -> None:
    """The form, and beside it the target and what the settings mean."""
    found = indicators.indicator(visit, str(st.query_params.get("id", "")))
    crumbs = [("Indicators", w.href("numbers"))]
    with w.page_header(found.name, "How its figures are named, read and compared.", breadcrumbs=crumbs):
        to = w.href("import-numbers", dataset=found.dataset_id)
        w.show(w.to_page("Import numbers", to, symbol="upload_file"))
    left, right = w.main_and_aside()
    with left, w.surface("settings"):
        given = _settings.form(visit, found)
    if given is not None:
        do(lambda: indicators.save(visit, given), f"{given.name} is saved.")
    with right:
        _goal.goal(visit, found)
        _meaning(found)


def _meaning(found: Indicator) -> None:
    w.show(
        w.aside_block(
            "What the comparison says",
            "The usual setting compares with nothing but the past. No figure names another place unless you say so, "
            "and nothing is ever ranked.",
        )
    )
    if not found.dataset_id and found.stated:
        told = [(name[:1].upper() + name[1:], value) for name, value in found.stated.items() if value]
        w.show(w.aside_block("The file itself says", w.key_values(told)))
