"""The next step of a request: into an agreement, complete it, begin, finish, take it back."""

from __future__ import annotations

import streamlit as st

from governance import CommonTableError, Visit
from pages.share import _going
from pages.shell import frame
from pages.shell import widgets as w
from pages.shell.again import do, looking
from sharing import uses
from sharing.uses import LONGEST, Entry, Next, State, UseCase


def next_steps(visit: Visit, use: UseCase) -> None:
    """What can be done now, for those who may do it, and what is in the way."""
    steps = uses.next_steps(visit, use)
    acts = use.is_ours or use.may_withdraw
    if use.state is State.LIVE:
        _stands(uses.standing_of(visit, use))
    if not steps and not acts:
        return
    with w.surface("next"):
        w.heading("Next")
        for each in steps:
            _into_agreement(visit, use, each)
        if use.is_ours and use.state.is_open:
            _begin(visit, use)
        if use.is_ours and use.state is State.LIVE and st.button("Finish it", icon=":material/flag:", key="finish"):
            _finish(use.id)
        if use.may_withdraw and st.button("Withdraw it", icon=":material/undo:", type="tertiary", key="withdraw"):
            _withdraw(use.id, began=use.live_on is not None)


def _stands(entry: Entry) -> None:
    if entry.is_stopped:
        w.notice("Stopped.", entry.stopped_by, tone="owed")
    for identifier, words in entry.agreements:
        w.show(w.with_icon("handshake", w.link(words, w.href("agreement", id=identifier))))


def _into_agreement(visit: Visit, use: UseCase, step: Next) -> None:
    """From an owner's yes to the draft of its row: one click for who may, whom to ask for others."""
    said = w.strong(f"{step.owner} said yes.")
    if step.drafted:
        to = w.href("agreement", id=step.agreement_id)
        w.show(w.Markup("<p>{} {}</p>").format(said, w.link("Its row is drafted: look at it.", to)))
        return
    where = f"becomes a row of {step.agreement}" if step.agreement else "becomes a new agreement"
    w.show(w.Markup("<p>{} It {}.</p>").format(said, where))
    if not step.may:
        w.show(w.muted(f"A steward of {step.who} drafts it."))
    elif st.button("Draft it", type="primary", icon=":material/edit_document:", key=f"draft-{step.owner_id}"):
        try:
            made = uses.schedule(visit, use.id, owner_id=step.owner_id)
        except CommonTableError as error:
            w.notice("Not drafted.", error.sentence, tone="failed")
            return
        frame.say("It is drafted: look it through, then give it to the parties.")
        _going.go_to("agreement-draft", id=made.agreement_id, version=made.version_id)


def _begin(visit: Visit, use: UseCase) -> None:
    """What is in the way, and the button once nothing is."""
    missing = uses.in_the_way(visit, use.id)
    if missing:
        w.show(w.Markup("<p>{}</p>").format("Before it can begin:"))
        w.show(w.numbered(missing))
    elif st.button("Begin", type="primary", icon=":material/play_circle:", key="begin"):
        do(lambda: uses.go_live(visit, use.id), "It has begun. Everybody finds it in the register.")
    if not missing:
        w.show(w.muted("Everybody signed in can read its words then: name no dataset that is not for everybody."))
    w.show(w.to_page("Change it", w.href("ask", id=use.id), symbol="edit"))


@st.dialog("Finish it")
def _finish(use_id: str) -> None:
    with st.form("finish", border=False):
        outcome = st.text_area("What came of it", height=110, max_chars=LONGEST, key="finish-outcome")
        surprise = st.text_area(
            "Did anything happen that nobody expected?",
            height=72,
            max_chars=LONGEST,
            placeholder="Leave it empty when nothing did",
            key="finish-unexpected",
        )
        sent = st.form_submit_button("Finish it", type="primary")
    if sent:
        with looking() as visit:
            do(
                lambda: uses.finish(visit, use_id, outcome=outcome or "", unexpected=surprise or ""),
                "It is finished. The register keeps what came of it.",
            )


@st.dialog("Withdraw it")
def _withdraw(use_id: str, *, began: bool) -> None:
    said = "The register keeps that it was begun." if began else "The owners need not decide any more."
    w.show(w.Markup("<p>{}</p>").format(said))
    if st.button("Withdraw it for good", type="primary", key="withdraw-yes"):
        with looking() as visit:
            do(lambda: uses.withdraw(visit, use_id), "It is withdrawn.")
