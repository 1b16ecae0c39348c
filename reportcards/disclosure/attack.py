"""The audit: what a reader with a solver can work out about each hidden number.

The range of an unknown is its smallest and largest value under all sums, by linear programming. People are counted in
whole numbers: where the sums form a flat table (each unknown in at most two of them, Heller and Tompkins 1956) the
bounds are whole and every number between them is possible, elsewhere the programme is solved in whole numbers and
only values for which a complete solution was found count as possible. What was not proven possible is taken as
impossible, so that a solver that gives up never lets a number out.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from reportcards.disclosure.cells import Span
from reportcards.disclosure.ledger import Need
from reportcards.disclosure.system import Floats, System, members, parts

_NEARLY = 1e-5
_SECONDS = 5.0
"""After which one programme in whole numbers is given up; the answer is then on the safe side."""
LARGEST = 4_000
"""Unknowns in one part up to which rounded numbers are reasoned about; above, they are taken as told exactly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What can be worked out about one hidden number, and whether that is too much."""

    span: Span
    safe: bool


def audit(
    whole: System, needs: Mapping[str, Need], *, truth: Floats | None = None, exact: bool = True
) -> dict[str, Finding]:
    """Attack every unknown named in `needs` with all that `whole` says. Names that are not in it are left out.

    `truth` holds the values we know ourselves (NaN for the others); it is asked only where a part is too large to be
    solved with its rounded numbers, which are then taken as told exactly: a reader who knows more than he does.
    Without `exact` the span of a safe number is only as wide as solutions at hand already prove, which saves most of
    the work: each solution says something of many numbers.
    """
    places = {name: place for place, name in enumerate(whole.names) if name in needs}
    moving = whole.moving()
    _, part = parts(whole, moving)
    wanted: dict[int, list[int]] = {}
    findings: dict[str, Finding] = {}
    for name, place in places.items():
        if moving[place]:
            wanted.setdefault(int(part[place]), []).append(place)
        else:
            value = int(whole.low[place])
            findings[name] = Finding(span=Span(low=value, high=value), safe=_large(value, needs[name]))
    for label, columns in members(part, wanted):
        asked = {whole.names[place]: needs[whole.names[place]] for place in wanted[label]}
        taken = whole.take(columns)
        if len(columns) > LARGEST and truth is not None:
            findings.update(audit(_told_exactly(taken, truth[columns], asked), asked, exact=exact))
            continue
        attack = Attack(taken)
        findings.update((name, attack.finding(name, need, exact=exact)) for name, need in asked.items())
    return findings


def _told_exactly(part: System, truth: Floats, asked: Mapping[str, Need]) -> System:
    hidden = np.array([name in asked for name in part.names])
    pinned = np.isfinite(part.high) & np.isfinite(truth) & ~hidden
    return replace(part, low=np.where(pinned, truth, part.low), high=np.where(pinned, truth, part.high))


def _large(low: int, need: Need) -> bool:
    return need.safe_from is not None and low >= need.safe_from


class Attack:
    """The attack on one independent part, with what was found so far."""

    def __init__(self, part: System) -> None:
        self._part = part
        self._places = {name: place for place, name in enumerate(part.names)}
        self._whole = np.zeros(0) if flat(part.sums) else np.ones(len(part.names))
        # A vertex of a flat system is no larger than all that is given together: beyond it an unknown is unbounded.
        finite = np.abs(part.high[np.isfinite(part.high)])
        self._most = 1.0 + float(np.abs(part.least).sum() + np.abs(part.most).sum() + finite.sum() + part.low.sum())
        self._high = np.minimum(part.high, 4 * self._most + 1_000)
        self._points: list[Floats] = []
        self._lowest, self._highest = np.full(len(part.names), np.inf), np.full(len(part.names), -np.inf)

    def finding(self, name: str, need: Need, *, exact: bool) -> Finding:
        """What can be worked out about the unknown."""
        place = self._places[name]
        if not exact and (found := self._at_hand(place, need)) is not None:
            return found
        lowest, highest = self._reach(place, 1), self._reach(place, -1)
        if lowest is None or highest is None:
            return Finding(span=Span(low=0, high=None), safe=False)
        low, high = math.ceil(lowest - _NEARLY), math.floor(highest + _NEARLY)
        endless = high > self._most and not np.isfinite(self._part.high[place])
        span = Span(low=low, high=None if endless else high)
        if _large(low, need):
            return Finding(span=span, safe=True)
        if high - low + 1 < need.values:
            return Finding(span=span, safe=False)
        return Finding(span=span, safe=not self._whole.size or self._proven(place, Span(low=low, high=high), need))

    def _at_hand(self, place: int, need: Need) -> Finding | None:
        """The unknown is safe by the solutions found so far; None when they do not say so."""
        if self._whole.size:
            seen = self._between(place)
        elif self._highest[place] > self._lowest[place]:
            # A linear solution may be fractional, but then the whole numbers on both sides are possible too.
            seen = {math.ceil(self._lowest[place] - _NEARLY), math.floor(self._highest[place] + _NEARLY)}
        else:
            return None
        if not seen:
            return None
        span = Span(low=min(seen), high=max(seen))
        enough = len(seen) if self._whole.size else span.values or 0
        return Finding(span=span, safe=True) if enough >= need.values else None

    def _reach(self, place: int, sign: int) -> float | None:
        """The smallest (sign 1) or largest (-1) value of the unknown; None when the solver has no answer."""
        part = self._part
        if not part.sums.shape[0]:
            return float((part.low if sign > 0 else self._high)[place])
        if part.sums.shape[0] == 1:
            return self._by_hand(place, sign)
        goal = np.zeros(len(part.names))
        goal[place] = sign
        point = self._solve(goal, part.low, self._high)
        return None if point is None else float(point[place])

    def _by_hand(self, place: int, sign: int) -> float:
        """In a single sum an unknown is what the others leave at their extremes."""
        part = self._part
        signs = part.sums.toarray()[0]
        own = signs[place]
        reach = np.where(signs > 0, self._high, part.low) * signs, np.where(signs > 0, part.low, self._high) * signs
        most, least = (float(each.sum() - each[place]) for each in reach)
        rest = sorted((float(part.least[0] - most) / own, float(part.most[0] - least) / own))
        reached: float = max(part.low[place], rest[0]) if sign > 0 else min(self._high[place], rest[1])
        return reached

    def _solve(self, goal: Floats, low: Floats, high: Floats) -> Floats | None:
        part = self._part
        solved = milp(
            goal,
            constraints=LinearConstraint(part.sums, part.least, part.most),
            bounds=Bounds(low, high),
            integrality=self._whole if self._whole.size else None,
            options={"time_limit": _SECONDS},
        )
        # Out of time, a programme in whole numbers still has a true solution, a linear one need not.
        if solved.x is None or not (solved.success or self._whole.size):
            return None
        point: Floats = np.asarray(solved.x, dtype=np.float64)
        if self._whole.size:
            self._points.append(np.rint(point))
        self._lowest, self._highest = np.minimum(self._lowest, point), np.maximum(self._highest, point)
        return point

    def _proven(self, place: int, span: Span, need: Need) -> bool:
        """Whether enough values of the unknown each have a complete solution in whole numbers."""
        seen = self._between(place)
        assert span.high is not None
        for value in range(span.low, min(span.high, span.low + 4 * need.values) + 1):
            if len(seen) >= need.values:
                break
            if value not in seen:
                low, high = self._part.low.copy(), self._high.copy()
                low[place] = high[place] = value
                if self._solve(np.zeros(len(low)), low, high) is not None:
                    seen.add(value)
        return len(seen) >= need.values

    def _between(self, place: int) -> set[int]:
        """Values on the lines between solutions: with g the common divisor of a difference, g - 1 points lie on it."""
        seen = {int(point[place]) for point in self._points}
        for first, last in zip(self._points, self._points[1:], strict=False):
            step = (last - first).astype(np.int64)
            shared = int(np.gcd.reduce(step))
            if shared > 1 and step[place]:
                own = int(step[place]) // shared
                start = int(first[place])
                seen.update(start + own * each for each in range(min(shared, 10_000) + 1))
        return seen


def flat(sums: csr_array) -> bool:
    """Whether bounds are whole for certain: each unknown in at most two sums, and the sums fall into two sides."""
    columns = sums.tocsc()
    held = np.diff(columns.indptr)
    if held.size and held.max() > 2:
        return False
    neighbours: dict[int, list[tuple[int, bool]]] = {}
    for place in np.flatnonzero(held == 2).tolist():
        start = columns.indptr[place]
        one, other = (int(row) for row in columns.indices[start : start + 2])
        across = bool(columns.data[start] == columns.data[start + 1])
        neighbours.setdefault(one, []).append((other, across))
        neighbours.setdefault(other, []).append((one, across))
    side: dict[int, bool] = {}
    for root in neighbours:
        waiting = deque([root] if root not in side else [])
        side.setdefault(root, False)
        while waiting:
            row = waiting.popleft()
            for other, across in neighbours[row]:
                if other not in side:
                    side[other] = side[row] ^ across
                    waiting.append(other)
                elif side[other] != side[row] ^ across:
                    return False
    return True
