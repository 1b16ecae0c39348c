"""How each column of the file is understood, and where a person says otherwise."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from governance import Visit
from pages.cards import _kept, _roles
from pages.shell import widgets as w
from reportcards import importing
from reportcards.formats import ColumnMapping, Preview, PreviewColumn, Role
from reportcards.recording import Order

_SAMPLES, _LONGEST = 3, 24


def ask(visit: Visit, order: Order) -> Order:
    """The order with what the person says of its columns."""
    chosen = _chosen(order)
    asked = replace(order, mapping=chosen) if chosen.columns or chosen.sheet else order
    found = _kept.once("preview", asked, lambda: importing.preview(visit, asked))
    w.heading("What its columns hold", number=len(found.columns))
    if found.columns:
        w.show(_table(found))
        _otherwise(order, found)
    else:
        w.show(w.Markup("<p>{}</p>").format("No columns could be told apart: below it says why."))
    return asked


def _table(found: Preview) -> w.Markup:
    columns = [w.Column(title="Column", strong=True), w.Column(title="Holds"), w.Column(title="For instance")]
    return w.table(columns, [_row(each) for each in found.columns], caption="Columns of the file")


def _row(each: PreviewColumn) -> tuple[str | w.Markup, ...]:
    samples = ", ".join(w.plain(sample, _LONGEST) for sample in each.samples[:_SAMPLES] if sample)
    holds = _roles.in_words(each.role)
    return w.plain(each.heading, 60), w.two_lines(holds, each.why_not) if each.why_not else holds, w.muted(samples)


def _otherwise(order: Order, found: Preview) -> None:
    with st.expander("Say otherwise"):
        if len(found.sheets) > 1:
            st.selectbox("Sheet", ["", *found.sheets], format_func=lambda each: each or "The first that fits",
                         key=_key(order, "sheet"))  # fmt: skip
        for place in range(0, len(found.columns), 2):
            for spot, column in zip(st.columns(2), found.columns[place : place + 2], strict=False):
                with spot:
                    _choice(order, column)


def _choice(order: Order, column: PreviewColumn) -> None:
    roles: list[str] = ["", *(role.value for role in _roles.ROLES)]
    words = {value: _option(value, column) for value in roles}
    heading = w.as_label(w.plain(column.heading, 60)) or "(no heading)"
    st.selectbox(heading, roles, format_func=words.__getitem__, key=_key(order, f"column-{column.heading}"))


def _option(value: str, column: PreviewColumn) -> str:
    return _roles.in_words(Role(value)) if value else f"As found: {_roles.in_words(column.role).lower()}"


def _key(order: Order, what: str) -> str:
    return f"numbers-{order.file_name}-{what}"


def _chosen(order: Order) -> ColumnMapping:
    """What was said so far of this file's columns."""
    prefix = _key(order, "column-")
    said = {str(key)[len(prefix) :]: value for key, value in st.session_state.items() if str(key).startswith(prefix)}
    columns = {heading: Role(value) for heading, value in said.items() if value}
    return ColumnMapping(columns=columns, sheet=str(st.session_state.get(_key(order, "sheet")) or ""))
