"""One meeting: planned, held or closed."""

from __future__ import annotations

import streamlit as st

from governance import Visit
from meetings import holding
from meetings.reading import Meeting, State, meeting
from pages import EVERYONE, Page
from pages.meet import _agenda, _closing, _files, _held, _minutes, _planned, _typed, _who, _words
from pages.shell import widgets as w
from pages.shell.again import do

PAGE = Page(title="Meeting", role=EVERYONE, icon="event", order=20, hidden=True)


def render(visit: Visit) -> None:
    """The meeting of the address, in the state it is in."""
    found = meeting(visit, str(st.query_params.get("name", "")))
    _header(visit, found)
    if found.brief.made_up:
        w.show(w.Markup('<p class="ct-madeup">{}{}</p>').format(w.icon("info"), found.brief.made_up))
    {State.PLANNED: _planned.draw, State.HELD: _held.draw, State.CLOSED: _minutes.draw}[found.state](visit, found)


def _header(visit: Visit, found: Meeting) -> None:
    crumbs = [("Meetings", w.href("meetings")), (_words.STATES[found.state], "")]
    with w.page_header(found.brief.title, _words.lede(found.brief), breadcrumbs=crumbs):
        _ACTIONS[found.state](visit, found)


def _to_come(visit: Visit, found: Meeting) -> None:
    name = found.brief.name
    _files.button(found.brief, "ics")
    if _who.may_plan(visit):
        w.show(w.to_page("Change", w.href("plan-meeting", name=name), symbol="edit"))
    if _who.may_open(visit) and st.button("Begin the meeting", type="primary", key="begin"):
        do(lambda: holding.open_meeting(visit, name), "The meeting has begun.")


def _going_on(visit: Visit, found: Meeting) -> None:
    name = found.brief.name
    if _who.may_close(visit):
        _typed.button("Close the meeting", key="close", icon="event_available", asks=(name, _closing.WHAT, ""))
    now = _agenda.current(found)
    if now is not None:
        place = _agenda.number(found, now)
        address = w.href("present-meeting", name=name, i=place)
        w.show(w.to_page(f"Present item {place}", address, symbol="slideshow", first=True))


def _over(_visit: Visit, found: Meeting) -> None:
    _files.button(found.brief, "ics")
    _files.button(found.brief, "pdf")


_ACTIONS = {State.PLANNED: _to_come, State.HELD: _going_on, State.CLOSED: _over}
