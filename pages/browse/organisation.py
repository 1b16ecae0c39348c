"""One organisation or publisher: what it has from closed to open, how fresh, and how to ask."""

from __future__ import annotations

import streamlit as st

from catalogue.datasets import Holdings, Line, organisation_page, publisher
from catalogue.facets import Facet
from catalogue.freshness import State
from governance import Visit
from pages import EVERYONE, Page
from pages.shell import widgets as w

PAGE = Page(title="Organisation", role=EVERYONE, icon="account_balance", order=40, hidden=True)
_MOST = 100
_AWAY = {"missing": " (not seen at its source of late)"}


def render(visit: Visit) -> None:
    """What it has, how fresh it is, how to ask, the list."""
    held = _asked(visit)
    lede = f"{w.count(held.total, 'dataset')} that you may know of, from closed to open."
    crumbs = [("Catalogue", w.href("catalogue")), ("Spectrum", w.href("spectrum"))]
    w.page_header(held.name, lede, breadcrumbs=crumbs)
    if not held.total:
        with w.empty_state("dataset", "It has nothing here yet", _how_to_begin(visit, held), key="nothing"):
            w.show(w.go("Browse the catalogue", w.href("catalogue")))
        return
    left, right = w.main_and_side()
    with left:
        _bands(held)
        _list(held)
    with right, w.surface("aside"):
        _asking(visit, held)
        _freshness(held)


def _asked(visit: Visit) -> Holdings:
    identifier = str(st.query_params.get("id", ""))
    if identifier:
        return organisation_page(visit, identifier, limit=_MOST)
    return publisher(visit, str(st.query_params.get("publisher", "")), limit=_MOST)


def _how_to_begin(visit: Visit, held: Holdings) -> str:
    if held.organisation_id == visit.viewer.organisation_id:
        return "Register a dataset, or ask a steward to read your register or portal."
    return "When it registers a dataset, or a portal of its own is read, it appears here."


def _bands(held: Holdings) -> None:
    with w.surface("bands"):
        w.show(w.spectrum_bar(held.counts))
        rows = [(w.band_badge(band), f"{held.counts[band]:,}") for band in w.BANDS if held.counts.get(band)]
        columns = [w.Column(title="Band", strong=True), w.Column(title="Datasets", align="right")]
        w.show(w.table(columns, rows, caption="Datasets by band"))


def _list(held: Holdings) -> None:
    with w.surface("datasets"):
        w.heading("Its datasets", note="by title")
        columns = [w.Column(title="Dataset", strong=True), w.Column(title="Where it stands")]
        rows = [(_title(each), w.band_badge(each.band)) for each in held.datasets]
        w.show(w.table(columns, rows, caption="Its datasets"))
        more = held.total - len(held.datasets)
        words = f"Search all {held.total:,}" if more > 0 else "Search in them"
        w.show(w.go(words, w.href("catalogue", **{Facet.ORGANISATION.value: held.name})))


def _title(each: Line) -> w.Markup:
    return w.Markup("{}{}").format(
        w.link(each.title, w.href("dataset", id=each.id)), w.muted(_AWAY.get(each.state, ""))
    )


def _asking(visit: Visit, held: Holdings) -> None:
    ours = held.organisation_id and held.organisation_id == visit.viewer.organisation_id
    mail = w.outside(held.contact, f"mailto:{held.contact}") if "@" in held.contact else w.esc(held.contact)
    how = held.how_to_ask or ("" if held.contact else "Each dataset says whom to ask.")
    told = "This is your own organisation." if ours else ""
    w.show(w.aside_block("How to ask", told, w.muted(how) if how else "", mail))


def _freshness(held: Holdings) -> None:
    lines = [
        w.Markup("{} {}").format(w.strong(f"{held.freshness[state.value]:,}"), state.label.lower())
        for state in State
        if held.freshness.get(state.value)
    ]
    w.show(w.aside_block("Freshness", *lines))
