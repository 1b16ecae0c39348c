"""What may be shown to everybody who is in the room, and why the rest may not."""

from __future__ import annotations

from meetings.holding import RoomView, Tile
from pages.shell import widgets as w


def surface(room: RoomView) -> None:
    """How many of the card's tiles are covered; the hidden ones with the reason."""
    with w.surface("mayshow"):
        w.heading("What may be shown")
        if not room.tiles:
            w.show(w.muted("There is no report card on the table."))
            return
        whom = "everybody invited" if room.is_expected else "everybody here"
        number = w.strong(f"{room.shown} of {len(room.tiles)}")
        verb = "tile is" if len(room.tiles) == 1 else "tiles are"
        w.show(w.meter(room.shown / len(room.tiles), w.Markup("{} {} covered for {}.").format(number, verb, whom)))
        for each in room.tiles:
            if each.figure is None:
                w.show(_hidden(each))


def _hidden(tile: Tile) -> w.Markup:
    return w.Markup('<p class="ct-tileheld">{}<b>{}</b></p><p class="ct-tilewhy">{} {}</p>').format(
        w.icon("visibility_off"), tile.name, tile.why, tile.what_changes_it
    )
