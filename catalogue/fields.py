"""Where each field of a dataset came from: the source, a curator, its owner, or a rule of ours."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select

from catalogue import licences
from catalogue.curation import dataset_row
from catalogue.effective import CORRECTABLE, decode, said
from catalogue.history import word
from catalogue.spectrum import Band
from catalogue.tables import CorrectionRow, DatasetRow, DocumentRow
from governance import NotFound, Visit


class From(StrEnum):
    """Who says so."""

    SOURCE = "source"
    CURATOR = "curator"
    DERIVED = "derived"
    OWNER = "owner"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldOrigin:
    """One field: what is shown, who says so, and what the source says by now when that is something else."""

    field: str
    word: str
    """The field's name as a person reads it."""
    value: str
    """As shown, "" when nobody states it."""
    origin: From
    source_now_says: str | None = None
    """Set when the source moved since a curator corrected the field; "" when it states nothing any more."""
    corrected_by: str = ""
    corrected_at: datetime | None = None
    reason: str = ""
    is_correctable: bool = False


_STATED = (
    "title",
    "description",
    "publisher",
    "contact_name",
    "contact_email",
    "keywords",
    "themes",
    "life_events",
    "licence",
    "access_right",
    "rights",
    "access_how",
    "approver",
    "person_level",
    "landing_page",
    "identifier",
    "issued",
    "modified",
    "accrual_periodicity",
    "temporal_start",
    "temporal_end",
    "spatial",
    "language",
    "parent",
)


def fields_and_sources(visit: Visit, dataset_id: str) -> list[FieldOrigin]:
    """Every field with its origin; fields that nobody states come with an empty value. Raises NotFound."""
    row = dataset_row(visit.read(), dataset_id)
    document = visit.read().get(DocumentRow, row.number)
    if document is None:
        raise NotFound("There is no description of this dataset.")
    record = decode(document.record)
    wanted = select(CorrectionRow).where(CorrectionRow.number == row.number)
    corrections = {each.field: each for each in visit.read().execute(wanted).scalars()}
    speaks = From.SOURCE if row.source_id else From.OWNER
    stated = [
        _corrected(field, corrections[field], now=said(record, field))
        if field in corrections
        else FieldOrigin(
            field=field,
            word=word(field),
            value=shown(getattr(record, field)),
            origin=speaks,
            is_correctable=field in CORRECTABLE,
        )
        for field in _STATED
    ]
    return [*stated, *_derived(row)]


def _corrected(field: str, kept: CorrectionRow, *, now: str) -> FieldOrigin:
    return FieldOrigin(
        field=field,
        word=word(field),
        value=_readable(kept.value, field),
        origin=From.CURATOR,
        source_now_says=_readable(now, field) if now != kept.source_said else None,
        corrected_by=kept.by,
        corrected_at=kept.at,
        reason=kept.reason,
        is_correctable=True,
    )


def _readable(kept: str, field: str) -> str:
    """A correction as people read it: lists are kept as JSON."""
    if field not in ("licence", "keywords", "themes", "life_events"):
        return kept
    try:
        return shown(tuple(json.loads(kept)))
    except (ValueError, TypeError):
        return kept


def shown(value: str | tuple[str, ...]) -> str:
    """A field's value on one line."""
    return value if isinstance(value, str) else ", ".join(value)


def _derived(row: DatasetRow) -> list[FieldOrigin]:
    found = licences.licence(row.licence) if row.licence else None
    values = {
        "band": Band(row.band).label,
        "licence_read_as": found.title if found else "",
        "formats": ", ".join(row.formats),
    }
    words = {"band": "place on the spectrum", "licence_read_as": "licence, as we read it"}
    return [
        FieldOrigin(
            field=field,
            word=words.get(field, word(field)),
            value=value,
            origin=From.CURATOR
            if field == "band" and row.stated and row.source_id
            else From.OWNER
            if field == "band" and row.stated
            else From.DERIVED,
        )
        for field, value in values.items()
    ]
