"""What somebody's access rests on, as one short value: a page that was drawn tells by it whether it still stands."""

from __future__ import annotations

import hashlib
from typing import cast

from sqlalchemy import Table, bindparam, or_, select

from governance.access import Scope
from governance.tables import HoldRow, PartyRow, VersionRow
from governance.visit import Visit
from store import guarded

_hold, _party, _version = (cast(Table, each.__table__) for each in (HoldRow, PartyRow, VersionRow))
_of_party = _version.alias("version_of_party")
_THEIRS = (
    select(_of_party.c.agreement_id)
    .join(_party, _party.c.version_id == _of_party.c.id)
    .where(_party.c.organisation_id == bindparam("organisation_id"))
)
_AGREED = (
    select(_version.c.id, _version.c.state, _version.c.frozen_at, _version.c.activated_at, _version.c.closed_at)
    .where(_version.c.agreement_id.in_(_THEIRS))
    .order_by(_version.c.id)
)
_BEGUN = _hold.c.placed_at <= bindparam("now", type_=_hold.c.placed_at.type)
_IN_FORCE = or_(_hold.c.lifted_at.is_(None), _hold.c.lifted_at > bindparam("now", type_=_hold.c.lifted_at.type))
_OF_OTHERS = (_hold.c.scope == Scope.PERSON.value) & (_hold.c.object_id != bindparam("username"))
_HELD = select(_hold.c.id).where(_BEGUN, _IN_FORCE, ~_OF_OTHERS).order_by(_hold.c.id)
_WHY = "of what is read only a hash is kept, and nobody is shown it"


def footing(visit: Visit) -> str:
    """Another value as soon as a hold, an agreement, the account or the day may have changed what the viewer may see.

    It decides nothing, and may change without need: of what changed it asks only whether it can concern the viewer.
    Whether the account is active, and whose it is, was asked when the visit began. Asked at every look: the
    statements are made once, and go round the narrowing of rows.
    """
    viewer, session = visit.viewer, visit.read()
    account = (viewer.username, viewer.organisation_id, sorted(viewer.roles))
    agreed = [tuple(row) for row in guarded(session, _AGREED, _WHY, organisation_id=viewer.organisation_id)]
    held = guarded(session, _HELD, _WHY, now=visit.now, username=viewer.username).scalars().all()
    return hashlib.sha256(repr((visit.today, account, held, agreed)).encode()).hexdigest()
