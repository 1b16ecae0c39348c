"""The viewer's saved searches with what is new in them, and the datasets they follow."""

from __future__ import annotations

import streamlit as st

from catalogue import saved
from catalogue.saved import SavedSearch
from catalogue.search import Sort
from governance import Visit
from pages.shell import frame
from pages.shell import widgets as w

_MOST = 8


def show(visit: Visit) -> None:
    """Saved searches first, then what is followed; nothing when there is neither."""
    searches = saved.saved_searches(visit)
    followed = saved.following(visit)
    if searches:
        with w.surface("saved"):
            w.heading("Your searches")
            for each in searches[:_MOST]:
                _search(visit, each)
    if followed:
        with w.surface("followed"):
            w.heading("You follow", number=len(followed))
            lines = [
                w.Markup("<li>{}</li>").format(w.link(hit.title, w.href("dataset", id=hit.id))) for hit in followed
            ]
            w.show(w.Markup('<ul class="ct-plainlist" role="list">{}</ul>').format(w.Markup("").join(lines[:_MOST])))
            if len(followed) > _MOST:
                w.show(w.muted(f"and {len(followed) - _MOST:,} more"))


def address(each: SavedSearch) -> str:
    """The address of a saved search, marked so that opening it counts as having looked."""
    sort = "" if each.query.sort is Sort.BEST else each.query.sort.value
    return w.href("catalogue", q=each.query.text, **each.query.filters, sort=sort, saved=each.id)


def _search(visit: Visit, each: SavedSearch) -> None:
    new = w.Markup(' <span class="ct-count">{} new</span>').format(f"{each.new:,}") if each.new else w.Markup("")
    with st.container(key=f"search-{each.id}", horizontal=True, vertical_alignment="center", gap="small"):
        w.show(w.Markup("<p>{}{}</p>").format(w.link(each.name, address(each)), new))
        remove = st.button(
            f"Forget “{w.as_label(w.plain(each.name, 60))}”",
            key=f"forget-{each.id}",
            type="tertiary",
            icon=":material/close:",
        )
    if remove:
        saved.forget(visit, each.id)
        frame.say("The search is forgotten.")
        st.rerun()
