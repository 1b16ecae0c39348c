"""What is looked for, as the address says it: text, filters, order and page, and the same in words."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

import streamlit as st

from catalogue.allowed import Access
from catalogue.facets import Facet, in_words
from catalogue.search import Query, Sort
from governance import Role, Visit
from pages.shell import widgets as w

TEXT, ORDER, PAGE_NUMBER = "q", "sort", "page"
FACETS = (
    Facet.ACCESS,
    Facet.ORGANISATION,
    Facet.THEME,
    Facet.FORMAT,
    Facet.LICENCE,
    Facet.FRESHNESS,
    Facet.AREA,
    Facet.LIFE_EVENT,
)
STEWARD_FACETS = (Facet.SOURCE, Facet.STATE)
_LONGEST, _MOST = 300, 40
_WORDS: Mapping[Facet, str] = {
    Facet.ORGANISATION: "from",
    Facet.BAND: "in",
    Facet.ACCESS: "",
    Facet.THEME: "in theme",
    Facet.FORMAT: "as",
    Facet.LICENCE: "with licence",
    Facet.FRESHNESS: "with freshness",
    Facet.AREA: "about",
    Facet.LIFE_EVENT: "around",
    Facet.SOURCE: "read from",
    Facet.STATE: "in state",
}
ORDERS: Mapping[Sort, str] = {
    Sort.BEST: "Best match",
    Sort.NEWEST: "Newest first",
    Sort.TITLE: "By title",
    Sort.BAND: "Closed to open",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """One look into the catalogue, read from the address."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.BEST
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for at all."""
        return bool(self.text.strip() or self.filters)

    @property
    def query(self) -> Query:
        """The question for the catalogue."""
        return Query(text=self.text, filters=self.filters, sort=self.sort, page=self.page, with_access=True)


def looking() -> Looking:
    """What the address asks for; values that cannot be meant are left out."""
    text = str(st.query_params.get(TEXT, ""))[:_LONGEST]
    filters = {facet.value: _chosen(facet) for facet in Facet}
    return Looking(
        text=text,
        filters={name: values for name, values in filters.items() if values},
        sort=next((sort for sort in orders(text) if sort.value == st.query_params.get(ORDER)), orders(text)[0]),
        page=w.page_asked(),
    )


def _chosen(facet: Facet) -> tuple[str, ...]:
    asked = dict.fromkeys(value[:_LONGEST] for value in st.query_params.get_all(facet.value)[:_MOST] if value)
    known: Mapping[Facet, Container[str]] = {Facet.BAND: w.BANDS, Facet.ACCESS: set(Access)}
    return tuple(value for value in asked if facet not in known or value in known[facet])


def orders(text: str) -> tuple[Sort, ...]:
    """The orders to choose from, the usual one first: a best match needs words to match."""
    return tuple(sort for sort in Sort if text.strip() or sort is not Sort.BEST)


def facets(visit: Visit) -> tuple[Facet, ...]:
    """The facets this person can filter by, besides the spectrum."""
    stewards = bool(visit.viewer.roles & {Role.STEWARD, Role.ADMIN})
    return FACETS + STEWARD_FACETS if stewards else FACETS


def narrowed_words(found: Looking) -> str:
    """The filters in words: "in theme Health or Housing as CSV"; "" without any."""
    said = [
        f"{_WORDS[facet]} {' or '.join(in_words(facet, value) for value in found.filters[facet.value])}".strip()
        for facet in Facet
        if facet.value in found.filters
    ]
    return " ".join(said)


def address(text: str, filters: Mapping[str, tuple[str, ...]] | None = None) -> str:
    """The address of the catalogue with this question, in the usual order."""
    return w.href("catalogue", **{TEXT: text, **(filters or {})})


def at_page(found: Looking, number: int) -> str:
    """The address of another page of the same results."""
    sort = "" if found.sort is orders(found.text)[0] else found.sort.value
    given = {TEXT: found.text, **found.filters, ORDER: sort, PAGE_NUMBER: number if number > 1 else ""}
    return w.href("catalogue", **given)
