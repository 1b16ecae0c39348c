"""Search box, spectrum and filters over the results; every choice is written into the address."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from catalogue.facets import Counts, Facet, FacetCount
from governance import Visit
from pages.browse._looking import ORDER, TEXT, Looking, facets, orders
from pages.shell import widgets as w
from pages.shell.urlstate import toggle_url

_BOX, _ORDER_BOX = "searchbox", "orderbox"
_SHORT_LIST = 50


def follow(widget: str, value: object) -> None:
    """Before drawing: the widget shows what the address says."""
    if st.session_state.get(widget) != value:
        st.session_state[widget] = value


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
    """One facet. What is in it is made when it is opened only: hundreds of checkboxes would cost each rerun."""
    chosen = w.chosen_values(facet.value, [each.value for each in options])
    name = f"{facet.label} · {len(chosen)}" if chosen else facet.label
    with st.popover(name, key=f"facet-{facet.value}", on_change="rerun") as opened:
        if not opened.open:
            return
        for each in options:
            _checkbox(facet.value, each, chosen=each.value in chosen)
        if not options:
            st.caption("Nothing to choose from here.")
        elif len(options) >= _SHORT_LIST:
            st.caption(f"The {_SHORT_LIST} most frequent. Search by name to find others.")


def _checkbox(key: str, option: FacetCount, *, chosen: bool) -> None:
    widget = f"{key}={option.value}"
    follow(widget, chosen)
    words = f"{_as_text(option.label[:80])} :gray[{option.count:,}]"
    st.checkbox(words, key=widget, on_change=toggle_url, args=(key, option.value))


def _as_text(words: str) -> str:
    """Labels are Markdown: a portal's words in them stay words."""
    return "".join(f"\\{letter}" if letter in r"\`*_{}[]()#+-.!~|<>:$&" else letter for letter in words)
