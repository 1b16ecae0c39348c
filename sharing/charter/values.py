"""What a charter is made of, as it is written, adopted and read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

LONGEST_LINE = 300
"""Characters of a title, of a question, and of who agreed."""
LONGEST = 2_000
"""Characters of a clause, and of what changed and why."""
MOST_CLAUSES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One promise, and the question by which a proposed use is held against it."""

    code: str
    """Stays the same from version to version; "" for one that is new."""
    title: str
    text: str
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A charter as it is written."""

    clauses: tuple[Clause, ...]
    note: str = ""
    """What changed and why, "" for the first."""
    agreed_by: str = ""
    """Who agreed to it, where and when, in words: a panel, a meeting."""
    review_on: date | None = None
    """The day on which it is looked at again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Charter:
    """One version: a draft, or adopted and fixed for good."""

    version: int
    edition: int
    """Counts up with every change of a draft."""
    wording: Wording
    adopted_by: str
    """What the person is called who put it in force, "" for a draft."""
    adopted_on: date | None
    """None for a draft."""
    hash: str
    intact: bool
    """False where an adopted version is no longer what was adopted: then nothing may begin on its strength."""

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """Its clauses in their order."""
        return self.wording.clauses


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a version did to one clause."""

    clause: Clause
    """As it reads after the change; of one that was taken out, as it read before."""
    what: str
    """added, reworded, removed"""


def changes(before: Charter | None, after: Charter) -> tuple[Change, ...]:
    """Clause by clause, in the order of the later version, what was removed last; nothing for the first version."""
    if before is None:
        return ()
    old = {each.code: each for each in before.clauses}
    told = [
        Change(clause=each, what="reworded" if each.code in old else "added")
        for each in after.clauses
        if old.get(each.code) != each
    ]
    left = {each.code for each in after.clauses}
    return (*told, *(Change(clause=each, what="removed") for each in before.clauses if each.code not in left))
