"""Candidates: the datasets that could be shared next, in bands by risk, then by value, each with its sum."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from governance import Visit
from pages import EVERYONE, Page
from pages.share import _candidate_beside as beside
from pages.share import _candidate_words as words
from pages.share._candidate_demand import demand
from pages.shell import widgets as w
from sharing.candidates import Entry, candidates
from sharing.ranking import Band

PAGE = Page(title="Candidates", role=EVERYONE, icon="nutrition", order=35)
_LEDE = "What could be shared next, the low-hanging fruit first: bands by risk, then by value. Every point is shown."
_KEYS = ("band", "owner")


def render(visit: Visit) -> None:
    """The bands at the left; the picture, what stands in the way and how it is added up at the right."""
    every = list(enumerate(candidates(visit, demand(visit)), start=1))
    w.page_header("Candidates", _LEDE)
    if not every:
        _nothing()
        return
    shown = [(number, each) for number, each in every if _asked_for(each)]
    left, right = w.main_and_side()
    with left:
        _narrowing([each for _, each in every], len(shown))
        _listed(shown)
    with right:
        beside.picture([each for _, each in every])
        beside.barriers([each for _, each in every])
        beside.explained()


def _nothing() -> None:
    what = "Candidates are datasets of the organisations here that are not open yet. Register one, and screen it."
    with w.empty_state("nutrition", "Nothing could be shared next", what, key="nothing"):
        w.show(w.go("Register a dataset", w.href("register")))


def _facts(each: Entry) -> tuple[str, str]:
    return each.ranked.band.value, each.dataset.organisation_id


def _asked_for(each: Entry) -> bool:
    asked = (set(st.query_params.get_all(key)) for key in _KEYS)
    return all(not chosen or fact in chosen for chosen, fact in zip(asked, _facts(each), strict=True))


def _narrowing(every: Sequence[Entry], shown: int) -> None:
    bands = Counter(each.ranked.band for each in every)
    owners = Counter(_facts(each)[1] for each in every)
    names = {each.dataset.organisation_id: each.dataset.organisation for each in every}
    with w.facet_row("candidates"):
        w.facet_popover("Band", [(each.value, words.name(each), bands[each]) for each in Band], "band")
        ordered = sorted(owners, key=lambda each: names[each].casefold())
        w.facet_popover("Owner", [(each, names[each], owners[each]) for each in ordered], "owner")
    said = w.count(shown, "dataset") + (f" of {len(every):,}" if shown != len(every) else "")
    with w.results_bar(said):
        if shown != len(every) and st.button("Clear", type="tertiary", key="clear"):
            w.clear_url(*_KEYS)
            st.rerun()


def _listed(shown: Sequence[tuple[int, Entry]]) -> None:
    """A page of them, each band on its own surface; bands without a row say so on the first page."""
    pages = max(1, -(-len(shown) // w.PAGE_SIZE))
    page = min(w.page_asked(), pages)
    here = shown[(page - 1) * w.PAGE_SIZE : page * w.PAGE_SIZE]
    for band in Band:
        rows = [(number, each) for number, each in here if each.ranked.band is band]
        if rows or (page == 1 and not st.query_params.get_all("band")):
            _band(band, rows, sum(each.ranked.band is band for _, each in shown))
    if not shown:
        w.show(w.muted("No candidate is like that. Clear what you chose."))
    w.pager(page, pages, lambda number: w.href("candidates", page=number if number > 1 else "", **_chosen()))


def _chosen() -> dict[str, list[str]]:
    return {key: st.query_params.get_all(key) for key in _KEYS}


def _band(band: Band, rows: Sequence[tuple[int, Entry]], number: int) -> None:
    title, means = words.BANDS[band]
    with w.surface(f"band-{band.value}"):
        w.heading(f"{band.value}: {title}", number=number)
        w.show(w.muted(means))
        for place, each in rows:
            _row(place, each)
        if not rows:
            w.show(w.muted("None here."))


def _row(place: int, each: Entry) -> None:
    title = w.Markup("{} {}").format(
        w.link(w.plain(each.dataset.title, 120), w.href("candidate", id=each.dataset.id)),
        w.muted(each.dataset.organisation),
    )
    with w.item(each.dataset.id, title, symbol=str(place), detail=each.ranked.sum):
        worry = w.with_icon("sentiment_worried", words.fears(each)) if each.concerns else w.muted(words.fears(each))
        w.show(worry)
