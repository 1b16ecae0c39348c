"""Write what a reading brought into the catalogue: everything of a run in one transaction, or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from catalogue import effective, staging
from catalogue.differences import difference, fields_changed, held_rows, shown_row
from catalogue.identity import names
from catalogue.intake import Assessment
from catalogue.records import Record
from catalogue.spectrum import Decision
from catalogue.standing import corrections_of, decisions_of, stated_of
from catalogue.tables import (
    AliasRow,
    DatasetRow,
    DiffRow,
    DocumentRow,
    HistoryRow,
    RunRow,
    SourceRow,
    StagedRecordRow,
)
from catalogue.withdrawal import Absent, Fate, State
from store import bulk_insert, bulk_upsert
from store.sessions import GuardedSession

FINGERPRINTS_EVERY = timedelta(days=7)
"""New fingerprints of records that say the same are kept this often: portals that touch every record nightly
would else cost a write for each; until then such records are only mapped and compared again."""


@dataclass(slots=True, kw_only=True)
class Application:
    """One run on its way into the catalogue, inside its transaction."""

    session: GuardedSession
    run: RunRow
    source: SourceRow
    now: datetime
    decisions: Sequence[Decision] = ()
    touched: list[int] = field(default_factory=list)
    diffs: list[dict[str, Any]] = field(default_factory=list)
    history: list[dict[str, Any]] = field(default_factory=list)

    def tell(self, kind: str, row: Mapping[str, Any], detail: Mapping[str, Any], *, number: int) -> None:
        """Note an event for the run's diff and for the dataset's history."""
        self.touched.append(number)
        self.history.append(_event(self, number, kind=kind, detail=detail))
        self.diffs.append(difference(self.run, kind, row, detail=detail))

    def flush_events(self) -> None:
        """Write the noted events, in parts, so that a large run does not gather them in memory."""
        bulk_insert(self.session, HistoryRow, self.history)
        bulk_insert(self.session, DiffRow, self.diffs)
        self.history.clear()
        self.diffs.clear()


def apply(work: Application, found: Assessment, fates: Sequence[tuple[Absent, Fate]], *, agreed: bool = False) -> None:
    """Write a whole assessment and what becomes of the absent; `agreed` when a person released the run."""
    work.decisions = decisions_of(work.session, [work.source.id]).get(work.source.id, [])
    _add(work, found.added)
    moved = {move.new: move.old for move in found.moves}
    _change(work, {**{name: name for name in found.changed}, **moved}, back=set(found.restored))
    told = {*found.changed, *moved.values()}
    _restore(work, [name for name in found.restored if name not in told])
    _notice(work, {name: notice for name, notice in found.notices.items() if name not in told})
    _part_with(work, fates, agreed=agreed)
    _keep_fingerprints(work, found.fingerprints)
    work.flush_events()
    if work.touched:
        effective.changed(work.session, work.touched)


def _add(work: Application, identities: Sequence[str]) -> None:
    for part in staging.chunks(identities):
        rows: list[dict[str, Any]] = []
        documents: dict[str, tuple[StagedRecordRow, Record]] = {}
        for staged in staging.records(work.session, work.run.id, part):
            record = effective.decode(staged.document)
            made = {
                **_fresh(work, staged),
                **effective.columns(record, corrections={}, stated=None, decisions=work.decisions),
                "listing": "owner" if record.is_private else "everyone",
                "organisation_id": work.source.organisation_id,
            }
            rows.append(made)
            documents[made["id"]] = (staged, record)
        bulk_insert(work.session, DatasetRow, rows)
        wanted = select(DatasetRow.id, DatasetRow.number).where(DatasetRow.id.in_(documents))
        numbers = dict(work.session.execute(wanted).all())
        _keep_documents(work, {numbers[id]: pair for id, pair in documents.items()})
        for row in rows:
            work.tell("added", row, {}, number=numbers[row["id"]])
        work.flush_events()


def _fresh(work: Application, staged: StagedRecordRow) -> dict[str, Any]:
    return {
        "id": uuid.uuid4().hex,
        "source_id": work.source.id,
        "source_name": work.source.name,
        "identity": staged.identity,
        "fingerprint": staged.fingerprint,
        "content_hash": staged.content_hash,
        "state": State.LIVE.value,
        "missing_since": None,
        "missing_runs": 0,
        "missing_agreed": False,
        "state_reason": "",
        "notice": "",
        "listing_by": "",
        "stated": {},
        "added_at": work.now,
        "changed_at": work.now,
    }


def _change(work: Application, pairs: Mapping[str, str], *, back: set[str]) -> None:
    """Bring changed datasets up to date; `pairs` are (identity in the reading, identity in the catalogue)."""
    for part in staging.chunks(list(pairs.items())):
        olds = dict(part)
        held = held_rows(work.session, work.source.id, list(olds.values()))
        corrections = corrections_of(work.session, [row.number for row, _ in held.values()])
        rows: list[dict[str, Any]] = []
        documents: dict[int, tuple[StagedRecordRow, Record]] = {}
        for staged in staging.records(work.session, work.run.id, list(olds)):
            before, document = held[olds[staged.identity]]
            record = effective.decode(staged.document)
            made = {
                "number": before.number,
                "identity": staged.identity,
                "fingerprint": staged.fingerprint,
                "content_hash": staged.content_hash,
                **effective.columns(
                    record,
                    corrections=corrections.get(before.number, {}),
                    stated=stated_of(before.stated),
                    decisions=work.decisions,
                ),
                **_back(work, before, private=record.is_private),
            }
            rows.append(made)
            documents[before.number] = (staged, record)
            detail = {"fields": fields_changed(effective.decode(document), record)}
            kind = "restored" if before.identity in back else "changed"
            work.tell(kind, {**made, "id": before.id}, detail, number=before.number)
        _update(work, rows)
        _keep_documents(work, documents)
        work.flush_events()


def _restore(work: Application, identities: Sequence[str]) -> None:
    for part in staging.chunks(identities):
        rows = []
        for before, document in held_rows(work.session, work.source.id, part).values():
            row = {"number": before.number, **_back(work, before, private=effective.decode(document).is_private)}
            rows.append(row)
            work.tell("restored", {**shown_row(before), **row}, {}, number=before.number)
        _update(work, rows)


def _back(work: Application, before: DatasetRow, *, private: bool) -> dict[str, Any]:
    """State, listing and owner of a dataset that its source shows."""
    listing = before.listing if before.listing_by else "everyone"
    owner = work.source.organisation_id if private or not before.organisation_id else before.organisation_id
    return {
        "state": State.LIVE.value,
        "missing_since": None,
        "missing_runs": 0,
        "missing_agreed": False,
        "state_reason": "",
        "notice": "",
        "listing": "owner" if private else listing,
        "organisation_id": owner,
        "changed_at": work.now,
    }


def _notice(work: Application, notices: Mapping[str, str]) -> None:
    for part in staging.chunks(list(notices)):
        found = _numbers(work, part)
        work.touched += found.values()
        rows = [{"number": number, "notice": notices[name]} for name, number in found.items()]
        _update(work, rows)


def _part_with(work: Application, fates: Sequence[tuple[Absent, Fate]], *, agreed: bool) -> None:
    hidden = {absent.number for absent, fate in fates if fate.hide}
    for part in staging.chunks(fates):
        held = held_rows(work.session, work.source.id, [absent.identity for absent, _ in part])
        rows = []
        for absent, fate in part:
            before, _ = held[absent.identity]
            if fate.state is State.LIVE and before.state == State.LIVE and fate.notice == before.notice:
                continue
            moved = fate.state != before.state
            rows.append(
                {
                    "number": absent.number,
                    "state": fate.state.value,
                    "missing_since": fate.since,
                    "missing_runs": fate.runs,
                    "missing_agreed": fate.state is not State.LIVE and (agreed or before.missing_agreed),
                    "state_reason": fate.reason,
                    "notice": fate.notice,
                    "listing": "owner" if absent.number in hidden else before.listing,
                    "changed_at": work.now if moved else before.changed_at,
                }
            )
            detail = {"reason": fate.reason or fate.notice}
            if moved:
                kind = "restored" if fate.state is State.LIVE else fate.state.value
                work.tell(kind, shown_row(before), detail, number=absent.number)
            elif fate.state is State.MISSING:
                work.diffs.append(difference(work.run, "missing", shown_row(before), detail=detail))
            else:
                work.touched.append(absent.number)
        _update(work, rows)


def _update(work: Application, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        work.session.execute(update(DatasetRow), rows)


def _keep_fingerprints(work: Application, fingerprints: Mapping[str, str]) -> None:
    last = work.source.fingerprints_at
    if not fingerprints or (last is not None and work.now - last < FINGERPRINTS_EVERY):
        return
    for part in staging.chunks(list(fingerprints)):
        found = _numbers(work, part)
        rows = [{"number": number, "fingerprint": fingerprints[name]} for name, number in found.items()]
        _update(work, rows)
    work.source.fingerprints_at = work.now


def _keep_documents(work: Application, made: Mapping[int, tuple[StagedRecordRow, Record]]) -> None:
    documents = [
        {"number": number, "record": staged.document, "raw": staged.raw, "read_at": work.now}
        for number, (staged, _) in made.items()
    ]
    aliases = [
        {"source_id": work.source.id, "alias": name, "number": number}
        for number, (_, record) in made.items()
        for name in names(record)
    ]
    bulk_upsert(work.session, DocumentRow, documents, key=["number"])
    bulk_upsert(work.session, AliasRow, aliases, key=["source_id", "alias", "number"])


def _numbers(work: Application, identities: Iterable[str]) -> dict[str, int]:
    wanted = select(DatasetRow.identity, DatasetRow.number).where(
        DatasetRow.source_id == work.source.id, DatasetRow.identity.in_(list(identities))
    )
    return dict(work.session.execute(wanted).all())


def _event(work: Application, number: int, *, kind: str, detail: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": number,
        "at": work.now,
        "kind": kind,
        "run_id": work.run.id,
        "by": work.run.decided_by,
        "detail": dict(detail),
    }
