"""What may leave the house: the datasets that are live and listed to everyone, as plain values.

Whoever asks, a published file holds the same: the narrowest view is taken on purpose, so that an operator's run
cannot publish what only operators may see.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, func, select

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


def published() -> Select[DatasetRow]:
    """The rows that may leave the house."""
    return select(DatasetRow).where(DatasetRow.state == "live", DatasetRow.listing == "everyone")


def entries(visit: Visit) -> Iterator[Entry]:
    """Every published dataset in the order of its id, a batch in memory at a time."""
    owners = {each.id: each for each in organisations(visit)}
    last = ""
    while batch := _batch(visit, published().where(DatasetRow.id > last).order_by(DatasetRow.id).limit(BATCH)):
        for row, document in batch:
            yield _entry(row, decode(document.record), owners.get(row.organisation_id))
        last = batch[-1][0].id


def entry(visit: Visit, identifier: str) -> Entry | None:
    """One published dataset, None when there is none of that id."""
    found = _batch(visit, published().where(DatasetRow.id == identifier))
    if not found:
        return None
    row, document = found[0]
    owners = {each.id: each for each in organisations(visit)}
    return _entry(row, decode(document.record), owners.get(row.organisation_id))


def page_of_entries(visit: Visit, *, first: int, size: int) -> list[Entry]:
    """Some published datasets by place in the order of their id."""
    owners = {each.id: each for each in organisations(visit)}
    wanted = published().order_by(DatasetRow.id).offset(first).limit(size)
    return [
        _entry(row, decode(document.record), owners.get(row.organisation_id)) for row, document in _batch(visit, wanted)
    ]


def identifiers(visit: Visit) -> list[str]:
    """The ids of every published dataset."""
    wanted = published().with_only_columns(DatasetRow.id).order_by(DatasetRow.id)
    return list(visit.read().execute(wanted).scalars())


def size(visit: Visit) -> int:
    """How many datasets are published."""
    wanted = published().with_only_columns(func.count(DatasetRow.number))
    return int(visit.read().execute(wanted).scalar_one())


def changed_last(visit: Visit) -> datetime:
    """When the newest change of a published dataset happened; the visit's moment when there is none."""
    wanted = published().with_only_columns(func.max(DatasetRow.changed_at))
    return visit.read().execute(wanted).scalar() or visit.now


def home_address() -> str:
    """Where people reach the product, "" when it was never said."""
    return settings().public_url.rstrip("/")


def page_address(identifier: str) -> str:
    """Where people reach a dataset's page, "" when no public address is set."""
    return f"{home_address()}/dataset?id={identifier}" if home_address() else ""


def _batch(visit: Visit, wanted: Select[DatasetRow]) -> list[tuple[DatasetRow, DocumentRow]]:
    session = visit.read()
    joined = wanted.add_columns(DocumentRow).join(DocumentRow, DocumentRow.number == DatasetRow.number)
    rows = [(row, document) for row, document in session.execute(joined)]
    for row, document in rows:
        session.expunge(row)
        session.expunge(document)
    return rows


def _entry(row: DatasetRow, record: Record, owner: Organisation | None) -> Entry:
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


def _why(row: DatasetRow) -> str:
    if row.rule in ("C1", "C2"):
        # The sentence names who stated or decided it: that is for those inside.
        return f"{Band(row.band).label}: {row.placement.get('short', '')}"
    return str(row.placement.get("sentence", ""))


def _as_effective(row: DatasetRow, record: Record, owner: Organisation | None) -> Record:
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
