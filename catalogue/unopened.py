"""Datasets of the collaboration that are not open: what can still be shared further, and by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.sql import ColumnElement

from catalogue.curation import NO_SUCH_DATASET
from catalogue.formats import read_format
from catalogue.spectrum import Band
from catalogue.tables import DatasetRow
from governance import NotFound, Visit
from governance.people import organisations

_COLUMNS = (
    DatasetRow.id,
    DatasetRow.title,
    DatasetRow.band,
    DatasetRow.organisation_id,
    DatasetRow.person_level,
    DatasetRow.formats,
    DatasetRow.approver,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unopened:
    """One of them, as far as it matters for sharing it."""

    id: str
    title: str
    band: Band
    organisation_id: str
    organisation: str
    """Name of its owner."""
    person_level: str
    """none, aggregate, de-identified, identifiable; "" when nobody says."""
    approver: str
    """Who can say yes, "" when nobody is named."""
    machine_readable: bool | None
    """Whether one of its formats can be read by a program; None when none is stated."""


def unopened(visit: Visit) -> tuple[Unopened, ...]:
    """Every dataset that an organisation here owns, that is not open and that the viewer may know of, by title."""
    wanted = select(*_COLUMNS).where(*_unopened()).order_by(DatasetRow.title, DatasetRow.id)
    names = _names(visit)
    return tuple(_made(row, names) for row in visit.read().execute(wanted) if row.organisation_id in names)


def unopened_one(visit: Visit, dataset_id: str) -> Unopened:
    """One of them. Raises NotFound for an open one too, in the words for what is hidden or never was."""
    wanted = select(*_COLUMNS).where(*_unopened(), DatasetRow.id == dataset_id)
    row = visit.read().execute(wanted).one_or_none()
    names = _names(visit)
    if row is None or row.organisation_id not in names:
        raise NotFound(NO_SUCH_DATASET)
    return _made(row, names)


def _unopened() -> tuple[ColumnElement[bool], ...]:
    return (
        DatasetRow.organisation_id != "",
        DatasetRow.band != Band.OPEN.value,
        DatasetRow.state != "withdrawn",
    )


def _names(visit: Visit) -> dict[str, str]:
    return {each.id: each.name for each in organisations(visit)}


def _made(row: Any, names: dict[str, str]) -> Unopened:
    return Unopened(
        id=row.id,
        title=row.title,
        band=Band(row.band),
        organisation_id=row.organisation_id,
        organisation=names[row.organisation_id],
        person_level=row.person_level,
        approver=row.approver.strip(),
        machine_readable=_machine_readable(row.formats),
    )


def _machine_readable(stated: Sequence[str]) -> bool | None:
    known = [found.machine_readable for each in stated if (found := read_format(each)) is not None]
    return any(known) if known else None
