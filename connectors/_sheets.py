"""Read the rows of a CSV or XLSX file as text: runs in the guarded child process, so it imports none of our packages.

What a file is, its first bytes say, never its name. Nothing is guessed that would change a letter: text that is not
Unicode is refused until a person says how it was saved.
"""

from __future__ import annotations

import codecs
import csv
import io
import sys
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time

MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_CELL = 200_000
LAST_ROW = 1_048_576
"""The last row that a spreadsheet program knows: rows left out before a later one are made up one by one."""
"""Characters in one cell; Excel itself stops at 32,767."""

MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""The marks at the beginning of a text; the one for UTF-32 begins like the one for UTF-16, so it is asked first."""
ENCODINGS = ("utf-8", "utf-16", "windows-1252", "iso-8859-1", "mac-roman")
"""What a person can say a text file was saved in."""
_SAVE = "save it as .xlsx or .csv"


class _Refused(Exception):
    """Why the file is not taken, as a sentence."""


def read(data: bytes, options: Mapping[str, str]) -> object:
    """Every row that is not blank.

    `{"rows": [[line, [cell, ...]], ...], "faults": [[line, reason, what to change], ...], "fixed_width": bool,
    "sheet": name, "sheets": [name, ...]}`; `fixed_width` is True where a row of another width than the heading is a
    fault (CSV). Options: `encoding`, `delimiter`, `sheet`.
    """
    try:
        if data.startswith(b"PK\x03\x04"):
            return _workbook(data, options)
        return _table(data, options)
    except _Refused as refused:
        return {"refused": str(refused)}
    except zipfile.BadZipFile:
        return {"refused": "The workbook is damaged: open it in a spreadsheet program and save it again as .xlsx"}


def _table(data: bytes, options: Mapping[str, str]) -> object:
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise _Refused(f"The file is an old Excel workbook (.xls) or has a password: {_SAVE}, without a password")
    if start.startswith((b"<!doctype", b"<html", b"<table", b"<?xml", b"<head", b"<body")):
        raise _Refused(f"The file is a web page and not a spreadsheet: open it in a spreadsheet program and {_SAVE}")
    if start.startswith((b"%pdf", b"{", b"\x1f\x8b", b"7z\xbc\xaf")):
        raise _Refused(f"The file is not a spreadsheet: {_SAVE}")
    text = _decoded(data, options.get("encoding", ""))
    if not text.strip():
        raise _Refused("The file is empty: it needs one row of headings and a row for each dataset")
    delimiter = options.get("delimiter") or _delimiter(text)
    rows, faults = _csv_rows(text, delimiter)
    return {"rows": rows, "faults": faults, "fixed_width": True, "sheet": "", "sheets": []}


def _decoded(data: bytes, encoding: str) -> str:
    if not encoding:
        encoding = next((name for mark, name in MARKS if data.startswith(mark)), "utf-8")
    elif encoding not in ENCODINGS:
        raise _Refused(f"The encoding {encoding[:40]!r} is not one of {', '.join(ENCODINGS)}")
    if encoding == "utf-8":
        encoding = "utf-8-sig"
        if any(2 * half.count(0) > len(half) for half in (data[:200:2], data[1:200:2])):
            raise _Refused("The file is saved as UTF-16 without a mark: save it as CSV UTF-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        if encoding == "utf-8-sig":
            raise _Refused(
                f"Line {line} holds letters that are not UTF-8: save the file as CSV UTF-8, "
                "or choose the encoding it was saved in"
            ) from None
        raise _Refused(f"Line {line} cannot be read as {encoding}: save the file as CSV UTF-8") from None


def _delimiter(text: str) -> str:
    """The candidate most often in the first line, outside quotation marks; a comma when there is none."""
    heading = "".join(text.lstrip().splitlines()[0].split('"')[::2])
    return max(",;\t|", key=heading.count)


def _csv_rows(text: str, delimiter: str) -> tuple[list[object], list[object]]:
    csv.field_size_limit(MOST_CELL)
    rows: list[object] = []
    faults: list[object] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return rows, faults
        except csv.Error as fault:
            if "expected after" in str(fault):
                faults.append([line, "Quotation mark inside a cell", 'Write a quotation mark inside a cell twice ("")'])
                continue
            # The mark, or the cell, may have swallowed any number of rows: what follows cannot be told apart.
            is_long = "field limit" in str(fault)
            reason = f"Cell of more than {MOST_CELL:,} letters" if is_long else "Quotation mark never closed"
            opened = "Shorten it, or close" if is_long else "Close"
            change = f"{opened} the mark opened in line {line}: no row after it can be told apart"
            faults.append([line, reason, change])
            return rows, faults
        if any(cell.strip() for cell in cells):
            _within(len(cells), len(rows) + len(faults))
            rows.append([line, cells])


def _within(columns: int, rows: int) -> None:
    if columns > MOST_COLUMNS:
        raise _Refused(f"The file has {columns:,} columns; at most {MOST_COLUMNS} can be read: take out the others")
    if rows > MOST_ROWS:
        raise _Refused(f"The file has more than {MOST_ROWS:,} rows: split it")


def _workbook(data: bytes, options: Mapping[str, str]) -> object:
    # The guard has judged the archive's directory and parts before this module sees it.
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            raise _Refused(f"The file is an archive and not an Excel workbook: {_SAVE}")
    # numpy is only asked for to recognise its number types; it would cost memory and time in every child.
    sys.modules["numpy"] = None  # type: ignore[assignment]
    warnings.simplefilter("ignore")
    sheets, chosen, rows, has_formula = _sheet_rows(data, options.get("sheet", ""), values=False)
    if has_formula:
        # What the person who sent it sees is the last value of a formula; its own text stands where there is none.
        _, _, seen, _ = _sheet_rows(data, chosen, values=True)
        values = dict(seen)
        rows = [(line, _seen(cells, values.get(line, []))) for line, cells in rows]
    filled = [[line, cells] for line, cells in rows if any(cell.strip() for cell in cells)]
    return {"rows": filled, "faults": [], "fixed_width": False, "sheet": chosen, "sheets": sheets}


def _seen(cells: list[str], values: list[str]) -> list[str]:
    values = values + [""] * (len(cells) - len(values))
    return [value if cell.startswith("=") and value else cell for cell, value in zip(cells, values, strict=False)]


def _sheet_rows(data: bytes, wanted: str, *, values: bool) -> tuple[list[str], str, list[tuple[int, list[str]]], bool]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=values, keep_links=False)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    names = [sheet.title for sheet in sheets]
    if wanted and wanted not in names:
        raise _Refused(f"The workbook has no sheet {wanted[:40]!r}: its sheets are {', '.join(names)[:200]}")
    for sheet in sheets:
        if wanted in ("", sheet.title):
            # The stated size of a sheet may be a lie in either direction.
            sheet.reset_dimensions()
            rows, has_formula = _cells(sheet)
            if rows or wanted:
                return names, sheet.title, rows, has_formula
    raise _Refused("The workbook is empty: it needs one row of headings and a row for each dataset")


def _cells(sheet: object) -> tuple[list[tuple[int, list[str]]], bool]:
    rows: list[tuple[int, list[str]]] = []
    has_formula = False
    for number, cells in enumerate(_raw_rows(sheet), 1):
        if number > LAST_ROW:
            raise _Refused("The sheet names a row that no spreadsheet has: save the values in a new workbook")
        filled = [place for place, value in enumerate(cells, 1) if value is not None]
        if not filled:
            continue
        if number > MOST_ROWS + 1 or filled[-1] > MOST_COLUMNS:
            raise _Refused(
                f"The sheet has a value in row {number:,}, column {filled[-1]:,}; at most {MOST_ROWS:,} rows and "
                f"{MOST_COLUMNS} columns can be read: delete what lies outside the list"
            )
        texts = [_text(value) for value in cells[: filled[-1]]]
        has_formula = has_formula or any(text.startswith("=") for text in texts)
        rows.append((number, texts))
    return rows, has_formula


def _raw_rows(sheet: object) -> Iterator[tuple[object, ...]]:
    yield from sheet.iter_rows(values_only=True)  # type: ignore[attr-defined]


def _text(value: object) -> str:
    """A cell as its reader would type it: whole numbers without a point, dates in ISO order."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    return str(getattr(value, "text", value))[:MOST_CELL]
