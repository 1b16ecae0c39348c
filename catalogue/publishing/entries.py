"""What may leave the house: the datasets that are live and listed to everyone, as plain values.

Whoever asks, a published file holds the same: the narrowest view is taken on purpose, so that an operator's run
cannot publish what only operators may see.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select

from catalogue import licences
from catalogue.effective import decode
from catalogue.records import Distribution, Record
from catalogue.spectrum import Band
from catalogue.tables import DatasetRow, DocumentRow
from governance import Visit
from governance.people import Organisation, organisations
from store.settings import settings

BATCH = 500
_ASKED_FOR = frozenset({"closed", "named", "group"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One published dataset: effective values over the record of its source."""

    id: str
    urn: str
    """Names the dataset in every file, wherever the product is served."""
    page: str
    """Address of its page, "" when no public address is set."""
    band: str
    why: str
    """The placement's sentence."""
    licence: licences.Licence | None
    licence_raw: str
    formats: tuple[str, ...]
    source: str
    added_at: datetime
    changed_at: datetime
    record: Record
    """The source's record with the effective values in it."""


def _published(*columns: Any) -> Select[*tuple[Any, ...]]:
    """These columns of the rows that may leave the house."""
    return select(*columns).where(DatasetRow.state == "live", DatasetRow.listing == "everyone")


_SHOWN = (
    DatasetRow.id,
    DatasetRow.source_id,
    DatasetRow.source_name,
    DatasetRow.organisation_id,
    DatasetRow.title,
    DatasetRow.description,
    DatasetRow.publisher,
    DatasetRow.contact_name,
    DatasetRow.contact_email,
    DatasetRow.access_how,
    DatasetRow.keywords,
    DatasetRow.themes,
    DatasetRow.formats,
    DatasetRow.spatial,
    DatasetRow.landing_page,
    DatasetRow.licence,
    DatasetRow.licence_raw,
    DatasetRow.band,
    DatasetRow.rule,
    DatasetRow.placement,
    DatasetRow.issued,
    DatasetRow.modified,
    DatasetRow.accrual_periodicity,
    DatasetRow.added_at,
    DatasetRow.changed_at,
    DocumentRow.record,
)
"""Columns, not rows: a catalogue is read whole, and an object a dataset costs more than its reading."""


def _whole() -> Select[*tuple[Any, ...]]:
    return _published(*_SHOWN).join(DocumentRow, DocumentRow.number == DatasetRow.number).order_by(DatasetRow.id)


def _read(visit: Visit, wanted: Select[*tuple[Any, ...]]) -> Iterator[Entry]:
    owners = {each.id: each for each in organisations(visit)}
    for row in visit.read().execute(wanted):
        yield _entry(row, decode(row.record), owners.get(row.organisation_id))


def entries(visit: Visit) -> Iterator[Entry]:
    """Every published dataset in the order of its id, a batch in memory at a time."""
    last = ""
    while batch := list(_read(visit, _whole().where(DatasetRow.id > last).limit(BATCH))):
        yield from batch
        last = batch[-1].id


def entry(visit: Visit, identifier: str) -> Entry | None:
    """One published dataset, None when there is none of that id."""
    return next(_read(visit, _whole().where(DatasetRow.id == identifier)), None)


def page_of_entries(visit: Visit, *, first: int, size: int) -> list[Entry]:
    """Some published datasets by place in the order of their id."""
    return list(_read(visit, _whole().offset(first).limit(size)))


def identifiers(visit: Visit) -> list[str]:
    """The ids of every published dataset."""
    return list(visit.read().execute(_published(DatasetRow.id).order_by(DatasetRow.id)).scalars())


def size(visit: Visit) -> int:
    """How many datasets are published."""
    return int(visit.read().execute(_published(func.count(DatasetRow.number))).scalar_one())


def changed_last(visit: Visit) -> datetime:
    """When the newest change of a published dataset happened; the visit's moment when there is none."""
    return visit.read().execute(_published(func.max(DatasetRow.changed_at))).scalar() or visit.now


def home_address() -> str:
    """Where people reach the product, "" when it was never said."""
    return settings().public_url.rstrip("/")


def page_address(identifier: str) -> str:
    """Where people reach a dataset's page, "" when no public address is set."""
    return f"{home_address()}/dataset?id={identifier}" if home_address() else ""


def _entry(row: Row[*tuple[Any, ...]], record: Record, owner: Organisation | None) -> Entry:
    return Entry(
        id=row.id,
        urn=f"urn:commontable:dataset:{row.id}",
        page=page_address(row.id),
        band=row.band,
        why=_why(row),
        licence=licences.licence(row.licence) if row.licence else None,
        licence_raw=row.licence_raw,
        formats=tuple(row.formats),
        source=row.source_name,
        added_at=row.added_at,
        changed_at=row.changed_at,
        record=_as_effective(row, record, owner),
    )


def _why(row: Row[*tuple[Any, ...]]) -> str:
    if row.rule in ("C1", "C2"):
        # The sentence names who stated or decided it: that is for those inside.
        return f"{Band(row.band).label}: {row.placement.get('short', '')}"
    return str(row.placement.get("sentence", ""))


def _as_effective(row: Row[*tuple[Any, ...]], record: Record, owner: Organisation | None) -> Record:
    shown = replace(
        record,
        title=row.title,
        description=row.description,
        publisher=row.publisher,
        contact_name=row.contact_name,
        contact_email=row.contact_email,
        keywords=tuple(row.keywords),
        themes=tuple(row.themes),
        spatial=row.spatial,
        landing_page=row.landing_page,
        access_how=row.access_how,
        issued=row.issued,
        modified=row.modified,
        accrual_periodicity=row.accrual_periodicity,
    )
    if owner is None or row.source_id is not None:
        return shown
    # Inside, a person answers for it; outside, their organisation does: nobody agreed to have a name on the web.
    files: tuple[Distribution, ...] = () if row.band in _ASKED_FOR else shown.distributions
    email = owner.contact if "@" in owner.contact else ""
    return replace(
        shown,
        contact_name=owner.name,
        contact_email=email,
        access_how=owner.how_to_ask or shown.access_how,
        landing_page="" if row.band in _ASKED_FOR else shown.landing_page,
        distributions=files,
    )
