"""Filters of a list: a row of popovers, one a facet, each with checkboxes and counts; the choice is in the address."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.shell.urlstate import chosen_values, toggle_url


def facet_row(key: str = "facets") -> DeltaGenerator:
    """The row the popovers stand in; at phone width it scrolls: `with facet_row():`."""
    return st.container(key=f"facetrow-{key}", horizontal=True, gap="xsmall")


def facet_popover(label: str, options: Sequence[tuple[str, str, int]], key: str) -> list[str]:
    """One facet: options are (value, words, count); answers the chosen values, kept in the address as `?key=value`.

    A chosen value stays listed with its count even when it is 0, so that it can be taken away again.
    """
    allowed = [value for value, _, _ in options]
    chosen = chosen_values(key, allowed)
    name = f"{label} · {len(chosen)}" if chosen else label
    with st.popover(name, key=f"facet-{key}"):
        if not options:
            st.caption("Nothing to choose from here.")
        for value, words, number in options:
            widget = f"{key}={value}"
            if st.session_state.get(widget) != (value in chosen):
                st.session_state[widget] = value in chosen
            st.checkbox(f"{_as_text(words)} :gray[{number:,}]", key=widget, on_change=toggle_url, args=(key, value))
    return chosen


def _as_text(words: str) -> str:
    """Widget labels are Markdown: harvested words in them must stay words."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()#+-.!~|<>:$" else letter for letter in words)
