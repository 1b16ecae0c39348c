"""Places that numbers are about, and groups of places that may fairly be compared."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from governance import Action, Invalid, Visit, require
from reportcards.tables import AreaRow, PeerGroupRow
from store import bulk_upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A place that numbers are about."""

    code: str
    name: str
    kind: str = ""
    parent: str = ""
    """Code of the area that it is a part of: disclosure control adds parts up as a reader would."""
    valid_from: date | None = None
    valid_to: date | None = None


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
    return {row.code: _area(row) for row in found}


def _area(row: AreaRow) -> Area:
    return Area(
        code=row.code,
        name=row.name,
        kind=row.kind,
        parent=row.parent,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )


def save_areas(visit: Visit, given: Sequence[Area]) -> int:
    """Keep these places, each in the place of the one with its code; how many there were.

    Raises: Invalid for a place without a code or name, a parent that nobody knows, or a circle of parents;
    NotPermitted.
    """
    known = {code: each.parent for code, each in areas(visit).items()} | {each.code: each.parent for each in given}
    for each in given:
        _check(each, known)
    rows = [
        {
            "code": each.code,
            "name": each.name,
            "kind": each.kind,
            "parent": each.parent,
            "valid_from": each.valid_from,
            "valid_to": each.valid_to,
        }
        for each in {one.code: one for one in given}.values()
    ]
    with visit.change(require(visit, Action.INDICATOR_SAVED, "areas", areas=len(rows))) as session:
        bulk_upsert(session, AreaRow, rows, key=["code"])
    visit.refresh()
    return len(rows)


def _check(area: Area, parents: Mapping[str, str]) -> None:
    if not area.code.strip() or not area.name.strip():
        raise Invalid(f"Every area needs a code and a name: “{area.code or area.name}” has only one of them.")
    if area.parent and area.parent not in parents:
        raise Invalid(f"“{area.code}” is said to be a part of “{area.parent}”, which is no area: name that one too.")
    if area.valid_from and area.valid_to and area.valid_from > area.valid_to:
        raise Invalid(f"“{area.code}” ends before it begins.")
    seen, above = {area.code}, area.parent
    while above:
        if above in seen:
            raise Invalid(f"“{area.code}” would be a part of itself: look at the parents of {', '.join(sorted(seen))}.")
        seen.add(above)
        above = parents.get(above, "")


def area_names(visit: Visit, codes: Iterable[str]) -> dict[str, str]:
    """The names of these places; a place without a name is called by its code."""
    wanted = set(codes)
    found = visit.read().execute(select(AreaRow.code, AreaRow.name).where(AreaRow.code.in_(wanted)))
    return {code: code for code in wanted} | {row.code: row.name for row in found}


def kinds_and_parents(visit: Visit, codes: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """What kind of place each of these is, and which it is a part of; those of which neither is known are left out."""
    wanted = select(AreaRow.code, AreaRow.kind, AreaRow.parent).where(AreaRow.code.in_(set(codes)))
    found = visit.read().execute(wanted).all()
    kinds = {row.code: row.kind for row in found if row.kind}
    return kinds, {row.code: row.parent for row in found if row.parent}


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
