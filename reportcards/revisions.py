"""Revisions: every state the numbers ever had can be opened again, and what changed is listed to the value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
from sqlalchemy import select

from governance import NotFound, Visit, clock, machinery
from reportcards import observations
from reportcards.places import area_names
from reportcards.report import RevisionBrief
from reportcards.tables import RevisedRow, RevisionRow
from store import jobs

_SERIES = ["area_code", "breakdown", "group"]
_PERIOD = ["period_start", "period_end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One value that is another one than in the revision before."""

    area: str
    group: str
    """"" for everyone."""
    period_start: date
    period_end: date
    period_type: str
    was: float | None
    now: float | None
    was_held: str
    """Why there was no value: suppressed, missing, "" for a period that was not there."""
    now_held: str
    kind: str
    """changed, added, removed"""


def revisions(visit: Visit, indicator_id: str, *, shown: str = "") -> tuple[RevisionBrief, ...]:
    """Every revision of an indicator, the newest first; `shown` marks the one that is looked at."""
    wanted = (
        select(RevisedRow, RevisionRow)
        .join(RevisionRow, RevisionRow.id == RevisedRow.revision_id)
        .where(RevisedRow.indicator_id == indicator_id)
        .order_by(RevisedRow.number.desc())
    )
    found = visit.read().execute(wanted).all()
    before = [revision for _, revision in found[1:]] + [None]
    return tuple(
        _brief(revised, revision, before=earlier, is_shown=revision.id == shown)
        for (revised, revision), earlier in zip(found, before, strict=True)
    )


def _protected(revision: RevisionRow, indicator_id: str) -> int:
    """0 also where it was not noted how the numbers were protected."""
    told = revision.counts.get("protected", {})
    return int(told.get(indicator_id, 0))


def _brief(revised: RevisedRow, revision: RevisionRow, *, before: RevisionRow | None, is_shown: bool) -> RevisionBrief:
    told = [each for each in (revision, before) if each is not None]
    return RevisionBrief(
        id=revision.id,
        number=revised.number,
        received=revision.received_at.date(),
        by=revision.by,
        note=revision.note,
        changed=revised.changed,
        added=revised.added,
        removed=revised.removed,
        before=before.id if before is not None else "",
        protected=min(_protected(each, revised.indicator_id) for each in told),
        is_shown=is_shown,
    )


def newest(visit: Visit, indicator_ids: Iterable[str], *, at: datetime | None = None) -> dict[str, RevisionBrief]:
    """The newest revision of each indicator, or the one that was the newest at a moment."""
    wanted = (
        select(RevisedRow, RevisionRow)
        .join(RevisionRow, RevisionRow.id == RevisedRow.revision_id)
        .where(RevisedRow.indicator_id.in_(set(indicator_ids)))
        .order_by(RevisedRow.number)
    )
    if at is not None:
        wanted = wanted.where(RevisionRow.received_at <= at)
    last: dict[str, tuple[RevisedRow, RevisionRow, RevisionRow | None]] = {}
    for revised, revision in visit.read().execute(wanted).all():
        earlier = last.get(revised.indicator_id)
        last[revised.indicator_id] = (revised, revision, earlier[1] if earlier else None)
    return {
        indicator_id: _brief(revised, revision, before=before, is_shown=True)
        for indicator_id, (revised, revision, before) in last.items()
    }


def differences(visit: Visit, indicator_id: str, revision_id: str) -> tuple[Difference, ...]:
    """What this revision of an indicator changed, added and removed, by place, group and period. Raises NotFound."""
    known = revisions(visit, indicator_id)
    place = next((place for place, each in enumerate(known) if each.id == revision_id), None)
    if place is None:
        raise NotFound("There is no such revision, or you may not know of it.")
    now = observations.chosen(revision_id, indicator_id)
    before = observations.chosen(known[place + 1].id, indicator_id) if place + 1 < len(known) else now.clear()
    found = compared(before.lazy(), now.lazy()).collect()
    names = area_names(visit, found["area_code"].unique().to_list())
    return tuple(
        _difference(row, names) for row in found.sort(["area_code", "breakdown", "group", *_PERIOD]).to_dicts()
    )


def compared(before: pl.LazyFrame, now: pl.LazyFrame) -> pl.LazyFrame:
    """Rows of FACTS that are not alike in both: key, was, now, was_held, now_held, kind (changed, added, removed)."""
    key = ["indicator", *_SERIES, *_PERIOD]
    columns = [*key, "period_type", "value", "held"]
    old = before.select(*columns).rename({"value": "was", "held": "was_held"}).with_columns(in_old=pl.lit(True))
    new = now.select(*columns).rename({"value": "now", "held": "now_held"}).with_columns(in_new=pl.lit(True))
    joined = old.join(new, on=[*key, "period_type"], how="full", coalesce=True)
    kind = (
        pl.when(pl.col("in_old").is_null())
        .then(pl.lit("added"))
        .when(pl.col("in_new").is_null())
        .then(pl.lit("removed"))
        .otherwise(pl.lit("changed"))
    )
    alike = pl.col("was").eq_missing(pl.col("now")) & pl.col("in_old").eq_missing(pl.col("in_new"))
    return joined.filter(~alike).with_columns(kind=kind, was_held=pl.col("was_held").fill_null(""))


def _difference(row: dict[str, object], names: dict[str, str]) -> Difference:
    start, end = row["period_start"], row["period_end"]
    assert isinstance(start, date) and isinstance(end, date)
    return Difference(
        area=names.get(str(row["area_code"]), str(row["area_code"])),
        group=str(row["group"]),
        period_start=start,
        period_end=end,
        period_type=str(row["period_type"]),
        was=row["was"],  # type: ignore[arg-type]
        now=row["now"],  # type: ignore[arg-type]
        was_held=str(row["was_held"] or ""),
        now_held=str(row["now_held"] or ""),
        kind=str(row["kind"]),
    )


def damaged(visit: Visit) -> tuple[str, ...]:
    """The revisions whose numbers are missing or are not those that were written; () when all is well."""
    wanted = select(RevisionRow.id, RevisionRow.file_name, RevisionRow.content).order_by(RevisionRow.received_at)
    found = visit.read().execute(wanted).all()
    return tuple(f"{row.file_name} (revision {row.id})" for row in found if observations.hash_of(row.id) != row.content)


def forget_orphans(*, now: datetime) -> int:
    """Remove files of numbers that no revision refers to, a day after their import died; how many there were."""
    with machinery("looks for numbers that no revision refers to", now=now) as own:
        known = set(own.read().execute(select(RevisionRow.id)).scalars())
    until = (now - timedelta(days=1)).timestamp()
    gone = [each for each in observations.folder().glob("*") if each.stem not in known and each.stat().st_mtime < until]
    for each in gone:
        each.unlink(missing_ok=True)
    return len(gone)


@jobs.on_day
def _forget() -> None:
    forget_orphans(now=clock())
