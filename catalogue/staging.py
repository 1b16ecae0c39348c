"""Pages of a run, kept as they are read: nothing of them shows until the whole run is applied."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.effective import content_hash, decode, encode, pack
from catalogue.records import Page, Record, Rejection, Seen
from catalogue.tables import DatasetRow, RejectionRow, RunRow, StagedPageRow, StagedRecordRow
from store import bulk_delete, bulk_insert, bulk_upsert

LONGEST_ID = 400
"""Longer ids are kept as their beginning and a hash: databases cannot index ten thousand letters."""
_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """What a run has read so far, without the records themselves."""

    seen: frozenset[str]
    """Identities whose content is what the catalogue holds."""
    new: Mapping[str, str]
    """Identity -> content hash of every record that is new or says something else."""
    fingerprints: Mapping[str, str]
    """New fingerprints of records in `seen`."""
    rejected: Mapping[str, str]
    """Identity -> reason of rejected records that can be told apart."""
    nameless: int
    """Rejected records that cannot be told apart from others."""


@dataclass(slots=True)
class _Read:
    record: Record
    document: bytes
    content: str

    def __lt__(self, other: _Read) -> bool:
        """The later modified of two records with one id is taken, whatever their order; then by content."""
        return (self.record.modified, self.content) < (other.record.modified, other.content)


@dataclass(slots=True, kw_only=True)
class _Sorted:
    seen: list[str] = field(default_factory=list)
    fingerprints: dict[str, str] = field(default_factory=dict)
    records: dict[str, _Read] = field(default_factory=dict)
    rejections: list[Rejection] = field(default_factory=list)


def bounded(identity: str) -> str:
    """The identity in a length that a database can index."""
    if len(identity) <= LONGEST_ID:
        return identity
    return identity[: LONGEST_ID - 40] + "#" + hashlib.blake2b(identity.encode(), digest_size=16).hexdigest()


def stage(session: Session, run: RunRow, page: Page, *, known: Mapping[str, str]) -> int:
    """Keep the next page of a run; returns how many records were rejected. `known` are the fingerprints held."""
    found = _sorted(page, known)
    staged = _compared(session, run, found, known=known)
    bulk_upsert(session, StagedRecordRow, [_row(run, each) for each in staged], key=["run_id", "identity"])
    bulk_insert(session, RejectionRow, [_rejection(run, one) for one in found.rejections])
    body = json.dumps({"seen": found.seen, "fingerprints": found.fingerprints}, separators=(",", ":"))
    kept = {"run_id": run.id, "number": run.pages, "seen": zlib.compress(body.encode(), 1)}
    bulk_insert(session, StagedPageRow, [kept])
    return len(found.rejections)


def count_pages(session: Session, run_id: str) -> int:
    """How many pages of a run are kept."""
    return session.execute(select(func.count()).where(StagedPageRow.run_id == run_id)).scalar_one()


def load(session: Session, run: RunRow) -> Staged:
    """Everything a run has read, by identity."""
    seen: set[str] = set()
    fingerprints: dict[str, str] = {}
    for (body,) in session.execute(select(StagedPageRow.seen).where(StagedPageRow.run_id == run.id)):
        page = json.loads(zlib.decompress(body))
        seen.update(page["seen"])
        fingerprints.update(page["fingerprints"])
    wanted = select(StagedRecordRow.identity, StagedRecordRow.content_hash).where(StagedRecordRow.run_id == run.id)
    new = dict(session.execute(wanted).all())
    for identity in _older(session, run, sorted(seen & new.keys())):
        del new[identity]
    refused = select(RejectionRow.identity, RejectionRow.reason).where(RejectionRow.run_id == run.id)
    rejected = [(identity, reason) for identity, reason in session.execute(refused.order_by(RejectionRow.id))]
    taken = seen | new.keys()
    return Staged(
        seen=frozenset(seen - new.keys()),
        new=new,
        fingerprints={identity: one for identity, one in fingerprints.items() if identity not in new},
        rejected={identity: reason for identity, reason in rejected if identity and identity not in taken},
        nameless=sum(not identity for identity, _ in rejected),
    )


def _older(session: Session, run: RunRow, identities: Sequence[str]) -> list[str]:
    """Of ids that a source shows twice, once as we hold it: those whose other version must not replace ours."""
    older: list[str] = []
    for row in records(session, run.id, identities):
        wanted = select(DatasetRow.modified, DatasetRow.content_hash).where(
            DatasetRow.source_id == run.source_id, DatasetRow.identity == row.identity
        )
        modified, content = session.execute(wanted).one()
        if (modified, content) >= (decode(row.document).modified, row.content_hash):
            older.append(row.identity)
    return older


def records(session: Session, run_id: str, identities: Sequence[str]) -> Iterator[StagedRecordRow]:
    """The staged records of these identities, a few hundred in memory at a time."""
    for part in chunks(identities):
        wanted = select(StagedRecordRow).where(StagedRecordRow.run_id == run_id, StagedRecordRow.identity.in_(part))
        found = session.execute(wanted.order_by(StagedRecordRow.identity)).scalars().all()
        yield from found
        for row in found:
            session.expunge(row)


def chunks(whole: Sequence[Any], size: int = _CHUNK) -> Iterator[Sequence[Any]]:
    """The sequence in parts that fit into one statement."""
    for first in range(0, len(whole), size):
        yield whole[first : first + size]


def clear(session: Session, run_id: str) -> None:
    """Forget what a run read; its rejections and its diff stay."""
    bulk_delete(session, StagedRecordRow, run_id=run_id)
    bulk_delete(session, StagedPageRow, run_id=run_id)


def _sorted(page: Page, known: Mapping[str, str]) -> _Sorted:
    found = _Sorted()
    for item in page.items:
        if isinstance(item, Seen):
            found.seen.append(bounded(item.identity))
        elif isinstance(item, Rejection):
            found.rejections.append(item)
        elif known.get(identity := bounded(item.identity)) == item.fingerprint and item.fingerprint:
            found.seen.append(identity)
        elif (read := _read(item, identity)) is None:
            found.rejections.append(_unstorable(item))
        elif (other := found.records.get(identity)) is None:
            found.records[identity] = read
        elif other.content != read.content:
            found.records[identity] = max(other, read)
            found.rejections.append(_double(min(other, read).record))
    return found


def _read(record: Record, identity: str) -> _Read | None:
    """The record with its two forms, None when its text cannot be stored in every database."""
    if identity != record.identity:
        record = replace(record, identity=identity)
    try:
        return _Read(record, encode(record), content_hash(record))
    except ValueError:
        return None


def _compared(session: Session, run: RunRow, found: _Sorted, *, known: Mapping[str, str]) -> list[_Read]:
    """The records to stage: those whose content is neither in the catalogue nor staged already."""
    held = _hashes(session, DatasetRow, list(found.records.keys() & known.keys()), source_id=run.source_id)
    before = _hashes(session, StagedRecordRow, list(found.records), run_id=run.id)
    staged: list[_Read] = []
    for identity, read in found.records.items():
        if held.get(identity) == read.content:
            found.seen.append(identity)
            found.fingerprints[identity] = read.record.fingerprint
        elif identity not in before:
            staged.append(read)
        elif before[identity] != read.content:
            earlier = decode(next(records(session, run.id, [identity])).document)
            other = _Read(earlier, b"", before[identity])
            found.rejections.append(_double(min(read, other).record))
            if other < read:
                staged.append(read)
    return staged


def _hashes(session: Session, table: Any, identities: Sequence[str], **where: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in chunks(identities):
        wanted = select(table.identity, table.content_hash).filter_by(**where).where(table.identity.in_(part))
        found.update((identity, content) for identity, content in session.execute(wanted))
    return found


def _double(record: Record) -> Rejection:
    return Rejection(
        remote_id=record.remote_id,
        identity=record.identity,
        field="identifier",
        value=record.title[:200],
        reason="Two records share one id",
        what_to_change="Give each dataset an id of its own; the one modified last was taken",
        raw=record.raw,
    )


def _unstorable(record: Record) -> Rejection:
    return Rejection(
        remote_id=record.remote_id.encode(errors="replace").decode().replace("\0", ""),
        field="text",
        reason="Letters that are no valid text",
        what_to_change="Save the record again as UTF-8 without control characters",
        raw=record.raw,
    )


def _row(run: RunRow, read: _Read) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "identity": read.record.identity,
        "page": run.pages,
        "fingerprint": read.record.fingerprint,
        "content_hash": read.content,
        "document": read.document,
        "raw": pack(read.record.raw),
    }


def _rejection(run: RunRow, one: Rejection) -> dict[str, Any]:
    return {
        "run_id": run.id,
        "page": run.pages,
        "remote_id": one.remote_id[:2000],
        "identity": bounded(one.identity),
        "field": one.field[:80],
        "value": one.value[:2000],
        "reason": one.reason[:500],
        "what_to_change": one.what_to_change[:500],
        "raw": pack(one.raw),
    }
