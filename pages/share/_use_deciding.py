"""What each owner says of a request, and the form in which the viewer's organisation decides."""

from __future__ import annotations

import streamlit as st

from governance import CommonTableError, Visit
from pages.share import _agreement_words
from pages.share import _use_words as words
from pages.shell import frame
from pages.shell import widgets as w
from sharing import uses
from sharing.uses import LONGEST, Decision, Owner, Ruling, UseCase

_HINTS = {
    Decision.GO_IF: "Most things can be done somehow: say what has to be so.",
    Decision.GO: "Nothing more is asked for.",
    Decision.NOT_NOW: "Needs a reason, and what would change it.",
}


def owners(visit: Visit, use: UseCase) -> None:
    """One line for each owner: what it says, or how long it has been waited for and who decides there."""
    if not use.owners:
        return
    with w.surface("owners"):
        w.heading("What the owners say" if len(use.owners) > 1 else "What the owner says")
        for each in use.owners:
            _owner(visit, use, each)


def _owner(visit: Visit, use: UseCase, owner: Owner) -> None:
    titles = _agreement_words.listed(each.title for each in owner.datasets)
    if owner.is_waiting:
        open_now = use.state.is_open
        said = f"waits, {words.days(owner.days)}" if open_now else "had not answered"
        detail = f"{titles}. {words.who_decides(owner) if open_now else ''}".strip()
        _line(owner, said, symbol="hourglass_empty", detail=detail)
        return
    found = owner.said
    decision = found.decision or Decision.GO
    symbol = {Decision.GO: "check_circle", Decision.GO_IF: "rule", Decision.NOT_NOW: "event_busy"}[decision]
    detail = f"{titles}. {found.decided_by}, {w.day(found.decided_on)}."
    _line(owner, words.DECISIONS[decision].removesuffix(" …").lower(), symbol=symbol, detail=detail)
    if decision is Decision.GO_IF:
        w.quote(_agreement_words.lines(found.conditions), owner.name)
    if decision is Decision.NOT_NOW:
        w.quote(_agreement_words.lines(found.reason), owner.name, f"What would change it: {found.would_change}")


def _line(owner: Owner, said: str, *, symbol: str, detail: str) -> None:
    w.item(
        f"owner-{owner.organisation_id}",
        w.Markup("{}: {}").format(w.strong(owner.name), said),
        symbol=symbol,
        detail=detail,
    )


def deciding(visit: Visit, use: UseCase) -> None:
    """The form, for stewards of an owner; folded away when its owner has decided already."""
    ours = next((each for each in use.owners if each.organisation_id == visit.viewer.organisation_id), None)
    if ours is None or not use.may_decide:
        return
    with w.surface("deciding"):
        if ours.is_waiting:
            w.finding("It waits for your decision.", "You decide for your organisation's data only.")
            _form(visit, use, ours)
        else:
            with st.expander("Decide again"):
                _form(visit, use, ours)


def _form(visit: Visit, use: UseCase, ours: Owner) -> None:
    before = ours.said
    with st.form("decide", border=False):
        kinds = list(Decision)
        decision = st.radio(
            "Your decision",
            kinds,
            kinds.index(before.decision) if before.decision else 0,
            format_func=words.DECISIONS.__getitem__,
            captions=[_HINTS[each] for each in kinds],
            key="decide-decision",
        )
        conditions = st.text_area(
            "If: what has to be so", before.conditions, height=92, max_chars=LONGEST, key="decide-conditions"
        )
        with st.expander("For “not now”: why, and what would change it", expanded=decision is Decision.NOT_NOW):
            reason = st.text_area("Why not now", before.reason, height=72, max_chars=LONGEST, key="decide-reason")
            change = st.text_area(
                "What would change it", before.would_change, height=72, max_chars=LONGEST, key="decide-change"
            )
        sent = st.form_submit_button("Decide", type="primary")
    if sent:
        ruling = Ruling(
            decision=Decision(decision or Decision.GO_IF),
            conditions=conditions or "",
            reason=reason or "",
            would_change=change or "",
        )
        _decide(visit, use, ruling)


def _decide(visit: Visit, use: UseCase, ruling: Ruling) -> None:
    try:
        uses.decide(visit, use.id, ruling, seen=use.version)
    except CommonTableError as error:
        w.notice("Not decided yet.", f"{error.sentence} Nothing you typed is lost.", tone="failed")
        return
    frame.say("It is decided. Who asked reads it here.")
    st.rerun()
