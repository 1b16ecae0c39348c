"""Places that numbers are about, and groups of places that may fairly be compared."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import select

from governance import Action, Invalid, Visit, require
from reportcards.tables import AreaRow, PeerGroupRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A place that numbers are about."""

    code: str
    name: str
    kind: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerGroup:
    """Places that may fairly be compared."""

    id: str = ""
    name: str
    dated: str = ""
    source: str = ""
    members: tuple[str, ...] = ()


def areas(visit: Visit) -> dict[str, Area]:
    """Every place by its code."""
    found = visit.read().execute(select(AreaRow).order_by(AreaRow.name)).scalars()
    return {row.code: Area(code=row.code, name=row.name, kind=row.kind, parent=row.parent) for row in found}


def area_names(visit: Visit, codes: Iterable[str]) -> dict[str, str]:
    """The names of these places; a place without a name is called by its code."""
    wanted = set(codes)
    found = visit.read().execute(select(AreaRow.code, AreaRow.name).where(AreaRow.code.in_(wanted)))
    return {code: code for code in wanted} | {row.code: row.name for row in found}


def peer_groups(visit: Visit) -> tuple[PeerGroup, ...]:
    """The groups of places that may be compared, by name."""
    found = visit.read().execute(select(PeerGroupRow).order_by(PeerGroupRow.name)).scalars()
    return tuple(
        PeerGroup(id=row.id, name=row.name, dated=row.dated, source=row.source, members=tuple(row.members))
        for row in found
    )


def save_peer_group(visit: Visit, given: PeerGroup) -> PeerGroup:
    """Create or change a peer group. Raises Invalid, NotPermitted."""
    if not given.name.strip() or not given.members:
        raise Invalid("A peer group needs a name and at least one place.")
    identifier = given.id or uuid.uuid4().hex
    with visit.change(require(visit, Action.INDICATOR_SAVED, given.name, peer_group=identifier)) as session:
        row = session.get(PeerGroupRow, identifier) or PeerGroupRow(id=identifier)
        row.name, row.dated, row.source, row.members = given.name, given.dated, given.source, list(given.members)
        session.add(row)
    return replace(given, id=identifier)
