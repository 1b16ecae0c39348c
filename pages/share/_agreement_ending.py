"""Dialogs of changing and ending: amend, take back, pause and lift, end with a look back."""

from __future__ import annotations

import streamlit as st

from governance import Visit, holds
from governance.access import Scope
from governance.agreements import drafting, signing
from pages.share import _going
from pages.shell import frame
from pages.shell.again import do, looking

_KINDS = {
    "schedule": "Only the schedule: datasets, who gets them, what for",
    "terms": "The terms: parties, purpose, privacy, days",
}
_WHO_SIGNS = {
    "schedule": "The owners of the rows that change sign it, and the lead.",
    "terms": "Every party signs it.",
}


@st.dialog("Amend it")
def amend(agreement_id: str) -> None:
    """A new version beside the one in force, which stays as it is until the new one is signed."""
    with looking() as visit:
        st.caption("The version in force stays as it is until the new one is signed.")
        with st.form("amend", border=False):
            kind = st.radio("What changes?", list(_KINDS), format_func=_KINDS.__getitem__,
                            captions=list(_WHO_SIGNS.values()))  # fmt: skip
            sent = st.form_submit_button("Begin the new version", type="primary")
        if sent:
            _begin(visit, agreement_id, terms=kind == "terms")


def begin_again(agreement_id: str, version_id: str) -> None:
    """A new draft with the words of one that was taken back."""
    with looking() as visit:
        _begin(visit, agreement_id, terms=True, copy_of=version_id)


def _begin(visit: Visit, agreement_id: str, *, terms: bool, copy_of: str = "") -> None:
    def change() -> str:
        return drafting.amend(visit, agreement_id, terms=terms, copy_of=copy_of)

    do(change, then=lambda made: _open(agreement_id, made))


def _open(agreement_id: str, version_id: str) -> None:
    frame.say("A new version is begun. Nothing changes until it is signed.")
    _going.go_to("agreement-draft", id=agreement_id, version=version_id)


@st.dialog("Take it back")
def take_back(version_id: str) -> None:
    """The version is put away; its words can be used again."""
    with looking() as visit:
        st.caption("Nobody can sign this version any more. A new one can begin with the same words.")
        with st.form("takeback", border=False):
            why = st.text_area("Why?", height=92, max_chars=2_000)
            sent = st.form_submit_button("Take it back", type="primary")
        if sent:
            do(lambda: signing.withdraw(visit, version_id, why or ""), "It is taken back.")


@st.dialog("Pause it")
def pause(agreement_id: str) -> None:
    """Nothing that it covers is shown from the next look on."""
    with looking() as visit:
        st.caption("Nothing that it covers is shown any more, from the next look on. Lifting it restores all of it.")
        with st.form("pause", border=False):
            reason = st.text_area("Why?", height=92, max_chars=2_000)
            sent = st.form_submit_button("Pause it now", type="primary")
        if sent:
            ours, place = visit.viewer.organisation_id, holds.place
            do(lambda: place(visit, Scope.AGREEMENT, agreement_id, organisation_id=ours, reason=reason or ""),
               "It is paused.")  # fmt: skip


def lift(agreement_id: str) -> None:
    """End the pause on it."""
    with looking() as visit:
        placed = holds.on(visit, Scope.AGREEMENT, agreement_id)
        if placed is None:
            st.rerun(scope="app")
        do(lambda: holds.lift(visit, placed.id), "The pause is lifted: all is as it was before.")


@st.dialog("End it")
def end(agreement_id: str) -> None:
    """Ended at once and for good, with what it was used for."""
    with looking() as visit:
        st.caption("It ends now: what it covers is hidden at once. To go on later, a new version has to be signed.")
        with st.form("end", border=False):
            why = st.text_area("Why does it end?", height=72, max_chars=2_000)
            looked_back = st.text_area("Looking back: what was it used for, what to keep, what to change?",
                                       height=110, max_chars=5_000)  # fmt: skip
            sent = st.form_submit_button("End it now", type="primary")
        if sent:
            close = signing.close
            do(lambda: close(visit, agreement_id, why=why or "", looked_back=looked_back or ""), "It is ended.")
