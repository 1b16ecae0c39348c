"""How a new card begins: empty, or with a template that brings words, questions and indicators that may answer them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from governance import Visit
from pages.cards import _draft
from pages.shell import widgets as w
from reportcards import indicators, templates
from reportcards.indicators import IndicatorBrief
from reportcards.templates import Ask, Template

_TEMPLATE, _BEFORE = _draft.key("template"), _draft.key("template-before")
_MOST = 3
"""Indicators suggested for one question; the search beside finds the others."""


def choice() -> None:
    """An empty card or a template; a template fills what nobody has typed yet."""
    titles = {"": "An empty card"} | {each.name: each.title for each in templates.templates()}
    st.selectbox("Begin with", list(titles), key=_TEMPLATE, format_func=titles.__getitem__, on_change=_fill)


def _chosen(name: str) -> Template | None:
    return next((each for each in templates.templates() if each.name == name), None)


def _words(chosen: Template | None) -> Mapping[str, str]:
    if chosen is None:
        return {"title": "", "outcome": "", "population": ""}
    return {"title": chosen.title, "outcome": chosen.outcome, "population": chosen.population}


def _put_in(words: Mapping[str, str], instead_of: Mapping[str, str]) -> None:
    """Put words into the fields of the card that are empty or say `instead_of`; what somebody typed stays."""
    for word, said in words.items():
        if str(st.session_state.get(_draft.key(word)) or "").strip() in ("", instead_of.get(word, "")):
            st.session_state[_draft.key(word)] = said


def _fill() -> None:
    now = str(st.session_state.get(_TEMPLATE) or "")
    before = str(st.session_state.get(_BEFORE) or "")
    _put_in(_words(_chosen(now)), instead_of=_words(_chosen(before)))
    st.session_state[_BEFORE] = now


def asks(visit: Visit) -> None:
    """The questions of the template that was chosen, each with the indicators that may answer it."""
    chosen = _chosen(str(st.session_state.get(_TEMPLATE) or ""))
    if chosen is None:
        return
    known = indicators.indicators(visit)
    taken = {item.indicator_id for item in _draft.current().items.values()}
    with w.surface("asks"):
        w.heading("What to ask")
        for place, ask in enumerate(chosen.asks):
            _ask(ask, templates.suggested(ask, known), key=f"ask-{place}", taken=taken)


def _ask(ask: Ask, found: Sequence[IndicatorBrief], *, key: str, taken: set[str]) -> None:
    w.show(w.Markup("<h3>{}</h3>").format(ask.question))
    if not found:
        w.show(w.Markup('<p class="ct-muted">{}</p>').format("No indicator here is called so yet."))
    for each in found[:_MOST]:
        on_it = each.id in taken
        detail = "On the card" if on_it else each.dataset_title or "No dataset stated yet"
        with w.item(
            f"choose-{key}-{each.id}", each.name, symbol="check_circle" if on_it else "monitoring", detail=detail
        ):
            if not on_it:
                st.button(
                    f"Add {w.as_label(each.name)}",
                    key=f"{key}-add-{each.id}",
                    icon=":material/add:",
                    on_click=_draft.add,
                    args=(each.id,),
                )
