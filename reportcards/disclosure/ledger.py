"""What an audience has been shown so far, kept so that later releases can be judged together with it.

A hidden number is kept as a name only: the cell with a keyed fingerprint of its value. The same cell with another
value, after a revision, is another unknown; with the same value it is the same one, and all that was ever said about
it counts. The value itself is nowhere in the ledger.
"""

from __future__ import annotations

import hmac
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Self

from reportcards.disclosure.cells import ANY, Relation, Span

_MARK = "#"


def unknown(key: bytes, cell_id: str, count: int | None) -> str:
    """The name of this value of the cell: tells whether two values are equal, to nobody what they are."""
    if count is None:
        return f"{cell_id}{_MARK}-"
    digest = hmac.digest(key, f"value\x1f{cell_id}\x1f{count}".encode(), "sha256")
    return f"{cell_id}{_MARK}{digest.hex()[:20]}"


def unsaid(key: bytes, cell_id: str, around: Iterable[tuple[str, int]]) -> str:
    """The name of a number that no row tells of: the same one as long as the numbers that speak of it stay the same."""
    told = "\x1f".join(f"{name}\x1f{count}" for name, count in sorted(around))
    digest = hmac.digest(key, f"unsaid\x1f{cell_id}\x1f{told}".encode(), "sha256")
    return f"{cell_id}{_MARK}{digest.hex()[:20]}"


def cell_of(name: str) -> str:
    """The cell whose value the name stands for."""
    return name.rpartition(_MARK)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What must stay true of a hidden number after every later release."""

    values: int
    """How many values must stay possible."""
    at_most: int | None = None
    """What everybody knows to be its ceiling, such as a shown denominator; None without one."""
    safe_from: int | None = None
    """For a number we do not have ourselves: from here on it is no small number, and may be worked out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What one release told its audience, by name of the unknown."""

    shown: Mapping[str, Span]
    hidden: Mapping[str, Need]
    relations: tuple[Relation, ...]
    """The sums a reader knows to hold between them."""

    def to_json(self) -> dict[str, Any]:
        """Plain lists for storing; holds no value that was not shown."""
        return {
            "shown": [[name, span.low, span.high] for name, span in self.shown.items()],
            "hidden": [[name, need.values, need.at_most, need.safe_from] for name, need in self.hidden.items()],
            "relations": [[each.total, list(each.parts), list(each.less), each.slack] for each in self.relations],
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """What `to_json` gave."""
        return cls(
            shown={name: Span(low=low, high=high) for name, low, high in kept["shown"]},
            hidden={
                name: Need(values=values, at_most=most, safe_from=safe) for name, values, most, safe in kept["hidden"]
            },
            relations=tuple(
                Relation(total=total, parts=tuple(parts), less=tuple(less), slack=slack)
                for total, parts, less, slack in kept["relations"]
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """Everything one audience has been shown, in this order of time; who sees more than an audience has its own."""

    shown: Mapping[str, Span] = field(default_factory=dict)
    hidden: Mapping[str, Need] = field(default_factory=dict)
    relations: tuple[Relation, ...] = ()
    versions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The unknowns of each cell, the latest first."""

    @classmethod
    def of(cls, releases: Iterable[Release]) -> Self:
        """The ledger after these releases, the oldest first."""
        shown: dict[str, Span] = {}
        hidden: dict[str, Need] = {}
        relations: dict[Relation, None] = {}
        versions: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for release in releases:
            for name, span in release.shown.items():
                shown[name] = span.within(shown.get(name, ANY))
            for name, need in release.hidden.items():
                hidden[name] = _stricter(need, hidden.get(name))
            relations.update(dict.fromkeys(release.relations))
            for name in (*release.shown, *release.hidden):
                known = versions[cell_of(name)]
                known.pop(name, None)
                known[name] = None
        return cls(
            shown=MappingProxyType(shown),
            hidden=MappingProxyType(hidden),
            relations=tuple(relations),
            versions={cell: tuple(reversed(names)) for cell, names in versions.items()},
        )

    def after(self, release: Release) -> Ledger:
        """The ledger once this release has been shown as well."""
        so_far = Release(shown=self.shown, hidden=self.hidden, relations=self.relations)
        return Ledger.of((so_far, release))

    def knows(self, name: str) -> bool:
        """Whether this very value has been shown, not rounded."""
        span = self.shown.get(name)
        return span is not None and span.exact


def _stricter(one: Need, other: Need | None) -> Need:
    if other is None:
        return one
    ceilings = [most for most in (one.at_most, other.at_most) if most is not None]
    floors = [safe for safe in (one.safe_from, other.safe_from) if safe is not None]
    return Need(
        values=max(one.values, other.values),
        at_most=min(ceilings) if ceilings else None,
        safe_from=max(floors) if len(floors) == 2 else None,
    )
