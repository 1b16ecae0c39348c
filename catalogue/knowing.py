"""What other rooms may ask about datasets: who knows of one, and the facts a figure's origin is made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, select

from catalogue import licences
from catalogue.licences import Licence
from catalogue.tables import STEWARDING, DatasetRow, listed
from governance import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A dataset in the few words that a figure made of it has to carry."""

    id: str
    title: str
    publisher: str
    organisation_id: str
    """The organisation of the collaboration that owns it; "" for what others publish."""
    band: str
    licence: Licence | None
    licence_words: str
    """The licence as it is shown: its short name, else what the source says, else "licence not stated"."""
    landing_page: str
    accrual_periodicity: str
    approver: str
    access_how: str
    acknowledgement: str
    """The words that its licence dictates, "" when it dictates none."""


def briefs(visit: Visit, dataset_ids: Iterable[str]) -> dict[str, Brief]:
    """The datasets among these that the viewer may know of, by id: one statement, whatever their number."""
    wanted = sorted(set(dataset_ids) - {""})
    if not wanted:
        return {}
    found = visit.read().execute(select(DatasetRow).where(DatasetRow.id.in_(wanted))).scalars()
    return {row.id: _brief(row) for row in found}


def _brief(row: DatasetRow) -> Brief:
    licence = licences.licence(row.licence) if row.licence else None
    dictated = licence.citation if licence is not None else ""
    words = {"title": row.title, "publisher": row.publisher, "year": row.modified[:4]}
    for name, value in words.items():
        dictated = dictated.replace(f"{{{name}}}", value)
    return Brief(
        id=row.id,
        title=row.title,
        publisher=row.publisher,
        organisation_id=row.organisation_id,
        band=row.band,
        licence=licence,
        licence_words=licence.short if licence else row.licence_raw or "licence not stated",
        landing_page=row.landing_page,
        accrual_periodicity=row.accrual_periodicity,
        approver=row.approver,
        access_how=row.access_how,
        acknowledgement=dictated.strip(),
    )


_KNOWN = DatasetRow.__table__.alias("known_dataset")
"""Made once: copying the columns of a table costs more than most queries."""


def known(dataset_id: Any, viewer: Any) -> ColumnElement[bool]:
    """For another room's visibility rule: the rows whose dataset the viewer may know of; of none, stewards only."""
    columns = _KNOWN.c
    found = select(literal(1)).select_from(_KNOWN).where(columns.id == dataset_id, listed(columns, viewer))
    exists = found.correlate_except(_KNOWN).exists()
    return exists | (dataset_id == "") if viewer.roles & STEWARDING else and_(dataset_id != "", exists)
