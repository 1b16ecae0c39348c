"""What somebody's access rests on, as one short value: a page that was drawn tells by it whether it still stands."""

from __future__ import annotations

import hashlib

from sqlalchemy import bindparam, or_, select

from governance.access import Scope
from governance.tables import HoldRow, PersonRow, VersionRow
from governance.visit import Visit, machinery

_OURS = select(
    VersionRow.id, VersionRow.state, VersionRow.frozen_at, VersionRow.activated_at, VersionRow.closed_at
).order_by(VersionRow.id)
_IN_FORCE = or_(HoldRow.lifted_at.is_(None), HoldRow.lifted_at > bindparam("now", type_=HoldRow.lifted_at.type))
_OTHERS = (HoldRow.scope == Scope.PERSON.value) & (HoldRow.object_id != bindparam("username"))
_HOLDS = (
    select(HoldRow.id)
    .where(HoldRow.placed_at <= bindparam("now", type_=HoldRow.placed_at.type), _IN_FORCE, ~_OTHERS)
    .order_by(HoldRow.id)
)
_ACCOUNT = select(PersonRow.active, PersonRow.organisation_id).where(PersonRow.username == bindparam("username"))


def footing(visit: Visit) -> str:
    """Another value as soon as a hold, an agreement, the account or the day may have changed what the viewer may see.

    It decides nothing, and may change without need: of what changed it asks only whether it can concern the viewer.
    """
    asked = {"now": visit.now, "username": visit.viewer.username}
    ours = [tuple(row) for row in visit.read().execute(_OURS)]
    with machinery("tells whether what was drawn still stands", now=visit.now) as own:
        placed = [row[0] for row in own.read().execute(_HOLDS, asked)]
        person = [tuple(row) for row in own.read().execute(_ACCOUNT, asked)]
    return hashlib.sha256(repr((visit.today, person, placed, ours)).encode()).hexdigest()
