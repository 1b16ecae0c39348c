"""The code that brings back who raised a concern without a name: shown until they have kept it, then forgotten."""

from __future__ import annotations

import streamlit as st

from pages.shell import widgets as w

_CODE = "concern-receipt"


def keep(code: str) -> None:
    """Show this code from the next run on; "" for none."""
    if code:
        st.session_state[_CODE] = code


def show() -> None:
    """The code, when there is one that was not kept yet."""
    code = st.session_state.get(_CODE)
    if not code:
        return
    w.notice("Keep this code.", "It is the only way back to your concern, and it is shown only here.", tone="owed")
    st.code(code, language=None)
    st.button("I have kept it", key="keptcode", on_click=_forget)


def _forget() -> None:
    st.session_state.pop(_CODE, None)
