"""What a file is read into: one frame of observations, what was found beside them, and what is wrong with the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from reportcards.formats.mapping import ColumnMapping, Role

OBSERVATIONS = pl.Schema(
    {
        "row": pl.UInt32(),
        "indicator": pl.String(),
        "indicator_name": pl.String(),
        "area_code": pl.String(),
        "area_name": pl.String(),
        "area_type": pl.String(),
        "breakdown": pl.String(),
        "group": pl.String(),
        "sex": pl.String(),
        "age": pl.String(),
        "period": pl.String(),
        "period_start": pl.Date(),
        "period_end": pl.Date(),
        "period_type": pl.String(),
        "value": pl.Float64(),
        "count": pl.Float64(),
        "denominator": pl.Float64(),
        "lower95": pl.Float64(),
        "upper95": pl.Float64(),
        "lower998": pl.Float64(),
        "upper998": pl.Float64(),
        "unit": pl.String(),
        "measure": pl.String(),
        "obs_status": pl.String(),
        "conf_status": pl.String(),
        "note": pl.String(),
    }
)
"""One row per series and period.

`row` is the line in the file, its headings counted. Text is never null: "" is "not stated", and for `breakdown`,
`group` and `age` it is everyone. Numbers and dates are null where the file has none. Several dimensions of a breakdown
are joined by `DIMENSION_MARK` in the order of the file's columns, and their groups likewise. `period_type` is a
`PeriodType`, `obs_status` and `conf_status` are SDMX codes.
"""
DIMENSION_MARK = " | "
SERIES = ("indicator", "area_code", "area_name", "breakdown", "group", "sex", "age")
"""What makes a series."""
NUMBERS = ("value", "count", "denominator", "lower95", "upper95", "lower998", "upper998")
MOST_ERRORS = 100
"""Errors that are listed; the others are counted."""

Progress = Callable[[int, int | None], None]
"""Told rows done and rows in all, None when that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileError:
    """One reason why a file is refused: where, and what to change."""

    row: int
    """The line in the file, 1 for the headings, 0 for the file as a whole."""
    column: str = ""
    value: str = ""
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundIndicator:
    """An indicator that a file holds, with what the file or its metadata say of it."""

    code: str
    """As in the column `indicator`, "" when the file is one indicator."""
    name: str
    unit: str = ""
    definition: str = ""
    method: str = ""
    caveats: str = ""
    geography: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A file as it was understood. It is taken whole or not at all: with any error it is refused."""

    format: str
    observations: pl.DataFrame
    """Empty when the file is refused."""
    rows: int
    """Rows below the headings."""
    errors: tuple[FileError, ...] = ()
    error_count: int = 0
    """All errors, also those past the first `MOST_ERRORS`."""
    indicators: tuple[FoundIndicator, ...] = ()
    flags: Mapping[str, int] = field(default_factory=dict)
    """SDMX observation status -> observations."""
    missing: int = 0
    """Observations without a value."""
    series: int = 0
    areas: int = 0
    periods: tuple[str, str] = ("", "")
    """First day of the first period and last day of the last, in ISO form."""
    ignored: Mapping[str, str] = field(default_factory=dict)
    """Column -> why it is not read."""
    warnings: tuple[str, ...] = ()
    """What was assumed, or looks odd, in a file that is taken."""
    mapping: ColumnMapping = field(default_factory=ColumnMapping)
    """The mapping in force: given again, it reads the next file of the same kind in the same way."""

    @property
    def is_refused(self) -> bool:
        """Whether nothing of the file may be committed."""
        return self.error_count > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewColumn:
    """One column of a file, and what it is taken to hold."""

    heading: str
    role: Role | None
    """None when nothing of the column is read."""
    samples: tuple[str, ...]
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a form shows before a file is committed, so that a person can say which column holds what."""

    format: str
    columns: tuple[PreviewColumn, ...]
    read: Read
    first_rows: tuple[tuple[str, ...], ...]
    sheets: tuple[str, ...] = ()


def refused(format_name: str, error: FileError, *, rows: int = 0) -> Read:
    """A file that cannot be taken for one reason."""
    return Read(
        format=format_name,
        observations=OBSERVATIONS.to_frame(),
        rows=rows,
        errors=(error,),
        error_count=1,
    )
