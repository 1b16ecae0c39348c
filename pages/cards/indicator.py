"""One indicator of a card: its finding, its figures and pictures, where it comes from, what is done about it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from governance import NotFound, Visit
from pages import EVERYONE, Page
from pages.cards import _acts, _addresses, _aside, _figures, _tabs, _warned, _who
from pages.shell import widgets as w
from reportcards import composing
from reportcards.report import Measurement, ReportCard

PAGE = Page(title="Indicator", role=EVERYONE, icon="monitoring", order=40, hidden=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where on its card the indicator stands."""

    card: ReportCard
    at: int
    """From 1."""


def render(visit: Visit) -> None:
    """The indicator of the address; an old revision when the address names one."""
    place = _place(visit)
    item = place.card.items[place.at - 1].item
    revision = str(st.query_params.get("revision", ""))
    tab = _tabs.chosen()
    shown = composing.measurement(visit, place.card.name, item, part=tab.part, revision=revision)
    _header(visit, place, shown)
    if shown.held is not None:
        with w.empty_state(shown.held.symbol or "lock", shown.held.reason, shown.held.what_changes_it, key="held"):
            w.show(w.to_page("Back to the card", w.href("card", name=place.card.name)))
        return
    _old(place, shown, revision)
    _warned.warnings(visit, shown)
    w.show(_figures.strip(shown))
    left, right = w.main_and_aside()
    with left:
        _tabs.draw(visit, place.card, shown)
        _aside.reading_note(shown)
        _acts.buttons(visit, shown)
    with right:
        _aside.aside(visit, shown)


def _place(visit: Visit) -> _Place:
    """Raises NotFound when the card has no such item for this person."""
    card = composing.report_card(visit, str(st.query_params.get("card", "")))
    asked = str(st.query_params.get("item", ""))
    at = next((number for number, each in enumerate(card.items, 1) if each.item == asked), 0)
    if not at:
        raise NotFound("There is no such indicator on this card.")
    return _Place(card=card, at=at)


def _header(visit: Visit, place: _Place, shown: Measurement) -> None:
    card = place.card
    crumbs = [
        ("Report cards", w.href("cards")),
        (card.title, w.href("card", name=card.name)),
        (f"{place.at} of {len(card.items)}", ""),
    ]
    title = shown.headline if shown.held is None and shown.headline else shown.name
    eyebrow = shown.name if title != shown.name else ""
    with w.page_header(title, eyebrow=eyebrow, breadcrumbs=crumbs):
        if shown.held is None and _who.may_word(visit):
            _acts.headline_button(shown)
        w.show(w.to_page("Present", _addresses.slide(card, place.at), symbol="slideshow", first=True))
    if shown.held is None and shown.headline_edited_by:
        w.show(w.Markup('<p class="ct-edited">{}</p>').format(f"Headline edited by {shown.headline_edited_by}"))


def _old(place: _Place, shown: Measurement, revision: str) -> None:
    """An old revision says so, before any of its figures."""
    if not revision:
        return
    number = next((each.number for each in shown.revisions if each.is_shown), None)
    name = f"revision {number}" if number else "an old revision"
    newest = w.link("Show the newest", w.href("indicator", card=place.card.name, item=shown.item))
    w.notice(f"This is {name}.", "Later ones may say something else.", tone="owed", action=newest)
