"""Read an agency's register of datasets from a CSV or Excel file: our template, or any sheet through a mapping."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from catalogue.records import (
    Completeness,
    Ending,
    Item,
    Known,
    Page,
    Record,
    Rejection,
    Seen,
    SourceAddress,
)
from connectors import _sheets, _text, connector
from connectors._register_columns import FIELDS, TEMPLATE, guess_mapping, heading, missing, template_csv
from connectors._register_record import BANDS, RAW_KEPT, content, record
from connectors._web import Web
from governance.errors import Invalid, SourceUnreadable
from governance.guard import Limits, parse

__all__ = ["BANDS", "FIELDS", "TEMPLATE", "Preview", "guess_mapping", "headers", "preview", "read", "template_csv"]

VERSION = 1
MOST_BYTES = 10 << 20
PAGE = 500

_LIMITS = Limits(cpu_seconds=20)
"""A sheet of the most rows and columns, half of them formulas, takes 12 seconds."""
_SEARCHED = 10
"""Rows in which the headings are looked for: registers often begin with a title of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a form shows so that a person can say which column holds what."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The first rows, as long as the headings."""
    mapping: Mapping[str, str]
    """The mapping in force: the remembered one, else what the headings say for certain (our field -> their column)."""
    count: int
    """Rows below the headings."""
    sheet: str
    """The sheet that was read, "" for CSV."""
    sheets: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Register:
    headers: tuple[str, ...]
    mapping: Mapping[str, str]
    rows: tuple[_Row, ...]
    faults: tuple[Rejection, ...]
    sheet: str
    sheets: tuple[str, ...]


@connector(
    "inventory",
    title="Agency register (CSV or Excel)",
    about="An agency's own list of its datasets as a CSV or Excel file: our template, or any list with a row each.",
    version=VERSION,
    upload=(".csv", ".xlsx"),
)
def read(source: SourceAddress, web: Web, after: str, known: Known) -> Iterator[Page]:  # noqa: PLR0917
    """Every row of the register, in pages; complete when the whole file was read and each row can be told apart."""
    register = _register(source, web)
    _usable(register, source.location)
    items = _items(register)
    stamp = hashlib.blake2b(repr([item.raw for item in items]).encode(), digest_size=8).hexdigest()
    # A file that changed since the reading broke off is read again from its start.
    place, _, was = after.partition(":")
    first = min(int(place), len(items)) if place.isdigit() and was == stamp else 0
    ending = _ending(register, items)
    while True:
        last = min(first + PAGE, len(items))
        page = tuple(_seen(item, known) for item in items[first:last])
        is_last = last >= len(items)
        yield Page(items=page, cursor=f"{last}:{stamp}", total=len(items), ending=ending if is_last else None)
        if is_last:
            return
        first = last


def preview(source: SourceAddress, web: Web, *, rows: int = 5) -> Preview:
    """The headings and first rows of a file. Raises SourceUnreadable with one sentence when it cannot be taken."""
    register = _register(source, web)
    first = tuple(tuple(row.cells[header] for header in register.headers) for row in register.rows[:rows])
    return Preview(
        headers=register.headers,
        rows=first,
        mapping=register.mapping,
        count=len(register.rows) + len(register.faults),
        sheet=register.sheet,
        sheets=register.sheets,
    )


def headers(source: SourceAddress, web: Web) -> list[str]:
    """The headings of a file, for a mapping to choose from. Raises SourceUnreadable when it cannot be taken."""
    return list(_register(source, web).headers)


def _register(source: SourceAddress, web: Web) -> _Register:
    try:
        found = parse(
            _sheets.read, web.document(source.location, limit=MOST_BYTES), source.options, limits=_LIMITS
        ).value
    except Invalid as refused:
        raise SourceUnreadable(refused.sentence, url=source.location) from None
    chosen = _chosen(source)
    at = _heading_row(found["rows"], chosen)
    titles = _distinct(found["rows"][at][1] if found["rows"] else [])
    rows: list[_Row] = []
    faults = [_fault(line, reason, advice) for line, reason, advice in found["faults"]]
    for line, cells in found["rows"][at + 1 :]:
        if fault := _row_fault(line, cells, len(titles) if found["fixed_width"] else 0):
            faults.append(fault)
            continue
        filled = [*cells, *[""] * (len(titles) - len(cells))]
        rows.append(_Row(line=line, cells=MappingProxyType(dict(zip(titles, filled, strict=False)))))
    return _Register(
        headers=titles,
        mapping=chosen or guess_mapping(titles),
        rows=tuple(rows),
        faults=tuple(faults),
        sheet=found["sheet"],
        sheets=tuple(found["sheets"]),
    )


def _chosen(source: SourceAddress) -> dict[str, str]:
    """The mapping that a person chose and the source remembers; empty when none was."""
    try:
        said: Any = json.loads(source.options.get("mapping") or "{}")
    except ValueError:
        said = None
    if not isinstance(said, dict) or not all(isinstance(k, str) and isinstance(v, str) for k, v in said.items()):
        raise SourceUnreadable("The remembered choice of columns cannot be read: choose the columns again.")
    return {field: " ".join(column.split()) for field, column in said.items() if field in FIELDS and column.strip()}


