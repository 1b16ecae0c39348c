"""Which numbers to hide besides a small one, so that it cannot be worked out from its neighbours.

The cheapest way to let the small number vary by what the rule asks, while every number that stays shown stays as it
is: a circuit of numbers that take from and give to one another. Those on the circuit are hidden.
Source: Kelly, Golden and Assad, Cell suppression: disclosure protection for sensitive tabular data, Networks 22
(1992); Fischetti and Salazar, Solving the cell suppression problem on tabular data with linear constraints,
Management Science 47 (2001), for sums of any form.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_diag, coo_array, csr_array, hstack, vstack

from reportcards.disclosure.system import Floats, Mask, Places, System, parts

_MOVED = 1e-6
_SECONDS = 20.0
WIDEST = 2_500
"""Numbers around a small one that are weighed as its cover."""


@dataclass(slots=True, kw_only=True)
class Board:
    """One reader's system while numbers are being hidden: `low` and `high` of `system` change as they are."""

    system: System
    truth: Floats
    """A value of each unknown that fits all sums: the true one where we know it."""
    cost: Floats
    """What hiding each unknown loses; infinite where it cannot be hidden any more."""
    ceiling: Floats
    """What is known to be the most of each unknown once it is hidden."""
    _part: Places | None = field(default=None)
    _taken: dict[int, tuple[Places, csr_array, Floats, Floats]] = field(default_factory=dict)

    def hide(self, places: Places) -> None:
        """From now on nobody is shown these."""
        self.system.low[places] = 0.0
        self.system.high[places] = self.ceiling[places]
        self.cost[places] = 0.0

    def hideable(self) -> Mask:
        """Which unknowns are shown and can still be hidden."""
        shown: Mask = np.isfinite(self.cost) & (self.cost > 0)
        return shown

    def around(self, place: int) -> Places:
        """Every unknown that has to do with this one through numbers that move or can be made to."""
        if self._part is None:
            _, self._part = parts(self.system, self.system.moving() | self.hideable())
        label = self._part[place]
        return np.flatnonzero(self._part == label) if label >= 0 else np.array([place], dtype=np.intp)

    def cover(self, place: int, values: int) -> Places | None:
        """What to hide so that `values` values of the unknown are possible; empty when they are, None when nothing
        helps."""
        if self.system.high[place] <= self.system.low[place]:
            return np.array([place], dtype=np.intp) if self.hideable()[place] else None
        columns, sums, least, most = self._near(place)
        own = int(np.searchsorted(columns, place))
        moves = self._moves(columns, sums, own)
        for both in (False, True):
            amounts = _cheapest(moves, (least, most), both=both, by=values - 1)
            if amounts is not None:
                moved = np.zeros(len(columns))
                np.add.at(moved, moves.of, np.where(moves.price > 0, amounts, 0.0))
                hidden: Places = columns[moved > _MOVED]
                return hidden
        return None

    def beside(self, place: int) -> Places:
        """The cheapest shown number in the same sums as the unknown, or as those that move with it; empty if none."""
        held = self.system.moving()
        _, part = parts(self.system, held)
        together = np.flatnonzero(part == part[place]) if part[place] >= 0 else np.array([place], dtype=np.intp)
        rows = np.unique(self.system.sums[:, together].nonzero()[0])
        near = np.unique(self.system.sums[rows].nonzero()[1])
        near = near[self.hideable()[near]]
        cheapest: Places = near[[int(np.argmin(self.cost[near]))]] if len(near) else near
        return cheapest

    def _near(self, place: int) -> tuple[Places, csr_array, Floats, Floats]:
        whole = self.around(place)
        label = int(self._part[place]) if self._part is not None else -1
        small = len(whole) <= WIDEST
        if small and label in self._taken:
            return self._taken[label]
        columns = whole if small else self._local(place)
        rows = np.unique(self.system.sums[:, columns].nonzero()[0])
        picked = self.system.sums[rows]
        told = picked @ self.truth
        near = columns, csr_array(picked[:, columns]), self.system.least[rows] - told, self.system.most[rows] - told
        if small:
            self._taken[label] = near
        return near

    def _local(self, place: int) -> Places:
        """Unknowns whose sums all lie within a few steps: the rest stays as it is."""
        columns = np.array([place], dtype=np.intp)
        rows = np.array([], dtype=np.intp)
        free = self.system.moving() | self.hideable()
        while True:
            wider = np.unique(self.system.sums[:, columns].nonzero()[0])
            found = np.unique(self.system.sums[wider].nonzero()[1])
            found = np.union1d(found[free[found]], [place]).astype(np.intp)
            if len(wider) == len(rows) or (len(found) > WIDEST and len(rows)):
                break
            rows, columns = wider, found
        inside = np.zeros(self.system.sums.shape[0], dtype=bool)
        inside[rows] = True
        counts = abs(self.system.sums[:, columns]).sum(axis=0)
        within = abs(self.system.sums[rows][:, columns]).sum(axis=0)
        kept: Places = columns[(counts == within) | (columns == place)]
        return kept

    def _moves(self, columns: Places, sums: csr_array, own: int) -> _Moves:
        low, high, truth = self.system.low[columns], self.system.high[columns], self.truth[columns]
        free = np.flatnonzero(high > low)
        paid = np.flatnonzero(self.hideable()[columns])
        price = self.cost[columns][paid]
        ceiling = self.ceiling[columns]
        return _Moves(
            sums=csr_array(hstack([sums[:, free], sums[:, paid], -sums[:, paid]])),
            of=np.concatenate([free, paid, paid]),
            price=np.concatenate([np.zeros(len(free)), price, price]),
            least=np.concatenate([(low - truth)[free], np.zeros(2 * len(paid))]),
            most=np.concatenate([(high - truth)[free], (ceiling - truth)[paid], truth[paid]]),
            own=int(np.searchsorted(free, own)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moves:
    """Each way an unknown can depart from its value: freely, or, for a price, up and down."""

    sums: csr_array
    of: Places
    price: Floats
    least: Floats
    most: Floats
    own: int
    """The free move of the number to be protected."""


def _cheapest(moves: _Moves, rows: tuple[Floats, Floats], *, both: bool, by: int) -> Floats | None:
    """The amounts of the cheapest moves that let the number vary `by`: upwards, or up and down together."""
    least, most = rows
    width = len(moves.of)
    low, high = moves.least.copy(), moves.most.copy()
    if not both:
        if high[moves.own] < by:
            return None
        low[moves.own] = high[moves.own] = by
        solved = _solve(moves.price, LinearConstraint(moves.sums, least, most), Bounds(low, high))
        return None if solved is None else np.abs(solved)
    apart = coo_array(([1.0, -1.0], ([0, 0], [moves.own, width + moves.own])), shape=(1, 2 * width))
    joined = vstack([block_diag([moves.sums, moves.sums]), apart], format="csr")
    bounds = np.concatenate([least, least, [by]]), np.concatenate([most, most, [by]])
    up, down = low.copy(), high.copy()
    up[moves.own], down[moves.own] = 0.0, 0.0
    solved = _solve(
        np.tile(moves.price, 2),
        LinearConstraint(joined, *bounds),
        Bounds(np.concatenate([up, low]), np.concatenate([high, down])),
    )
    return None if solved is None else np.maximum(np.abs(solved[:width]), np.abs(solved[width:]))


def _solve(price: Floats, constraint: LinearConstraint, bounds: Bounds) -> Floats | None:
    solved = milp(price, constraints=constraint, bounds=bounds, options={"time_limit": _SECONDS})
    return np.asarray(solved.x, dtype=np.float64) if solved.success else None
