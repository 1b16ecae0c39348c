"""What adds up at one place and time: groups within groups, whichever of them a file tells of.

A group is a place along some dimensions; leaving one out gives the group that holds it. Of a crossed breakdown the
margins may be told or not, and cells of it may be missing: a reader fills both in, so both are unknowns here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product

from reportcards.disclosure.cells import Relation
from reportcards.disclosure.crossing import AGE, EVERYBODY, Place
from reportcards.disclosure.stretches import Stretch, ends, sums_along, told

_FEW = 8
"""So many missing cells of a crossed breakdown are filled in even where fewer are told."""


@dataclass(slots=True, kw_only=True, eq=False)
class Node:
    """A number that a reader reasons about."""

    id: str
    count: int | None = None
    denominator: int | None = None
    given: bool = True
    """Whether the frame has a row for it; a given number without a count was kept back."""
    missing: bool = False
    """Whether its neighbours have rows, so that it may have been left out for being small."""
    piece: bool = False
    """Whether it lies between ages or periods that have rows, and follows from those."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Line:
    """A total and its parts; what they leave is named `rest`."""

    total: Node
    parts: tuple[Node, ...]
    rest: str


Nodes = dict[Place, Node]


def lattice(nodes: Nodes, name: str, *, tolerance: int = 0) -> tuple[list[Line], list[Relation]]:
    """Every sum between the groups of one indicator, area and period; `nodes` is filled up with what it needs.

    `name` begins the ids of what is filled in.
    """
    if len(nodes) < 2:
        return [], []
    relations = _along_ages(nodes, name, tolerance=tolerance)
    if any(len(place) > 1 for place in nodes):
        _complete(nodes, name)
    _margins(nodes, name)
    return list(_lines(nodes)), relations


def _along_ages(nodes: Nodes, name: str, *, tolerance: int) -> list[Relation]:
    """Ages within ages; the ages between become groups of their own."""
    fibres: defaultdict[Place, list[tuple[tuple[int, int], Node]]] = defaultdict(list)
    for place, node in nodes.items():
        years = dict(place).get(AGE, "")
        if ".." in years:
            fibres[_without(place, AGE)].append((_ends(years), node))
    relations: list[Relation] = []
    for others, aged in fibres.items():
        stretches = [Stretch(start=at[0], end=at[1], cell_id=node.id, count=node.count) for at, node in aged]
        found, pieces = sums_along(stretches, name=f"{name}|{said(others)}|ages", tolerance=tolerance)
        relations += found
        of = [
            Stretch(start=at[0], end=at[1], cell_id=node.id, count=node.denominator)
            for at, node in aged
            if pieces and node.denominator is not None
        ]
        for piece in pieces:
            start, end = ends(piece.id)
            node = Node(id=piece.id, count=piece.count, denominator=told(of, start, end), given=False, piece=True)
            nodes[tuple(sorted((*others, (AGE, f"{start}..{end}"))))] = node
    return relations


def _complete(nodes: Nodes, name: str) -> None:
    """The cells that a crossed breakdown leaves out, unless it leaves out most: then they are its remainder."""
    crossed: defaultdict[tuple[str, ...], list[Place]] = defaultdict(list)
    for place in nodes:
        if len(place) > 1:
            crossed[tuple(dimension for dimension, _ in place)].append(place)
    for dimensions, places in crossed.items():
        values = [sorted({place[at][1] for place in places}) for at in range(len(dimensions))]
        size = 1
        for each in values:
            size *= len(each)
        if 0 < size - len(places) <= max(_FEW, len(places)):
            for chosen in product(*values):
                place = tuple(zip(dimensions, chosen, strict=True))
                nodes.setdefault(place, Node(id=f"{name}|{said(place)}|missing", given=False, missing=True))


def _margins(nodes: Nodes, name: str) -> None:
    """The groups that hold others, up to everybody."""
    waiting = list(nodes)
    while waiting:
        place = waiting.pop()
        for dimension, _ in place:
            margin = _without(place, dimension)
            if margin not in nodes:
                nodes[margin] = Node(id=f"{name}|{said(margin)}|margin", given=False)
                waiting.append(margin)


def _lines(nodes: Nodes) -> Iterator[Line]:
    fibres: defaultdict[tuple[Place, str], list[tuple[str, Node]]] = defaultdict(list)
    for place, node in nodes.items():
        for dimension, value in place:
            fibres[_without(place, dimension), dimension].append((value, node))
    for (margin, dimension), parts in fibres.items():
        kept = _apart(parts) if dimension == AGE else [node for _, node in parts]
        if kept:
            total = nodes[margin]
            yield Line(total=total, parts=tuple(kept), rest=f"{total.id}|rest of {dimension}")


def _apart(aged: list[tuple[str, Node]]) -> list[Node]:
    """The ages that hold no others, when they lie side by side; () when they overlap, and nothing can be added up."""
    spans = sorted((_ends(years), node.id, node) for years, node in aged if ".." in years)
    if len(spans) < len(aged):
        return [node for _, node in aged]
    inner = [
        (span, node)
        for span, _, node in spans
        if not any(other != span and span[0] <= other[0] and other[1] <= span[1] for other, _, _ in spans)
    ]
    overlap = any(one[0][1] > other[0][0] for one, other in pairwise(inner))
    return [] if overlap else [node for _, node in inner]


def _without(place: Place, dimension: str) -> Place:
    return tuple(each for each in place if each[0] != dimension) if len(place) > 1 else EVERYBODY


def _ends(years: str) -> tuple[int, int]:
    start, _, end = years.partition("..")
    return int(start), int(end)


def said(place: Place) -> str:
    """The place in words that stay the same in every revision."""
    return "; ".join(f"{dimension}: {value}" for dimension, value in place)
