"""The target of an indicator: what was agreed, until when, by whom, and where that is written."""

from __future__ import annotations

import streamlit as st

from governance import Visit
from pages.shell import widgets as w
from pages.shell.again import do
from reportcards import targets
from reportcards.indicators import Indicator
from reportcards.targets import Goal


def goal(visit: Visit, found: Indicator) -> None:
    """The target for every area, as a small form."""
    old = targets.targets(visit, [found.id]).get((found.id, ""))
    w.show(w.Markup('<section class="ct-told"><h2>Target</h2></section>'))
    with st.form("goal", border=True):
        value = st.number_input("To reach", value=old.value if old else None)
        upper = st.number_input("Up to, when it is a range", value=old.upper if old else None)
        by = st.date_input("By", value=old.by if old else None, format="DD/MM/YYYY")
        who = st.text_input("Agreed by", old.set_by if old else "", max_chars=200)
        source = st.text_input("Where it is written", old.source if old else "")
        sent = st.form_submit_button("Save the target")
    if not sent:
        return
    if value is None:
        do(lambda: targets.set_target(visit, found.id, None), "It has no target now.")
        return
    given = Goal(value=value, upper=upper, by=by, set_by=who, source=source)
    do(lambda: targets.set_target(visit, found.id, given), "The target is saved.")
