"""Which numbers tell too much by themselves, how wide the doubt about them must stay, and how counts are rounded."""

from __future__ import annotations

import hmac
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from governance.errors import Invalid
from reportcards.disclosure.cells import Cell, Span


class Reason(StrEnum):
    """Why a number is hidden."""

    PRIMARY = "primary"
    DOMINANCE = "dominance"
    WITHHELD = "withheld"
    SECONDARY = "secondary"


class Rounding(StrEnum):
    """How a count is moved to a multiple of the base."""

    NEAREST = "nearest"
    RANDOM = "random"


@dataclass(frozen=True, slots=True, kw_only=True)
class NK:
    """The `n` largest contributors may not make up more than the share `k` (0 to 1) of a total."""

    n: int = 2
    k: float = 0.9

    def fails(self, contributions: Sequence[float]) -> bool:
        """Whether a few contributors make up nearly all of it."""
        total = math.fsum(contributions)
        return total > 0 and math.fsum(_largest(contributions)[: self.n]) / total > self.k

    def lack(self, contributions: Sequence[float]) -> float:
        """How far above the total a reader must be able to think it."""
        return math.fsum(_largest(contributions)[: self.n]) / self.k - math.fsum(contributions)


@dataclass(frozen=True, slots=True, kw_only=True)
class PPercent:
    """The second largest contributor may not come closer to the largest than the share `p` (0 to 1) of it."""

    p: float = 0.1

    def fails(self, contributions: Sequence[float]) -> bool:
        """Whether what is left of a total after its two largest is too little to hide the largest."""
        if len(contributions) < 2 or math.fsum(contributions) <= 0:
            return True
        largest = _largest(contributions)
        return math.fsum(largest[2:]) / largest[0] < self.p

    def lack(self, contributions: Sequence[float]) -> float:
        """How far above the total a reader must be able to think it."""
        largest = [*_largest(contributions), 0.0]
        return self.p * largest[0] - math.fsum(largest[2:])


def _largest(contributions: Sequence[float]) -> list[float]:
    return sorted((abs(each) for each in contributions), reverse=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What one indicator's numbers need before this audience may see them.

    Source: Hundepool and others, Statistical Disclosure Control, Wiley 2012, chapters 4 and 5.
    """

    threshold: int = 10
    """Counts under it are hidden, and a hidden number keeps at least so many possible values; 0 hides nothing."""
    zeros_disclosive: bool = False
    """Whether a count of 0 is hidden too."""
    round_to: int | None = None
    """Shown counts are moved to multiples of this; None shows them as they are."""
    rounding: Rounding = Rounding.NEAREST
    dominance: NK | PPercent | None = None
    complement: bool = False
    """For proportions: a few people who are *not* counted are as easily named as a few who are."""

    wide_covers: bool = True
    """Whether a number that is hidden only to cover another keeps as many possible values as a small one."""

    def __post_init__(self) -> None:
        if self.round_to is not None and not 2 <= self.round_to <= max(self.threshold, 2):
            raise Invalid("Rounding needs a base from 2 up to the threshold of the rule.", field="round_to")

    def small(self, count: int) -> bool:
        """Whether so few people may not be told of."""
        return (0 if self.zeros_disclosive else 1) <= count < self.threshold

    def reason(self, cell: Cell) -> Reason | None:
        """Why the cell cannot be shown whatever stands beside it; None when it can."""
        if cell.count is None:
            return Reason.WITHHELD if (cell.withheld or cell.sensitive) and self.threshold > 0 else None
        if cell.sensitive is not None:
            return Reason.PRIMARY if cell.sensitive else None
        if self.dominance is not None and cell.contributions is not None:
            if self.small(len(cell.contributions)):
                return Reason.PRIMARY
            return Reason.DOMINANCE if self.dominance.fails(cell.contributions) else None
        others = cell.denominator - cell.count if self.complement and cell.denominator is not None else None
        return Reason.PRIMARY if self.small(cell.count) or (others is not None and self.small(others)) else None

    def width(self, cell: Cell) -> int:
        """How many values of the hidden cell must stay possible."""
        if self.dominance is None or not cell.contributions:
            return max(self.threshold, 2)
        return max(self.threshold, 2, 2 * math.ceil(max(0.0, self.dominance.lack(cell.contributions))) + 1)

    def told(self, shown: int) -> Span:
        """What a reader knows of a count shown as `shown`: the rounding is public, and so is the threshold."""
        base = self.round_to
        if base is None:
            return Span(low=shown, high=shown)
        below, above = (base - 1, base - 1) if self.rounding is Rounding.RANDOM else (base // 2, (base - 1) // 2)
        high = shown + above
        if high < self.threshold:
            return Span(low=0, high=0 if not self.zeros_disclosive else high)
        floor = self.threshold if shown > 0 or self.zeros_disclosive else 0
        return Span(low=max(shown - below, floor), high=high)


OPEN = Rule(threshold=0)
"""The rule of open data: nothing is hidden."""


def rounded(count: int, *, base: int, mode: Rounding, share: float = 0.5) -> int:
    """The multiple of `base` that stands for `count`.

    Nearest moves halves up. Random moves up when `share` (0 to 1, drawn once for each cell) is under remainder/base,
    so that on average nothing is added: with base 3, two times in three to the nearer multiple.
    """
    over = count % base
    up = share < over / base if mode is Rounding.RANDOM else 2 * over >= base
    return count - over + (base if up else 0)


def round_count(count: int, rule: Rule, *, key: bytes, cell_id: str) -> int:
    """What is shown for a count that may be shown: the same at every refresh, so that none averages the noise out."""
    if rule.round_to is None:
        return count
    digest = hmac.digest(key, f"rounding\x1f{cell_id}".encode(), "sha256")
    share = int.from_bytes(digest[:6], "big") / 2**48
    return rounded(count, base=rule.round_to, mode=rule.rounding, share=share)
