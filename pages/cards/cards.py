"""All report cards: what each wants to know, for whom it is, and whether something warns."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import streamlit as st

from governance import Visit
from pages import EVERYONE, Page
from pages.cards import _who
from pages.shell import widgets as w
from pages.shell.again import do
from reportcards import cards
from reportcards.cards import CardBrief

PAGE = Page(title="Report cards", role=EVERYONE, icon="dashboard", order=10)


def render(visit: Visit) -> None:
    """The list, or what to do so that there is one."""
    found = cards.cards(visit)
    with w.page_header("Report cards", "A card holds the figures that say whether an outcome gets nearer."):
        if found and _who.may_compose(visit):
            w.show(w.to_page("New card", w.href("compose"), symbol="add", first=True))
    if found:
        _list(found)
    else:
        _none(visit)
    _put_away(visit)


def _list(found: Sequence[CardBrief]) -> None:
    rows = w.Markup("").join(_row(each) for each in found)
    w.show(w.Markup('<ul class="ct-results" role="list" aria-label="Report cards">{}</ul>').format(rows))


def _row(card: CardBrief) -> w.Markup:
    warned = w.verdict("worse", w.count(card.warnings, "warning")) if card.warnings else w.muted("No warnings")
    about = ", ".join(each for each in (card.population, card.area) if each)
    return w.Markup(
        '<li class="ct-result ct-cardrow"><div><h2>{}</h2><p>{}</p><p class="ct-inline"><span>{}</span><span>{}</span>'
        '<span>Changed {}</span></p></div><div><p class="ct-band">{}<b>{}</b></p><p>{}</p></div></li>'
    ).format(
        w.link(card.title, w.href("card", name=card.name)),
        card.outcome,
        about,
        w.count(card.items, "indicator"),
        w.day(card.changed_at),
        w.swatch(card.audience.band),
        card.audience.word.rstrip("."),
        warned,
    )


def _put_away(visit: Visit) -> None:
    """What was put away can be taken out again."""
    gone = cards.cards(visit, retired=True) if _who.may_compose(visit) else ()
    if not gone:
        return
    with st.expander(f"Put away ({len(gone)})"):
        for each in gone:
            with w.item(f"gone-{each.name}", each.title, symbol="inventory_2", detail=each.retired_why):
                if st.button("Take it out again", key=f"back-{each.name}"):
                    do(functools.partial(cards.bring_back, visit, each.name), f"{each.title} is back.")


def _none(visit: Visit) -> None:
    may = _who.may_compose(visit)
    what = "Begin with a template or an empty card; the indicators come from datasets of the catalogue."
    asked = "A chair or a steward puts the first one together. Until then the catalogue shows what data there are."
    with w.empty_state("dashboard", "There are no report cards yet", what if may else asked, key="nocards"):
        if may:
            w.show(w.to_page("Put a card together", w.href("compose"), first=True))
        if _who.may_import(visit):
            w.show(w.to_page("Import numbers", w.href("import-numbers")))
        if not may:
            w.show(w.to_page("Browse the catalogue", w.href("catalogue")))
