"""The form of a card: what it wants to know, about whom, where, and for which purpose."""

from __future__ import annotations

import streamlit as st

from governance import Visit
from governance.agreements.purposes import purposes
from pages.cards import _beginning
from pages.cards._draft import key
from pages.shell import widgets as w
from reportcards import places


def about(visit: Visit, *, begin: bool = False) -> None:
    """What the card is for, for whom and where; `begin` offers templates."""
    w.heading("What it wants to know")
    if begin:
        _beginning.choice()
    st.text_input("Title", key=key("title"), max_chars=200, placeholder="Children and young people")
    st.text_input("The outcome, as a sentence", key=key("outcome"), placeholder="Children are ready for school.")
    left, right = st.columns(2)
    with left:
        st.text_input("Who it is about", key=key("population"), placeholder="Everyone under 25")
    with right:
        names = {code: each.name for code, each in places.areas(visit).items()}
        st.selectbox("Which place", ["", *names], key=key("area_code"), format_func=lambda each: names.get(each, "–"))
    _purpose(visit)


def _purpose(visit: Visit) -> None:
    chosen = str(st.session_state.get(key("purpose")) or "")
    st.selectbox(
        "For which purpose",
        list(dict.fromkeys(["", *purposes(visit), chosen])),
        key=key("purpose"),
        format_func=lambda each: each or "None: own and open data only",
        accept_new_options=True,
        help="In the words of the agreements: a figure that an agreement shares stands here only if it is for this.",
    )
