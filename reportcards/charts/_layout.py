"""Where things stand in the plot, in px from its top: scales, ticks, and labels that do not touch each other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Upright:
    """The vertical scale: which value stands how far from the top."""

    low: float
    high: float
    ticks: tuple[float, ...]
    top: float
    """Room in px kept free above the highest value, for words."""
    height: float

    def px(self, value: float) -> float:
        """Distance of a value from the top of the plot."""
        return self.top + (self.high - value) / (self.high - self.low) * (self.height - self.top)


def upright(values: Iterable[float], *, height: float, top: float = 0.0, ticks: int = 5, zero: bool = False) -> Upright:
    """A scale that holds all values with a little air, with round ticks."""
    finite = [value for value in values if math.isfinite(value)] or [0.0, 1.0]
    low, high = min(finite), max(finite)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    span = high - low or abs(high) * 0.2
    if span < 1e-9:
        span = 1.0
    floor = 0.0 if zero and low >= 0 else low - span * 0.06
    if low >= 0:
        floor = max(floor, 0.0)
    ceiling = high + span * 0.06 if high - low > 1e-9 else high + span / 2
    step = round_step((ceiling - floor) / ticks)
    first = math.ceil(floor / step - 1e-9)
    last = math.floor(ceiling / step + 1e-9)
    steps = tuple(round(index * step, 12) + 0.0 for index in range(first, last + 1))
    return Upright(low=floor, high=ceiling, ticks=steps, top=top, height=height)


def round_step(rough: float) -> float:
    """The least of 1, 2, 2.5, 5 times a power of ten that is not below `rough`."""
    power: float = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= rough * (1 - 1e-9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A label: where its middle would like to be, and how high it is."""

    middle: float
    height: float


def apart(wishes: Sequence[Wish], *, top: float, bottom: float) -> list[float]:
    """Middles near the wished ones, in the same order, so that no two labels overlap.

    Neighbours that touch are merged into a block that sits at the mean of their wishes (pool adjacent violators), which
    moves everything as little as possible; what is too much for the room overflows at the bottom.
    """
    order = sorted(range(len(wishes)), key=lambda index: wishes[index].middle)
    blocks: list[tuple[list[int], float, float]] = []  # members, height, start
    for index in order:
        wish = wishes[index]
        members, height = [index], wish.height
        start = _start(members, wishes, top=top, bottom=bottom)
        while blocks and blocks[-1][2] + blocks[-1][1] > start:
            before, their_height, _ = blocks.pop()
            members, height = [*before, *members], their_height + height
            start = _start(members, wishes, top=top, bottom=bottom)
        blocks.append((members, height, start))
    middles = [0.0] * len(wishes)
    for members, _, start in blocks:
        reached = start
        for index in members:
            middles[index] = round(reached + wishes[index].height / 2, 2)
            reached += wishes[index].height
    return middles


def _start(members: Sequence[int], wishes: Sequence[Wish], *, top: float, bottom: float) -> float:
    reached = 0.0
    starts = []
    for index in members:
        starts.append(wishes[index].middle - wishes[index].height / 2 - reached)
        reached += wishes[index].height
    return max(min(sum(starts) / len(starts), bottom - reached), top)
