"""Pages of a long list as links: each has an address, so it can be shared, and following one begins at its top."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from markupsafe import Markup

from pages.shell.text import icon, link, show

PAGE_SIZE = 25
"""Rows of a list on one page, where the page does not say otherwise."""


def page_asked() -> int:
    """The page in the address, the first when it says none that could be meant."""
    asked = str(st.query_params.get("page", "1"))
    return max(1, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 8 else 1


def pager(page: int, pages: int, address: Callable[[int], str]) -> None:
    """The page before, the pages near this one, the next page; nothing when there is one page only."""
    if pages < 2:
        return
    near = [number for number in range(1, pages + 1) if number in (1, pages) or abs(number - page) < 3]
    places = [_turn(address(page - 1), "chevron_left", "Page before")] if page > 1 else []
    for before, number in zip([0, *near], near, strict=False):
        if number - before > 1:
            places.append(Markup('<li aria-hidden="true">…</li>'))
        places.append(_place(number, "" if number == page else address(number)))
    if page < pages:
        places.append(_turn(address(page + 1), "chevron_right", "Next page"))
    show(Markup('<nav class="ct-pager" aria-label="Pages"><ul role="list">{}</ul></nav>').format(Markup().join(places)))


def _place(number: int, to: str) -> Markup:
    words = f"{number:,}"
    here = Markup('<a aria-current="page">{}</a>').format(words)
    return Markup("<li>{}</li>").format(link(words, to) if to else here)


def _turn(to: str, symbol: str, words: str) -> Markup:
    inside = Markup('{}<span class="ct-hide">{}</span>').format(icon(symbol), words)
    return Markup("<li>{}</li>").format(link(inside, to))
