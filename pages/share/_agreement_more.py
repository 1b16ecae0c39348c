"""What may be said of an agreement besides the nine fields: all of it has a default, or may stay empty."""

from __future__ import annotations

import streamlit as st

from pages.share import _agreement_composed as composed
from pages.share import _agreement_form as forms
from pages.share import _agreement_words as words
from pages.share._agreement_form import DATE, LONGEST, Form, key
from pages.share._agreement_rows import Around
from pages.shell import widgets as w


def more(form: Form, around: Around) -> None:
    """What has a default, or may stay empty."""
    if form.schedule_only:
        return
    with st.expander("Say more (optional)"), st.container(key="saymore", gap="medium"):
        with st.container(gap="small"):
            w.heading("In the agreement’s own words")
            _text("how", "How and in what format")
            _text("access", "Who gets access, and for what use", "Left empty, it is written from what you ticked.")
            _text("retention", "How long files are kept, and how they are destroyed")
            _text("told_people", "What the people in the data were told")
            st.selectbox("Legal advice", ["", *_advice()], key=key("legal_advice"), accept_new_options=True,
                         format_func=lambda each: each or "Not said")  # fmt: skip
        with st.container(gap="small"):
            w.heading("What sort of agreement")
            st.radio("Sort", list(words.KINDS), key=key("kind"), format_func=words.KINDS.__getitem__)
            st.date_input("Review on (left empty: 60 days before the last day)", value=None, key=key("review_on"),
                          format=DATE)  # fmt: skip
        with st.container(gap="small"):
            w.heading("What each does")
            for each in composed.organisations(form):
                _role(form, each, around.names.get(each, ""))


def _advice() -> list[str]:
    kept = str(forms.said("legal_advice") or "")
    return list(dict.fromkeys([*words.ADVICE, *([kept] if kept else [])]))


def _text(name: str, label: str, hint: str = "") -> None:
    st.text_area(label, key=key(name), height=72, max_chars=LONGEST, placeholder=hint)


def _role(form: Form, organisation_id: str, name: str) -> None:
    if key("role", organisation_id) not in st.session_state:
        st.session_state[key("role", organisation_id)] = composed.role(form, organisation_id)
    label, roles = w.as_label(name), list(words.ROLES)
    st.selectbox(label, roles, key=key("role", organisation_id), format_func=words.ROLES.__getitem__)
