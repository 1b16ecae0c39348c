"""Keep a search under a name: the home page tells what is new in it."""

from __future__ import annotations

import contextlib

import streamlit as st

from catalogue import saved
from governance import CommonTableError, Visit
from pages.browse._looking import Looking, narrowed_words
from pages.shell import widgets as w

_NAME = "searchname"
SAVED = "saved"
"""In the address: the saved search it was opened from."""


def save_button(visit: Visit, asked: Looking) -> None:
    """A button with the one field that is needed."""
    with st.popover("Save this search", key="savesearch", type="tertiary", on_change="rerun") as opened:
        if opened.open:
            _form(visit, asked)


def looked(visit: Visit) -> None:
    """Opened from the home page: from now on nothing is new in that search."""
    opened = str(st.query_params.get(SAVED, ""))
    if not opened:
        return
    st.query_params.pop(SAVED, None)
    with contextlib.suppress(CommonTableError):
        saved.look_at(visit, opened)


def _form(visit: Visit, asked: Looking) -> None:
    with st.form("savesearch", border=False):
        name = st.text_input("Name of this search", value=_proposed(asked), max_chars=120, key=_NAME)
        st.caption("The home page will say how many new datasets it finds.")
        sent = st.form_submit_button("Save", type="primary")
    if not sent:
        return
    try:
        saved.save_search(visit, name, asked.query)
    except CommonTableError as error:
        w.notice("Not saved.", error.sentence, tone="failed")
    else:
        w.notice("Saved.", "The home page tells what is new in it.", tone="done")


def _proposed(asked: Looking) -> str:
    return " ".join((asked.text.strip(), narrowed_words(asked))).strip()[:120]
