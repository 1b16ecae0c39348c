"""A table of counts with margins, as the disclosure methods read it from a published case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportcards.disclosure.cells import Cell, Relation
from reportcards.methods._inputs import items
from reportcards.methods._method import Case, Refused

TOTAL = "(total)"
"""Stands for the margin in a pair of row and column."""

MOST = 2**53
"""The largest count that is told apart from the next."""

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Counts by row and column; None where a count is not given."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    counts: dict[Pair, int | None]

    def pairs(self) -> list[Pair]:
        """Every inner cell, row by row."""
        return [(row, column) for row in self.rows for column in self.columns]

    def cells(self, *, margins: bool) -> list[Cell]:
        """The inner cells, and the margins, published or only implied."""
        lines = [(row, TOTAL) for row in self.rows] + [(TOTAL, column) for column in self.columns] + [(TOTAL, TOTAL)]
        inner = [Cell(id=name(pair), count=self.counts[pair]) for pair in self.pairs()]
        return inner + [Cell(id=name(pair), count=self.total(pair), published=margins) for pair in lines]

    def total(self, pair: Pair) -> int | None:
        """The margin of a line, None when one of its counts is not given."""
        row, column = pair
        counts = [self.counts[each] for each in self.pairs() if row in {TOTAL, each[0]} and column in {TOTAL, each[1]}]
        return None if None in counts else sum(count for count in counts if count is not None)

    def relations(self) -> list[Relation]:
        """Each margin as the sum of its line."""
        lines = [((row, TOTAL), [(row, column) for column in self.columns]) for row in self.rows]
        lines += [((TOTAL, column), [(row, column) for row in self.rows]) for column in self.columns]
        lines += [((TOTAL, TOTAL), [(row, TOTAL) for row in self.rows])]
        lines += [((TOTAL, TOTAL), [(TOTAL, column) for column in self.columns])]
        return [Relation(total=name(total), parts=tuple(name(part) for part in parts)) for total, parts in lines]


def name(pair: Pair) -> str:
    """The cell id of a row and column, which may hold any character themselves."""
    return f"{len(pair[0])}|{pair[0]}|{pair[1]}"


def table(inputs: Case) -> Table:
    """The table of `rows`, `cols` and `counts`. Raises Refused."""
    rows, columns = (tuple(str(each) for each in items(inputs, key)) for key in ("rows", "cols"))
    counts = items(inputs, "counts")
    if not rows or not columns or len(counts) != len(rows) or not all(map(_is_list, counts)):
        raise Refused("the table needs rows, cols and one list of counts for each row")
    if TOTAL in {*rows, *columns}:
        raise Refused(f"{TOTAL} cannot be the name of a row or column")
    if len(set(rows)) < len(rows) or len(set(columns)) < len(columns):
        raise Refused("two rows or two columns have the same name")
    if any(len(line) != len(columns) for line in counts):
        raise Refused("a row of counts is not as long as cols")
    found = {
        (row, column): whole(count)
        for row, line in zip(rows, counts, strict=True)
        for column, count in zip(columns, line, strict=True)
    }
    return Table(rows=rows, columns=columns, counts=found)


def chosen(inputs: Case, key: str, given: Table) -> list[Pair]:
    """Pairs of row and column of the table. Raises Refused for a cell that is not in it."""
    named = items(inputs, key)
    if not all(_is_list(each) and len(each) == 2 for each in named):
        raise Refused(f"{key} are not pairs of row and column")
    pairs = [(str(row), str(column)) for row, column in named]
    missing = [each for each in pairs if each not in given.counts]
    if missing:
        raise Refused(f"the table has no cell {missing[0][0]}, {missing[0][1]}")
    return pairs


def whole(count: object) -> int | None:
    """A count of people. Raises Refused for what is none."""
    if count is None:
        return None
    if isinstance(count, int | float) and not isinstance(count, bool) and 0 <= count <= MOST and count == int(count):
        return int(count)
    raise Refused(f"a count is not a whole number from 0 to {MOST:,}")


def _is_list(given: object) -> bool:
    return isinstance(given, Sequence) and not isinstance(given, str)


def threshold(inputs: Case, *, default: int = 10) -> int:
    """The number of people under which a count is small. Raises Refused."""
    given = whole(inputs.get("threshold", default))
    if given is None:
        raise Refused("threshold is missing")
    return given
