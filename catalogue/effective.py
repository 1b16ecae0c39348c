"""What the catalogue shows of a record: a curator's correction before the source's word before what follows from it."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from catalogue import formats, licences, signals
from catalogue.records import Record
from catalogue.spectrum import Decision, Placement, Stated, place
from catalogue.tables import ChangeRow
from governance.errors import Invalid
from store import bulk_insert

TEXTS = (
    "title",
    "description",
    "publisher",
    "contact_name",
    "contact_email",
    "access_right",
    "accrual_periodicity",
    "landing_page",
    "spatial",
)
LISTS = ("licence", "keywords", "themes", "life_events")
CORRECTABLE = frozenset((*TEXTS, *LISTS))
"""The fields a curator may correct; the values of LISTS are JSON lists as text."""
VOLATILE = ("metadata_modified", "tracking_summary", "harvest_", "num_", "view_count", "views_", "revision_")
"""Beginnings of extras that portals move by themselves: a change there is no change of the dataset."""
_UNORDERED = ("keywords", "themes", "aliases", "life_events", "language", "conforms_to")
_SHOWN_ONLY = frozenset(("raw", "fingerprint", "warnings", "extras", *_UNORDERED))


def _plain(value: Any) -> Any:
    if isinstance(value, MappingProxyType):
        return dict(value)
    raise NotImplementedError(type(value).__name__)


_encoder = msgspec.json.Encoder(enc_hook=_plain)
_decoder = msgspec.json.Decoder(Record)
_placements = msgspec.json.Decoder(Placement)


def encode(record: Record) -> bytes:
    """The record as packed JSON without the source's own bytes, which are kept beside it.

    Raises: ValueError for text that not every database can store: lone surrogates, NUL.
    """
    try:
        body = _encoder.encode(replace(record, raw=b"") if record.raw else record)
    except UnicodeEncodeError as error:
        raise ValueError("the text of the record is not valid Unicode") from error
    if b"\\u0000" in body:
        raise ValueError("the text of the record holds a NUL character")
    return zlib.compress(body, 1)


def decode(document: bytes) -> Record:
    """The record that `encode` wrote; fields added to records since then have their defaults."""
    return _decoder.decode(zlib.decompress(document))


def pack(raw: bytes) -> bytes:
    """The source's own bytes as DocumentRow.raw keeps them."""
    return zlib.compress(raw, 1) if raw else b""


def unpack(kept: bytes) -> bytes:
    """The source's own bytes of a DocumentRow or a RejectionRow."""
    return zlib.decompress(kept) if kept else b""


def content_hash(record: Record) -> str:
    """Equal for two records that say the same: bytes, warnings, order of keywords and volatile extras do not count."""
    words: list[Any] = [getattr(record, name) for name in _COMPARED]
    words += [sorted(getattr(record, name)) for name in _UNORDERED]
    words.append(sorted(pair for pair in record.extras.items() if not pair[0].startswith(VOLATILE)))
    return hashlib.blake2b(_encoder.encode(words), digest_size=16).hexdigest()


_COMPARED = tuple(name for name in Record.__dataclass_fields__ if name not in _SHOWN_ONLY)


def said(record: Record, field: str) -> str:
    """What a record says of a correctable field, in the form corrections are kept in."""
    value = getattr(record, field)
    return value if isinstance(value, str) else json.dumps(list(value), ensure_ascii=False)


def corrected(record: Record, corrections: Mapping[str, str]) -> Record:
    """The record with a curator's corrections in place of the source's words."""
    if not corrections:
        return record
    values: dict[str, Any] = {}
    for field, value in corrections.items():
        if field not in CORRECTABLE:
            raise Invalid(f"The field {field} cannot be corrected.", field=field)
        values[field] = value if field in TEXTS else _listed(field, value)
    return replace(record, **values)


def _listed(field: str, value: str) -> tuple[str, ...]:
    try:
        return msgspec.json.decode(value, type=tuple[str, ...])
    except msgspec.DecodeError:
        raise Invalid(f"The correction of {field} has to be a list.", field=field) from None


def columns(
    record: Record,
    *,
    corrections: Mapping[str, str],
    stated: Stated | None,
    decisions: Sequence[Decision],
) -> dict[str, Any]:
    """The values of DatasetRow that follow from a record: corrected before harvested before derived."""
    shown = corrected(record, corrections)
    placement = place(shown, stated=stated, decisions=decisions)
    raw_licence = signals.raw_licence(shown)
    return {
        "remote_id": record.remote_id,
        "title": shown.title,
        "description": shown.description,
        "publisher": shown.publisher,
        "contact_name": shown.contact_name,
        "contact_email": shown.contact_email,
        "approver": shown.approver,
        "access_how": shown.access_how,
        "keywords": list(shown.keywords),
        "themes": list(shown.themes),
        "formats": formats_of(shown),
        "life_events": list(shown.life_events),
        "spatial": shown.spatial,
        "landing_page": shown.landing_page,
        "licence": _decided(shown, raw_licence, decisions) or _resolved(shown),
        "licence_raw": raw_licence,
        "access_right": shown.access_right,
        "band": placement.band.value,
        "rule": str(placement.rule),
        "placement": msgspec.to_builtins(placement, enc_hook=_plain),
        "person_level": shown.person_level,
        "accrual_periodicity": shown.accrual_periodicity,
        "issued": shown.issued,
        "modified": shown.modified,
        "updated_on": day(shown.modified),
        "parent": shown.parent,
        "identifier": shown.identifier,
    }


def _decided(shown: Record, raw_licence: str, decisions: Sequence[Decision]) -> str:
    for one in decisions:
        covers_access = one.access_value in (None, shown.access_right)
        if one.licence and covers_access and one.licence_value in (None, raw_licence):
            return one.licence
    return ""


def _resolved(shown: Record) -> str:
    found = licences.resolve([*shown.licence, *(each.licence for each in shown.distributions)])
    return found.licence.id if found.licence else ""


def formats_of(record: Record) -> list[str]:
    """The normal names of the formats of a record's files, each once, in the order of the files."""
    named = (formats.format_name(each) for each in record.distributions)
    return list(dict.fromkeys(name for name in named if name))


def day(stated: str) -> date | None:
    """The day of an ISO date or date-time; the first day of a bare year or month; None when there is none."""
    text = stated[:10]
    text += {4: "-01-01", 7: "-01"}.get(len(text), "")
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def placement_of(kept: Mapping[str, Any]) -> Placement:
    """The Placement that `columns` put into DatasetRow.placement."""
    return _placements.decode(_encoder.encode(kept))


def changed(session: Session, numbers: Iterable[int]) -> None:
    """Tell every process that these datasets changed, and bring the search index along, in one transaction."""
    from catalogue.search_index import refresh

    moved = sorted(set(numbers))
    if moved:
        # First the index: on PostgreSQL it takes the lock that makes change numbers commit in their order.
        refresh(session, moved)
        bulk_insert(session, ChangeRow, [{"number": number} for number in moved])
