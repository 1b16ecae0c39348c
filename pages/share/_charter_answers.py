"""The form in which a use is held against the charter: a row for each clause, then whether it goes ahead."""

from __future__ import annotations

import streamlit as st

from pages.share import _charter_words as words
from pages.shell import widgets as w
from sharing.charter import Charter, Clause
from sharing.uses import LONGEST, Answer, Finding, Outcome, Reply


def form(in_force: Charter, before: Finding) -> Finding | None:
    """What was answered, beginning with what was said before; None until it is sent."""
    with st.form("charter-check", border=False):
        replies = {each.code: _reply(each, before.replies.get(each.code)) for each in in_force.clauses}
        heard = st.text_area(
            "What do the people it is about say of it, and how do you know?",
            before.heard,
            height=92,
            max_chars=LONGEST,
            placeholder="Whom you asked, where and when; leave it empty when nobody was asked",
            key="check-heard",
        )
        kinds = list(Outcome)
        outcome = st.radio(
            "Does it go ahead?",
            kinds,
            kinds.index(before.outcome) if before.replies else None,
            format_func=lambda each: words.OUTCOMES[each][0],
            key="check-outcome",
        )
        conditions = st.text_area(
            "If: what has to be so", before.conditions, height=80, max_chars=LONGEST, key="check-if"
        )
        sent = st.form_submit_button("Keep the answers", type="primary")
    if not sent:
        return None
    if outcome is None:
        w.notice("Not kept yet.", "Say whether it goes ahead. Nothing you typed is lost.", tone="failed")
        return None
    given = {code: each for code, each in replies.items() if each is not None}
    return Finding(replies=given, heard=heard or "", outcome=outcome, conditions=conditions or "")


def _reply(clause: Clause, before: Reply | None) -> Reply | None:
    kinds = list(Answer)
    answer = st.radio(
        w.as_label(f"{clause.title}. {clause.question}"),
        kinds,
        kinds.index(before.answer) if before else None,
        horizontal=True,
        format_func=lambda each: words.ANSWERS[each][0],
        help=w.as_label(clause.text),
        key=f"check-clause-{clause.code}",
    )
    why = st.text_input(
        f"Why ({w.as_label(clause.title.lower())})",
        before.why if before else "",
        max_chars=LONGEST,
        placeholder="Why? Needed wherever it does not simply meet it",
        label_visibility="collapsed",
        key=f"check-why-{clause.code}",
    )
    return Reply(answer=answer, why=why or "") if answer is not None else None
