"""Take in a file of numbers: preview, map, validate, commit as a revision. Whole, or not at all.

The numbers are read in a guarded child process, protected, written as a Parquet that nothing refers to yet, and then
recorded in one transaction: killed at any moment, there is the old state or the new one.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Protocol

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from catalogue.knowing import briefs
from governance import Action, Busy, CommonTableError, Invalid, Visit, require
from reportcards import disclosing, formats, observations, showing
from reportcards.facts import Guess, facts, grouped, guessed, twice
from reportcards.formats import ColumnMapping, FileError, Read
from reportcards.indicators import Indicator, several
from reportcards.recording import Imported, Order, Ready, record, told
from reportcards.revisions import compared, newest
from reportcards.tables import AreaRow, IndicatorRow, MappingRow

__all__ = ["Imported", "Order", "Progress", "Stopped", "check", "commit", "preview", "remembered", "take"]

Progress = Callable[[str, int, int | None], None]
"""Told what is being done, how much of it is done, and of how much (None when that is not known)."""


class Along(Protocol):
    """Writes what must be true exactly when the revision is."""

    def __call__(self, session: Session, /, *, done: Imported) -> None:
        """Called first in the transaction, with what will have come of the import."""


class Stopped(CommonTableError):
    """Whoever asked for the import has ended it: nothing of it is kept."""


def _nothing(_what: str, _done: int, _of: int | None) -> None:
    """Nobody wants to know how far it is."""


def _nothing_else(_session: Session, *, done: Imported) -> None:
    """The revision is all that is recorded."""


def check(visit: Visit, order: Order, *, progress: Progress = _nothing) -> Imported:
    """What a commit would do, without keeping anything. Raises Invalid, NotPermitted."""
    ready = _prepare(visit, order, progress)
    return told(ready, "refused") if isinstance(ready, Read) else ready.answer("valid")


def commit(visit: Visit, order: Order, *, progress: Progress = _nothing) -> Imported:
    """Take the file in as a revision, or refuse it whole with the rows and columns. Raises Invalid, NotPermitted, Busy.

    The cards that show its numbers are then worked out anew.
    """
    done = take(visit, order, progress=progress)
    if done.status == "committed":
        progress("working out card values", 0, None)
        showing.refresh(visit, done.indicator_ids)
    return done


def take(visit: Visit, order: Order, *, progress: Progress = _nothing, along: Along = _nothing_else) -> Imported:
    """A commit without the cards; `along` writes what belongs into the same transaction. Raises as `commit`, Stopped.

    What `along` raises takes the revision back whole.
    """
    ready = _prepare(visit, order, progress)
    if isinstance(ready, Read):
        return told(ready, "refused")
    revision = uuid.uuid4().hex
    progress("writing", 0, ready.safe.facts.height)
    content = observations.write(revision, ready.safe.facts.lazy())
    done = ready.answer("committed", revision=revision)
    grant = require(
        visit, Action.NUMBERS_IMPORTED, order.file_name, revision=revision, observations=ready.safe.facts.height
    )
    try:
        progress("recording", 0, None)
        record(visit, order, grant, ready=ready, content=(revision, content), along=partial(along, done=done))
    except (Busy, Stopped):
        observations.file_of(revision).unlink(missing_ok=True)
        raise
    visit.refresh()
    return done


def remembered(visit: Visit, dataset_id: str) -> ColumnMapping | None:
    """How the columns of this dataset's last file were read; None for the first."""
    row = visit.read().get(MappingRow, dataset_id) if dataset_id else None
    return ColumnMapping.from_json(str(row.document["mapping"])) if row is not None else None


def preview(visit: Visit, order: Order) -> formats.Preview:
    """How the file would be read, column by column. Raises Invalid, NotPermitted."""
    require(visit, Action.NUMBERS_IMPORTED)
    mapping = order.mapping or remembered(visit, order.dataset_id)
    if order.format:
        mapping = replace(mapping or ColumnMapping(), format=order.format)
    return formats.preview(order.data, order.file_name, mapping=mapping, sidecar=order.sidecar)


