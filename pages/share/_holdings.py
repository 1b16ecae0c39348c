"""What the organisation has in the catalogue: the bar that filters, and each dataset with who may know of it."""

from __future__ import annotations

import streamlit as st

from catalogue import holding
from catalogue.datasets import Holdings, Line, organisation_page
from catalogue.facets import Facet
from catalogue.freshness import State
from catalogue.owned import Owned, owned
from governance import Visit
from pages.share import _words
from pages.shell import widgets as w

_PAGE, _MOST = 20, 2_000
_COLUMNS = ("Band", "Its use", "Who may know of it", "Freshness", "Who answers for it")
_AWAY = {"missing": "Not seen at its source of late"}


def held(visit: Visit) -> Holdings:
    """Everything the viewer's organisation owns or publishes, by title."""
    return organisation_page(visit, visit.viewer.organisation_id, limit=_MOST)


def show(visit: Visit, ours: Holdings) -> None:
    """The bar with its pills, then the datasets of the chosen bands."""
    bands = w.show_spectrum(ours.counts)
    lines = [each for each in ours.datasets if not bands or each.band in bands]
    with w.surface("ours"):
        w.heading("In the catalogue", number=len(lines), note="by title")
        pages = max(1, -(-len(lines) // _PAGE))
        here = min(_number(), pages)
        _table(visit, lines[(here - 1) * _PAGE : here * _PAGE])
        _turns(here, pages, bands)
        if ours.total > len(ours.datasets):
            address = w.href("catalogue", **{Facet.ORGANISATION.value: ours.name})
            w.show(w.go(f"Search all {ours.total:,}", address))


def _number() -> int:
    said = str(st.query_params.get("page", "1"))
    return max(1, int(said)) if said.isascii() and said.isdigit() and len(said) < 7 else 1


def _table(visit: Visit, lines: list[Line]) -> None:
    columns = [w.Column(title="Dataset", strong=True)]
    columns += [w.Column(title=each) for each in _COLUMNS]
    ids = [line.id for line in lines]
    stopped = holding.paused(visit, ids)
    rows = [_row(each, paused=each.id in stopped) for each in owned(visit, ids)]
    w.show(w.table(columns, rows, caption="Our datasets"))


def _row(found: Owned, *, paused: bool) -> tuple[w.Markup | str, ...]:
    title = w.link(found.title, w.href("dataset", id=found.id))
    late = found.freshness.state is State.LATE
    fresh = w.with_icon("schedule", found.freshness.words) if late else w.esc(found.freshness.words)
    if found.state in _AWAY:
        fresh = w.with_icon("visibility_off", _AWAY[found.state])
    return (
        title,
        w.band_badge(found.band.value),
        _use(found, paused=paused),
        _listing(found),
        fresh,
        found.contact_name or w.muted("Nobody named"),
    )


def _use(found: Owned, *, paused: bool) -> w.Markup:
    """The way to the owner's view, which a pause changes."""
    if not found.organisation_id:
        return w.muted("Not owned here")
    symbol, word = ("pause_circle", "Paused") if paused else ("shield_person", "Who sees it")
    return w.with_icon(symbol, w.link(word, w.href("dataset-use", id=found.id)))


def _listing(found: Owned) -> w.Markup:
    if found.listing == "organisations":
        return w.with_icon("group", f"Us and {', '.join(found.listed_for)}")
    word = _words.LISTINGS[found.listing][0] if found.organisation_id else _words.LISTINGS["everyone"][0]
    return w.with_icon("lock" if found.listing == "owner" else "visibility", word)


def _turns(here: int, pages: int, bands: list[str]) -> None:
    if pages < 2:
        return
    turn = [
        w.link(words, _at(to, bands))
        for words, to in (("Page before", here - 1), ("Next page", here + 1))
        if 1 <= to <= pages
    ]
    words = w.Markup("Page {} of {}. {}").format(here, pages, w.Markup(" · ").join(turn))
    w.show(w.Markup('<nav aria-label="Pages"><p class="ct-muted">{}</p></nav>').format(words))


def _at(number: int, bands: list[str]) -> str:
    return w.href("our-data", band=bands, page=number if number > 1 else "")
