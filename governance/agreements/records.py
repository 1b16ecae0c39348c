"""What is written down with an agreement so that any later change is found: seals, records, derived rows.

A seal is the hash of one signature; a record the hash of all that the rows of one agreement say. Every event of an
agreement carries the record as it was after it, so the audit's chain keeps both.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from governance.agreements.document import Document, content_hash, read, terms_hash
from governance.tables import AgreementRow, GrantRow, ItemRow, PartyRow, VersionRow

SIGNED = (
    "version_id",
    "organisation_id",
    "position",
    "role",
    "signs",
    "signatory",
    "signatory_title",
    "method",
    "reference",
    "signed_at",
    "signed_by",
    "signed_hash",
)
"""What a seal covers, in this order."""


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return content_hash(value)
    return value


def _hash(values: object) -> str:
    written = json.dumps(values, ensure_ascii=True, separators=(",", ":"), default=str)
    return hashlib.sha256(written.encode()).hexdigest()


def _columns(row: Any) -> list[object]:
    return [_plain(getattr(row, column.key)) for column in row.__table__.columns]


def seal(party: PartyRow) -> str:
    """The hash of one signature, 64 hexadecimal digits."""
    return _hash([_plain(getattr(party, name)) for name in SIGNED])


def record(agreement: AgreementRow, versions: Iterable[VersionRow], parties: Iterable[PartyRow]) -> str:
    """The hash of everything these rows say, whatever order they come in."""
    said = [_columns(agreement), sorted(map(_columns, versions), key=str), sorted(map(_columns, parties), key=str)]
    return _hash(said)


def rows(version_id: str, document: Document) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The values of the items and of the grants that this document stands for."""
    items: list[dict[str, Any]] = []
    grants: list[dict[str, Any]] = []
    for position, line in enumerate(document.schedule):
        place = {"version_id": version_id, "position": position}
        items.append(
            {
                **place,
                "dataset_id": line.dataset,
                "owner_id": line.owner,
                "detail": line.detail.value,
                "min_cell": line.min_cell,
                "first": line.first or document.starts_on,
                "last": line.last or document.ends_on,
            }
        )
        words = {"receiver": line.receivers, "person": line.people, "use": line.uses, "purpose": line.purposes}
        grants += [{**place, "kind": kind, "value": str(each)} for kind in words for each in sorted(set(words[kind]))]
    return items, grants


def misfit(version: VersionRow, parties: Sequence[PartyRow]) -> str:
    """Why a frozen version is not what was signed, "" when it is: to be asked whenever a version is loaded."""
    try:
        document = read(version.document)
    except ValueError:
        return "its document cannot be read"
    # SQLite gives back text where somebody wrote text into a column of bytes.
    if not isinstance(version.document, bytes) or content_hash(version.document) != version.content_hash:
        return "its document is not the one that was signed"
    if terms_hash(document) != version.terms_hash:
        return "its terms are not those that were signed"
    said = [(line.organisation, line.role.value) for line in document.parties]
    if said != [(party.organisation_id, party.role) for party in sorted(parties, key=lambda each: each.position)]:
        return "its parties are not those of its document"
    for party in parties:
        if party.signed_at is None and (party.seal or party.signed_hash):
            return "a signature lost its day"
        if party.signed_at and (party.seal != seal(party) or party.signed_hash != version.content_hash):
            return "a signature is not the one that was given"
    return ""


def stray(version: VersionRow, items: Iterable[ItemRow], grants: Iterable[GrantRow]) -> str:
    """Why the rows kept for lists are not those of the document, "" when they are; a draft has none."""
    kept = (items, grants)
    should = rows(version.id, read(version.document)) if version.frozen_at else ([], [])
    for name, have, want in zip(("schedule", "grants"), kept, should, strict=True):
        found = sorted(str(_columns(row)) for row in have)
        table = ItemRow if name == "schedule" else GrantRow
        if found != sorted(str(_columns(table(**values))) for values in want):
            return f"the {name} kept for lists is not the one of its document"
    return ""


def signed_by(version: VersionRow, parties: Sequence[PartyRow], terms: Sequence[PartyRow]) -> frozenset[str]:
    """The parties whose signature stands; `terms` are the parties of version n.0, whose signatures a n.m relies on."""
    stands = {party.organisation_id for party in terms if party.signed_at} if version.minor else frozenset()
    return frozenset(
        party.organisation_id
        for party in parties
        if party.signed_at or (not party.signs and party.organisation_id in stands)
    )
