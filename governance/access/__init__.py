"""The access rule: what signed agreements, holds and ownership let whom do with whose data, at one moment.

`world` puts the facts together, `decide` answers for one person, `room` for everybody who looks at one screen and
`strictest` for an indicator made from several datasets. They are pure: no database, no clock, nothing remembered.
"""

from governance.access.rooms import RoomDecision, room
from governance.access.rule import Decision, decide, strictest
from governance.access.values import (
    Agreement,
    Band,
    Dataset,
    Detail,
    Hold,
    Member,
    Party,
    PartyRole,
    ScheduleRow,
    Scope,
    Use,
    Version,
    Why,
)
from governance.access.world import Item, World, world

__all__ = [
    "Agreement",
    "Band",
    "Dataset",
    "Decision",
    "Detail",
    "Hold",
    "Item",
    "Member",
    "Party",
    "PartyRole",
    "RoomDecision",
    "ScheduleRow",
    "Scope",
    "Use",
    "Version",
    "Why",
    "World",
    "decide",
    "room",
    "strictest",
    "world",
]
