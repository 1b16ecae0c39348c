"""One source: its runs and what the catalogue holds of it; or the form that adds or changes one."""

from __future__ import annotations

import streamlit as st

from catalogue import sources
from governance import Role, Visit
from pages import Page
from pages.steward import _source_form, _source_shown

PAGE = Page(title="Source", role=frozenset({Role.STEWARD, Role.ADMIN}), icon="sync", hidden=True)


def render(visit: Visit) -> None:
    """The source of the address, its form, or the form for a new one."""
    asked = str(st.query_params.get("id", ""))
    if not asked:
        _source_form.add(visit)
        return
    found = sources.source(visit, asked)
    if "change" in st.query_params:
        _source_form.change(visit, found)
    else:
        _source_shown.show(visit, found)
