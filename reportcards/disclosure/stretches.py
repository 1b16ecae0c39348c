"""Sums along a line: periods that contain periods, and ages that contain ages.

Year to date, quarters and pooled years overlap. All their ends cut the line into pieces; each stretch is the sum of
its pieces, and a piece nobody published, such as the month between two cumulative figures, is protected like any
other number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from reportcards.disclosure.cells import Cell, Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A counted stretch of the line, from `start` up to but without `end`."""

    start: int
    end: int
    cell_id: str
    count: int | None


@dataclass(slots=True, kw_only=True)
class _Heights:
    """The count from some origin up to each cut, as far as known counts connect them."""

    tolerance: int
    group: dict[int, int] = field(default_factory=dict)
    height: dict[int, int] = field(default_factory=dict)

    def fits(self, stretch: Stretch) -> bool:
        """Take in a stretch; False when it contradicts shorter ones, so that counts do not add up along the line."""
        start, end = stretch.start, stretch.end
        for cut in (start, end):
            self.group.setdefault(cut, cut)
            self.height.setdefault(cut, 0)
        if stretch.count is None:
            return True
        if self.group[start] == self.group[end]:
            return abs(self.height[end] - self.height[start] - stretch.count) <= self.tolerance
        moved, shift = self.group[end], self.height[start] + stretch.count - self.height[end]
        for cut in [cut for cut, group in self.group.items() if group == moved]:
            self.group[cut] = self.group[start]
            self.height[cut] += shift
        return True

    def between(self, start: int, end: int) -> int | None:
        """The count of a piece; None where the known counts do not tell."""
        if start not in self.group or self.group[start] != self.group.get(end):
            return None
        return self.height[end] - self.height[start]


def sums_along(
    stretches: Iterable[Stretch], *, name: str, tolerance: int = 0
) -> tuple[tuple[Relation, ...], tuple[Cell, ...]]:
    """The sums between overlapping stretches, and the pieces nobody published; none where counts do not add up.

    `name` begins the ids of such pieces. A stretch that contradicts shorter ones is left out; a piece that would be
    negative means that the numbers are no counts of events, such as children on a register, and nothing is summed.
    """
    given = sorted(stretches, key=lambda each: (each.end - each.start, each.start))
    if not _overlap(given):
        return (), ()
    heights = _Heights(tolerance=tolerance)
    fitting = [each for each in given if heights.fits(each)]
    cuts = sorted({cut for each in fitting for cut in (each.start, each.end)})
    own = {(each.start, each.end): each.cell_id for each in fitting}
    implied: dict[str, Cell] = {}
    relations: list[Relation] = []
    for each in fitting:
        inside = cuts[cuts.index(each.start) : cuts.index(each.end) + 1]
        if len(inside) <= 2:
            continue
        for piece in pairwise(inside):
            if piece not in own:
                cell_id = own[piece] = f"{name}|{piece[0]}..{piece[1]}"
                count = heights.between(*piece)
                if count is not None and count < -tolerance:
                    return (), ()
                implied[cell_id] = Cell(id=cell_id, count=None if count is None else max(count, 0), published=False)
        pieces = tuple(own[piece] for piece in pairwise(inside))
        relations.append(Relation(total=each.cell_id, parts=pieces, slack=tolerance))
    return tuple(relations), tuple(implied.values())


def ends(piece_id: str) -> tuple[int, int]:
    """Where a piece that `sums_along` implied starts, and where it ends."""
    start, _, end = piece_id.rpartition("|")[2].partition("..")
    return int(start), int(end)


def told(stretches: Iterable[Stretch], start: int, end: int, *, tolerance: int = 0) -> int | None:
    """The count from `start` to `end` that the stretches add up to; None where they do not tell."""
    heights = _Heights(tolerance=tolerance)
    for each in sorted(stretches, key=lambda each: (each.end - each.start, each.start)):
        heights.fits(each)
    return heights.between(start, end)


def _overlap(given: Sequence[Stretch]) -> bool:
    furthest: int | None = None
    for each in sorted(given, key=lambda each: each.start):
        if furthest is not None and each.start < furthest:
            return True
        furthest = each.end if furthest is None else max(furthest, each.end)
    return False
