"""What an import is asked for, what comes of it, and how it is recorded: one transaction for all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import polars as pl
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from governance import Busy, Grant, Visit
from reportcards import disclosing, disclosure_key
from reportcards.facts import Guess
from reportcards.formats import ColumnMapping, FileError, Read
from reportcards.indicators import Indicator, several
from reportcards.tables import AreaRow, IndicatorRow, MappingRow, RevisedRow, RevisionRow
from store import bulk_upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is to be imported, and as what."""

    data: bytes
    file_name: str
    dataset_id: str = ""
    """"" when nobody has said yet where the numbers come from: they are kept, and shown nowhere."""
    format: str = ""
    """"" finds it out."""
    mapping: ColumnMapping | None = None
    """None takes the one remembered for the dataset."""
    sidecar: bytes | None = None
    """Metadata that a publisher gives in a file of its own."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of it."""

    status: str
    """committed, valid (nothing was kept, as asked), refused"""
    format: str
    rows: int
    observations: int
    series: int
    indicators: int
    periods: tuple[str, str]
    areas: int
    flags: Mapping[str, int]
    missing: int
    errors: tuple[FileError, ...] = ()
    error_count: int = 0
    warnings: tuple[str, ...] = ()
    revision: str = ""
    changed: int = 0
    """Values that are other ones than in the revision before."""
    added: int = 0
    removed: int = 0
    hidden: int = 0
    """Numbers that disclosure control hides."""
    explained: tuple[str, ...] = ()
    indicator_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """Everything that a commit writes, worked out before anything is written."""

    read: Read
    indicators: Mapping[str, Indicator]
    """By their code in the file; those without an id yet are new."""
    kinds: Mapping[str, Guess]
    safe: disclosing.Safe
    before: Mapping[str, str]
    """Indicator id -> the revision before."""
    changes: pl.DataFrame
    """indicator, changed, added, removed"""
    band: str

    def answer(self, status: str, *, revision: str = "") -> Imported:
        """The same facts for a dry run and a commit."""
        totals = self.changes.select(pl.col("changed", "added", "removed").sum()).row(0, named=True)
        return replace(
            told(self.read, status),
            revision=revision,
            hidden=self.safe.hidden,
            explained=self.safe.explained,
            indicator_ids=tuple(each.id for each in self.indicators.values()),
            **totals,
        )


def told(read: Read, status: str) -> Imported:
    """The facts of a file, whatever came of it."""
    return Imported(
        status=status,
        format=read.format,
        rows=read.rows,
        observations=read.observations.height,
        series=read.series,
        indicators=len(read.indicators),
        periods=read.periods,
        areas=read.areas,
        flags=read.flags,
        missing=read.missing,
        errors=read.errors,
        error_count=read.error_count,
        warnings=read.warnings,
    )


def record(
    visit: Visit,
    order: Order,
    grant: Grant,
    *,
    ready: Ready,
    content: tuple[str, str],
    along: Callable[[Session], None] = lambda _session: None,
) -> None:
    """Record a revision whose Parquet lies there already: one transaction. `content` is its id and its hash.

    `along` writes what belongs to it, before anything else is written.
    """
    known = several(visit, [each.id for each in ready.indicators.values()])
    try:
        with visit.change(grant) as session:
            along(session)
            _refuse_overtaken(session, ready)
            session.add_all([_indicator_row(visit, each) for each in ready.indicators.values() if each.id not in known])
            session.add(_revision_row(visit, order, ready, content=content))
            session.flush()
            _revise(session, ready, content[0])
            _name_areas(session, ready.read.observations)
            if (row := disclosing.ledger_row(visit, content[0], ready.safe)) is not None:
                session.add(row)
            if order.dataset_id and order.mapping is not None:
                _remember(session, visit, order, mapping=ready.read.mapping)
    except Busy:
        raise Busy(OVERTAKEN) from None


OVERTAKEN = "Another import of the same numbers was faster: look at its revision, then import again."


