"""Corrections that others suggest for a dataset: a steward takes each or says why not."""

from __future__ import annotations

import streamlit as st

from catalogue import curation
from catalogue.curation import Suggestion
from catalogue.datasets import Dataset
from catalogue.history import word
from governance import Visit
from pages.browse._acts import do, looking
from pages.shell import widgets as w


def suggested(visit: Visit, found: Dataset) -> None:
    """What waits for this dataset, each with its two buttons."""
    waiting = curation.suggestions(visit, dataset_id=found.id)
    if not waiting:
        return
    with w.surface("suggested"):
        w.heading("Suggested corrections", number=len(waiting))
        for each in waiting:
            _one(visit, each)


def _one(visit: Visit, each: Suggestion) -> None:
    field = word(each.field)
    words = w.Markup("{}: “{}”").format(w.strong(field[:1].upper() + field[1:]), w.plain(each.value, 300))
    detail = f"{each.by}, {w.day(each.at)}: {w.plain(each.reason, 300)}"
    with w.item(f"suggestion-{each.id}", words, symbol="edit", detail=detail):
        take = st.button("Take it", key=f"take-{each.id}")
        decline = st.button("Decline", key=f"decline-{each.id}", type="tertiary")
    if take:
        do(lambda: curation.settle_suggestion(visit, each.id, take=True), "Taken: the field is corrected.")
    if decline:
        _decline(each.id)


@st.dialog("Decline a suggestion")
def _decline(suggestion_id: str) -> None:
    with looking() as visit:
        with st.form("decline", border=False):
            answer = st.text_area("Why not", help="Whoever suggested it reads this.")
            sent = st.form_submit_button("Decline it", type="primary")
        if sent:
            settle = curation.settle_suggestion
            do(lambda: settle(visit, suggestion_id, take=False, answer=answer), "Declined.")
