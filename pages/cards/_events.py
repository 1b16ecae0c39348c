"""Writing on a figure's chart, and watching it: what happened, a new beginning, who is called when."""

from __future__ import annotations

import functools
from datetime import date

import streamlit as st

from governance import Visit
from pages.shell import widgets as w
from pages.shell.again import do, looking
from reportcards import targets, watching
from reportcards.targets import Event
from reportcards.watching import Watch

_EVENTS = {"note": "Something happened", "rebase": "Its usual range begins anew from this day"}


@st.dialog("Write on the chart")
def write(indicator_id: str, area_code: str) -> None:
    """A dialog: what happened on which day, or why the usual range begins anew from it."""
    kind = st.radio("What is it", list(_EVENTS), format_func=_EVENTS.__getitem__, key="eventkind") or "note"
    if kind == "rebase":
        w.notice(
            "A question first.",
            "Is there a known cause that will last? The new beginning is recorded with your name and reason, and "
            "everybody sees it on the chart.",
        )
    with st.form("event", border=False):
        on: date | None = st.date_input("On which day", value=None, format="DD/MM/YYYY")
        words = st.text_input("Why: what is different" if kind == "rebase" else "What happened", max_chars=80)
        sent = st.form_submit_button("Write it", type="primary")
    if not sent:
        return
    if on is None:
        w.notice("Not done.", "Say on which day.", tone="failed")
        return
    event = Event(id="", kind=kind, on=on, words=words, by="", area_code=area_code)
    with looking() as visit:
        do(lambda: targets.add_event(visit, indicator_id, event), "It stands on the chart.")


@st.dialog("Watch it")
def watch(item: str, unit: str) -> None:
    """A dialog: the rules there are, and one more."""
    with looking() as visit:
        _watched(visit, item)
        kind = st.radio("Call somebody when", list(watching.KINDS), format_func=watching.KINDS.__getitem__) or "signal"
        with st.form("watch", border=False):
            value = (
                st.number_input(f"The value, in {w.as_label(unit) or 'its unit'}", value=None)
                if kind != "signal"
                else None
            )
            owner = st.text_input("Who is called, and answers", max_chars=200)
            sent = st.form_submit_button("Watch it", type="primary")
        if sent:
            rule = Watch(kind=kind, value=value, owner=owner)
            do(lambda: watching.add_watch(visit, item, rule), "It is watched: a warning stands first on the card.")


def _watched(visit: Visit, item: str) -> None:
    """The rules there are, each with a way to end it."""
    for each in watching.watches(visit, item):
        with w.item(f"watch-{each.id}", f"When {each.words}", symbol="notifications", detail=each.owner):
            if st.button("Stop", key=f"stopwatch-{each.id}"):
                do(functools.partial(watching.stop_watching, visit, each.id), "It is watched no longer.")
