"""What a run changes, by name: the rows of its diff, and the whole diff of a run that is held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from catalogue import effective, staging
from catalogue.intake import Assessment
from catalogue.records import Record
from catalogue.tables import DatasetRow, DiffRow, DocumentRow, RunRow, SourceRow
from store import bulk_delete, bulk_insert
from store.sessions import GuardedSession

_SHORT = 200
_NOT_TOLD = frozenset(("raw", "fingerprint", "warnings"))


def preview(session: GuardedSession, run: RunRow, source: SourceRow, *, found: Assessment) -> None:
    """Write the diff of a held run: what it would do."""
    for part in staging.chunks(found.added):
        rows = [
            difference(run, "added", _shown(source, row.document, identity=row.identity), detail={})
            for row in staging.records(session, run.id, part)
        ]
        bulk_insert(session, DiffRow, rows)
    moved = {move.new: move.old for move in found.moves}
    changes = {**{name: name for name in found.changed}, **moved}
    for part in staging.chunks(list(changes.items())):
        _preview_changes(session, run, dict(part), back=set(found.restored))
    same = set(found.restored) - set(changes.values())
    for kind, names in (("restored", sorted(same)), ("missing", [absent.identity for absent in found.absent])):
        for part in staging.chunks(names):
            held = held_rows(session, run.source_id, part)
            bulk_insert(
                session, DiffRow, [difference(run, kind, shown_row(row), detail={}) for row, _ in held.values()]
            )


def _preview_changes(session: GuardedSession, run: RunRow, pairs: Mapping[str, str], *, back: set[str]) -> None:
    held = held_rows(session, run.source_id, list(pairs.values()))
    rows = []
    for staged in staging.records(session, run.id, list(pairs)):
        before, document = held[pairs[staged.identity]]
        record = effective.decode(staged.document)
        fields = fields_changed(effective.decode(document), record)
        private = record.is_private or before.listing != "everyone"
        shown = {**shown_row(before), "title": record.title, "listing": "owner" if private else "everyone"}
        kind = "restored" if before.identity in back else "changed"
        rows.append(difference(run, kind, shown, detail={"fields": fields}))
    bulk_insert(session, DiffRow, rows)


def held_rows(
    session: GuardedSession, source_id: str, identities: Sequence[str]
) -> dict[str, tuple[DatasetRow, bytes]]:
    """The datasets of a source with these identities, loose from the session, with their documents."""
    found: dict[str, tuple[DatasetRow, bytes]] = {}
    for part in staging.chunks(identities):
        wanted = (
            select(DatasetRow, DocumentRow.record)
            .join(DocumentRow, DocumentRow.number == DatasetRow.number)
            .where(DatasetRow.source_id == source_id, DatasetRow.identity.in_(part))
            .order_by(DatasetRow.identity)
        )
        for row, document in session.execute(wanted):
            session.expunge(row)
            found[row.identity] = (row, document)
    return found


def forget(session: GuardedSession, run: RunRow) -> None:
    """Take away what a run would do, to make way for what it does."""
    bulk_delete(session, DiffRow, run_id=run.id)


def difference(run: RunRow, kind: str, row: Mapping[str, Any], *, detail: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the diff; what only its owner may know of is kept from the stewards of others."""
    owner = "" if row["listing"] == "everyone" else row["organisation_id"] or "-"
    return {
        "run_id": run.id,
        "kind": kind,
        "identity": row["identity"],
        "dataset_id": row.get("id", ""),
        "title": row["title"],
        "organisation_id": owner,
        "detail": dict(detail),
    }


def _shown(source: SourceRow, document: bytes, *, identity: str) -> dict[str, Any]:
    record = effective.decode(document)
    return {
        "identity": identity,
        "title": record.title,
        "listing": "owner" if record.is_private else "everyone",
        "organisation_id": source.organisation_id,
    }


def shown_row(row: DatasetRow) -> dict[str, Any]:
    """What a diff shows of a dataset."""
    return {
        "id": row.id,
        "identity": row.identity,
        "title": row.title,
        "listing": row.listing,
        "organisation_id": row.organisation_id,
    }


def fields_changed(before: Record, after: Record) -> dict[str, list[str]]:
    """Field -> what it said and what it says, cut short; fields that say the same are left out."""
    told: dict[str, list[str]] = {}
    for name in Record.__dataclass_fields__:
        old, new = getattr(before, name), getattr(after, name)
        if name not in _NOT_TOLD and old != new:
            told[name] = [_said(name, old), _said(name, new)]
    return told


def _said(name: str, value: Any) -> str:
    if name == "distributions":
        return f"{len(value)} files" if len(value) != 1 else "1 file"
    if isinstance(value, Mapping):
        value = [f"{key}: {each}" for key, each in sorted(value.items())]
    text = ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value if value is not None else "")
    return text if len(text) <= _SHORT else text[: _SHORT - 1] + "…"
