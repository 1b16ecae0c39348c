"""Watch rules that fired: since when, whose they are, and what was answered."""

from __future__ import annotations

import streamlit as st

from governance import Visit
from pages.cards import _who
from pages.shell import widgets as w
from pages.shell.again import as_drawn, do, looking
from reportcards import watching
from reportcards.report import Measurement, Warning


def warnings(visit: Visit, shown: Measurement) -> None:
    """One notice each; who may answer finds the button beside it."""
    for each in shown.warnings:
        _warning(visit, each)


def _warning(visit: Visit, each: Warning) -> None:
    since = f"Since {w.day(each.since)}; {each.owner} answers for it."
    if each.response:
        w.notice(f"{each.what}.", f"{since} {each.responded_by}: “{each.response}”", tone="owed")
        return
    with st.container(key=f"warning-{each.id}", horizontal=True, vertical_alignment="center", gap="small"):
        w.notice(f"{each.what}.", f"{since} No answer yet.", tone="owed")
        if _who.may_answer(visit) and st.button("Answer it", key=f"answer-{each.id}"):
            _answer(each.id, each.what)


@st.dialog("Answer a warning")
def _answer(warning_id: str, what: str) -> None:
    as_drawn()
    st.caption(w.as_label(what))
    with st.form("answer", border=False):
        words = st.text_area("What you know about it, and what is done", height=120, max_chars=1000)
        sent = st.form_submit_button("Answer", type="primary")
    if sent:
        with looking() as visit:
            do(lambda: watching.respond(visit, warning_id, words or ""), "Your answer stands beside the warning.")
