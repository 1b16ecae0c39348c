"""Turn the bytes of a CSV or Excel file into columns of text: runs in the guarded child, so it imports none of ours.

The answer comes in pieces so that a file of any length is read in little memory: first the headings, then blocks of
rows. In a block each column is its distinct cells and the number of the cell of each row.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import sys
import zipfile
from array import array
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from itertools import chain, count, islice
from typing import Any

BLOCK = 50_000
MOST_COLUMNS = 500
MOST_CELL = 100_000
LAST_ROW = 1_048_576
"""The last row that a spreadsheet program knows: rows left out before a later one are made up one by one."""
MOST_FAULTS = 200
_CSV_FAULTS = {
    "expected after": "a quotation mark inside a cell is not written twice",
    "field limit": f"a cell holds more than {MOST_CELL:,} letters: if a quotation mark is never closed, close it",
    "": "a quotation mark is never closed, so no row after it can be told apart",
}
"""Part of what the parser of CSV says -> what is wrong with the row; the first that fits."""
HEADING_WITHIN = 30
"""Rows in which the headings are looked for: sheets often begin with a title of their own."""
_SAVE = "save it as .csv or .xlsx"
_PAGE = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<head", b"<body")
_OTHER = (b"%pdf", b"{", b"[{", b"\x1f\x8b", b"7z\xbc\xaf")

Row = tuple[int, list[str]]


class Refused(Exception):
    """Why the file is not taken, as a sentence without its full stop."""


def normalised(heading: str) -> str:
    """A heading as it is compared: lower case, words joined by one underscore."""
    return re.sub(r"[^0-9a-z]+", "_", heading.lower()).strip("_")


def read(data: bytes, options: Mapping[str, str]) -> Generator[bytes, None, object]:
    """Yield `{"columns", "line", "sheet", "sheets", "delimiter", "total"}`, then blocks.

    Returns `{"rows", "faults": [[line, column, value, problem], ...]}`. Options: `known` (normalised headings as a JSON
    list, by which the heading row and the sheet are found), `sheet`.
    """
    try:
        known = frozenset(json.loads(options.get("known", "[]")))
        faults: list[list[object]] = []
        if data.startswith(b"PK\x03\x04"):
            about, rows = _workbook(data, options.get("sheet", ""), known=known, faults=faults)
        else:
            about, rows = _text(data, faults)
        return (yield from _table(rows, about, known=known, faults=faults))
    except Refused as refused:
        return {"refused": str(refused)}


def _table(
    rows: Iterator[Row], about: dict[str, Any], *, known: frozenset[str], faults: list[list[object]]
) -> Generator[bytes, None, object]:
    first = list(islice(rows, HEADING_WITHIN))
    if not first:
        raise Refused("The file is empty: it needs one row of headings and a row for each value")
    at = _heading_row(first, known)
    line, cells = first[at]
    headings = [" ".join(cell.split()) for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    if len(headings) > MOST_COLUMNS:
        raise Refused(f"The file has {len(headings):,} columns; at most {MOST_COLUMNS} can be read")
    yield _piece(about | {"columns": headings, "line": line})
    done = 0
    whole = _whole(chain(first[at + 1 :], rows), len(headings), fixed=bool(about["fixed_width"]), faults=faults)
    while block := list(islice(whole, BLOCK)):
        done += len(block)
        yield _block(block, len(headings))
    return {"rows": done, "faults": faults}


def _heading_row(first: list[Row], known: frozenset[str]) -> int:
    """The first row with the most headings that are known; else the first with two cells filled, else the first."""
    scores = [len(known & {normalised(cell) for cell in cells}) for _, cells in first]
    if max(scores) >= 2:
        return scores.index(max(scores))
    return next((place for place, (_, cells) in enumerate(first) if sum(map(bool, cells)) > 1), 0)


def _whole(rows: Iterable[Row], width: int, *, fixed: bool, faults: list[list[object]]) -> Iterator[Row]:
    """Rows as wide as the headings; another width is a fault, blank cells past the end are not."""
    for line, cells in rows:
        if len(cells) != width:
            if any(cells[width:]) or (fixed and len(cells) < width):
                problem = f"the row has {len(cells)} cells and the headings are {width}"
                _fault(faults, line, "", next(filter(None, cells[width:]), ""), problem)
                continue
            cells = (cells + [""] * (width - len(cells)))[:width]
        yield line, cells


def _fault(faults: list[list[object]], line: int, column: str, *said: str) -> None:
    if len(faults) < MOST_FAULTS:
        faults.append([line, column, *said])


def _block(block: list[Row], width: int) -> bytes:
    parts = [array("I", [line for line, _ in block]).tobytes()]
    sizes: list[list[int]] = []
    for cells in zip(*(cells for _, cells in block), strict=True):
        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        codes = array("I", map(numbers.__getitem__, cells)).tobytes()
        distinct = "\x00".join(map(str.strip, numbers)).encode("utf-8", "replace")
        sizes.append([len(distinct), len(numbers)])
        parts += [distinct, codes]
    assert len(sizes) == width
    return _piece({"rows": len(block), "sizes": sizes}, b"".join(parts))


def _piece(about: Mapping[str, Any], content: bytes = b"") -> bytes:
    return json.dumps(about).encode("ascii") + b"\n" + content


def _text(data: bytes, faults: list[list[object]]) -> tuple[dict[str, Any], Iterator[Row]]:
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Refused(f"The file is an old Excel workbook (.xls) or has a password: {_SAVE}, without a password")
    if start.startswith(_PAGE):
        raise Refused(f"The file is a web page or XML and not a table: open it in a spreadsheet program and {_SAVE}")
    if start.startswith(_OTHER):
        raise Refused(f"The file is not a table: {_SAVE}")
    encoding = _encoding(data)
    if encoding not in {"utf-16", "utf-32"} and b"\x00" in data:
        line = data.count(b"\n", 0, data.index(b"\x00")) + 1
        raise Refused(f"Line {line} holds a character that is no text (NUL): save the file as CSV UTF-8")
    lines = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")
    head = lines.readline()
    while head and not head.strip():
        head = lines.readline()
    stated = re.fullmatch(r'"?sep=(.)"?\s*', head)
    delimiter = stated[1] if stated else _delimiter(head + "".join(islice(lines, 5)))
    lines.seek(0)
    about: dict[str, Any] = {
        "sheet": "",
        "sheets": [],
        "delimiter": delimiter,
        "encoding": encoding,
        "total": data.count(b"\n"),
        "fixed_width": True,
    }
    return about, _csv_rows(lines, delimiter, faults, skip=stated is not None)


def _encoding(data: bytes) -> str:
    """UTF-8, or UTF-16 or UTF-32 with its mark; anything else is taken as Windows' Western encoding where that fits."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if any(2 * half.count(0) > len(half) for half in (data[:200:2], data[1:200:2])):
        raise Refused("The file is saved as UTF-16 without a mark: save it as CSV UTF-8")
    for encoding in ("utf-8-sig", "cp1252"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for place in range(0, len(data), 1 << 20):
                decoder.decode(data[place : place + (1 << 20)], place + (1 << 20) >= len(data))
        except UnicodeDecodeError:
            continue
        return encoding
    raise Refused("The file holds letters that cannot be read: save it as CSV UTF-8")


def _delimiter(lines: str) -> str:
    """The candidate most often in the first lines, outside quotation marks; a comma when there is none."""
    heading = "".join(lines.split('"')[::2])
    first = heading.split("\n")[0]
    # A comma decides only where no other does: it also stands in the numbers and words of a semicolon file.
    return max(";\t|,", key=lambda mark: (first.count(mark), heading.count(mark)))


def _csv_rows(lines: Iterable[str], delimiter: str, faults: list[list[object]], *, skip: bool) -> Iterator[Row]:
    csv.field_size_limit(MOST_CELL)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    if skip:
        next(reader)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            inside = "expected after" in str(fault)
            _fault(faults, line, "", "", _CSV_FAULTS[next(part for part in _CSV_FAULTS if part in str(fault))])
            if inside:
                continue
            return
        if any(cells) and any(map(str.strip, cells)):
            yield line, cells


def _workbook(
    data: bytes, wanted: str, *, known: frozenset[str], faults: list[list[object]]
) -> tuple[dict[str, Any], Iterator[Row]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        if "xl/workbook.xml" not in names:
            raise Refused(f"The file is an archive and not an Excel workbook: {_SAVE}")
        sheets = [name for name in names if name.startswith("xl/worksheets/")]
        has_formula = any(b"<f>" in archive.read(name) or b"<f " in archive.read(name) for name in sheets)
    # numpy is only asked for to recognise its number types; it would cost memory and time in every child.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    import warnings

    import openpyxl

    warnings.simplefilter("ignore")
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    visible = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
    chosen = _sheet(book, visible, wanted=wanted, known=known)
    formulas = None
    if has_formula:
        formulas = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)[chosen]
    about: dict[str, Any] = {
        "sheet": chosen,
        "sheets": visible,
        "delimiter": "",
        "encoding": "",
        "total": None,
        "fixed_width": False,
    }
    return about, _sheet_rows(book[chosen], formulas, faults)


def _sheet(book: Any, visible: list[str], *, wanted: str, known: frozenset[str]) -> str:
    """The sheet asked for, else the one with the most known headings, else the first with a table."""
    if wanted:
        if wanted not in visible:
            raise Refused(f"The workbook has no sheet {wanted[:40]!r}: its sheets are {', '.join(visible)[:200]}")
        return wanted
    scores: dict[str, int] = {}
    for title in visible:
        first = list(islice(_sheet_rows(book[title], None, []), HEADING_WITHIN))
        if any(sum(map(bool, cells)) > 1 for _, cells in first):
            scores[title] = max(len(known & {normalised(cell) for cell in cells}) for _, cells in first)
    if not scores:
        raise Refused(
            "No sheet of the workbook begins with a table: it needs a row of headings and a row for each value"
        )
    best = [title for title, score in scores.items() if score == max(scores.values())]
    if len(best) > 1:
        raise Refused(
            f"The workbook has several sheets that hold a table: say in the mapping which ({', '.join(best)})"
        )
    return best[0]


def _sheet_rows(sheet: Any, formulas: Any, faults: list[list[object]]) -> Iterator[Row]:
    # The stated size of a sheet may be a lie in either direction.
    sheet.reset_dimensions()
    said = formulas.iter_rows(values_only=True) if formulas is not None else None
    if formulas is not None:
        formulas.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if number > LAST_ROW:
            raise Refused("The sheet names a row that no spreadsheet has: save the values in a new workbook")
        filled = [place for place, cell in enumerate(cells, 1) if cell.value is not None]
        if said is not None:
            for place, formula in enumerate(next(said, ())):
                is_formula = isinstance(formula, str) and formula.startswith("=")
                if is_formula and (place >= len(cells) or cells[place].value is None):
                    _fault(faults, number, "", str(formula)[:60], "a formula without its value: save the values alone")
        if not filled:
            continue
        if filled[-1] > MOST_COLUMNS:
            raise Refused(f"The sheet has a value in column {filled[-1]:,}: delete what lies outside the table")
        yield number, [_cell(cell) for cell in cells[: filled[-1]]]


def _cell(cell: Any) -> str:
    """A cell as it is seen: a share shown as a percentage keeps its sign, a date shown as a month is a month."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        is_share = "%" in (cell.number_format or "")
        number = round(value * 100, 10) if is_share else value
        whole = isinstance(number, float) and number.is_integer() and abs(number) < 1e15
        return f"{int(number) if whole else number!r}{'%' if is_share else ''}"
    if isinstance(value, datetime | date):
        return _date(value, re.sub(r'\[[^\]]*\]|"[^"]*"|\\.', "", (cell.number_format or "").lower()))
    if isinstance(value, time):
        return value.isoformat()
    return str(value).replace("\x00", "").strip()[:MOST_CELL]


def _date(value: date, shown: str) -> str:
    if "y" in shown and "d" not in shown:
        return f"{value.year}-{value.month:02}" if "m" in shown else str(value.year)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat()
    return value.isoformat()
