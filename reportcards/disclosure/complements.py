"""Who is not counted: denominators, and what they leave beside the counts, as tables of their own.

A share tells of two groups of people, those counted and the others. Readers are taken to know every population, so
that a number among many is known exactly as closely as what it leaves: one programme serves for both, and its ceiling
is the denominator. Where the people counted among are few themselves, their number is protected too: the denominators
then are unknowns, shown and hidden with their counts, which add up wherever the true ones do, and count and others
make up the denominator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csgraph, csr_array

from reportcards.disclosure.cells import Cell, Relation
from reportcards.disclosure.rules import Rule

OF = "|of"
_OTHERS = "|others"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What stands beside counts: cells of their own, and the sums that tie them."""

    cells: tuple[Cell, ...] = ()
    relations: tuple[Relation, ...] = ()


def beside(cells: Iterable[Cell], relations: Sequence[Relation], rule: Rule) -> Beside:
    """The denominators of the cells, and, where some are small, their sums and those who are not counted.

    Every displayed denominator is a cell, so that later releases are judged with it.
    """
    if not rule.complement:
        return Beside()
    shares = {
        cell.id: cell
        for cell in cells
        if cell.count is not None and cell.denominator is not None and cell.denominator >= cell.count
    }
    near = _near_a_few(shares, relations, rule)
    made = [each for cell in shares.values() if cell.published or cell.id in near for each in _cells(cell, near)]
    ties = [Relation(total=name + OF, parts=(name, name + _OTHERS)) for name in shares if name in near]
    sums = [_of(relation) for relation in relations if _adds_up(relation, shares, near)]
    return Beside(cells=tuple(made), relations=(*ties, *sums))


def _cells(cell: Cell, near: set[str]) -> Iterator[Cell]:
    assert cell.count is not None and cell.denominator is not None
    owner = cell.id if cell.published else None
    yield Cell(id=cell.id + OF, count=cell.denominator, published=cell.published, beside=owner)
    if cell.id in near:
        yield Cell(id=cell.id + _OTHERS, count=cell.denominator - cell.count, published=False)


def _near_a_few(shares: Mapping[str, Cell], relations: Sequence[Relation], rule: Rule) -> set[str]:
    """All numbers that hang together with one counted among too few people for its ceiling to be known."""
    few = {name for name, cell in shares.items() if (cell.denominator or 0) < max(rule.threshold, 2)}
    if not few:
        return set()
    places: dict[str, int] = {}
    rows: list[int] = []
    columns: list[int] = []
    for row, relation in enumerate(relations):
        for name, _ in relation.terms():
            rows.append(row)
            columns.append(places.setdefault(name, len(places)))
    count, size = len(relations), len(relations) + len(places)
    held = csr_array(
        (np.ones(len(rows), dtype=np.int8), (rows, np.array(columns, dtype=int) + count)), shape=(size, size)
    )
    _, labels = csgraph.connected_components(held, directed=False)
    touched = {int(labels[count + places[name]]) for name in few if name in places}
    return few | {name for name, place in places.items() if int(labels[count + place]) in touched}


def _adds_up(relation: Relation, shares: Mapping[str, Cell], near: set[str]) -> bool:
    """Whether the denominators make the same sum as the counts."""
    if relation.total not in near or not all(name in shares for name, _ in relation.terms()):
        return False
    return sum((shares[name].denominator or 0) * sign for name, sign in relation.terms()) == 0


def _of(relation: Relation) -> Relation:
    return Relation(
        total=relation.total + OF,
        parts=tuple(name + OF for name in relation.parts),
        less=tuple(name + OF for name in relation.less),
    )
