"""Search box, spectrum and filters over the results; every choice is written into the address."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from catalogue.facets import Counts, Facet, FacetCount
from governance import Visit
from pages.browse._looking import ORDER, TEXT, Looking, facets, orders
from pages.shell import widgets as w
from pages.shell.urlstate import follow

_BOX, _ORDER_BOX = "searchbox", "orderbox"
_SHORT_LIST = 50


def search_box(found: Looking) -> None:
    """The one box: searches while one types."""
    follow(_BOX, found.text)
    st.text_input(
        "Search the catalogue",
        type="search",
        key=_BOX,
        live=True,
        max_chars=300,
        icon=":material/search:",
        placeholder="What are you looking for? A subject, a place, an organisation",
        label_visibility="collapsed",
        on_change=_write,
        args=(_BOX, TEXT),
    )


def _write(widget: str, key: str) -> None:
    said = str(st.session_state.get(widget) or "")
    w.choose(key, [said] if said.strip() else [])


def order_box(found: Looking, words: Sequence[str]) -> None:
    """The order of the results; `words` are those of `orders`, in the same order."""
    choices = orders(found.text)
    names = {sort.value: said for sort, said in zip(choices, words, strict=True)}
    follow(_ORDER_BOX, found.sort.value)
    st.selectbox(
        "Order",
        list(names),
        format_func=lambda value: names[value],
        key=_ORDER_BOX,
        label_visibility="collapsed",
        width=168,
        on_change=_write,
        args=(_ORDER_BOX, ORDER),
    )


def filters(visit: Visit, counts: Counts) -> None:
    """The spectrum with its counts, then a popover for each facet."""
    w.show_spectrum({each.value: each.count for each in counts.get(Facet.BAND.value, ())})
    with w.facet_row():
        for facet in facets(visit):
            _popover(facet, counts.get(facet.value, ()))


def _popover(facet: Facet, options: Sequence[FacetCount]) -> None:
    note = f"The {_SHORT_LIST} most frequent. Search by name to find others." if len(options) >= _SHORT_LIST else ""
    w.facet_popover(facet.label, [(each.value, each.label, each.count) for each in options], facet.value, note=note)
