"""The bands from closed to open, and what a placement on them says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Band(StrEnum):
    """A place on the spectrum, from closed to open; `unknown` stands beside it. Source: the ODI Data Spectrum."""

    CLOSED = "closed"
    NAMED = "named"
    GROUP = "group"
    PUBLIC_LIMITED = "public-limited"
    PUBLIC_UNCLEAR = "public-unclear"
    OPEN = "open"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The words on the badge."""
        return _WORDS[self][0]

    @property
    def explains(self) -> str:
        """What the band means, in one sentence."""
        return _WORDS[self][1]

    @property
    def position(self) -> int:
        """0 for closed to 5 for open; `unknown` comes last, apart from the ramp."""
        return list(Band).index(self)


_WORDS = {
    Band.CLOSED: ("Closed", "Only the organisation that holds it may use it."),
    Band.NAMED: ("Named", "Named people may use it, after a request or under an agreement."),
    Band.GROUP: ("Group", "A known group may use it: registered users or partner organisations."),
    Band.PUBLIC_LIMITED: ("Public, limited", "Anyone may see it, but something limits its use."),
    Band.PUBLIC_UNCLEAR: (
        "Licence unclear",
        "Anyone may see it, but what they may do with it is not proven.",
    ),
    Band.OPEN: (
        "Open",
        "Anyone may use, change and share it, at most with acknowledgement and the same licence.",
    ),
    Band.UNKNOWN: ("Not stated", "The source does not say enough to place it."),
}


class Confidence(StrEnum):
    """How far a placement rests on what somebody said."""

    STATED = "stated"
    DERIVED = "derived"
    INFERRED = "inferred"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One thing a rule read: the field, its value as the source writes it, what it says."""

    field: str
    value: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where a dataset stands and why."""

    band: Band
    rule: str
    confidence: Confidence
    sentence: str
    """Why, in one sentence, for the dataset's page."""
    short: str
    """Why, in a few words, for a row of results."""
    evidence: tuple[Evidence, ...]
    next_step: str
    """What would move it one step more open; "" when it is open."""
    review: bool = False
    """True when the record contradicts itself and a person should look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a steward decided for all datasets of a source that carry one raw access or licence value."""

    band: Band | None
    licence: str | None
    """Id of the licence the raw value stands for, None when only the band was decided."""
    access_value: str | None
    licence_value: str | None
    """The exact raw value covered, "" for "not stated", None when it does not matter."""
    decided_by: str
    decided_on: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """The band a curator or the owner set for one dataset."""

    band: Band
    by: str
    on: date
    reason: str
