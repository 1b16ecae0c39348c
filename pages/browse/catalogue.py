"""The catalogue: one search box, the spectrum from closed to open, filters, and the datasets found."""

from __future__ import annotations

import streamlit as st

from catalogue import search
from catalogue.overview import headline
from governance import Visit
from pages import EVERYONE, Page
from pages.browse import _narrowing, _results, _saving
from pages.browse._looking import ORDERS, Looking, looking, orders
from pages.shell import widgets as w

PAGE = Page(title="Catalogue", role=EVERYONE, icon="search", order=10)


def render(visit: Visit) -> None:
    """Search, spectrum, filters, results."""
    _saving.looked(visit)
    asked = looking()
    with w.page_header("Catalogue", _lede(visit)):
        w.show(w.to_page("Register a dataset", w.href("register"), symbol="add"))
    _narrowing.search_box(asked)
    found = search.find(visit, asked.query)
    _narrowing.filters(visit, found.facets)
    if not found.total:
        _results.nothing(visit, asked, found)
        return
    _results.corrected(asked, found)
    with w.results_bar(_results.words(asked, found)):
        _actions(visit, asked)
    _results.rows(visit, found.hits, label="Datasets found")
    _results.pager(asked, found)


def _lede(visit: Visit) -> str:
    """The whole catalogue in one line, with the figures of the home page and of the spectrum."""
    whole = headline(visit)
    if not whole.total:
        return "From closed to open: what there is, who answers for it, and how to get it."
    number, who = w.count(whole.total, "dataset"), w.count(whole.holders, "organisation")
    return f"{number} from {who}, laid out from closed to open."


def _actions(visit: Visit, asked: Looking) -> None:
    if asked.is_narrowed:
        _saving.save_button(visit, asked)
        st.button("Clear", on_click=_results.clear, type="tertiary", key="clear")
    _narrowing.order_box(asked, [ORDERS[sort] for sort in orders(asked.text)])
