"""A first look into an agency's list: its headings and rows, or why it cannot be read."""

from __future__ import annotations

import json
from dataclasses import replace

import streamlit as st

from catalogue.sources import NewSource, Source
from connectors import inventory
from connectors._sheets import ENCODINGS
from connectors._trial import opened
from connectors.inventory import Preview
from governance import CommonTableError, Visit
from pages.shell import widgets as w

_MOST_SHOWN = 8


def may_look(draft: NewSource, old: Source | None) -> bool:
    """A file is at hand; a list at a web address is fetched when somebody asks for it."""
    if "://" not in draft.location or (old and draft.location == old.location and draft.options.get("mapping")):
        return True
    asked = st.session_state.get("source-look") == draft.location
    if not asked and st.button("Look at its columns", icon=":material/view_column:", key="look"):
        st.session_state["source-look"] = draft.location
        return True
    return asked


def preview(visit: Visit, draft: NewSource, old: Source | None) -> Preview | str:
    """The headings and first rows, or why there are none; read once for each file, sheet and encoding."""
    options = {name: value for name, value in draft.options.items() if name != "sheet"}
    options["sheet"] = str(st.session_state.get("source-sheet") or draft.options.get("sheet", ""))
    options["encoding"] = str(st.session_state.get("source-encoding") or draft.options.get("encoding", ""))
    key = json.dumps([draft.location, options])
    kept: tuple[str, Preview | str] = st.session_state.get("source-preview", ("", ""))
    if kept[0] != key:
        try:
            with opened(visit, replace(draft, options=options), of=old.id if old else "") as (address, web):
                kept = (key, inventory.preview(address, web))
        except CommonTableError as error:
            kept = (key, error.sentence)
        st.session_state["source-preview"] = kept
    return kept[1]


def encoding(options: dict[str, str]) -> dict[str, str]:
    """Asks how a list that could not be read was saved."""
    chosen = st.selectbox(
        "It was saved in", ["", *ENCODINGS], format_func=lambda each: each or "Find out", key="source-encoding"
    )
    return options | ({"encoding": chosen} if chosen else {})


def rows(found: Preview) -> None:
    """The first rows, as they stand in the list."""
    shown = found.headers[:_MOST_SHOWN]
    columns = [w.Column(title=w.plain(header, 40) or "-") for header in shown]
    first = [tuple(w.plain(cell, 36) for cell in row[:_MOST_SHOWN]) for row in found.rows[:3]]
    with st.container(key="firstrows", gap="xsmall"):
        w.show(w.table(columns, first, caption="The first rows of the list"))
        if len(found.headers) > _MOST_SHOWN:
            st.caption(f"And {w.count(len(found.headers) - _MOST_SHOWN, 'more column')}.")
