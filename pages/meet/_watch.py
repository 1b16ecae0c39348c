"""Looks again every few seconds: a hold, an ended agreement or a new face in the room changes what stands on the wall.

What was drawn lies beside the page as values: while nothing has changed, a look draws nothing. Drawing the whole page
anew would take the focus out of a dialog in which somebody types, so under an open one only the body is drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from governance import CommonTableError, Visit
from meetings import holding
from meetings.holding import RoomView, Tile
from meetings.reading import AgendaItem, Meeting, meeting
from pages.meet import _figure, _typed, _words
from pages.shell.again import looking

EVERY = 3.0
"""Seconds between two looks; with the time it takes to draw, a hold leaves the wall within five."""
_DRAWN, _FRESH = "meeting-drawn", "meeting-fresh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What lies on the table at one moment; two looks are equal when the same would be drawn."""

    found: Meeting
    item: AgendaItem | None
    """The item in front of everybody; None when all are done."""
    tile: Tile | None
    """Its figure, None when it has none."""
    room: RoomView | None
    """Everything that may be shown; None on the wall, where one figure stands."""
    left: int | None
    """Minutes left for the item."""


Which = Callable[[Meeting], AgendaItem | None]
Body = Callable[[Visit, Look], None]


def look(visit: Visit, found: Meeting, which: Which, *, on_the_wall: bool) -> Look:
    """Ask anew what the room may see; whoever records pins the figure by it."""
    item, name = which(found), found.brief.name
    room = None if on_the_wall else holding.on_the_table(visit, name)
    tile = _figure.of(visit, found, item, room=room)
    if item is not None and _figure.pin(visit, found, item, tile=tile):
        found = meeting(visit, name)
        item = which(found)
    left = _words.minutes_left(found, item, visit.now) if item else None
    return Look(found=found, item=item, tile=tile, room=room, left=left)


def watched(visit: Visit, now: Look, which: Which, *, body: Body) -> None:
    """Draw the body, and draw it anew as soon as anything of this meeting is another than it was drawn."""
    name = now.found.brief.name
    is_typing = any(_typed.asked(name))
    first = [(visit, now)]
    st.fragment(_body, run_every=EVERY if is_typing else None)(name, which, body=body, first=first)
    if not is_typing:
        st.session_state[_FRESH] = True
        st.fragment(_tick, run_every=EVERY)(name, which)


def _body(name: str, which: Which, *, body: Body, first: list[tuple[Visit, Look]]) -> None:
    """The first time as the page has just looked, after that with a look of its own."""
    if first:
        visit, now = first.pop()
        st.session_state[_DRAWN] = now
        body(visit, now)
        return
    with looking(touch=False) as visit:
        try:
            now = _again(visit, name, which)
        except CommonTableError:
            st.rerun(scope="app")
        body(visit, now)


def _tick(name: str, which: Which) -> None:
    if st.session_state.pop(_FRESH, False):
        return
    with looking(touch=False) as visit:
        if has_changed(visit, name, which):
            st.rerun(scope="app")


def has_changed(visit: Visit, name: str, which: Which) -> bool:
    """Whether the page would be drawn otherwise now; what may not be asked any more has changed."""
    try:
        return bool(_again(visit, name, which) != st.session_state[_DRAWN])
    except CommonTableError:
        return True


def _again(visit: Visit, name: str, which: Which) -> Look:
    drawn: Look = st.session_state[_DRAWN]
    return look(visit, meeting(visit, name), which, on_the_wall=drawn.room is None)
