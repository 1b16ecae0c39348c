"""A meeting while it is held: agenda, the figure on the table, what was recorded, who is in the room."""

from __future__ import annotations

import streamlit as st

from governance import Visit
from meetings.reading import Meeting, RecordKind
from pages.meet import _agenda, _closing, _figure, _receipt, _record, _recorded, _room, _shown, _typed, _watch, _words
from pages.meet._watch import Look
from pages.shell import widgets as w


def draw(visit: Visit, found: Meeting) -> None:
    """Three columns; the page looks again by itself."""
    _receipt.show()
    now = _watch.look(visit, found, _agenda.current, on_the_wall=False)
    _watch.watched(visit, now, _agenda.current, body=_columns)
    dialogs(visit, now.found)


def _columns(visit: Visit, now: Look) -> None:
    left, middle, right = st.columns([296, 480, 312], gap="small")
    with left:
        _agenda.surface(visit, now.found, now.item)
    with middle:
        _on_the_table(visit, now)
        _recorded.surface(now.found)
    with right:
        _room.surface(visit, now.found)
        if now.room is not None:
            _shown.surface(now.room)


def _on_the_table(visit: Visit, now: Look) -> None:
    item = now.item
    with w.surface("now"):
        if item is None:
            w.finding("Everything on the agenda is done.", "The meeting can be closed.")
        else:
            left = _words.time_left(now.left)
            place = ", ".join(each for each in (f"Item {_agenda.number(now.found, item)}", left) if each)
            w.show(w.Markup('<h2 class="ct-label">{}</h2>').format(place))
            if now.tile is not None:
                _figure.draw(now.tile, pinned=item.seen is not None)
            else:
                w.finding(item.title, _words.PROMPTS.get(item.kind, ""))
        _record.buttons(visit, now.found, item)


def dialogs(visit: Visit, found: Meeting) -> None:
    """The dialog that is open, drawn again with every run so that it stays."""
    what, about = _typed.asked(found.brief.name)
    if what == _room.WHAT:
        _room.dialog(visit, found)
    elif what == _closing.WHAT:
        _closing.dialog(found)
    elif what in set(RecordKind):
        _record.dialog(visit, found, RecordKind(what), agenda_id=about)
