"""The agenda at the side: what is done, what is current, how long each item is."""

from __future__ import annotations

import streamlit as st

from governance import Visit
from meetings import holding
from meetings.reading import AgendaItem, Meeting, State
from pages.meet import _who, _words
from pages.shell import widgets as w
from pages.shell.again import do, show_only


def current(found: Meeting) -> AgendaItem | None:
    """The item that the address asks for, else the first that is not done; None when all are."""
    asked = str(st.query_params.get("item", ""))
    by_id = {each.id: each for each in found.agenda}
    return by_id.get(asked) or next((each for each in found.agenda if not each.done), None)


def number(found: Meeting, item: AgendaItem) -> int:
    """Its place on the agenda, from 1."""
    return found.agenda.index(item) + 1


def surface(visit: Visit, found: Meeting, now: AgendaItem | None) -> None:
    """The whole agenda; while the meeting is held each item can be opened, and the current one ticked off."""
    with w.surface("agenda"):
        w.heading("Agenda")
        if not found.agenda:
            w.show(w.muted("There is nothing on it yet."))
            return
        lines = w.Markup("").join(_line(found, each, now) for each in found.agenda)
        w.show(w.Markup('<ol class="ct-rules" role="list">{}</ol>').format(lines))
        if now is not None and found.state is State.HELD and _who.may_record(visit):
            _tick(visit, found, now)
        if found.state is State.HELD and _who.may_plan(visit):
            w.show(w.link("Change the agenda", w.href("plan-meeting", name=found.brief.name)))


def _line(found: Meeting, item: AgendaItem, now: AgendaItem | None) -> w.Markup:
    mark = w.Markup('{}<span class="ct-hide">Done: </span>').format(w.icon("check")) if item.done else None
    is_now = now is not None and item.id == now.id
    title = item.title
    if found.state is State.HELD and not is_now:
        title = w.link(item.title, w.href("meeting", name=found.brief.name, item=item.id))
    detail = ", ".join(each for each in (f"{item.length} min", _words.KINDS[item.kind]) if each)
    return w.Markup("<li{}><b>{}</b><div>{}</div></li>").format(
        w.Markup(' class="ct-asked" aria-current="step"') if is_now else w.Markup(""),
        mark or number(found, item),
        w.two_lines(title, detail),
    )


def _tick(visit: Visit, found: Meeting, now: AgendaItem) -> None:
    words = f"Item {number(found, now)} is not done after all" if now.done else f"Item {number(found, now)} is done"
    symbol = ":material/undo:" if now.done else ":material/check:"
    if st.button(words, key="tick", icon=symbol, type="tertiary"):
        do(lambda: holding.done(visit, now.id, done=not now.done), then=lambda _: show_only(name=found.brief.name))