def _prepare(visit: Visit, order: Order, progress: Progress) -> Ready | Read:
    """Everything but writing; a `Read` when the file is refused."""
    require(visit, Action.NUMBERS_IMPORTED)
    band = _band(visit, order.dataset_id)
    read = formats.read(
        order.data,
        order.file_name,
        format=order.format,
        mapping=order.mapping or remembered(visit, order.dataset_id),
        sidecar=order.sidecar,
        progress=lambda done, of: progress("reading", done, of),
    )
    if read.is_refused:
        return read
    observed = grouped(read.observations)
    kinds = guessed(observed)
    indicators = _indicators(visit, order.dataset_id, read, kinds=kinds)
    kinds = {code: _said(each) for code, each in indicators.items()}
    made = facts(observed, ids={code: each.id for code, each in indicators.items()}, kinds=kinds)
    if (doubled := twice(made)).height:
        return _refuse_doubled(read, doubled.height)
    progress("protecting", 0, made.height)
    safe = disclosing.safe(
        made,
        {each.id: each for each in indicators.values()},
        band,
        key=disclosing.secret(visit),
        ledger=disclosing.ledger_of(visit, order.dataset_id),
        parents=_parents(visit),
    )
    before = {each: brief.id for each, brief in newest(visit, (one.id for one in indicators.values())).items()}
    return Ready(
        read=read,
        indicators=indicators,
        kinds=kinds,
        safe=safe,
        before=before,
        changes=_changes(safe.facts, before),
        band=band,
    )


def _band(visit: Visit, dataset_id: str) -> str:
    if not dataset_id:
        return "unknown"
    known = briefs(visit, [dataset_id]).get(dataset_id)
    if known is None:
        raise Invalid("There is no such dataset, or you may not know of it: choose one of the catalogue.")
    return known.band


def _indicators(visit: Visit, dataset_id: str, read: Read, *, kinds: Mapping[str, Guess]) -> dict[str, Indicator]:
    """The indicators of the file by code; those that are not known yet are made up from what the file says."""
    wanted = select(IndicatorRow.id).where(IndicatorRow.dataset_id == dataset_id)
    codes = [each.code or each.name for each in read.indicators]
    if not dataset_id:
        wanted = wanted.where(IndicatorRow.code.in_(codes))
    known = {each.code: each for each in several(visit, visit.read().execute(wanted).scalars()).values()}
    found: dict[str, Indicator] = {}
    for each in read.indicators:
        code, guess = each.code or each.name, kinds[each.code]
        found[each.code] = known.get(code) or Indicator(
            id=uuid.uuid4().hex,
            code=code,
            name=each.name or code,
            dataset_id=dataset_id,
            unit=guess.unit,
            multiplier=guess.multiplier,
            decimals=guess.decimals,
            value_type=guess.value_type,
            definition=each.definition,
            caveats=each.caveats,
        )
    return found


def _said(known: Indicator) -> Guess:
    """What is known of an indicator goes before what its newest file looks like."""
    return Guess(value_type=known.value_type, multiplier=known.multiplier, decimals=known.decimals, unit=known.unit)


def _refuse_doubled(read: Read, rows: int) -> Read:
    problem = (
        f"{rows} rows tell of the same place, group and period twice: say in the mapping which column tells them apart."
    )
    fault = FileError(row=0, problem=problem)
    return replace(read, errors=(fault,), error_count=1)


def _parents(visit: Visit) -> dict[str, str]:
    found = visit.read().execute(select(AreaRow.code, AreaRow.parent).where(AreaRow.parent != ""))
    return {row.code: row.parent for row in found}


def _changes(made: pl.DataFrame, before: Mapping[str, str]) -> pl.DataFrame:
    """How many values of each indicator are changed, added, removed against its revision before."""
    counted = {kind: (pl.col("kind") == kind).sum() for kind in ("changed", "added", "removed")}
    parts = []
    for revision in sorted(set(before.values())):
        mine = [each for each, its in before.items() if its == revision]
        old = observations.scan(revision).filter(pl.col("indicator").is_in(mine))
        parts.append(compared(old, made.lazy().filter(pl.col("indicator").is_in(mine))))
    new = made.lazy().filter(~pl.col("indicator").is_in(list(before)))
    parts.append(new.select("indicator", kind=pl.lit("added")))
    told = pl.concat([part.select("indicator", "kind") for part in parts])
    return told.group_by("indicator").agg(**counted).collect()
