"""Which column, of those nobody knows, tells apart the rows that would otherwise be one series and period."""

from __future__ import annotations

import polars as pl

from reportcards.formats._columns import Columns
from reportcards.formats._layout import Faults
from reportcards.formats._observation import FileError
from reportcards.formats._table import ROW, Table
from reportcards.formats._values import cell

_SAMPLED = 2_000
_FEW = 50
"""Distinct whole numbers that may still be a code of groups."""
_SAY = "say in the mapping which is the breakdown (role 'dimension'), and 'ignore' for the others"


def is_numeric(column: pl.Series, *, or_none: bool = False) -> bool:
    """Whether a column holds numbers and signs for missing ones alone; at least one number, unless `or_none`."""
    read = [cell(text) for text in column.unique().head(_SAMPLED)]
    return all(not one.problem for one in read) and (or_none or any(one.value is not None for one in read))


def told_apart(table: Table, columns: Columns, faults: Faults) -> None:
    """Make breakdowns of the columns that are needed; ask where more than one choice would do."""
    frame = table.frame
    doubled = frame.filter(frame.select(columns.key).is_duplicated()) if columns.key else frame
    candidates = [heading for heading in columns.left if doubled.height and doubled[heading].n_unique() > 1]
    if not candidates:
        return
    words = [heading for heading in candidates if not is_numeric(frame[heading])]
    codes = [heading for heading in candidates if heading not in words and _is_code(frame[heading])]
    chosen = _needed(doubled, columns.key, words) or _needed(doubled, columns.key, [*words, *codes])
    if len(chosen) > 1 and isinstance(chosen, tuple):
        row = doubled[ROW][0]
        problem = f"rows of one series and period differ in each of {', '.join(chosen)}: {_SAY}"
        faults.add(FileError(row=row, column=chosen[0], value=doubled[chosen[0]][0], problem=problem))
        return
    for heading in chosen:
        columns.left.remove(heading)
        columns.dimensions.append(heading)
    columns.dimensions.sort(key=table.headings.index)


def _is_code(column: pl.Series) -> bool:
    return column.n_unique() <= _FEW and bool(column.str.contains(r"^[0-9]{0,6}$").all())


def _needed(rows: pl.DataFrame, key: list[str], candidates: list[str]) -> list[str] | tuple[str, ...]:
    """The fewest columns that tell all rows apart: a list; a tuple where several do so each in its own way."""
    alone = [heading for heading in candidates if _all_differ(rows, [*key, heading])]
    if alone:
        same = all(_say_the_same(rows, alone[0], other) for other in alone[1:])
        return alone[:1] if same else tuple(alone)
    chosen: list[str] = []
    rest = list(candidates)
    while rest and not _all_differ(rows, [*key, *chosen]):
        best = max(rest, key=lambda heading: rows.select([*key, *chosen, heading]).unique().height)
        rest.remove(best)
        chosen.append(best)
    if not _all_differ(rows, [*key, *chosen]):
        return []
    for heading in list(chosen):
        without = [each for each in chosen if each != heading]
        if _all_differ(rows, [*key, *without]):
            chosen = without
    return chosen


def _all_differ(rows: pl.DataFrame, key: list[str]) -> bool:
    return bool(key) and rows.select(key).unique().height == rows.height


def _say_the_same(rows: pl.DataFrame, first: str, other: str) -> bool:
    pairs = rows.select(first, other).unique().height
    return pairs == rows[first].n_unique() == rows[other].n_unique()
