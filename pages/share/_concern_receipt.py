"""The code that brings back who raised a concern without a name: shown until they have kept it, then forgotten."""

from __future__ import annotations

import streamlit as st

from governance.concerns import Raised
from pages.share import _going
from pages.shell import widgets as w

_KEPT = "concern-receipt"


def keep(raised: Raised) -> None:
    """Show its code from the next run on."""
    st.session_state[_KEPT] = raised


def show() -> bool:
    """The code of a concern that was raised just now; False when there is none."""
    raised = st.session_state.get(_KEPT)
    if not isinstance(raised, Raised):
        return False
    with w.surface("receipt"):
        w.finding("Write this code down: it is shown only now.", "Your concern is raised, and no name is kept with it.")
        st.code(raised.receipt, language=None)
        w.show(
            w.numbered(
                (
                    "Somebody else says back what they understood. Leave that to others: it carries a name.",
                    "With the code you say whether that is it, and later what became of it.",
                    "Without it nobody can, not even you: the code itself is not kept here.",
                )
            )
        )
        if st.button("I have written it down", type="primary", key="written"):
            del st.session_state[_KEPT]
            _going.go_to("concern", id=raised.id)
    return True
