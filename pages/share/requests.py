"""Requests for data: what waits for my organisation's decision, what mine asked for, and all others."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from governance import Visit
from pages import EVERYONE, Page
from pages.share import _use_words as words
from pages.shell import widgets as w
from sharing import uses
from sharing.uses import State, UseCase

PAGE = Page(title="Requests", role=EVERYONE, icon="front_hand", order=30)
_LEDE = "Who asks for which data, what for, and whom it waits for. Each owner decides for its own data."


def render(visit: Visit) -> None:
    """What waits for this person first; then their organisation's own; then the rest, and the wishes."""
    every = [each for each in uses.use_cases(visit) if each.state not in (State.LIVE, State.FINISHED)]
    with w.page_header("Requests", _LEDE):
        w.show(w.to_page("What was agreed", w.href("uses"), symbol="menu_book"))
        if visit.viewer.organisation_id:
            w.show(w.to_page("Ask for data", w.href("ask"), symbol="add", first=True))
    mine = uses.waiting(visit)
    taken = {each.id for each in mine}
    ours = [each for each in every if each.is_ours and each.id not in taken]
    rest = [each for each in every if each.id not in taken and not each.is_ours]
    _mine(mine)
    _group("ours", f"Asked by {visit.viewer.organisation}", ours)
    _others([each for each in rest if each.state is not State.IDEA])
    _group("ideas", "Wishes: which data would help?", [each for each in rest if each.state is State.IDEA])
    if not mine and not every:
        _nobody_asks(visit)


def _mine(found: Sequence[UseCase]) -> None:
    """What this person decides, each with its button."""
    if found:
        with w.surface("decide"):
            w.heading("Waiting for your decision", number=len(found))
            for each in found:
                with w.item(
                    each.id, _title(each), symbol="front_hand", detail=f"{_detail(each)} Waits {_since(each)}."
                ):
                    w.show(w.to_page("Decide", w.href("request", id=each.id)))


def _since(each: UseCase) -> str:
    return f"for {words.days(each.days)}" if each.days else words.days(each.days)


def _group(key: str, title: str, found: Sequence[UseCase]) -> None:
    if found:
        with w.surface(key):
            w.heading(title, number=len(found))
            for each in found:
                _row(each)


def _others(rest: Sequence[UseCase]) -> None:
    """Those of others, a page at a time."""
    if not rest:
        return
    pages = -(-len(rest) // w.PAGE_SIZE)
    page = min(w.page_asked(), pages)
    with w.surface("others"):
        w.heading("Between others", number=len(rest))
        for each in rest[(page - 1) * w.PAGE_SIZE : page * w.PAGE_SIZE]:
            _row(each)
    w.pager(page, pages, lambda number: w.href("requests", page=number if number > 1 else ""))


def _row(each: UseCase) -> None:
    with w.item(each.id, _title(each), symbol=words.STATES[each.state][1], detail=_detail(each)):
        w.show(w.Markup("<p>{}</p>").format(w.strong(words.waits(each) or words.STATES[each.state][0])))


def _title(each: UseCase) -> w.Markup:
    return w.link(each.title, w.href("request", id=each.id))


def _detail(each: UseCase) -> str:
    """ "Oakhurst Neighbours, Sam Whitlock, 20 Nov 2026. Children waiting for an assessment." """
    named = words.titles(each) or ("No dataset named yet" if each.state is State.IDEA else "")
    return " ".join(f"{part}." for part in (f"{words.who_asks(each)}, {w.day(each.asked_on)}", named) if part)


def _nobody_asks(visit: Visit) -> None:
    what = "A request says what somebody would do with data, and why. Its owner says yes, if; yes; or not now."
    with w.empty_state("front_hand", "Nobody has asked for data yet", what, key="nothing"):
        if visit.viewer.organisation_id:
            w.show(w.go("Ask first", w.href("ask")))
        else:
            st.caption("An administrator can say which organisation is yours; then you can ask.")
