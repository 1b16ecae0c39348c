"""CSV that a spreadsheet cannot run: cells that would be read as a formula are neutralised, and can be restored.

Source: OWASP, CSV Injection. An apostrophe is put before a cell that begins, behind spaces and marks that
spreadsheets drop, with a character that starts a formula; cells that already have apostrophes there get one more,
so that taking one away gives back exactly what was written.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

_RISKY = re.compile(r"[\s\x00-\x20\u00a0\u200b-\u200f\u2060\ufeff']*[=+\-@\t\r\n＝＋－＠﹣−|%]|[\t\r\n]")
"""A cell that a spreadsheet may take for a formula, a command (DDE) or a way out of the cell."""


def neutralise(cell: str) -> str:
    """The cell with an apostrophe in front when a spreadsheet could run it."""
    return f"'{cell}" if _RISKY.match(cell) else cell


def restore(cell: str) -> str:
    """What `neutralise` was given."""
    return cell[1:] if cell.startswith("'") and _RISKY.match(cell[1:]) else cell


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """UTF-8 CSV with a byte order mark (spreadsheets need it), every cell quoted and neutralised, a piece a row."""
    yield b"\xef\xbb\xbf" + _line(header)
    for row in rows:
        yield _line(row)


def _line(cells: Sequence[str]) -> bytes:
    # A NUL ends the text for some readers, and with it the quoting.
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(
        [neutralise(cell.replace("\x00", "")) for cell in cells]
    )
    return buffer.getvalue().encode("utf-8", "replace")
