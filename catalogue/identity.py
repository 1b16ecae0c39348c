"""Recognise a dataset whose source shows it under another id: by its other names, and only when no doubt is left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.effective import decode
from catalogue.records import Record
from catalogue.staging import bounded, chunks, records
from catalogue.tables import AliasRow, DatasetRow, RunRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A dataset of the catalogue that is seen under a new identity."""

    number: int
    old: str
    new: str


def names(record: Record) -> tuple[str, ...]:
    """Every id a record goes by, its identity first, each once."""
    return tuple(dict.fromkeys(bounded(name) for name in (record.identity, *record.aliases) if name))


def moves(session: Session, run: RunRow, unknown: Collection[str], *, reading: Callable[[str], bool]) -> list[Move]:
    """Which of the unknown records of a run are datasets the catalogue holds under another identity.

    A record counts as one when its names lead to exactly one dataset of the source, that dataset's own identity is
    not in the reading, and no other unknown record claims it too. `reading(identity)` says what the reading has.
    """
    claims: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for part in chunks(sorted(unknown)):
        called = {row.identity: names(decode(row.document)) for row in records(session, run.id, part)}
        holders = _holders(session, run.source_id, {name for each in called.values() for name in each})
        for identity, own in called.items():
            found = {holder for name in own for holder in holders.get(name, ())}
            if len(found) == 1:
                number, old = found.pop()
                claims[number].append((identity, old))
    return [
        Move(number=number, old=made[0][1], new=made[0][0])
        for number, made in claims.items()
        if len(made) == 1 and not reading(made[0][1])
    ]


def _holders(session: Session, source_id: str, called: Iterable[str]) -> Mapping[str, set[tuple[int, str]]]:
    """Name -> the datasets (number, identity) of the source that have gone by it."""
    found: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for part in chunks(sorted(called)):
        aliased = (
            select(AliasRow.alias, DatasetRow.number, DatasetRow.identity)
            .join(DatasetRow, DatasetRow.number == AliasRow.number)
            .where(AliasRow.source_id == source_id, AliasRow.alias.in_(part))
        )
        own = select(DatasetRow.identity, DatasetRow.number, DatasetRow.identity.label("own")).where(
            DatasetRow.source_id == source_id, DatasetRow.identity.in_(part)
        )
        for name, number, identity in [*session.execute(aliased), *session.execute(own)]:
            found[name].add((number, identity))
    return found
