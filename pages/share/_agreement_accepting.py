"""What an agreement asks a person to accept before their first look, and what they accepted."""

from __future__ import annotations

import streamlit as st

from governance import Visit
from governance.agreements import accepting
from governance.agreements.accepting import Asked
from pages.share import _agreement_words as words
from pages.shell import widgets as w
from pages.shell.again import do, looking


def before_the_first_look(visit: Visit, agreement_id: str) -> None:
    """Nothing where nothing is asked of the viewer."""
    found = accepting.asked(visit, agreement_id)
    if not found:
        return
    with w.surface("accepting"):
        w.heading("Before your first look", note="each person for themselves")
        for number, each in enumerate(found):
            _one(each, number)


def _one(each: Asked, number: int) -> None:
    w.show(w.Markup("<blockquote>{}</blockquote>").format(words.lines(each.words)))
    w.show(w.muted(f"It stands before {words.listed(list(each.titles))}."))
    if each.accepted_at is not None:
        w.show(w.with_icon("check_circle", f"You accepted this on {w.day(each.accepted_at)}."))
    elif st.button("I accept this", icon=":material/check:", key=f"accept-{number}", type="primary"):
        with looking() as visit:
            do(
                lambda: accepting.accept(visit, each.agreement_id, each.words),
                "Accepted: what it stands before is shown to you now.",
            )
