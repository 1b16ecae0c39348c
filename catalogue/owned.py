"""What an owner's list shows of each dataset: its band, who may know of it, how fresh it is, who answers for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from catalogue.freshness import Freshness, freshness
from catalogue.spectrum import Band
from catalogue.tables import DatasetRow, ListedForRow
from governance import Visit
from governance.people import organisations


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """A dataset in the list of the organisation that owns it."""

    id: str
    title: str
    band: Band
    organisation_id: str
    """The organisation that owns it; "" for what was harvested and belongs to nobody here."""
    listing: str
    listed_for: tuple[str, ...]
    """Names of the organisations that may know of it besides its owner."""
    freshness: Freshness
    state: str
    contact_name: str


def owned(visit: Visit, ids: Sequence[str]) -> tuple[Owned, ...]:
    """These datasets in the order given; one that the viewer may not know of (any more) is left out."""
    wanted = select(
        DatasetRow.number,
        DatasetRow.id,
        DatasetRow.title,
        DatasetRow.band,
        DatasetRow.organisation_id,
        DatasetRow.listing,
        DatasetRow.modified,
        DatasetRow.accrual_periodicity,
        DatasetRow.state,
        DatasetRow.contact_name,
    ).where(DatasetRow.id.in_(ids))
    rows = {row.id: row for row in visit.read().execute(wanted)}
    others = _listed_for(visit, [row.number for row in rows.values() if row.listing == "organisations"])
    return tuple(
        Owned(
            id=row.id,
            title=row.title,
            band=Band(row.band),
            organisation_id=row.organisation_id,
            listing=row.listing,
            listed_for=others.get(row.number, ()),
            freshness=freshness(row.modified, row.accrual_periodicity, today=visit.today),
            state=row.state,
            contact_name=row.contact_name,
        )
        for row in (rows[each] for each in ids if each in rows)
    )


def _listed_for(visit: Visit, numbers: Sequence[int]) -> dict[int, tuple[str, ...]]:
    if not numbers:
        return {}
    names = {each.id: each.name for each in organisations(visit)}
    found: dict[int, list[str]] = {}
    wanted = select(ListedForRow.number, ListedForRow.organisation_id).where(ListedForRow.number.in_(numbers))
    for number, organisation_id in visit.read().execute(wanted):
        found.setdefault(number, []).append(names.get(organisation_id, ""))
    return {number: tuple(sorted(each, key=str.casefold)) for number, each in found.items()}
