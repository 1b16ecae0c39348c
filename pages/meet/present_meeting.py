"""A meeting on the wall: one item of the agenda a slide, as the room may see it at this moment."""

from __future__ import annotations

import streamlit as st

from governance import Visit
from meetings.reading import AgendaItem, Meeting, RecordKind, State, meeting
from pages import EVERYONE, Page
from pages.cards import _addresses
from pages.meet import _agenda, _held, _record, _slide, _watch, _words
from pages.meet._watch import Look
from pages.shell import widgets as w

PAGE = Page(title="Present a meeting", role=EVERYONE, icon="slideshow", order=40, hidden=True, path="present-meeting")

_KINDS = (RecordKind.DECISION, RecordKind.ACTION, RecordKind.CONCERN)
"""What is recorded from the wall; a note is written at the table."""


def render(visit: Visit) -> None:
    """The slide of the address; while the meeting is not closed it looks again by itself."""
    found = meeting(visit, str(st.query_params.get("name", "")))
    if found.state is State.CLOSED:
        with w.stage():
            _slide.closed(found)
            _bar(visit, found, None)
        return
    now = _watch.look(visit, found, _asked, on_the_wall=True)
    _watch.watched(visit, now, _asked, body=_stage)
    _held.dialogs(visit, now.found)


def _stage(visit: Visit, now: Look) -> None:
    with w.stage():
        _slide.draw(now.found, now.item, now.tile)
        _bar(visit, now.found, now.item)


def _asked(found: Meeting) -> AgendaItem | None:
    """The item at the place that the address names, else the current one."""
    said = str(st.query_params.get("i", ""))
    if said and found.agenda:
        return found.agenda[min(_addresses.number(said), len(found.agenda)) - 1]
    return _agenda.current(found)


def _address(found: Meeting, place: int) -> str:
    window = str(st.query_params.get(_addresses.WINDOW, ""))
    return w.href("present-meeting", name=found.brief.name, i=place, **{_addresses.WINDOW: window})


def _bar(visit: Visit, found: Meeting, item: AgendaItem | None) -> None:
    """What may be recorded, the clocks, where one is, and the way on."""
    last, at = len(found.agenda), _agenda.number(found, item) if item else 0
    with st.container(key="slidefoot", horizontal=True, vertical_alignment="center", gap="small"):
        if found.state is State.HELD:
            _record.buttons(visit, found, item, kinds=_KINDS)
        left = _words.time_left(_words.minutes_left(found, item, visit.now)) if item else ""
        leave = w.href("meeting", name=found.brief.name, item=item.id if item else "")
        ways = [w.Markup("<span>{}</span>").format(f"{at} of {last}" if at else "")]
        ways += [w.full_screen_button(), w.key_link("Leave", leave, keys="Escape")]
        if at:
            ways += _ways(found, at, last)
        w.slide_bar([w.Markup("<span>{}</span>").format(left)], ways, size=_addresses.window())


def _ways(found: Meeting, at: int, last: int) -> list[w.Markup]:
    on, back = _address(found, min(at + 1, last)), _address(found, max(at - 1, 1))
    return [
        w.key_link("First", _address(found, 1), keys="Home", hidden=True),
        w.key_link("Last", _address(found, last), keys="End", hidden=True),
        w.key_link("Back", back, keys="ArrowLeft PageUp"),
        w.key_link("Next", on, keys="ArrowRight PageDown Space", first=True),
    ]
