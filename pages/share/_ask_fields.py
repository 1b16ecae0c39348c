"""The words of a request, in one form that keeps what was typed until it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from catalogue.knowing import Brief
from governance import Visit
from governance.access import Use
from governance.agreements.purposes import purposes
from pages.share import _agreement_words, _ask_groups, _use_words
from pages.share._agreement_form import DATE
from pages.shell import widgets as w
from sharing.uses import LONGEST, LONGEST_TITLE, Proposal, State, UseCase


def form(visit: Visit, found: UseCase | None, chosen: Sequence[Brief]) -> Proposal | None:
    """The form with what is said so far; the answers when it was sent, else None."""
    with st.form("asking", border=False):
        title = st.text_input(
            "A title", found.title if found else "", max_chars=LONGEST_TITLE, key=_ask_groups.key(found, "title")
        )
        summary = st.text_area(
            "Why, and how? In plain words",
            found.summary if found else "",
            height=130,
            max_chars=LONGEST,
            key=_ask_groups.key(found, "summary"),
            help="So that somebody who is in the data would understand it.",
        )
        purpose = _purpose(visit, found)
        value = st.text_area(
            "What is it worth, and to whom?",
            found.value if found else "",
            height=92,
            max_chars=LONGEST,
            key=_ask_groups.key(found, "value"),
        )
        w.show(_agreement_words.question("Who benefits, who carries the risk?"))
        groups = _ask_groups.groups(found)
        basis = _basis(found)
        more = _more(found)
        words = "Keep the changes" if found else "Ask" if chosen else "Keep it as a wish"
        sent = st.form_submit_button(words, type="primary")
    if not sent:
        return None
    uses, until = more
    return Proposal(
        title=title or "",
        summary=summary or "",
        purpose=purpose or "",
        datasets=tuple(each.id for each in chosen),
        value=value or "",
        groups=groups,
        legal_basis=basis or "",
        uses=uses,
        until=until,
    )


def _purpose(visit: Visit, found: UseCase | None) -> str | None:
    """A tag that is in use, or one's own; of a request it stays."""
    known = list(dict.fromkeys([*([found.purpose] if found and found.purpose else []), *purposes(visit)]))
    kept = known.index(found.purpose) if found and found.purpose else None
    return st.selectbox(
        "Purpose",
        known,
        kept,
        key=_ask_groups.key(found, "purpose"),
        accept_new_options=True,
        placeholder="Choose, or type a few words",
        disabled=found is not None and found.state is not State.IDEA,
        help="An agreement allows a purpose by these words. Another purpose needs another request.",
    )


def _basis(found: UseCase | None) -> str | None:
    own = [found.legal_basis] if found and found.legal_basis else []
    known = list(dict.fromkeys([*own, *_use_words.BASES]))
    return st.selectbox(
        "Legal basis",
        known,
        0 if own else None,
        key=_ask_groups.key(found, "basis"),
        accept_new_options=True,
        placeholder="Choose, or type your own; it can follow later",
    )


def _more(found: UseCase | None) -> tuple[tuple[Use, ...], date | None]:
    """What would be done with it, and until when."""
    with st.expander("More, if you like"):
        uses = st.pills(
            "What you would do with it",
            list(Use),
            selection_mode="multi",
            default=list(found.uses) if found else [Use.VIEW, Use.PRESENT],
            format_func=_agreement_words.USES.__getitem__,
            key=_ask_groups.key(found, "uses"),
        )
        until = st.date_input(
            "Until when", found.until if found else None, format=DATE, key=_ask_groups.key(found, "until")
        )
    return tuple(uses), until


def forget() -> None:
    """Empty the form on this screen."""
    for each in [each for each in st.session_state if str(each).startswith(_ask_groups.WIDGET)]:
        del st.session_state[each]
