"""Choosing indicators for a card: a search over what there is, each with a button."""

from __future__ import annotations

import streamlit as st

from governance import Visit
from pages.cards import _draft, _who
from pages.cards._finding import matches
from pages.shell import widgets as w
from reportcards import indicators

_MOST = 12


def choosing(visit: Visit) -> None:
    """The box and what it finds, those on the card left out."""
    w.heading("Add an indicator")
    asked = st.text_input("Find an indicator", key="chooseindicator", placeholder="A word of its name or its dataset")
    taken = {item.indicator_id for item in _draft.current().items.values()}
    every = indicators.indicators(visit)
    found = [each for each in every if matches(each, asked or "") and (asked or each.id not in taken)]
    if not every:
        w.show(w.Markup("<p>{}</p>").format("There are no indicators yet: a steward imports numbers."))
        if _who.may_import(visit):
            w.show(w.to_page("Import numbers", w.href("import-numbers")))
        return
    if not found:
        w.show(w.Markup('<p class="ct-muted">{}</p>').format("None is called so, or all stand on the card."))
    for each in found[:_MOST]:
        detail = each.dataset_title or "No dataset stated yet"
        with w.item(f"choose-{each.id}", each.name, symbol="monitoring", detail=detail):
            words = f"Add {w.as_label(each.name)}"
            st.button(words, key=f"add-{each.id}", icon=":material/add:", on_click=_draft.add, args=(each.id,))
    if len(found) > _MOST:
        st.caption(f"And {len(found) - _MOST:,} more: type a word to find them.")
