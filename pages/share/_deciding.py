"""Deciding on a registration, and what its owner can do with it meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from catalogue import registering, search
from catalogue.registering import Registration
from governance import CommonTableError, Visit
from pages.share import _going, _words
from pages.shell import frame
from pages.shell import widgets as w


def deciding(visit: Visit, found: Registration) -> None:
    """The steward's three answers, and what looks like the same dataset."""
    with w.surface("deciding"):
        w.finding("It waits for your decision.", "Nothing of it is in the catalogue yet.")
        _alike(visit, found)
        with st.container(key="decisions", horizontal=True, gap="small"):
            approve = st.button("Approve", type="primary", icon=":material/check:", key="approve")
            with st.popover("Ask for changes", icon=":material/reply:", key="askchanges"):
                _ask_changes(visit, found)
            with st.popover("Decline", icon=":material/block:", key="decline"):
                _decline(visit, found)
        if approve:
            _do(lambda: registering.approve(visit, found.id), "It is in the catalogue.")


def _alike(visit: Visit, found: Registration) -> None:
    for hit in search.already_held(visit, found.answers.title, found.answers.description, limit=3):
        words = w.Markup("{} already lists {}.").format(
            w.strong(hit.publisher or "The catalogue"), w.link(f"“{hit.title}”", w.href("dataset", id=hit.id))
        )
        w.show(w.with_icon("content_copy", words))


def _ask_changes(visit: Visit, found: Registration) -> None:
    with st.form("askchanges", border=False):
        note = st.text_area("What has to change", height=110, key="changes-note")
        sent = st.form_submit_button("Send it back", type="primary")
    if sent:
        name = _words.name_of(visit, found.by)
        _do(lambda: registering.ask_changes(visit, found.id, note=note), f"Sent back to {name}.")


def _decline(visit: Visit, found: Registration) -> None:
    with st.form("decline", border=False):
        reason = st.text_area("Why", height=92, key="decline-reason")
        change = st.text_area("What would change it", height=72, key="decline-change")
        sent = st.form_submit_button("Decline it", type="primary")
    if sent:
        _do(lambda: registering.decline(visit, found.id, reason=reason, what_would_change=change), "Declined.")


def _do(decide: Callable[[], object], said: str) -> None:
    try:
        decide()
    except CommonTableError as error:
        w.notice("Not done.", error.sentence, tone="failed")
        return
    frame.say(said)
    st.rerun()


def own(visit: Visit, found: Registration) -> None:
    """What may be done besides deciding: go on, change, take back, begin anew with the same answers."""
    with st.container(key="ownacts", gap="small"):
        if _words.may_edit(visit, found):
            words = "Change the answers" if found.state == registering.CHANGES_ASKED else "Go on with it"
            w.show(w.to_page(words, w.href("register", id=found.id), symbol="edit", first=True))
        if found.state == registering.DECLINED and st.button("Use the answers again", icon=":material/content_copy:"):
            again = registering.save_draft(visit, found.answers)
            frame.say("A new draft with the same answers.")
            _going.go_to("register", id=again.id)
        if _may_withdraw(visit, found):
            with st.popover("Throw it away", icon=":material/delete:", key="throwaway"):
                st.markdown("The answers are gone then, for everybody.")
                if st.button("Throw it away for good", key="throw"):
                    _throw_away(visit, found)


def _may_withdraw(visit: Visit, found: Registration) -> bool:
    return _words.may_edit(visit, found) or (found.state == registering.SUBMITTED and found.is_mine)


def _throw_away(visit: Visit, found: Registration) -> None:
    try:
        registering.withdraw_draft(visit, found.id)
    except CommonTableError as error:
        w.notice("Not done.", error.sentence, tone="failed")
        return
    frame.say("It is thrown away.")
    _going.go_to("our-data")
