"""What could go wrong with sharing a dataset, and what is left of each risk with everything that is agreed."""

from __future__ import annotations

import streamlit as st

from governance import Action, Visit, commitments, may
from pages.share import _candidate_words as words
from pages.share import _concern_promises, _concern_words
from pages.shell import widgets as w
from pages.shell.again import do, looking
from sharing.candidates import Entry
from sharing.risks import LONGEST, Risk, Weight, weigh
from sharing.risks import risks as risks_of


def risks(visit: Visit, found: Entry) -> None:
    """A line each, the worst first; then what was promised about the dataset."""
    listed = risks_of(visit, found.dataset.id)
    weighs = may(visit, Action.RISK_WEIGHED, organisation_id=found.dataset.organisation_id)
    given = commitments.commitments(visit, about_kind="dataset", about_id=found.dataset.id)
    with w.surface("risks"):
        w.heading("What could go wrong", number=len(listed))
        if not listed:
            w.show(w.muted(_none(found)))
        for each in listed:
            with w.item(f"risk-{each.key}", _said(each), symbol=_symbol(each), detail=_left(each)):
                if weighs and st.button("Weigh it", key=f"weigh-{each.key}", type="tertiary"):
                    ask(found.dataset.id, each)
        if given:
            w.heading("Promised about it", number=len(given))
            _concern_promises.listed(visit, given)


def _none(found: Entry) -> str:
    if found.screening.counting is None:
        return "Nothing is known yet: the screening comes first."
    return "No answer of the screening asks for more, and no concern waits."


def _symbol(each: Risk) -> str:
    return "sentiment_worried" if each.concern else "fact_check"


def _said(each: Risk) -> w.Markup:
    if each.concern is None:
        return w.esc(each.words)
    quoted = w.link(f"“{w.plain(each.words, 160)}”", w.href("concern", id=each.concern.id))
    return w.Markup("{} {}").format(
        quoted, w.muted(f"{_concern_words.who(each.concern)}, {_concern_words.felt(each.concern)}")
    )


def _left(each: Risk) -> str:
    if each.weight is None:
        helps = f" {each.helps}" if each.helps else ""
        return f"Nobody has weighed it: it counts as the worst.{helps}"
    likely, bad = words.LIKELY[each.weight.likelihood].lower(), words.BAD[each.weight.impact].lower()
    agreed = f" Agreed: {each.weight.agreed}" if each.weight.agreed else ""
    return f"Left: {each.left} of 9, {likely} ({each.weight.likelihood}) times {bad} ({each.weight.impact}).{agreed}"


@st.dialog("What is left of it?")
def ask(dataset_id: str, each: Risk) -> None:
    """How likely, how bad, with what is agreed."""
    w.finding(each.words, each.helps)
    known = each.weight
    with st.form("weigh", border=False):
        agreed = st.text_area("What is agreed against it? (optional)", known.agreed if known else "", height=90,
                              max_chars=LONGEST, key="weigh-agreed")  # fmt: skip
        likely = st.radio("With that, how likely is it?", list(words.LIKELY), known.likelihood - 1 if known else None,
                          format_func=words.LIKELY.__getitem__, horizontal=True, key="weigh-likely")  # fmt: skip
        bad = st.radio("And if it happens, how bad?", list(words.BAD), known.impact - 1 if known else None,
                       format_func=words.BAD.__getitem__, horizontal=True, key="weigh-bad")  # fmt: skip
        sent = st.form_submit_button("Save", type="primary")
    if sent:
        weight = Weight(risk=each.key, likelihood=likely or 0, impact=bad or 0, agreed=agreed or "")
        with looking() as visit:
            do(lambda: weigh(visit, dataset_id, weight), "Weighed. It counts for twelve months.")