def _refuse_overtaken(session: Session, ready: Ready) -> None:
    """Changes and the audit of what has been shown hold only after the revisions they were worked out against."""
    ids = [each.id for each in ready.indicators.values()]
    wanted = select(RevisedRow.indicator_id, RevisedRow.revision_id).where(RevisedRow.indicator_id.in_(ids))
    newest = {row[0]: row[1] for row in session.execute(wanted.order_by(RevisedRow.number))}
    if newest != dict(ready.before):
        raise Busy(OVERTAKEN)


def _indicator_row(visit: Visit, each: Indicator) -> IndicatorRow:
    return IndicatorRow(
        id=each.id,
        code=each.code,
        name=each.name,
        dataset_id=each.dataset_id,
        denominators=[],
        unit=each.unit,
        multiplier=each.multiplier,
        decimals=each.decimals,
        value_type=each.value_type,
        definition=each.definition,
        caveats=each.caveats,
        disclosure={},
        stated={},
        changed_by=visit.viewer.username,
        changed_at=visit.now,
    )


def _revision_row(visit: Visit, order: Order, ready: Ready, *, content: tuple[str, str]) -> RevisionRow:
    read = ready.read
    return RevisionRow(
        id=content[0],
        dataset_id=order.dataset_id,
        file_name=order.file_name,
        format=read.format,
        checksum=disclosure_key.fingerprint(disclosure_key.secret(visit), order.data),
        content=content[1],
        received_at=visit.now,
        by=visit.viewer.display or visit.viewer.username,
        note=order.note,
        counts={
            "rows": read.rows,
            "observations": ready.safe.facts.height,
            "missing": read.missing,
            "flags": dict(read.flags),
            "hidden": ready.safe.hidden,
            "refused": ready.safe.refused,
            "explained": list(ready.safe.explained),
            "protected": {
                each.id: disclosing.rule_of(each, ready.band).threshold for each in ready.indicators.values()
            },
        },
    )


def _revise(session: Session, ready: Ready, revision: str) -> None:
    ids = [each.id for each in ready.indicators.values()]
    numbered = select(RevisedRow.indicator_id, func.max(RevisedRow.number)).where(RevisedRow.indicator_id.in_(ids))
    last = {row[0]: row[1] for row in session.execute(numbered.group_by(RevisedRow.indicator_id))}
    changes = {row["indicator"]: row for row in ready.changes.to_dicts()}
    told = ready.safe.facts.group_by("indicator").agg(
        observations=pl.len(),
        provisional=(pl.col("obs_status") == "P").sum(),
        first=pl.col("period_start").min(),
        last=pl.col("period_end").max(),
    )
    for row in told.to_dicts():
        change = changes.get(row["indicator"], {"changed": 0, "added": 0, "removed": 0})
        session.add(
            RevisedRow(
                indicator_id=row["indicator"],
                number=last.get(row["indicator"], 0) + 1,
                revision_id=revision,
                observations=row["observations"],
                provisional=row["provisional"],
                first=str(row["first"] or ""),
                last=str(row["last"] or ""),
                changed=change["changed"],
                added=change["added"],
                removed=change["removed"],
            )
        )


def _name_areas(session: Session, observed: pl.DataFrame) -> None:
    """Names of places; the last file that names one is believed."""
    code = pl.when(pl.col("area_code") != "").then(pl.col("area_code")).otherwise(pl.col("area_name"))
    named = observed.select(code=code, name=pl.col("area_name"), kind=pl.col("area_type")).filter(pl.col("code") != "")
    rows = named.unique("code", keep="last", maintain_order=True).to_dicts()
    known = set(session.execute(select(AreaRow.code)).scalars())
    made = [
        {**row, "name": row["name"] or row["code"], "parent": "", "valid_from": None, "valid_to": None}
        for row in rows
        if row["code"] not in known
    ]
    bulk_upsert(session, AreaRow, made, key=["code"])


def _remember(session: Session, visit: Visit, order: Order, *, mapping: ColumnMapping) -> None:
    """Only what a person said: what was guessed is guessed again, so that a publisher may change the headings."""
    row = session.get(MappingRow, order.dataset_id) or MappingRow(dataset_id=order.dataset_id)
    row.document, row.by, row.at = {"mapping": mapping.as_json()}, visit.viewer.username, visit.now
    session.add(row)
