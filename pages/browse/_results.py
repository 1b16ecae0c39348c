"""What was found: how many in words, a page of rows, or what to do when there is nothing."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from catalogue import search
from catalogue.allowed import Access
from catalogue.freshness import State
from catalogue.search import Found, Hit, Query
from governance import Role, Visit
from pages.browse._looking import FACETS, ORDER, STEWARD_FACETS, TEXT, Looking, address, at_page, narrowed_words
from pages.shell import widgets as w
from reportcards.feeding import counts


def row(hit: Hit, *, feeds: int = 0) -> w.ResultRow:
    """A dataset as a row of results; `feeds` is how many indicators are made of it."""
    late = hit.freshness.state is State.LATE
    fresh = w.with_icon("schedule", hit.freshness.words) if late else hit.freshness.words
    away = w.with_icon("visibility_off", _AWAY[hit.state]) if hit.state in _AWAY else ""
    shared = w.with_icon("handshake", hit.access.label) if hit.access is Access.COVERED else ""
    made = ", ".join((*hit.formats[:4], hit.often)) if hit.often else ", ".join(hit.formats[:4])
    return w.ResultRow(
        title=hit.title,
        address=w.href("dataset", id=hit.id),
        description=w.plain(hit.description, 160),
        publisher=hit.publisher or "Publisher not stated",
        facts=(shared, away, fresh, made, hit.why),
        band=hit.band.value,
        reason=hit.short,
        feeds=f"feeds {w.count(feeds, 'indicator')}" if feeds else "",
    )


_AWAY = {"missing": "Not seen at its source of late", "withdrawn": "Withdrawn"}


def rows(visit: Visit, hits: Sequence[Hit], *, label: str) -> None:
    """Datasets as one list."""
    fed = counts(visit, (hit.id for hit in hits))
    w.result_list([row(hit, feeds=fed.get(hit.id, 0)) for hit in hits], label=label)


def words(looking: Looking, found: Found) -> w.Markup:
    """How many datasets for what: "148 datasets for “young people” in theme Health"."""
    number = w.strong(w.count(found.total, "dataset"))
    asked = found.corrected or looking.text.strip()
    text = f" for “{asked}”" if asked else ""
    narrowed = f" {narrowed_words(looking)}" if looking.filters else ""
    return w.Markup("{}{}{}").format(number, text, narrowed)


def corrected(looking: Looking, found: Found) -> None:
    """Says that another spelling was searched for, or offers one."""
    if found.corrected:
        said = w.Markup("Nothing here is spelled “{}”.").format(looking.text.strip())
        w.notice(f"Showing results for “{found.corrected}”.", said)
    elif found.did_you_mean:
        meant = w.link(found.did_you_mean, address(found.did_you_mean, looking.filters))
        w.show(w.Markup('<p class="ct-muted">Did you mean {}?</p>').format(meant))


def clear() -> None:
    """Forget everything that narrows."""
    w.clear_url(TEXT, ORDER, "band", *(facet.value for facet in (*FACETS, *STEWARD_FACETS)))


def pager(looking: Looking, found: Found) -> None:
    """The pages of the results."""
    w.pager(found.page, found.pages, lambda number: at_page(looking, number))


def nothing(visit: Visit, looking: Looking, found: Found) -> None:
    """Nothing was found: what else there is, and what to do."""
    if not looking.is_narrowed:
        _empty(visit)
        return
    asked = looking.text.strip()
    narrowed = narrowed_words(looking)
    sentence = f"No dataset matches “{asked}” {narrowed}" if asked else f"No dataset {narrowed}"
    with w.empty_state("search", sentence.strip(), _instead(visit, looking, found), key="nothing"):
        if asked and looking.filters:
            st.button("Search everywhere", on_click=_everywhere, key="everywhere")
        st.button("Clear", on_click=clear, type="tertiary", key="clearnothing")


def _everywhere() -> None:
    w.clear_url("band", *(facet.value for facet in (*FACETS, *STEWARD_FACETS)))


def _instead(visit: Visit, looking: Looking, found: Found) -> w.Markup:
    if found.did_you_mean:
        return w.Markup("Did you mean {}?").format(w.link(found.did_you_mean, address(found.did_you_mean)))
    asked = looking.text.strip()
    without = search.count(visit, Query(text=asked)) if asked and looking.filters else 0
    if without:
        verb = "is" if without == 1 else "are"
        return w.Markup("There {} {} without the filters.").format(verb, w.link(f"{without:,}", address(asked)))
    return w.Markup("Try fewer words, another word for it, or {}.").format(
        w.link("look by organisation and band", w.href("spectrum"))
    )


def _empty(visit: Visit) -> None:
    steward = bool(visit.viewer.roles & {Role.STEWARD, Role.ADMIN})
    what = "A steward adds the portals and registers to read. You can register a dataset of your own now."
    told = "Add a portal or a register to read, or register a dataset of your own." if steward else what
    with w.empty_state("dataset", "There are no datasets yet", told, key="empty"):
        if steward:
            w.show(w.go("Add a source", w.href("sources")))
        w.show(w.go("Register a dataset", w.href("register")))
