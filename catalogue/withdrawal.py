"""What becomes of a dataset that a complete reading did not see: missing, then withdrawn, never deleted.

Source: two complete readings and seven days, with a question for the single record where its source allows it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from catalogue.records import Probe, ProbeAnswer

RUNS = 2
"""Complete readings that must have missed a dataset."""
GRACE = timedelta(days=7)
"""How long it must have been missing."""
MOST_PROBES = 200
"""Single records asked for in one run, out of politeness."""


class State(StrEnum):
    """Whether a dataset is still seen at its source."""

    LIVE = "live"
    MISSING = "missing"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """A dataset that was not in a complete reading."""

    number: int
    identity: str
    remote_id: str
    title: str
    state: State
    since: datetime | None
    runs: int
    """Complete readings that missed it before this one."""
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """What becomes of it."""

    state: State
    since: datetime | None
    runs: int
    reason: str = ""
    notice: str = ""
    hide: bool = False
    """Its source refuses to show it: once withdrawn, only its owner may know of it."""


def is_due(absent: Absent, now: datetime) -> bool:
    """Whether this reading is the one after which it may be withdrawn."""
    return absent.runs + 1 >= RUNS and absent.since is not None and now - absent.since >= GRACE


def to_ask(absents: Iterable[Absent], now: datetime) -> list[Absent]:
    """Whom to ask for one by one: those due to be withdrawn, then the new ones, then the others, up to the limit."""
    order = sorted(absents, key=lambda one: (not is_due(one, now), one.state is not State.LIVE, one.identity))
    return order[:MOST_PROBES]


def fate(absent: Absent, *, probe: Probe | None, can_ask: bool, now: datetime) -> Fate:
    """What becomes of a dataset that this complete reading did not see.

    `probe` is None when it was not asked for; `can_ask` is False for sources where that is impossible.
    """
    if probe is not None and probe.answer is ProbeAnswer.PRESENT:
        notice = f"The source's list leaves it out, but the source still has it. {probe.sentence}"
        return Fate(state=State.LIVE, since=None, runs=0, notice=notice.strip())
    since = absent.since or now
    certain = not can_ask or (probe is not None and probe.answer in (ProbeAnswer.GONE, ProbeAnswer.PRIVATE))
    gone = is_due(absent, now) and certain
    return Fate(
        state=State.WITHDRAWN if gone else State.MISSING,
        since=since,
        runs=absent.runs + 1,
        reason=_reason(absent, since, probe=probe, can_ask=can_ask),
        hide=gone and probe is not None and probe.answer is ProbeAnswer.PRIVATE,
    )


def agreed(absent: Absent, *, by: str, reason: str, now: datetime) -> Fate:
    """What becomes of it when a person releases the run that did not see it."""
    since = absent.since or now
    said = f"Not in the source's list since {_day(since)}; {by} agreed that it is gone: {reason}"
    return Fate(state=State.MISSING, since=since, runs=absent.runs + 1, reason=said)


def certain(probes: Mapping[str, Probe]) -> int:
    """How many of these answers say something."""
    return sum(probe.answer is not ProbeAnswer.UNKNOWN for probe in probes.values())


def _reason(absent: Absent, since: datetime, *, probe: Probe | None, can_ask: bool) -> str:
    listed = f"Not in the source's list since {_day(since)}."
    if probe is not None:
        return f"{listed} {probe.sentence}".strip()
    if absent.state is not State.LIVE and absent.reason:
        return absent.reason
    if can_ask:
        return f"{listed} It has not been asked for by itself yet."
    return f"{listed} A source of this kind cannot be asked for a single dataset."


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
