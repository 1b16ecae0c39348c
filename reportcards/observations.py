"""The numbers themselves: one immutable Parquet file for each revision, sorted so that one series is read quickly.

What is written here is already protected: a number that disclosure control hides is not in the file.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from governance import CommonTableError, enough_space
from store import settings

FACTS = pl.Schema(
    {
        "area_code": pl.String(),
        "indicator": pl.String(),
        "breakdown": pl.String(),
        "group": pl.String(),
        "period_start": pl.Date(),
        "period_end": pl.Date(),
        "period_type": pl.String(),
        "value": pl.Float64(),
        "lower95": pl.Float64(),
        "upper95": pl.Float64(),
        "count": pl.Float64(),
        "denominator": pl.Float64(),
        "obs_status": pl.String(),
        "conf_status": pl.String(),
        "held": pl.String(),
        "note": pl.String(),
    }
)
"""One row for each area, indicator, group and period. `indicator` is our id; `breakdown` and `group` are "" for
everyone; `value` is in the indicator's unit; `held` says why there is no value, "" when there is one."""

KEY = ["area_code", "indicator", "breakdown", "group", "period_start", "period_end", "period_type"]
"""What makes an observation one: no revision holds it twice."""

_ROWS_A_GROUP = 60_000
"""Rows of a Parquet row group: small enough that one series costs one group, large enough to compress."""


class NumbersMissing(CommonTableError):
    """The file of a revision is not where it was put; `revision` is its id."""

    def __init__(self, revision: str) -> None:
        super().__init__(
            "Numbers that were imported are missing on the server: ask an administrator to take the file "
            f"{folder().name}/{revision}.parquet from a backup."
        )
        self.revision = revision


def folder() -> Path:
    """Where the files lie, beside the database."""
    return settings().home / "observations"


def file_of(revision_id: str) -> Path:
    """The file of one revision."""
    return folder() / f"{revision_id}.parquet"


def write(revision_id: str, facts: pl.LazyFrame) -> str:
    """Write a revision, whole or not at all; the SHA-256 of the file. `facts` has the columns of FACTS.

    Raises: OutOfSpace.
    """
    target = file_of(revision_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_suffix(".unfinished")
    made = facts.select(pl.col(name).cast(kind) for name, kind in FACTS.items()).sort(KEY)
    try:
        with enough_space(), _system_errors():
            made.sink_parquet(unfinished, compression="zstd", row_group_size=_ROWS_A_GROUP, statistics=True)
        with unfinished.open("rb") as handle:
            digest = hashlib.file_digest(handle, "sha256").hexdigest()
            os.fsync(handle.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return digest


@contextlib.contextmanager
def _system_errors() -> Iterator[None]:
    """Polars tells an error of the system in words only: as what it is, a full disk is recognised."""
    try:
        yield
    except pl.exceptions.PolarsError as error:
        if told := re.search(r"\(os error (\d+)\)", str(error)):
            raise OSError(int(told[1]), str(error)) from error
        raise


def hash_of(revision_id: str) -> str:
    """SHA-256 of a revision's file as it lies there; "" when it is missing."""
    try:
        with file_of(revision_id).open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def scan(revision_id: str) -> pl.LazyFrame:
    """The facts of a revision, to be filtered before they are collected. Raises NumbersMissing."""
    if not is_there(revision_id):
        raise NumbersMissing(revision_id)
    return pl.scan_parquet(file_of(revision_id))


def is_there(revision_id: str) -> bool:
    """Whether the numbers of a revision can be read."""
    return file_of(revision_id).is_file()


def chosen(revision_id: str, indicator_id: str, **where: str) -> pl.DataFrame:
    """The facts of one indicator, narrowed by equal columns (`area_code="E08"`, `breakdown=""`), in order of KEY."""
    narrowed = scan(revision_id).filter(pl.col("indicator") == indicator_id)
    for name, value in where.items():
        narrowed = narrowed.filter(pl.col(name) == value)
    return narrowed.collect().sort(KEY)
