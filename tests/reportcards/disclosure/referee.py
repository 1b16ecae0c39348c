"""An attacker who knows nothing of the product: only what was displayed, and sums as plain arithmetic.

Two ways, neither of them the product's: on small worlds every combination of counts is tried; on larger ones each
value of a hidden number is asked for by itself, as a whole-number programme over released values and sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp


@dataclass
class World:
    """What was displayed of named numbers: the range each display stands for, and sums as coefficients."""

    told: dict[str, tuple[int, int]] = field(default_factory=dict)
    sums: list[dict[str, int]] = field(default_factory=list)

    def tell(self, name: str, low: int, high: int) -> None:
        old = self.told.get(name, (0, 10**9))
        self.told[name] = (max(low, old[0]), min(high, old[1]))

    def add(self, total: str, parts: Iterable[str]) -> None:
        row: dict[str, int] = {total: 1}
        for part in parts:
            row[part] = row.get(part, 0) - 1
        if row not in self.sums:
            self.sums.append(row)


def possible(world: World, asked: Sequence[str], *, enough: int, ceiling: int) -> dict[str, int]:
    """How many values of each number are possible, counted up to `enough`; each is proven by a whole solution."""
    names = sorted({each for row in world.sums for each in row} | set(asked))
    place = {each: at for at, each in enumerate(names)}
    matrix = np.zeros((max(1, len(world.sums)), len(names)))
    for at, row in enumerate(world.sums):
        for each, sign in row.items():
            matrix[at, place[each]] = sign
    low = np.array([world.told.get(each, (0, ceiling))[0] for each in names], dtype=float)
    high = np.array([world.told.get(each, (0, ceiling))[1] for each in names], dtype=float)
    seen: dict[str, set[int]] = {each: set() for each in asked}

    def solve(goal: np.ndarray, limits: tuple[np.ndarray, np.ndarray]) -> np.ndarray | None:
        found = _solution(goal, matrix, limits)
        if found is not None:
            for each in asked:
                seen[each].add(round(float(found[place[each]])))
        return found

    for each in asked:
        goal = np.zeros(len(names))
        goal[place[each]] = 1
        lowest, highest = (solve(sign * goal, (low, high)) for sign in (1, -1))
        assert lowest is not None and highest is not None, "what was told contradicts itself"
        for value in range(round(float(lowest[place[each]])), round(float(highest[place[each]])) + 1):
            if len(seen[each]) >= enough:
                break
            if value not in seen[each]:
                fixed = low.copy(), high.copy()
                fixed[0][place[each]] = fixed[1][place[each]] = value
                solve(0 * goal, fixed)
    return {each: len(values) for each, values in seen.items()}


def _solution(goal: np.ndarray, matrix: np.ndarray, limits: tuple[np.ndarray, np.ndarray]) -> np.ndarray | None:
    solved = milp(
        goal,
        constraints=LinearConstraint(matrix, 0, 0),
        bounds=Bounds(*limits),
        integrality=np.ones(len(goal)),
    )
    return solved.x if solved.success else None


def by_trying(told: Mapping[str, int], *, highest: int) -> dict[str, set[int]]:
    """All values of each cell of a table of two by two with counts up to `highest`, by trying every table."""
    values: dict[str, set[int]] = {}
    for one, two, three, four in product(range(highest + 1), repeat=4):
        found = {"0.0": one, "0.1": two, "1.0": three, "1.1": four, "0.T": one + two, "1.T": three + four}
        found.update({"T.0": one + three, "T.1": two + four, "T.T": one + two + three + four})
        if all(found[name] == value for name, value in told.items()):
            for name, value in found.items():
                values.setdefault(name, set()).add(value)
    return values
