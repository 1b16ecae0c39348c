"""The fields in which a charter is written: a block for each clause, and who agreed to it."""

from __future__ import annotations

import streamlit as st

from pages.shell import widgets as w
from sharing.charter import LONGEST, LONGEST_LINE, MOST_CLAUSES, Clause, Wording

_SPARE = 3


def fields(wording: Wording, *, edition: int, first: bool) -> Wording:
    """What is written; a clause that was emptied is left out when it is kept."""
    shown = list(wording.clauses)
    clauses = [_clause(each, place, edition) for place, each in enumerate(shown)]
    spare = range(len(shown), min(len(shown) + _SPARE, MOST_CLAUSES))
    if spare:
        with st.expander("Add clauses", expanded=not shown):
            empty = Clause(code="", title="", text="", question="")
            clauses += [_clause(empty, place, edition) for place in spare]
    key = f"charter-{edition}"
    w.heading("Who agreed to it")
    agreed = st.text_input(
        "Who agreed, where and when",
        wording.agreed_by,
        max_chars=LONGEST_LINE,
        placeholder="The residents' panel, at its meeting in the library on 3 March",
        key=f"{key}-agreed",
    )
    note = wording.note
    if not first:
        note = st.text_area("What changed and why", note, height=92, max_chars=LONGEST, key=f"{key}-note") or ""
    review = st.date_input("Looked at again on (optional)", wording.review_on, key=f"{key}-review", format="YYYY-MM-DD")
    return Wording(clauses=tuple(clauses), note=note, agreed_by=agreed or "", review_on=review)


def _clause(said: Clause, place: int, edition: int) -> Clause:
    """Folded away once it has a title: a charter is read as a list of its clauses."""
    key, number = f"charter-{edition}-{place}", place + 1
    with st.expander(f"{number}. {w.as_label(said.title)}") if said.title else st.container():
        title = st.text_input(f"Clause {number}", said.title, max_chars=LONGEST_LINE, key=f"{key}-title")
        text = st.text_area(
            f"What clause {number} promises", said.text, height=80, max_chars=LONGEST, key=f"{key}-text"
        )
        question = st.text_area(
            f"What every use is asked because of clause {number}",
            said.question,
            height=68,
            max_chars=LONGEST_LINE,
            key=f"{key}-asks",
        )
    return Clause(code=said.code, title=title or "", text=text or "", question=question or "")
