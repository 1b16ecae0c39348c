"""Pages of a long list as links: each has an address, so it can be shared and the back button works."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.shell import widgets as w

SIZE = 25


def page_asked() -> int:
    """The page in the address, the first when it says none."""
    asked = str(st.query_params.get("page", "1"))
    return max(1, int(asked)) if asked.isdigit() and len(asked) < 7 else 1


def pager(page: int, pages: int, address: Callable[[int], str]) -> None:
    """The page before, the pages near this one, the next page; nothing when there is one page only."""
    if pages < 2:
        return
    near = [number for number in range(1, pages + 1) if number in (1, pages) or abs(number - page) < 3]
    places = [_turn(address(page - 1), "chevron_left", "Page before")] if page > 1 else []
    for before, number in zip([0, *near], near, strict=False):
        if number - before > 1:
            places.append(w.Markup('<li aria-hidden="true">…</li>'))
        words = f"{number:,}"
        here = w.Markup('<a aria-current="page">{}</a>').format(words)
        places.append(w.Markup("<li>{}</li>").format(here if number == page else w.link(words, address(number))))
    if page < pages:
        places.append(_turn(address(page + 1), "chevron_right", "Next page"))
    w.show(
        w.Markup('<nav class="ct-pager" aria-label="Pages"><ul role="list">{}</ul></nav>').format(
            w.Markup("").join(places)
        )
    )


def _turn(to: str, symbol: str, words: str) -> w.Markup:
    return w.Markup("<li>{}</li>").format(
        w.link(w.Markup('{}<span class="ct-hide">{}</span>').format(w.icon(symbol), words), to)
    )
