"""Hold a meeting: open it, say who is in the room, see what may be shown to them, pin what was shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalogue.knowing import briefs
from catalogue.owned import owned
from governance import Action, Invalid, Visit, people, require
from governance.access import Use
from meetings import keeping
from meetings.keeping import Seen
from meetings.rows import agenda_row, meeting_row, open_row, presence_rows
from meetings.tables import MeetingRow, PresenceRow
from reportcards import composing, indicators
from reportcards.clearing import Room
from reportcards.report import Held, Measurement, Part

__all__ = ["RoomView", "Seen", "Tile", "done", "figure", "on_the_table", "open_meeting", "say_who_is_here", "show"]

UNNAMED = "An indicator of the card"
NOT_HERE = "Not covered for everybody here."
MOST_PEOPLE = 999
"""Of one organisation in the room."""
_OPEN_TO_SEE = ("open", "public-limited", "public-unclear")
"""Bands of which the public may hear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One indicator of the card before this room: its figure, or why it is not shown."""

    item: str
    """Id of the card's item."""
    name: str
    """The indicator's, or neutral words where somebody in the room may not know of it."""
    figure: Measurement | None
    """None when it is hidden."""
    why: str = ""
    what_changes_it: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomView:
    """What may be shown to everybody who is in the room, as of now: ask again at every look."""

    organisations: tuple[str, ...]
    """Names of those in the room; of a planned meeting of those invited."""
    public: bool
    is_expected: bool
    """True while a planned meeting has nobody in the room: the view is for those invited."""
    tiles: tuple[Tile, ...]
    """Warnings first, then the card's own order."""

    @property
    def shown(self) -> int:
        """How many tiles may be shown."""
        return sum(each.figure is not None for each in self.tiles)


def open_meeting(visit: Visit, name: str) -> None:
    """Begin: from now on it can be recorded in. Raises Invalid when it is closed, NotFound, NotPermitted."""
    with visit.change(require(visit, Action.MEETING_OPENED, f"meeting:{name}")) as session:
        row = open_row(session, name)
        if row.state == "held":
            return
        row.state, row.opened_at, row.changed_at = "held", visit.now, visit.now
    visit.refresh()


def say_who_is_here(visit: Visit, name: str, here: Mapping[str, int], *, public: bool) -> None:
    """Who is in the room: organisation id -> how many people; whoever is left out is not here.

    Raises: Invalid, NotFound, NotPermitted.
    """
    known = {each.id for each in people.organisations(visit)}
    if set(here) - known:
        raise Invalid("Choose organisations that take part here.", field="here")
    if any(not 0 <= number <= MOST_PEOPLE for number in here.values()):
        raise Invalid(f"Say how many people are here, up to {MOST_PEOPLE} of one organisation.", field="here")
    told = {organisation: number for organisation, number in sorted(here.items()) if number}
    grant = require(visit, Action.MEETING_RECORDED, f"meeting:{name}", here=told, public=public)
    with visit.change(grant) as session:
        row = open_row(session, name)
        row.public, row.changed_at = public, visit.now
        there = {each.organisation_id: each for each in presence_rows(session, row.id)}
        for organisation_id, presence in there.items():
            presence.here = told.get(organisation_id, 0)
        session.add_all(
            PresenceRow(meeting_id=row.id, organisation_id=each, here=told[each]) for each in told.keys() - there.keys()
        )
    visit.refresh()


def done(visit: Visit, agenda_id: str, *, done: bool = True) -> None:
    """Tick an item of the agenda off, or not. Raises Invalid, NotFound, NotPermitted."""
    with visit.change(require(visit, Action.MEETING_RECORDED, f"item:{agenda_id}", done=done)) as session:
        agenda_row(session, agenda_id)[0].done = done
    visit.refresh()


def on_the_table(visit: Visit, name: str) -> RoomView:
    """Every tile of the card, shown or hidden for this room and this viewer at this moment. Raises NotFound."""
    row = meeting_row(visit.read(), name)
    room, is_expected = _room(visit, row)
    shown: Sequence[Measurement] = ()
    if row.card_name:
        shown = composing.report_card(visit, row.card_name, use=Use.PRESENT, room=room).items
    names = {each.id: each.name for each in people.organisations(visit)}
    return RoomView(
        organisations=tuple(sorted((names.get(each, "") for each in room.organisations), key=str.casefold)),
        public=room.public,
        is_expected=is_expected,
        tiles=_tiles(visit, shown, room),
    )


