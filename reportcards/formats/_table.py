"""A file as columns of text, read in the guarded child process."""

from __future__ import annotations

import json
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from reportcards.formats import _cells
from reportcards.formats._observation import FileError, Progress
from reportcards.formats.headers import KNOWN
from store.guard import Limits, stream

ROW = "\x00row"
"""The column of line numbers; no heading can be called so."""
_MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of text: the column `ROW`, then one column per heading, no cell null, outer blanks gone."""

    name: str
    """The file's name."""
    headings: tuple[str, ...]
    frame: pl.DataFrame
    line: int
    """The line of the headings."""
    delimiter: str = ""
    """"" for a workbook."""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    faults: tuple[FileError, ...] = field(default=())
    repeated: tuple[str, ...] = ()
    """Headings that stand over several columns; the later ones carry their place behind them."""

    @property
    def height(self) -> int:
        """Rows below the headings."""
        return self.frame.height


def table(data: bytes, name: str, *, sheet: str = "", progress: Progress | None = None) -> Table:
    """The table that a CSV or Excel file holds. Raises GuardRefused with a sentence when there is none."""
    options = {"known": json.dumps(sorted(KNOWN)), "sheet": sheet}
    is_workbook = data.startswith(b"PK")
    pieces = stream(_cells.read, data, options, limits=_limits(len(data), is_workbook=is_workbook))
    about: dict[str, Any] = {}
    blocks: list[pl.DataFrame] = []
    done = 0
    while True:
        try:
            piece = next(pieces)
        except StopIteration as end:
            told = end.value.value
            break
        head, _, content = piece.partition(b"\n")
        said = json.loads(head)
        if not about:
            about = said
            headings = _distinct(said["columns"])
            continue
        blocks.append(_block(said, content, headings))
        done += said["rows"]
        if progress is not None:
            progress(done, about["total"] and max(done, about["total"] - about["line"]))
    schema = {ROW: pl.UInt32(), **dict.fromkeys(headings, pl.String())}
    frame = pl.concat(blocks, rechunk=True) if blocks else pl.DataFrame(schema=schema)
    given = [heading for heading in about["columns"] if heading]
    kept = [heading for heading in headings if not _is_nothing(heading, frame)]
    return Table(
        name=name,
        headings=tuple(kept),
        frame=frame.select(ROW, *kept),
        line=about["line"],
        delimiter=about["delimiter"],
        sheet=about["sheet"],
        sheets=tuple(about["sheets"]),
        repeated=tuple(dict.fromkeys(heading for heading in given if given.count(heading) > 1)),
        faults=tuple(
            FileError(row=row, column=column, value=value, problem=problem)
            for row, column, value, problem in told["faults"]
        ),
    )


def _limits(size: int, *, is_workbook: bool) -> Limits:
    """Room for the file some times over; a workbook's cells are objects, and slow."""
    megabytes = size // _MEGABYTE + 1
    if is_workbook:
        return Limits(memory_mb=1024 + 8 * megabytes, cpu_seconds=300, wall_seconds=900, result_mb=2048)
    return Limits(
        memory_mb=768 + 3 * megabytes,
        cpu_seconds=60 + megabytes,
        wall_seconds=180 + 4 * megabytes,
        result_mb=256 + 4 * megabytes,
    )


def _block(said: dict[str, Any], content: bytes, headings: Sequence[str]) -> pl.DataFrame:
    rows = said["rows"]
    view = memoryview(content)
    place = 0

    def numbers() -> pl.Series:
        nonlocal place
        found = array("I", bytes(view[place : place + 4 * rows]))
        place += 4 * rows
        return pl.Series(found, dtype=pl.UInt32)

    columns = {ROW: numbers()}
    for heading, (size, _) in zip(headings, said["sizes"], strict=True):
        distinct = pl.Series(bytes(view[place : place + size]).decode("utf-8").split("\x00"), dtype=pl.String)
        place += size
        columns[heading] = distinct.gather(numbers())
    return pl.DataFrame(columns)


def _distinct(headings: Sequence[str]) -> list[str]:
    """Headings that differ: a repeated one, and one that is empty, is called after its place."""
    found: list[str] = []
    for place, heading in enumerate(headings, 1):
        name = heading or f"column {place}"
        found.append(name if name not in found else f"{name} ({place})")
    return found


def _is_nothing(heading: str, frame: pl.DataFrame) -> bool:
    return heading.startswith("column ") and bool(frame.select((pl.col(heading) == "").all()).item())


def each(frame: pl.DataFrame, column: str, reading: Callable[[str], str]) -> pl.Expr:
    """Another text for each distinct text of a column."""
    return pl.col(column).replace({text: reading(text) for text in frame[column].unique()})
