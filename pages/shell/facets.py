"""Filters of a list: a row of popovers, one a facet, each with checkboxes and counts; the choice is in the address."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shell.text import as_label
from pages.shell.urlstate import chosen_values, follow, toggle_url

_LONGEST = 80


def facet_row(key: str = "facets") -> DeltaGenerator:
    """The row the popovers stand in; at phone width it scrolls: `with facet_row():`."""
    return st.container(key=f"facetrow-{key}", horizontal=True, gap="xsmall")


def facet_popover(label: str, options: Sequence[tuple[str, str, int]], key: str, *, note: str = "") -> None:
    """One facet: options are (value, words, count), the choice is kept in the address as `?key=value`.

    A chosen value stays listed with its count even when it is 0, so that it can be taken away again. What is inside
    is made when it is opened only: hundreds of checkboxes would cost each rerun. `note` stands under them.
    """
    chosen = chosen_values(key, [value for value, _, _ in options])
    name = f"{label} · {len(chosen)}" if chosen else label
    with st.popover(name, key=f"facet-{key}", on_change="rerun") as opened:
        if not opened.open:
            return
        for value, words, number in options:
            widget = f"{key}={value}"
            follow(widget, value in chosen)
            said = f"{as_label(words[:_LONGEST])} :gray[{number:,}]"
            st.checkbox(said, key=widget, on_change=toggle_url, args=(key, value))
        if not options:
            st.caption("Nothing to choose from here.")
        elif note:
            st.caption(note)