def figure(visit: Visit, name: str, item: str, *, part: Part = Part.TREND) -> Tile:
    """All of one indicator for the room, to be projected. Raises NotFound."""
    row = meeting_row(visit.read(), name)
    room, _is_expected = _room(visit, row)
    made = composing.measurement(visit, row.card_name, item, part=part, use=Use.PRESENT, room=room)
    return _tiles(visit, [made], room)[0]


def _room(visit: Visit, row: MeetingRow) -> tuple[Room, bool]:
    """Who looks: those in the room; before the meeting those invited."""
    there = presence_rows(visit.read(), row.id)
    here = [each for each in there if each.here]
    is_expected = row.state == "planned" and not here and not row.public
    chosen = sorted(each.organisation_id for each in (there if is_expected else here))
    return Room(organisations=tuple(chosen), public=row.public, place=f"meeting {row.name}"), is_expected


def _tiles(visit: Visit, shown: Sequence[Measurement], room: Room) -> tuple[Tile, ...]:
    hidden = [each.indicator for each in shown if each.held is not None]
    nameable = _nameable(visit, hidden, room) if hidden else frozenset()
    return tuple(_tile(each, is_nameable=each.indicator in nameable) for each in shown)


def _tile(made: Measurement, *, is_nameable: bool) -> Tile:
    if made.held is None:
        return Tile(item=made.item, name=made.name, figure=made)
    if not is_nameable:
        return Tile(item=made.item, name=UNNAMED, figure=None, why=_neutral(made.held))
    return Tile(
        item=made.item, name=made.name, figure=None, why=made.held.reason, what_changes_it=made.held.what_changes_it
    )


def _neutral(held: Held) -> str:
    """A count of organisations says nothing of the data; every other reason might."""
    return held.reason if held.reason.startswith("Not covered for ") else NOT_HERE


def _nameable(visit: Visit, indicator_ids: Sequence[str], room: Room) -> frozenset[str]:
    """The indicators of which everybody in the room may know."""
    found = indicators.several(visit, set(indicator_ids))
    ids = sorted({each.dataset_id for each in found.values()} - {""})
    known = briefs(visit, ids)
    names = {each.id: each.name for each in people.organisations(visit)}
    free = set()
    for each in owned(visit, ids):
        told = {*each.listed_for, names.get(each.organisation_id, "")} if each.listing != "everyone" else None
        everybody = told is None or all(names.get(one, "") in told for one in room.organisations)
        if everybody and (not room.public or (told is None and known[each.id].band in _OPEN_TO_SEE)):
            free.add(each.id)
    return frozenset(indicator for indicator, each in found.items() if each.dataset_id in free)


def show(visit: Visit, agenda_id: str) -> Seen:
    """Pin the figure of this item as the room sees it now: revision, sources, SHA-256.

    Raises: Invalid when it may not be shown to this room, NotFound, NotPermitted.
    """
    row, meeting = agenda_row(visit.read(), agenda_id, held=True)
    if not row.item_id:
        raise Invalid("This item of the agenda has no figure.")
    tile = figure(visit, meeting.name, row.item_id)
    if tile.figure is None:
        raise Invalid(f"It may not be shown to this room. {tile.why}")
    written, hash = keeping.frozen(tile.figure)
    revision = next(each for each in tile.figure.revisions if each.is_shown)
    grant = require(
        visit, Action.MEETING_RECORDED, f"meeting:{meeting.name}", shown=row.item_id, revision=revision.id, hash=hash
    )
    with visit.change(grant) as session:
        pinned, _meeting = agenda_row(session, agenda_id, held=True)
        pinned.revision_id, pinned.datasets = revision.id, _sources(visit, tile.figure)
        pinned.seen, pinned.seen_hash, pinned.seen_at = written, hash, visit.now
    visit.refresh()
    return Seen(at=visit.now, revision_id=revision.id, revision=revision.number, hash=hash, figure=tile.figure)


def _sources(visit: Visit, made: Measurement) -> list[str]:
    """Every dataset that the figure was made of, denominators too."""
    indicator = indicators.several(visit, [made.indicator])[made.indicator]
    named = {indicator.dataset_id, *indicator.denominators, *(each.dataset_id for each in made.origins)}
    return sorted(named - {""})
