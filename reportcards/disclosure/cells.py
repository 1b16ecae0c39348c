"""What disclosure control works on: cells, the sums between them, and the values a reader can still think of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Whole numbers from `low` to `high`, both included; `high` None when nothing bounds it above."""

    low: int
    high: int | None

    @property
    def exact(self) -> bool:
        """Whether only one value is left."""
        return self.low == self.high

    @property
    def values(self) -> int | None:
        """How many values are left; None without an upper bound."""
        return None if self.high is None else max(0, self.high - self.low + 1)

    def within(self, other: Span) -> Span:
        """What both allow: for a number told twice, once rounded and once not."""
        highs = [high for high in (self.high, other.high) if high is not None]
        return Span(low=max(self.low, other.low), high=min(highs) if highs else None)


ANY = Span(low=0, high=None)
"""All a reader knows of a number nobody showed: people are counted in whole numbers from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One number about people, as it truly is."""

    id: str
    """The same in every release: indicator, area, group, sex, age and period."""
    count: int | None
    """None when even we do not have it: withheld at its source, or, unpublished, only implied by other numbers."""
    contributions: tuple[float, ...] | None = None
    """What each contributor adds, for totals of money or activity; None for counts of people."""
    denominator: int | None = None
    """The people counted among, where the rule protects the complement too."""
    published: bool = True
    """False for a number on no card, such as the remainder between a total and its groups: protected all the same."""

    sensitive: bool | None = None
    """What the data owner says of it: True hides it whatever its count, False shows it unless it gives another away,
    None leaves it to the rule."""
    beside: str | None = None
    """The cell it is displayed and hidden together with, such as the count that this is the denominator of."""

    @property
    def withheld(self) -> bool:
        """Whether its source kept it back."""
        return self.published and self.count is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """`total` is the sum of `parts` minus the sum of `less`, give or take `slack`."""

    total: str
    parts: tuple[str, ...]
    less: tuple[str, ...] = ()
    slack: int = 0
    """Above 0 where the source rounded its numbers, so that sums hold only nearly."""

    def terms(self) -> Iterator[tuple[str, int]]:
        """Each number in it with its sign in `total - parts + less = 0`."""
        yield self.total, 1
        for part in self.parts:
            yield part, -1
        for taken in self.less:
            yield taken, 1
