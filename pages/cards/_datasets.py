"""Choosing a dataset of the catalogue: those that are meant already, and what a search finds."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from catalogue import search
from catalogue.knowing import briefs
from catalogue.search import Query
from governance import Visit

_MOST = 20


def names(visit: Visit, already: Iterable[str] = (), *, key: str) -> dict[str, str]:
    """A search box, and what may be chosen: id -> "title (publisher)", those chosen already first."""
    asked = st.text_input("Find a dataset", key=key, placeholder="A word of its title", max_chars=200)
    known = {each.id: f"{each.title} ({each.publisher})" for each in briefs(visit, already).values()}
    if not (asked or "").strip():
        return known
    found = search.find(visit, Query(text=asked or "", size=_MOST)).hits
    if not found:
        st.caption("No dataset of the catalogue is called so. Register it first, or try another word.")
    return known | {each.id: f"{each.title} ({each.publisher})" for each in found}
