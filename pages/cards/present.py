"""A card on the wall: one indicator a slide, by keys or buttons, fitting 1280 by 720 without scrolling."""

from __future__ import annotations

import streamlit as st

from governance import CommonTableError, Visit
from governance.access import Use
from pages import EVERYONE, Page
from pages.cards import _addresses, _slide, _who
from pages.shell import widgets as w
from pages.shell.again import looking
from reportcards import composing
from reportcards.report import Held, ReportCard

PAGE = Page(title="Present", role=EVERYONE, icon="slideshow", order=50, hidden=True)
_EVERY = 5
"""Seconds after which a hold, or an agreement's end, has reached the screen at the latest."""


def render(visit: Visit) -> None:
    """The slide of the address."""
    name = str(st.query_params.get("card", ""))
    card = composing.report_card(visit, name, pinned=_addresses.pinned(), use=Use.PRESENT)
    with w.stage():
        if not card.items:
            w.slide_held(card.title, "There is nothing on this card yet", "", symbol="dashboard")
            _bar(visit, card, 0)
            return
        at = min(_addresses.number(str(st.query_params.get("i", "1"))), len(card.items))
        item = card.items[at - 1].item
        revision = card.pinned.get(item, "")
        shown = composing.measurement(visit, card.name, item, revision=revision, use=Use.PRESENT)
        _slide.draw(card, shown, _addresses.window())
        _bar(visit, card, at)
    st.fragment(_watch, run_every=_EVERY)((card.name, item, revision), shown.held, first=[True])


def _watch(slide: tuple[str, str, str], held: Held | None, *, first: list[bool]) -> None:
    """Draw the slide anew when what may be shown of it is not what is shown."""
    if first:
        first.clear()
        return
    name, item, revision = slide
    with looking(touch=False) as visit:
        try:
            now = composing.measurement(visit, name, item, revision=revision, use=Use.PRESENT)
        except CommonTableError:
            st.rerun(scope="app")
        if now.held != held:
            st.rerun(scope="app")


def _bar(visit: Visit, card: ReportCard, at: int) -> None:
    """The action button, the clocks, where one is, and the way on."""
    last = len(card.items)
    with st.container(key="slidefoot", horizontal=True, vertical_alignment="center", gap="small"):
        if at and _who.may_act(visit) and st.button("Action", icon=":material/task_alt:", key="slideaction"):
            shown = card.items[at - 1]
            _slide.add_action(shown.item, shown.name)
        clocks = _slide.clocks(visit, card.name, at) if at else []
        leave = w.key_link("Leave", w.href("card", name=card.name), keys="Escape")
        ways = [w.Markup("<span>{}</span>").format(f"{at} of {last}"), w.full_screen_button(), leave]
        if at:
            ways += [
                *_slide.sources(card, at),
                w.key_link("First", _addresses.slide(card, 1), keys="Home", hidden=True),
                w.key_link("Last", _addresses.slide(card, last), keys="End", hidden=True),
                w.key_link("Back", _addresses.slide(card, max(at - 1, 1)), keys="ArrowLeft PageUp"),
                w.key_link(
                    "Next", _addresses.slide(card, min(at + 1, last)), keys="ArrowRight PageDown Space", first=True
                ),
            ]
        w.slide_bar(clocks, ways, size=_addresses.window())
