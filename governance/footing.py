"""What somebody's access rests on, as one short value: a page that was drawn tells by it whether it still stands."""

from __future__ import annotations

import hashlib

from sqlalchemy import or_, select

from governance.access import Scope
from governance.tables import HoldRow, PersonRow, VersionRow
from governance.visit import Visit, machinery

_VERSION = (VersionRow.id, VersionRow.state, VersionRow.frozen_at, VersionRow.activated_at, VersionRow.closed_at)


def footing(visit: Visit) -> str:
    """Another value as soon as a hold, an agreement, the account or the day may have changed what the viewer may see.

    It decides nothing, and may change without need: of what changed it asks only whether it can concern the viewer.
    """
    viewer = visit.viewer
    ours = [tuple(row) for row in visit.read().execute(select(*_VERSION).order_by(VersionRow.id))]
    in_force = or_(HoldRow.lifted_at.is_(None), HoldRow.lifted_at > visit.now)
    others = (HoldRow.scope == Scope.PERSON.value) & (HoldRow.object_id != viewer.username)
    holds = select(HoldRow.id).where(HoldRow.placed_at <= visit.now, in_force, ~others).order_by(HoldRow.id)
    account = select(PersonRow.active, PersonRow.organisation_id).where(PersonRow.username == viewer.username)
    with machinery("tells whether what was drawn still stands", now=visit.now) as own:
        placed = [row[0] for row in own.read().execute(holds)]
        person = [tuple(row) for row in own.read().execute(account)]
    return hashlib.sha256(repr((visit.today, person, placed, ours)).encode()).hexdigest()
