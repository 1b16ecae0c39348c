"""Putting a card together: what it wants to know, which indicators say so, in which order, for which place."""

from __future__ import annotations

import streamlit as st

from governance import Role, Visit
from pages import Page
from pages.cards import _about, _beginning, _choosing, _composed, _draft
from pages.share._going import go_to
from pages.shell import frame
from pages.shell import widgets as w
from pages.shell.again import do, looking
from reportcards import cards

PAGE = Page(
    title="Compose a card",
    role=frozenset({Role.CHAIR, Role.STEWARD, Role.ADMIN}),
    icon="dashboard_customize",
    order=60,
    hidden=True,
)


def render(visit: Visit) -> None:
    """The card of the address, or a new one."""
    name = str(st.query_params.get("name", ""))
    form = _draft.opened(visit, name)
    crumbs = [("Report cards", w.href("cards"))]
    if name:
        crumbs.append((form.kept.title, w.href("card", name=name)))
    title = f"Change {form.kept.title}" if name else "Put a card together"
    w.page_header(title, "Nothing changes on the card until you save it.", breadcrumbs=crumbs)
    left, right = st.columns([700, 404], gap="small")
    with left:
        with w.surface("about"):
            _about.about(visit, begin=not name)
        with w.surface("items"):
            _composed.items(visit, form)
        _buttons(visit, form)
    with right:
        if not name:
            _beginning.asks(visit)
        with w.surface("choosing"):
            _choosing.choosing(visit)


def _buttons(visit: Visit, form: _draft.Form) -> None:
    with st.container(key="composebuttons", horizontal=True, vertical_alignment="center", gap="small"):
        saved = st.button("Save the card", type="primary", key="savecard")
        if form.kept.name:
            w.show(w.link("Leave it as it was", w.href("card", name=form.kept.name)))
            if st.button("Put it away", type="tertiary", key="retire"):
                _retire(form.kept.name)
    if saved:
        do(lambda: cards.save(visit, _draft.composed(form)), then=_saved)


def _saved(made: cards.CardBrief) -> None:
    _draft.forget()
    frame.say(f"{made.title} is saved.")
    go_to("card", name=made.name)


@st.dialog("Put the card away")
def _retire(name: str) -> None:
    st.caption("Nothing of it is deleted: it can be taken out again in the list of cards.")
    with st.form("retire", border=False):
        reason = st.text_input("Why")
        sent = st.form_submit_button("Put it away", type="primary")
    if sent:
        with looking() as visit:
            do(lambda: cards.retire(visit, name, reason), "The card is put away.", then=lambda _: _put_away())


def _put_away() -> None:
    _draft.forget()
    go_to("cards")
