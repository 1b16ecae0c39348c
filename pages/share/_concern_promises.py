"""Offers and promises: what they say and how far they are, the word to give, the step to take."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from governance import Visit, commitments
from governance.commitments import NEEDS_A_REASON, Commitment, CommitmentDraft, CommitmentKind, CommitmentState
from governance.concerns import Concern
from pages.share import _about
from pages.share import _concern_words as words
from pages.shell import widgets as w
from pages.shell.again import do, looking

_STEPS = {
    CommitmentState.ACCEPTED: "Accept it",
    CommitmentState.KEPT: "It was kept",
    CommitmentState.BROKEN: "It was broken",
    CommitmentState.DROPPED: "It is dropped",
}


def listed(visit: Visit, given: Sequence[Commitment], *, linked: bool = False) -> None:
    """One line each, what is late first; `linked` says what each is about."""
    if not given:
        w.show(w.muted("Nothing is offered or promised yet."))
    for each in given:
        with w.item(f"promise-{each.id}", _said(visit, each, linked=linked), symbol=_symbol(each), detail=_when(each)):
            asks = "Accept it" if each.state is CommitmentState.OFFERED else "Say what became of it"
            if each.may_become and st.button(asks, key=f"became-{each.id}", type="tertiary"):
                _became(each)


def _symbol(each: Commitment) -> str:
    return "schedule" if each.overdue else words.BECOMES[each.state][1]


def _said(visit: Visit, each: Commitment, *, linked: bool) -> w.Markup:
    said = w.Markup("{}: {}").format(w.strong(words.COMMITMENTS[each.kind]), each.what)
    if not linked:
        return said
    address = w.href("concern", id=each.concern_id) if each.concern_id else _about.address(visit, each.about)
    about = "to a concern" if each.concern_id else _about.words(each.about)
    return w.Markup("{} ({})").format(said, w.link(about, address) if address else about)


def _when(each: Commitment) -> str:
    """ "Tidewater Homes, Hanna Brandt. To be done, by 3 Dec 2026: late"."""
    whose = ", ".join(part for part in (each.organisation, each.who) if part)
    due = f", by {w.day(each.due)}" if each.due and each.is_open else ""
    state = f"{words.BECOMES[each.state][0]}{due}{': late' if each.overdue else ''}"
    why = f". “{each.state_why}”" if each.state_why else ""
    return f"{whose}. {state}{why}"


def give(visit: Visit, found: Concern) -> None:
    """The button to offer or promise something, for people of an organisation."""
    if visit.viewer.organisation_id and st.button("Offer or promise something", icon=":material/redeem:", key="give"):
        _give(found.id, talk=found.asks_for_conversation)


@st.dialog("Offer or promise something")
def _give(concern_id: str, *, talk: bool) -> None:
    if talk:
        st.caption("It is about what people stand to lose: a conversation helps more than a safeguard.")
    with st.form("give", border=False):
        first = CommitmentKind.ACTION if talk else CommitmentKind.OFFER
        kinds = sorted(CommitmentKind, key=lambda each: each is not first)
        kind = st.selectbox("What it is", kinds, format_func=words.COMMITMENTS.__getitem__, key="give-kind")
        ready = [words.TALK, *words.OFFERS] if talk else [*words.OFFERS, words.TALK]
        what = st.selectbox(
            "What you will do",
            ready,
            0 if talk else None,
            accept_new_options=True,
            placeholder="Choose, or write your own words",
            key="give-what",
        )
        who = st.text_input("Who sees to it", max_chars=200, key="give-who")
        due = st.date_input("By when", value=None, format="DD/MM/YYYY", key="give-due")
        sent = st.form_submit_button("Give our word", type="primary")
    if sent:
        with looking() as visit:
            draft = CommitmentDraft(
                kind=CommitmentKind(kind), what=what or "", concern_id=concern_id, who=who or "", due=due
            )
            do(lambda: commitments.make(visit, draft), "It is written down.")


@st.dialog("What became of it")
def _became(each: Commitment) -> None:
    w.finding(each.what, f"{words.COMMITMENTS[each.kind]} of {each.organisation}")
    with st.form("became", border=False):
        state = st.radio("Now", list(each.may_become), format_func=_STEPS.__getitem__, key="became-state")
        why = ""
        if set(each.may_become) & set(NEEDS_A_REASON):
            why = st.text_area("Why, if it was not kept", height=90, max_chars=1000, key="became-why")
        sent = st.form_submit_button("Save", type="primary")
    if sent:
        with looking() as visit:
            do(lambda: commitments.change(visit, each.id, CommitmentState(state), why=why), "It is written down.")
