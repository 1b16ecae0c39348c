"""What a concern is made of, as it is raised and as it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

LONGEST = 4000
"""Characters of what somebody may write in one field."""


class ShowAs(StrEnum):
    """What others see of who raised it."""

    ORGANISATION = "organisation"
    """Their organisation's name."""
    PARTNER = "partner"
    """"A partner": the product knows who, so that they can come back; nobody is told."""
    NOBODY = "nobody"
    """Nothing is kept of who it was; a receipt code, shown once, brings them back."""


class State(StrEnum):
    """How far a concern is."""

    RAISED = "raised"
    RESTATED = "restated"
    """Somebody said it back in their own words."""
    AGREED = "agreed"
    """Who raised it said: yes, that is it."""
    ANSWERED = "answered"
    EASED = "eased"
    CARRIED = "carried"
    """It stays, and everybody knows."""
    CLOSED = "closed"


class ConcernKind(StrEnum):
    """What sort of fear it is."""

    HARM = "harm"
    LOSS = "loss"
    LEGAL = "legal"
    QUALITY = "quality"
    WORKLOAD = "workload"
    OTHER = "other"


class Loss(StrEnum):
    """What somebody stands to lose."""

    CONTROL = "control"
    POWER = "power"
    STATUS = "status"
    RESOURCES = "resources"
    BLAME = "blame"
    MISREADING = "misreading"
    MEDIA = "media"
    LEAGUE_TABLE = "league-table"
    RELATIONSHIP = "relationship"
    PRIVACY = "privacy"


class Evidence(StrEnum):
    """What is known about it, apart from how strongly it is felt."""

    SUPPORTED = "supported"
    NOT_SUPPORTED = "not supported"
    NOT_KNOWN = "not known"


class Nature(StrEnum):
    """Whether a measure can settle it, or people have to."""

    TECHNICAL = "technical"
    ADAPTIVE = "adaptive"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a concern or a commitment is about."""

    kind: str
    """dataset, indicator, agreement, meeting, card, collaboration"""
    id: str = ""
    """Of a card or a meeting its name; "" for the collaboration."""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worry:
    """A concern as somebody raises it: what about, in which words, how strongly; the rest may be left out."""

    about: About
    words: str
    felt: int
    """1 a little, 2 strongly, 3 very strongly."""
    show_as: ShowAs = ShowAs.ORGANISATION
    kind: ConcernKind = ConcernKind.OTHER
    loss: Loss | None = None
    evidence: Evidence = Evidence.NOT_KNOWN
    evidence_basis: str = ""
    nature: Nature | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """What came of raising it."""

    id: str
    receipt: str = field(default="", repr=False)
    """The code that brings back who raised it without a name: it exists here and nowhere else. "" otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One concern as the viewer may read it."""

    id: str
    about: About
    words: str
    kind: ConcernKind
    loss: Loss | None
    felt: int
    evidence: Evidence
    evidence_basis: str
    nature: Nature | None
    show_as: ShowAs
    organisation: str
    """The name of who raised it, "" unless it is shown."""
    organisation_id: str
    raised_on: date
    is_mine: bool
    """The viewer raised it; False for one without a name, whose receipt code says so."""
    restated: str
    restated_by: str
    """Name and organisation of the person, like `answered_by`."""
    agreed_on: date | None
    answer: str
    answered_by: str
    answered_on: date | None
    state: State
    settled_on: date | None

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody still."""
        return self.state in (State.RAISED, State.RESTATED, State.AGREED, State.ANSWERED)

    @property
    def asks_for_conversation(self) -> bool:
        """Whether it is about what people stand to lose: no control answers that, a conversation may."""
        return self.nature in (Nature.ADAPTIVE, Nature.BOTH)

    @property
    def not_quite(self) -> bool:
        """Whether who raised it said that the words given back are not it."""
        return self.state is State.RAISED and bool(self.restated)
