"""One report card: up to eight tiles a screen, warnings first, each with where its figure comes from."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from governance import Visit
from pages import EVERYONE, Page
from pages.cards import _addresses, _exporting, _tile, _who
from pages.shell import widgets as w
from reportcards import composing
from reportcards.report import Measurement, ReportCard

PAGE = Page(title="Report card", role=EVERYONE, icon="dashboard", order=30, hidden=True)
A_SCREEN = 8
"""Tiles that can be read at once, and fit 1280 by 800."""


def render(visit: Visit) -> None:
    """The card of the address, as this person sees it now or as it was pinned."""
    pinned = _addresses.pinned()
    card = composing.report_card(visit, str(st.query_params.get("name", "")), pinned=pinned)
    _header(visit, card)
    _told(card)
    if not card.items:
        _empty(visit, card)
        return
    number = min(_addresses.page(), -(-len(card.items) // A_SCREEN))
    with w.tile_grid():
        for shown in card.items[(number - 1) * A_SCREEN : number * A_SCREEN]:
            _tile.draw(shown, _addresses.indicator(card, shown.item))
    _sources(card.items[(number - 1) * A_SCREEN : number * A_SCREEN])
    if len(card.items) > A_SCREEN:
        _pager(card, number)


def _sources(shown: Sequence[Measurement]) -> None:
    """The whole line of each tile, which has room for a short one: on screen and on paper."""
    told = [(each.name, each.source_line) for each in shown if each.held is None]
    if told:
        w.heading("Sources", number=len(told))
        with w.surface("sources"):
            w.show(w.key_values(told))


def _header(visit: Visit, card: ReportCard) -> None:
    with w.page_header(card.title):
        if _who.may_compose(visit):
            w.show(w.to_page("Change", w.href("compose", name=card.name), symbol="edit"))
        if card.items:
            _exporting.popover(card)
            w.show(w.to_page("Present", _addresses.slide(card, 1), symbol="slideshow", first=True))


def _told(card: ReportCard) -> None:
    """For whom it is, in which order, as at when; and what is unusual about it."""
    w.show(
        w.Markup('<div class="ct-audience">{}<p><b>{}</b> {} {}</p><p>As at {}</p></div>').format(
            w.swatch(card.audience.band),
            card.audience.word,
            card.audience.why,
            "Warnings first, then the card’s own order; never ranked.",
            _addresses.as_at(card),
        )
    )
    if card.made_up:
        w.show(w.Markup('<p class="ct-madeup">{}{}</p>').format(w.icon("info"), card.made_up))
    if card.pinned:
        now = w.link("Show it as it is now", w.href("card", name=card.name))
        what = f"{w.count(len(card.pinned), 'figure')} as seen at another time, from the revision of then."
        w.notice("Not the newest figures.", what, tone="owed", action=now)


def _empty(visit: Visit, card: ReportCard) -> None:
    what = "Choose the indicators that say whether the outcome gets nearer."
    asked = "A chair or a steward chooses its indicators."
    may = _who.may_compose(visit)
    with w.empty_state("dashboard", "There is nothing on this card yet", what if may else asked, key="nocard"):
        if may:
            w.show(w.to_page("Choose indicators", w.href("compose", name=card.name), first=True))


def _pager(card: ReportCard, number: int) -> None:
    pages = -(-len(card.items) // A_SCREEN)
    turns = w.Markup("").join(
        w.Markup('<li><a aria-current="page">{}</a></li>').format(each)
        if each == number
        else w.Markup("<li>{}</li>").format(w.link(str(each), _addresses.card(card, page=each)))
        for each in range(1, pages + 1)
    )
    w.show(w.Markup('<nav class="ct-pager" aria-label="Pages of tiles"><ul role="list">{}</ul></nav>').format(turns))
