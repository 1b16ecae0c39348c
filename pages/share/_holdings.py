"""What the organisation has in the catalogue: the bar that filters, and each dataset with who may know of it."""

from __future__ import annotations

import streamlit as st

from catalogue.datasets import Holdings, Line, organisation_page
from catalogue.facets import Facet
from catalogue.freshness import State
from catalogue.owned import Owned, owned
from governance import Visit
from pages.share import _words
from pages.shell import widgets as w

_PAGE, _MOST = 20, 2_000
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
    columns += [w.Column(title=each) for each in ("Band", "Who may know of it", "Freshness", "Who answers for it")]
    w.show(w.table(columns, [_row(each) for each in owned(visit, [line.id for line in lines])], caption="Our datasets"))


def _row(found: Owned) -> tuple[w.Markup | str, ...]:
    title = w.link(found.title, w.href("dataset", id=found.id))
    late = found.freshness.state is State.LATE
    fresh = w.with_icon("schedule", found.freshness.words) if late else w.esc(found.freshness.words)
    if found.state in _AWAY:
        fresh = w.with_icon("visibility_off", _AWAY[found.state])
    return (
        title,
        w.band_badge(found.band.value),
        _listing(found),
        fresh,
        found.contact_name or w.muted("Nobody named"),
    )


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
