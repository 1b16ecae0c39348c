"""Importing a table of figures: the file, its dataset, what each column holds, what would change, then the revision."""

from __future__ import annotations

import streamlit as st

from governance import Role, Visit
from pages import Page
from pages.cards import _checked, _columns, _file, _taken
from pages.shell import widgets as w

PAGE = Page(
    title="Import numbers",
    role=frozenset({Role.STEWARD, Role.ADMIN}),
    icon="upload_file",
    order=50,
    hidden=True,
    path="import-numbers",
)
_NEXT = (
    "You see how each column is understood. Say otherwise where it is wrong; we remember it for this dataset.",
    "You see what would change against the revision before, value by value.",
    "The file is taken whole or not at all: with one error nothing of it is kept.",
    "The server takes it in; you can leave the page, and find here what came of it for a week.",
    "Counts that could point at people are hidden before anything is stored.",
)


def render(visit: Visit) -> None:
    """The steps, each as soon as the one before it is answered."""
    crumbs = [("Indicators", w.href("numbers"))]
    lede = "A table as CSV or Excel, one row a figure or one column a year. Nothing is kept until you publish it."
    w.page_header("Import numbers", lede, breadcrumbs=crumbs)
    if (asked := _taken.asked(visit)) is not None:
        _taken.told(visit, asked)
        return
    left, right = w.main_and_aside()
    with left:
        with w.surface("file"):
            order = _file.ask(visit)
        if order is not None:
            with w.surface("columns"):
                order = _columns.ask(visit, order)
            with w.surface("checked"):
                found = _checked.check(visit, order)
            if found is not None:
                _taken.offer(visit, order)
    with right, st.container(key="sourceaside", gap="xsmall"):
        w.show(w.aside_block("What happens next"))
        w.show(w.numbered(_NEXT))
        _taken.lately(visit)
