"""The agenda put in order: moved, taken off, added to from what suggests itself."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import streamlit as st

from governance import Visit
from meetings import planning
from meetings.planning import AgendaDraft
from meetings.reading import Meeting
from pages.meet import _words
from pages.shell import widgets as w
from pages.shell.again import do

_LONGEST = 480
"""Minutes of one item."""


def agenda(visit: Visit, found: Meeting) -> None:
    """Every item with arrows and a way off."""
    items = drafts(found)
    with w.surface("agenda"):
        minutes = sum(each.length for each in items)
        over = minutes - found.brief.length
        told = f"{minutes} of {found.brief.length} minutes" + (f", {over} too many" if over > 0 else "")
        w.heading("Agenda", number=len(items), note=told)
        if not items:
            w.show(w.muted("There is nothing on it yet: add what is suggested, or an item of your own."))
        for place in range(len(items)):
            _row(visit, found, items, place=place)
        _own(visit, found, items)


def drafts(found: Meeting) -> list[AgendaDraft]:
    """The agenda as it can be put anew."""
    names = ("id", "kind", "about_id", "item_id", "title", "length")
    return [AgendaDraft(**{name: getattr(each, name) for name in names}) for each in found.agenda]


def _row(visit: Visit, found: Meeting, items: Sequence[AgendaDraft], *, place: int) -> None:
    item = items[place]
    detail = ", ".join(each for each in (f"{item.length} min", _words.KINDS[item.kind]) if each)
    with (
        w.item(f"row-{item.id}", item.title, symbol=str(place + 1), detail=detail),
        st.container(key=f"moves-{item.id}", horizontal=True, gap=None),
    ):
        for words, symbol, to in (("up", "arrow_upward", place - 1), ("down", "arrow_downward", place + 1)):
            label = f"Move {w.as_label(item.title)} {words}"
            off = not 0 <= to < len(items)
            if st.button(label, icon=f":material/{symbol}:", key=f"{words}-{item.id}", type="tertiary", disabled=off):
                _put(visit, found, moved(items, place, to))
        label = f"Take {w.as_label(item.title)} off the agenda"
        if st.button(label, icon=":material/close:", key=f"off-{item.id}", type="tertiary"):
            _put(visit, found, [each for each in items if each.id != item.id])


def moved(items: Sequence[AgendaDraft], place: int, to: int) -> list[AgendaDraft]:
    """The items with one at another place."""
    rest = [each for at, each in enumerate(items) if at != place]
    return [*rest[:to], items[place], *rest[to:]]


def _put(visit: Visit, found: Meeting, items: Sequence[AgendaDraft]) -> None:
    do(functools.partial(planning.put_agenda, visit, found.brief.name, items))


def _own(visit: Visit, found: Meeting, items: Sequence[AgendaDraft]) -> None:
    with st.expander("Add an item of your own"), st.form("ownitem", border=False, clear_on_submit=True):
        title = st.text_input("What it is about", max_chars=300)
        length = st.number_input("Minutes", 1, _LONGEST, 10)
        sent = st.form_submit_button("Add it")
    if sent:
        _put(visit, found, [*items, AgendaDraft(title=title, length=int(length))])


def more(visit: Visit, found: Meeting) -> None:
    """What calls and is not on the agenda, each with a button."""
    suggested = planning.suggest(visit, found.brief.name)
    if not suggested:
        return
    with w.surface("suggested"):
        w.heading("It could also hold", number=len(suggested))
        for place, each in enumerate(suggested):
            with w.item(f"choose-{place}", each.item.title, symbol="lightbulb", detail=each.why):
                words = f"Add {w.as_label(each.item.title)}"
                if st.button(words, key=f"add-{place}", icon=":material/add:"):
                    _put(visit, found, [*drafts(found), each.item])
