"""A table whose columns are told apart, ready to be read into observations; and the list of what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from reportcards.formats._observation import MOST_ERRORS, FileError
from reportcards.formats.mapping import ColumnMapping, Role
from reportcards.formats.periods import PeriodType


@dataclass(slots=True)
class Faults:
    """Errors as they are found: the first are kept in full, all are counted."""

    listed: list[FileError] = field(default_factory=list)
    count: int = 0
    _cells: set[tuple[int, str]] = field(default_factory=set)

    def add(self, error: FileError) -> None:
        """One more error; of one cell the first that is found."""
        if (error.row, error.column) in self._cells:
            return
        self._cells.add((error.row, error.column))
        self.count += 1
        if len(self.listed) < MOST_ERRORS:
            self.listed.append(error)

    def rows(self, column: str, found: pl.DataFrame) -> None:
        """One error per row of a frame of `row`, `value`, `problem`."""
        kept = found.head(MOST_ERRORS)
        for row, value, problem in kept.select("row", "value", "problem").iter_rows():
            self.add(FileError(row=row, column=column, value=value[:80], problem=problem))
        self.count += found.height - kept.height

    def in_order(self) -> tuple[FileError, ...]:
        """What was kept, by row."""
        return tuple(sorted(self.listed, key=lambda error: error.row))


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """What a file of metadata says of the indicator beside which it lies."""

    code: str = ""
    name: str = ""
    unit: str = ""
    definition: str = ""
    method: str = ""
    caveats: str = ""
    geography: str = ""
    sources: tuple[str, ...] = ()
    years: str = ""
    """What the metadata call the years, "" when they do not say: academic year, school year, financial year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What is known before a file is read."""

    format: str
    name: str
    """The file's name."""
    mapping: ColumnMapping = field(default_factory=ColumnMapping)
    meta: Meta = field(default_factory=Meta)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A frame whose columns are called after their role (`Role` values), beside the column of line numbers.

    Columns of dimensions keep a name of their own. Every cell is text.
    """

    frame: pl.DataFrame
    headings: Mapping[str, str]
    """Column of the frame -> heading in the file, for what is said of it."""
    dimensions: tuple[tuple[str, str], ...] = ()
    """(name of the breakdown, column of the frame), in the file's order."""
    ignored: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    roles: Mapping[str, Role] = field(default_factory=dict)
    """Heading in the file -> role, as the mapping in force."""
    stated: PeriodType | None = None
    """What the format or a person says of the periods."""
    decimal: str = "."
    once: bool = False
    """Whether a row that repeats another word for word is the same row and taken once."""

    def has(self, role: Role) -> bool:
        """Whether the frame has a column of a role."""
        return role.value in self.frame.columns

    def heading(self, column: str) -> str:
        """What the file calls a column."""
        return self.headings.get(column, "")
