"""The register: every use that was agreed and began, in plain words, and whether it still stands at this moment."""

from __future__ import annotations

from dataclasses import dataclass

from governance import Visit
from governance.access import Why
from governance.agreements import reading as agreements
from sharing.uses.covering import coverages
from sharing.uses.keeping import found, wholes
from sharing.uses.reading import use_cases
from sharing.uses.values import Coverage, State, UseCase


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One use in the register."""

    use: UseCase
    coverage: Coverage
    agreements: tuple[tuple[str, str], ...]
    """Id and "A-7 Title" of the agreements it rests on that the viewer may read."""

    @property
    def runs(self) -> bool:
        """Whether it may go on now: it has not ended, and everything it rests on stands."""
        return self.use.state is State.LIVE and self.coverage.ok

    @property
    def is_stopped(self) -> bool:
        """Whether it has not ended, yet may not go on now."""
        return self.use.state is State.LIVE and not self.coverage.ok

    @property
    def stopped_by(self) -> str:
        """What stopped it, as a sentence for everybody; "" when nothing did."""
        return _STOPPED.get(self.coverage.why, _NOT_COVERED) if self.is_stopped else ""


_NOT_COVERED = "No agreement in force covers it now."
_STOPPED = {
    Why.PAUSED: "It is paused: somebody holds the data, the agreement or the organisation back.",
    Why.ENDED: "What it rested on has ended.",
    Why.PURPOSE: "The agreement in force does not allow its purpose.",
    Why.USE: "The agreement in force does not allow what it does with the data.",
}


def register(visit: Visit) -> tuple[Entry, ...]:
    """Every use that went live: those that run first, then those that are stopped, then what ended; newest first."""
    these = use_cases(visit, lived=True)
    covered = coverages(visit, list(wholes(visit, [each.id for each in these]).values()))
    words = _readable(visit)
    entries = [_entry(each, covered[each.id], words) for each in these]
    newest = sorted(entries, key=lambda each: each.use.live_on or each.use.asked_on, reverse=True)
    return tuple(sorted(newest, key=lambda each: (not each.runs, not each.is_stopped)))


def standing_of(visit: Visit, use: UseCase) -> Entry:
    """Whether one use is covered now, by what. Raises NotFound."""
    found(visit.read(), use.id)
    covered = coverages(visit, list(wholes(visit, [use.id]).values()))[use.id]
    return _entry(use, covered, _readable(visit))


def _readable(visit: Visit) -> dict[str, str]:
    return {each.id: f"{each.name} {each.title}" for each in agreements.agreements(visit)}


def _entry(use: UseCase, covered: Coverage, words: dict[str, str]) -> Entry:
    known = tuple((each, words[each]) for each in covered.agreements if each in words)
    return Entry(use=use, coverage=covered, agreements=known)
