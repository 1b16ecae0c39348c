"""From lines of numbers to sums that hold: what nobody told is worked out as far as the true numbers say.

A sum is taken where the true numbers bear it out. What they leave over becomes a number nobody publishes. Of numbers
that are missing, those that follow from others get their count; the rest stay unknown, and are protected as if their
source had kept them back.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csgraph, csr_array

from reportcards.disclosure.cells import Cell, Relation
from reportcards.disclosure.lattice import Line, Node
from reportcards.disclosure.system import Floats

_SECONDS = 5.0


def settled(
    lines: Iterable[Line], *, rounded_to: int = 0, complement: bool = False
) -> tuple[list[Relation], list[Cell]]:
    """The sums of the lines, and what they leave over; nodes that nobody told get their count where it follows.

    With `complement` people who are not counted are told of too, so that a remainder without counts can matter.
    """
    told = _pruned(list(lines))
    _work_out(told)
    unsure = _contradicting(told)
    relations: list[Relation] = []
    rests: list[Cell] = []
    for whole in told:
        slack = tolerance(len(whole.parts), rounded_to)
        line = _borne_out(whole, unsure, slack=slack)
        if line is None:
            continue
        rest = _rest(line, slack=slack, complement=complement)
        if rest is not None:
            rests.append(rest)
        relations += _sums(line, rest, slack=slack)
    return relations, rests


def tolerance(parts: int, rounded_to: int) -> int:
    """How far a sum of so many parts may be off when its source rounds to a base."""
    return math.ceil((parts + 1) * rounded_to / 2)


def _pruned(lines: list[Line]) -> list[Line]:
    """Without totals that nobody told and nothing else speaks of: those say nothing."""
    while True:
        held = Counter(id(node) for line in lines for node in (line.total, *line.parts))
        kept = [line for line in lines if _spoken_of(line.total) or held[id(line.total)] > 1]
        if len(kept) == len(lines):
            return lines
        lines = kept


def _borne_out(line: Line, unsure: set[int], *, slack: int) -> Line | None:
    """The line without what its numbers contradict; None when nothing is left of it."""
    if id(line.total) in unsure:
        return None
    parts = [part for part in line.parts if id(part) not in unsure]
    left = _left(line)
    if left is not None and left < -slack:
        parts = [part for part in parts if not part.missing]
    return Line(total=line.total, parts=tuple(parts), rest=line.rest) if parts else None


def _spoken_of(total: Node) -> bool:
    return total.given or total.missing or total.piece


def _unknown(line: Line) -> list[Node]:
    return [node for node in (line.total, *line.parts) if node.count is None and not node.given]


def _kept_back(line: Line) -> bool:
    return any(node.count is None and node.given for node in (line.total, *line.parts))


def _left(line: Line) -> int | None:
    """What the known parts leave of the total; None without a total."""
    if line.total.count is None:
        return None
    return line.total.count - sum(part.count for part in line.parts if part.count is not None)


def _work_out(lines: Sequence[Line]) -> None:
    """Give counts to the numbers nobody told that follow from those somebody did."""
    open_lines = [line for line in lines if not _kept_back(line) and _unknown(line)]
    while open_lines:
        at_least: defaultdict[int, list[tuple[int, int | None]]] = defaultdict(list)
        at_most: defaultdict[int, list[tuple[int, int | None]]] = defaultdict(list)
        nodes: dict[int, Node] = {}
        for line in open_lines:
            unknown, left = _unknown(line), _left(line)
            nodes.update((id(node), node) for node in unknown)
            if unknown == [line.total]:
                of = _added(part.denominator for part in line.parts)
                at_least[id(line.total)].append((sum(part.count or 0 for part in line.parts), of))
            elif left is not None and left >= 0 and (len(unknown) == 1 or left == 0):
                of = _remaining(line) if len(unknown) == 1 else None
                for node in unknown:
                    at_most[id(node)].append((left, of))
        for place in at_least.keys() | at_most.keys():
            node = nodes[place]
            least, most = at_least[place], at_most[place]
            node.count, of = min(most, key=_count) if most else max(least, key=_count)
            node.denominator = of if of is not None and of >= node.count else None
        if not at_least and not at_most:
            return
        open_lines = [line for line in open_lines if _unknown(line)]


def _count(told: tuple[int, int | None]) -> int:
    return told[0]


def _added(numbers: Iterable[int | None]) -> int | None:
    told = list(numbers)
    return None if None in told else sum(each for each in told if each is not None)


def _remaining(line: Line) -> int | None:
    """The people of the total that are in no part that tells its own; None where that is not known."""
    parts = _added(part.denominator for part in line.parts if part.count is not None)
    if parts is None or line.total.denominator is None:
        return None
    return line.total.denominator - parts


def _contradicting(lines: Sequence[Line]) -> set[int]:
    """Which numbers nobody told cannot be what all lines say of them: of these a reader knows nothing for certain."""
    open_lines = [line for line in lines if _unknown(line)]
    if not open_lines:
        return set()
    tied = [line for line in lines if any(node.count is None for node in (line.total, *line.parts))]
    whole = _Puzzle.of(tied)
    if whole.has_answer():
        return set()
    return {id(node) for part in whole.apart() if not part.has_answer() for node in part.nodes if not node.given}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Puzzle:
    """Lines over numbers without a count."""

    lines: Sequence[Line]
    nodes: Sequence[Node]
    """The numbers without a count."""
    sums: csr_array
    """One row for each line: what the numbers without a count make of what is left."""
    left: Floats

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Puzzle:
        nodes: dict[int, Node] = {}
        places: dict[int, int] = {}
        rows, columns, signs, left = [], [], [], []
        for row, line in enumerate(lines):
            left.append((line.total.count or 0) - sum(part.count or 0 for part in line.parts))
            for node, sign in ((line.total, -1), *((part, 1) for part in line.parts)):
                if node.count is None:
                    nodes[id(node)] = node
                    rows.append(row)
                    columns.append(places.setdefault(id(node), len(places)))
                    signs.append(sign)
        sums = csr_array((signs, (rows, columns)), shape=(len(lines), len(places)), dtype=np.float64)
        return cls(lines=lines, nodes=tuple(nodes.values()), sums=sums, left=np.array(left, dtype=np.float64))

    def has_answer(self) -> bool:
        """Whether some numbers from 0 fit all lines."""
        if not self.nodes:
            return True
        solved = milp(
            np.zeros(len(self.nodes)),
            constraints=LinearConstraint(self.sums, self.left, self.left),
            bounds=Bounds(0, np.inf),
            options={"time_limit": _SECONDS},
        )
        return bool(solved.success)

    def apart(self) -> Iterator[_Puzzle]:
        """The parts that have nothing to do with one another."""
        _, labels = csgraph.connected_components(self.sums @ self.sums.T, directed=False)
        by_label: defaultdict[int, list[Line]] = defaultdict(list)
        for line, label in zip(self.lines, labels.tolist(), strict=True):
            by_label[label].append(line)
        return (_Puzzle.of(lines) for lines in by_label.values())


def _rest(line: Line, *, slack: int, complement: bool) -> Cell | None:
    """Those of the total who are in no part that is known; None where nobody is, or nobody can tell."""
    left = _left(line)
    if left is None or _kept_back(line):
        return None
    others = _remaining(line)
    of = others if others is not None and others >= left >= 0 else None
    unsaid = any(part.count is None for part in line.parts)
    if left <= slack and not unsaid and not (complement and not slack and of and left >= 0):
        return None
    return Cell(id=line.rest, count=max(left, 0), denominator=of, published=False) if left >= 0 else None


def _sums(line: Line, rest: Cell | None, *, slack: int) -> Iterator[Relation]:
    """The total as the sum of its parts, with what they leave; nothing where parts overlap."""
    left = _left(line)
    parts = tuple(part.id for part in line.parts)
    if rest is not None:
        unsaid = tuple(part.id for part in line.parts if part.count is None)
        known = tuple(part.id for part in line.parts if part.count is not None)
        yield Relation(total=line.total.id, parts=(*known, rest.id))
        if unsaid:
            yield Relation(total=rest.id, parts=unsaid)
    elif left is None or left >= -slack:
        yield Relation(total=line.total.id, parts=parts, slack=slack)
