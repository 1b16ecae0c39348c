"""Read indicator files: bytes in, one frame of observations out, or every reason why not by row and column.

One file per format, found by a scan of this folder:

    @file_format("tidy", title="Tidy table", about="...", fits=fits)
    def lay_out(table, job, faults): return Layout(...)

`fits` says how surely a table is of the format, from 0 (not at all) to 100; the surest reads it. Nothing here touches
what is stored: the caller commits what is read, and remembers the mapping.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from reportcards.formats import _build, _sidecar
from reportcards.formats._layout import Faults, Job, Layout, Meta
from reportcards.formats._observation import (
    MOST_ERRORS,
    OBSERVATIONS,
    FileError,
    FoundIndicator,
    Preview,
    PreviewColumn,
    Progress,
    Read,
    refused,
)
from reportcards.formats._table import Table, table
from reportcards.formats.mapping import ColumnMapping, Role
from store.guard import GuardRefused

__all__ = [
    "MOST_ERRORS",
    "OBSERVATIONS",
    "ColumnMapping",
    "FileError",
    "FileFormat",
    "FoundIndicator",
    "Preview",
    "PreviewColumn",
    "Progress",
    "Read",
    "Role",
    "file_format",
    "preview",
    "read",
    "registry",
]

Fits = Callable[[Table, ColumnMapping], int]
LayOut = Callable[[Table, Job, Faults], Layout | None]
"""Tell the columns of a table apart; None when an error keeps it from being read any further."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFormat:
    """One way in which publishers give indicators away."""

    name: str
    title: str
    about: str
    """One sentence for the person who chooses."""
    fits: Fits
    lay_out: LayOut


_found: dict[str, FileFormat] = {}


def file_format(name: str, *, title: str, about: str, fits: Fits) -> Callable[[LayOut], LayOut]:
    """Declare a function as the reader of a format. Raises ValueError when the name is taken."""

    def declare(lay_out: LayOut) -> LayOut:
        if name in _found and _found[name].lay_out.__module__ != lay_out.__module__:
            raise ValueError(
                f"two formats are called {name!r}: {_found[name].lay_out.__module__}, {lay_out.__module__}"
            )
        _found[name] = FileFormat(name=name, title=title, about=about, fits=fits, lay_out=lay_out)
        return lay_out

    return declare


_PARTS = frozenset({"headers", "mapping", "periods"})
"""Modules of this folder that are no formats."""


@cache
def registry() -> dict[str, FileFormat]:
    """Every format by name, in alphabetical order."""
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_") and module.name not in _PARTS:
            importlib.import_module(f"{__name__}.{module.name}")
    return dict(sorted(_found.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Opened:
    """A file of which it is known how to read it, or why it cannot be read."""

    table: Table | None
    read: Read
    layout: Layout | None = None


def read(
    data: bytes,
    name: str,
    *,
    format: str = "",
    mapping: ColumnMapping | None = None,
    sidecar: bytes | None = None,
    progress: Progress | None = None,
) -> Read:
    """Read a file whole, or refuse it with every reason found.

    The format is the one named, else that of the mapping, else the one that fits best. `sidecar` is a file of metadata
    (Open SDG's YAML front matter). `progress` is told how many rows are read, and of how many.
    """
    mapping = mapping or ColumnMapping()
    mapping = replace(mapping, format=format) if format else mapping
    return _opened(data, name, mapping, sidecar=sidecar, progress=progress).read


def preview(
    data: bytes, name: str, *, mapping: ColumnMapping | None = None, sidecar: bytes | None = None, rows: int = 5
) -> Preview:
    """What each column of a file is taken to hold, with samples, and what reading the file would give."""
    opened = _opened(data, name, mapping or ColumnMapping(), sidecar=sidecar, progress=None)
    if opened.table is None:
        return Preview(format=opened.read.format, columns=(), read=opened.read, first_rows=())
    frame = opened.table.frame.select(opened.table.headings)
    roles = dict(opened.layout.roles) if opened.layout else dict((mapping or ColumnMapping()).columns)
    ignored = opened.layout.ignored if opened.layout else {}
    columns = tuple(
        PreviewColumn(
            heading=heading,
            role=roles.get(heading),
            samples=tuple(frame[heading].head(1000).unique(maintain_order=True).head(rows)),
            why_not=ignored.get(heading, ""),
        )
        for heading in opened.table.headings
    )
    return Preview(
        format=opened.read.format,
        columns=columns,
        read=opened.read,
        first_rows=tuple(tuple(str(cell) for cell in row) for row in frame.head(rows).iter_rows()),
        sheets=opened.table.sheets,
    )


def _opened(
    data: bytes, name: str, mapping: ColumnMapping, *, sidecar: bytes | None, progress: Progress | None
) -> _Opened:
    formats = registry()
    if mapping.format and mapping.format not in formats:
        problem = f"{mapping.format!r} is not a format: say one of {', '.join(formats)}"
        return _Opened(table=None, read=refused(mapping.format, FileError(row=0, problem=problem)))
    try:
        meta = _sidecar.meta(sidecar) if sidecar is not None else Meta()
        found = table(data, name, sheet=mapping.sheet, progress=progress)
    except GuardRefused as fault:
        return _Opened(table=None, read=refused(mapping.format, FileError(row=0, problem=fault.sentence)))
    chosen = formats[mapping.format] if mapping.format else _surest(found, mapping)
    job = Job(format=chosen.name, name=name, mapping=replace(mapping, sheet=found.sheet and mapping.sheet), meta=meta)
    faults = Faults()
    for fault_found in found.faults:
        faults.add(fault_found)
    for heading in found.repeated:
        if not any(column.startswith(heading) for column in mapping.columns):
            problem = "stands over several columns: give each a heading of its own"
            faults.add(FileError(row=found.line, column=heading, value=heading, problem=problem))
    unknown = [column for column in mapping.columns if column not in found.headings]
    for column in unknown:
        problem = f"the mapping names this column, and the file has none of that name (it has {shown(found.headings)})"
        faults.add(FileError(row=found.line, column=column, problem=problem))
    layout = None if unknown else chosen.lay_out(found, job, faults)
    if layout is None or (found.height == 0 and faults.count == 0):
        if faults.count == 0:
            faults.add(FileError(row=found.line, problem="the file has headings and no row below them"))
        bare = refused(chosen.name, faults.in_order()[0], rows=found.height)
        bare = replace(bare, errors=faults.in_order(), error_count=faults.count)
        return _Opened(table=found, read=bare, layout=layout)
    return _Opened(table=found, read=_build.observations(layout, job, faults), layout=layout)


def _surest(found: Table, mapping: ColumnMapping) -> FileFormat:
    return max(registry().values(), key=lambda one: one.fits(found, mapping))


def shown(headings: tuple[str, ...] | list[str]) -> str:
    """The headings of a file in a sentence, cut where they are many."""
    said = ", ".join(heading[:40] for heading in headings[:12])
    return said + (" and others" if len(headings) > 12 else "")
