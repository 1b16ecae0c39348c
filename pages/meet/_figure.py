"""The figure of an item as everybody in the room may see it, or why it is not shown."""

from __future__ import annotations

import streamlit as st

from governance import NotFound, Visit
from meetings import holding
from meetings.holding import RoomView, Tile
from meetings.reading import AgendaItem, Meeting, State
from pages.cards import _aside
from pages.cards import _words as figures
from pages.meet import _who
from pages.shell import widgets as w
from reportcards import charts
from reportcards.report import Measurement

_HEIGHT = 190
"""Px of the plot beside the agenda."""
_GONE = "It is on the report card no more, or the room may not know of it."
_PINNED = "meeting-pinned"


def of(visit: Visit, found: Meeting, item: AgendaItem | None, *, room: RoomView | None) -> Tile | None:
    """The figure of an item, from what may be shown or, without that, all of it; None for an item that has none."""
    if item is None or not item.item_id:
        return None
    gone = Tile(item=item.item_id, name=item.title, figure=None, why="Not shown here.", what_changes_it=_GONE)
    if room is not None:
        return next((each for each in room.tiles if each.item == item.item_id), gone)
    try:
        return holding.figure(visit, found.brief.name, item.item_id)
    except NotFound:
        return gone


def pin(visit: Visit, found: Meeting, item: AgendaItem, *, tile: Tile | None) -> bool:
    """Keep for the minutes what the room sees, once a revision, when whoever records looks at it; whether it was done.

    The session remembers what it has pinned: where nothing may be retained, the minutes do not tell it the revision.
    """
    if tile is None or tile.figure is None or found.state is not State.HELD or not _who.may_record(visit):
        return False
    now = tile.figure.origins[0].revision
    done: set[tuple[str, int]] = st.session_state.setdefault(_PINNED, set())
    if (item.id, now) in done or (item.seen is not None and item.seen.revision == now):
        return False
    done.add((item.id, now))
    holding.show(visit, item.id)
    return True


def draw(tile: Tile, *, pinned: bool) -> None:
    """The finding, the value with its states, the line, where it comes from."""
    shown = tile.figure
    if shown is None:
        held(tile)
        return
    w.finding(shown.headline or shown.name)
    latest = shown.latest
    if latest is not None and latest.value is not None:
        w.show(_value(shown))
        picture = charts.trend(shown, theme=w.theme(), height=_HEIGHT, with_source=False)
        w.chart(picture.spec, picture.alt, key="now")
    w.show(w.source_line(shown.source_line.rstrip("."), "pinned for this meeting" if pinned else ""))
    if shown.definition.reading_note:
        w.show(w.Markup('<p class="ct-readingnote">{}</p>').format(_aside.in_full(shown.definition.reading_note)))


def _value(shown: Measurement) -> w.Markup:
    assert shown.latest is not None and shown.latest.value is not None
    beside = (figures.interval(shown.latest, shown), figures.period(shown.latest))
    told = w.Markup("").join(w.Markup("<span>{}</span>").format(each) for each in beside if each)
    states = (figures.signal(shown), figures.to_peers(shown), figures.to_target(shown))
    lines = w.Markup("").join(w.Markup("<li>{}</li>").format(each) for each in states)
    value = figures.parts(shown.latest.value, shown)
    return w.Markup(
        '<div class="ct-tilefigure"><p><b>{}</b> <span>{}</span></p><p>{}</p></div>'
        '<ul class="ct-tilelines" role="list">{}</ul>'
    ).format(*value, told, lines)


def held(tile: Tile) -> None:
    """Calmly: nothing is wrong, and what would change it."""
    w.show(
        w.Markup('<p class="ct-tileheld">{}<b>{}</b></p><p class="ct-tilewhy">{}</p>').format(
            w.icon("visibility_off"), tile.why, tile.what_changes_it
        )
    )
