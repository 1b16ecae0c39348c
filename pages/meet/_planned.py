"""A meeting that is still to come: its agenda, who is invited, what may be shown to them."""

from __future__ import annotations

from governance import Visit
from meetings import holding
from meetings.reading import Meeting
from pages.meet import _agenda, _room, _shown
from pages.shell import widgets as w


def draw(visit: Visit, found: Meeting) -> None:
    """The agenda, and beside it the room as it is expected."""
    left, right = w.main_and_side()
    with left:
        _agenda.surface(visit, found, None)
    with right:
        _shown.surface(holding.on_the_table(visit, found.brief.name))
        _room.surface(visit, found)
