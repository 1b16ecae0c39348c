"""A card while it is put together: its words and its indicators in order, kept beside the widgets until it is saved."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from governance import Visit
from reportcards import cards
from reportcards.cards import CardDraft, ItemDraft

_STATE, _WIDGET = "compose", "compose-"
WORDS = ("title", "outcome", "population", "area_code", "purpose")
"""Fields of the card that have a widget of the same name."""
ITEM_WORDS = ("area_code", "polarity", "partners", "what_works")
WHO = "who"
"""The widget of breakdown and group, chosen together."""


@dataclass(slots=True, kw_only=True)
class Form:
    """One card being put together."""

    kept: CardDraft
    """As it was when it was opened."""
    items: dict[str, ItemDraft]
    """Row -> what stands in it, as it was when it was added."""
    order: list[str]
    """The rows from first to last."""


def opened(visit: Visit, name: str) -> Form:
    """The form for the card of this name, or for a new one; what was typed stays. Raises NotFound."""
    found: Form | None = st.session_state.get(_STATE)
    # Streamlit forgets the widgets of a page that was left: their form begins anew then, never empty.
    if found is None or found.kept.name != name or key("title") not in st.session_state:
        found = _begin(visit, name)
    return found


def _begin(visit: Visit, name: str) -> Form:
    forget()
    kept = cards.draft(visit, name) if name else CardDraft(title="", organisation_id=visit.viewer.organisation_id)
    form = Form(kept=kept, items={}, order=[])
    st.session_state[_STATE] = form
    for word in WORDS:
        st.session_state[key(word)] = getattr(kept, word)
    for item in kept.items:
        put(item)
    return form


def current() -> Form:
    """The form on this screen."""
    form: Form = st.session_state[_STATE]
    return form


def key(word: str, row: str = "") -> str:
    """Of the widget of a field."""
    return f"{_WIDGET}{word}-{row}" if row else f"{_WIDGET}{word}"


def put(item: ItemDraft) -> None:
    """Add an indicator as the last one."""
    row = uuid.uuid4().hex[:8]
    form = current()
    form.items[row] = item
    form.order.append(row)
    for word in ITEM_WORDS:
        value = getattr(item, word)
        st.session_state[key(word, row)] = "\n".join(value) if isinstance(value, tuple) else value
    st.session_state[key(WHO, row)] = (item.breakdown, item.group)


def add(indicator_id: str) -> None:
    """Somebody presses "Add"."""
    put(ItemDraft(indicator_id=indicator_id))


def move(row: str, by: int) -> None:
    """Somebody presses an arrow: the row changes places with its neighbour."""
    order = current().order
    at = order.index(row)
    to = at + by
    if 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]


def take_out(row: str) -> None:
    """Somebody takes an indicator off the card."""
    form = current()
    form.order.remove(row)
    del form.items[row]


def composed(form: Form) -> CardDraft:
    """The card as the widgets say it now."""
    words = {word: str(st.session_state.get(key(word)) or "") for word in WORDS}
    return replace(form.kept, items=tuple(_item(form, row) for row in form.order), **words)


def _item(form: Form, row: str) -> ItemDraft:
    said: dict[str, Any] = {word: str(st.session_state.get(key(word, row)) or "") for word in ITEM_WORDS}
    for word in ("partners", "what_works"):
        said[word] = tuple(line.strip() for line in said[word].splitlines() if line.strip())
    said["breakdown"], said["group"] = st.session_state.get(key(WHO, row)) or ("", "")
    return replace(form.items[row], **said)


def forget() -> None:
    """Empty the form on this screen; the card stays as it is kept."""
    for each in [each for each in st.session_state if str(each).startswith(_WIDGET) or each == _STATE]:
        del st.session_state[each]
