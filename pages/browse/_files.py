"""The files of a dataset, a screenful at a time, and what is inside it where that is told."""

from __future__ import annotations

import streamlit as st

from catalogue.datasets import Dataset, File
from governance import Visit
from pages.shell import widgets as w

_AT_ONCE = 50


def files(_visit: Visit, found: Dataset) -> None:
    """The files, then the columns and number of rows of data that cannot be looked into."""
    if found.files:
        _table(found)
    elif not found.structure.is_stated:
        w.show(w.muted("No file is described."))
    if found.structure.is_stated:
        _structure(found)


def _table(found: Dataset) -> None:
    key = f"files-{found.id}"
    shown = found.files[: int(st.session_state.get(key, _AT_ONCE))]
    columns = [
        w.Column(title="File", strong=True),
        w.Column(title="Format"),
        w.Column(title="Size", align="right"),
        w.Column(title="Updated"),
    ]
    rows = [(_name(each, place), each.format, w.size(each.byte_size), _day(each)) for place, each in enumerate(shown)]
    w.show(w.table(columns, rows, caption="Files"))
    if len(shown) < len(found.files):
        w.show(w.muted(f"{len(shown):,} of {len(found.files):,} files"))
        st.button("Show more", key=f"more-{key}", on_click=_more, args=(key, len(shown)))


def _more(key: str, shown: int) -> None:
    st.session_state[key] = shown + 4 * _AT_ONCE


def _name(each: File, place: int) -> w.Markup:
    name = w.outside(each.title[:200] or f"File {place + 1}", each.link)
    told = w.plain(each.description, 140)
    return w.Markup('<span class="ct-two"><b>{}</b><span>{}</span></span>').format(name, told) if told else name


def _day(each: File) -> str:
    return w.day(each.modified, "")


def _structure(found: Dataset) -> None:
    held = found.structure
    rows = f"{held.row_count:,}" if held.row_count is not None else ""
    w.show(w.key_values([("Rows", rows), ("Columns", ", ".join(held.columns[:200]))]))
