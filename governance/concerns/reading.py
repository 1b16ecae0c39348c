"""Concerns as the viewer may read them: nothing about what they may not know of, no name that is not shown."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from governance.concerns import receipts
from governance.concerns.answering import is_raiser
from governance.concerns.values import About, Concern, ConcernKind, Evidence, Loss, Nature, ShowAs, State
from governance.errors import NotFound
from governance.tables import ConcernRow, OrganisationRow, PersonRow
from governance.visit import Visit


def concerns(visit: Visit, *, about_kind: str = "", about_id: str = "", open_only: bool = False) -> tuple[Concern, ...]:
    """The open ones first, what is felt strongly before the rest, then the newest day."""
    wanted = select(ConcernRow)
    if about_kind:
        wanted = wanted.where(ConcernRow.about_kind == about_kind)
    if about_id:
        wanted = wanted.where(ConcernRow.about_id == about_id)
    names = _names(visit)
    found = [_concern(visit, row, names) for row in visit.read().execute(wanted).scalars()]
    kept = [each for each in found if each.is_open or not open_only]
    return tuple(sorted(kept, key=lambda each: (not each.is_open, -each.felt, -each.raised_on.toordinal(), each.id)))


def concern(visit: Visit, concern_id: str) -> Concern:
    """One concern. Raises NotFound, also for one about what the viewer may not know of."""
    row = visit.read().execute(select(ConcernRow).where(ConcernRow.id == concern_id)).scalar_one_or_none()
    if row is None:
        raise NotFound("There is no concern of that name here.")
    return _concern(visit, row, _names(visit))


def of_receipt(visit: Visit, receipt: str) -> str:
    """The id of the concern that this receipt code belongs to. Raises NotFound."""
    kept = receipts.hash_of(receipt)
    found = visit.read().execute(select(ConcernRow.id).where(ConcernRow.receipt_hash == kept)).scalar_one_or_none()
    if found is None:
        raise NotFound("No concern here has this receipt code: read it once more, letter by letter.")
    return found


def _names(visit: Visit) -> Mapping[str, str]:
    """What people and organisations are called, by username and by id."""
    organisations = {row.id: row.name for row in visit.read().execute(select(OrganisationRow)).scalars()}
    people = visit.read().execute(select(PersonRow.username, PersonRow.display, PersonRow.organisation_id))
    named = {person.username: f"{person.display}, {organisations[person.organisation_id]}" for person in people}
    return {**{f"organisation:{key}": name for key, name in organisations.items()}, **named}


def _concern(visit: Visit, row: ConcernRow, names: Mapping[str, str]) -> Concern:
    return Concern(
        id=row.id,
        about=About(kind=row.about_kind, id=row.about_id, title=row.about_title),
        words=row.words,
        kind=ConcernKind(row.kind),
        loss=Loss(row.loss) if row.loss else None,
        felt=row.felt,
        evidence=Evidence(row.evidence),
        evidence_basis=row.evidence_basis,
        nature=Nature(row.nature) if row.nature else None,
        show_as=ShowAs(row.show_as),
        organisation=names.get(f"organisation:{row.organisation_id}", ""),
        organisation_id=row.organisation_id,
        raised_on=row.raised_on,
        is_mine=is_raiser(visit, row),
        restated=row.restated,
        restated_by=names.get(row.restated_by, row.restated_by),
        agreed_on=row.agreed_on,
        answer=row.answer,
        answered_by=names.get(row.answered_by, row.answered_by),
        answered_on=row.answered_on,
        state=State(row.state),
        settled_on=row.settled_on,
    )
