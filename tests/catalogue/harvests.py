"""Harvests in tests: a source that is read by a fake, at any time of our choosing, without a job queue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from catalogue import reading, runs, sources
from catalogue.runs import RunResult
from catalogue.tables import DatasetRow
from governance import Visit, operator
from tests.catalogue.fake_source import FakeSource

MONDAY = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@contextmanager
def visiting(now: datetime = MONDAY) -> Iterator[Visit]:
    """The operator at a moment."""
    with operator("test", now=now) as visit:
        yield visit


def add_source(name: str = "Harbour", **values: object) -> sources.Source:
    """A source of the kind `fake`."""
    new = sources.NewSource(name=name, kind="fake", location="http://harbour.example/", **values)  # type: ignore[arg-type]
    with visiting() as visit:
        return sources.add(visit, new, kinds=["fake"])


def harvest(fake: FakeSource, now: datetime = MONDAY, name: str = "Harbour") -> RunResult:
    """Read the source once, here and now."""
    runs.install(fake)
    with visiting(now) as visit:
        begun = runs.begin(visit, name)
    return carry_on(begun.id)


def carry_on(run_id: str) -> RunResult:
    """Carry out a run that was begun, from wherever it is; the next page is read anew."""
    reading.harvest(run_id)
    with visiting() as visit:
        return runs.run(visit, run_id).result


def shelf() -> dict[str, DatasetRow]:
    """Identity -> row of every dataset."""
    with visiting() as visit:
        return {row.identity: row for row in visit.read().execute(select(DatasetRow)).scalars()}


def states() -> dict[str, str]:
    """Identity -> state of every dataset."""
    return {identity: row.state for identity, row in shelf().items()}


def count(table: type) -> int:
    """Rows of a table."""
    with visiting() as visit:
        return visit.read().execute(select(func.count()).select_from(table)).scalar_one()