def _heading_row(rows: Sequence[Any], chosen: Mapping[str, str]) -> int:
    """The first row that holds the chosen columns, or a title; else the first row."""
    for place, (_, cells) in enumerate(rows[:_SEARCHED]):
        titles = _distinct(cells)
        if set(chosen.values()) <= set(titles) if chosen else "title" in guess_mapping(titles):
            return place
    return 0


def _distinct(cells: Sequence[str]) -> tuple[str, ...]:
    """Headings on one line; an empty one is called after its place, a repeated one after its turn."""
    found: list[str] = []
    for place, cell in enumerate(cells, 1):
        name = _text.text(cell, cap=200, line=True)[0] or f"column {place}"
        turn = 2
        while (name if turn == 2 else f"{name} ({turn - 1})") in found:
            turn += 1
        found.append(name if turn == 2 else f"{name} ({turn - 1})")
    return tuple(found)


def _row_fault(line: int, cells: Sequence[str], width: int) -> Rejection | None:
    if width and (len(cells) < width or any(cell.strip() for cell in cells[width:])):
        advice = f"Line {line} has {len(cells)} cells and the heading has {width}: give it as many"
        return replace(_fault(line, "Row of another length than the heading", advice), value=_text.shown(list(cells)))
    if any("\x00" in cell for cell in cells):
        return _fault(line, "A character that is no text (NUL)", f"Type the cells of line {line} anew")
    return None


def _fault(line: int, reason: str, advice: str) -> Rejection:
    return Rejection(remote_id=f"row {line}", field=f"row {line}", reason=reason, what_to_change=advice)


def _usable(register: _Register, location: str) -> None:
    """Refuse a file whose columns are not understood: half a mapping would empty a field of every dataset."""
    listed = ", ".join(register.headers[:30])
    if gone := missing(register.mapping, register.headers):
        field, column = gone[0]
        raise SourceUnreadable(
            f"The column {column!r}, chosen for {heading(field)!r}, is not in the file: choose the columns again "
            f"(it has {listed}).",
            url=location,
        )
    if "title" not in register.mapping:
        raise SourceUnreadable(
            f"No column is known to hold the datasets' titles: choose which column holds what (the file has {listed}).",
            url=location,
        )


def _items(register: _Register) -> tuple[Record | Rejection, ...]:
    key = "reference" if "reference" in register.mapping else "title"
    column = register.mapping[key]
    kept: dict[str, _Row] = {}
    for row in register.rows:
        name = _text.identity(row.cells[column])
        if name not in kept or content(row.cells) > content(kept[name].cells):
            kept[name] = row
    made = (_item(row, register, key=key, kept=kept[_text.identity(row.cells[column])]) for row in register.rows)
    return (*made, *register.faults)


def _item(row: _Row, register: _Register, *, key: str, kept: _Row) -> Record | Rejection:
    column = register.mapping[key]
    remote_id = _text.shown(row.cells[column], cap=400)
    identity = _text.identity(row.cells[column])
    place = f"{column} (row {row.line})"
    rejection = Rejection(
        remote_id=remote_id, identity=identity, field=place, reason="", raw=content(row.cells)[:RAW_KEPT]
    )
    if not identity:
        fault, advice = (
            ("No reference", "reference that never changes") if key == "reference" else ("No title", "title")
        )
        return replace(
            rejection, remote_id=f"row {row.line}", reason=fault, what_to_change=f"Give row {row.line} a {advice}"
        )
    if kept is not row:
        is_copy = content(kept.cells) == content(row.cells)
        return replace(
            rejection,
            value=remote_id,
            reason="Listed more than once" if is_copy else f"{key.capitalize()} used for more than one dataset",
            what_to_change=f"Take out row {row.line}" if is_copy else f"Give row {row.line} a {key} of its own",
        )
    made = record(row.cells, register.mapping, identity=identity, version=VERSION)
    if not made.title:
        return replace(
            rejection,
            field=f"{register.mapping['title']} (row {row.line})",
            reason="No title",
            what_to_change=f"Give row {row.line} a title",
        )
    return made


def _seen(item: Record | Rejection, known: Known) -> Item:
    if isinstance(item, Record) and known(item.identity, item.fingerprint):
        return Seen(identity=item.identity, fingerprint=item.fingerprint)
    return item


def _ending(register: _Register, items: Sequence[Record | Rejection]) -> Ending:
    nameless = sum(not item.identity for item in items)
    reason = f"{len(items):,} of {len(items):,} rows read"
    if "reference" not in register.mapping:
        reason += "; there is no column of references, so a dataset is known by its title"
    if nameless:
        reason += f"; {nameless:,} of them cannot be told apart, so others may be missing"
        return Ending(completeness=Completeness.PARTIAL, reason=reason)
    return Ending(completeness=Completeness.COMPLETE, reason=f"{reason}; the whole file was read")
