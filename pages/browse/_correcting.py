"""The dialog that corrects a field of a dataset, or suggests what it should say."""

from __future__ import annotations

import streamlit as st

from catalogue import curation
from catalogue.datasets import Dataset, dataset
from catalogue.fields import FieldOrigin, fields_and_sources
from governance import Visit
from pages.shell import widgets as w
from pages.shell.again import do, looking

_LISTS = ("keywords", "themes", "life_events", "licence")


@st.dialog("Correct a field")
def ask(dataset_id: str) -> None:
    """Which field, what it should say and why: corrected at once by who may, suggested to a steward by others."""
    with looking() as visit:
        found = dataset(visit, dataset_id)
        fields = [each for each in fields_and_sources(visit, dataset_id) if each.is_correctable]
        field = st.selectbox("Field", fields, format_func=lambda each: each.word[:1].upper() + each.word[1:])
        if field is None:
            return
        if field.source_now_says is not None:
            w.notice("The source now says:", f"“{field.source_now_says}”", tone="owed")
        with st.form(f"correct-{field.field}", border=False):
            several = field.field in _LISTS
            value = st.text_area("What it should say", _present(found, field), help="One a line." if several else None)
            reason = st.text_input("Why, and where you know it from", help="Shown to everyone who sees the dataset.")
            sent = st.form_submit_button("Correct it" if found.may_curate else "Suggest it", type="primary")
        if sent:
            _send(visit, found, field, value=value, reason=reason)
        elif found.may_curate and field.corrected_by and st.button("Let the source's word show again"):
            do(lambda: curation.undo_correction(visit, found.id, field.field), "The source's word shows again.")


def _send(visit: Visit, found: Dataset, field: FieldOrigin, *, value: str, reason: str) -> None:
    made = curation.correct if found.may_curate else curation.suggest_correction
    said = "Corrected." if found.may_curate else "Suggested. A steward looks at it."
    do(lambda: made(visit, found.id, field.field, value=value, reason=reason), said)


def _present(found: Dataset, field: FieldOrigin) -> str:
    lists = {"keywords": found.keywords, "themes": found.themes, "life_events": found.life_events}
    return "\n".join(lists[field.field]) if field.field in lists else field.value
