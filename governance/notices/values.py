"""One thing that waits for somebody, and the kinds there are, the most pressing first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from store.settings import settings


class Kind(StrEnum):
    """What sort of thing waits; the order is that of every list of them."""

    HELD_RUN = "held-run"
    """A reading of a source that is held."""
    WARNING = "warning"
    SIGNATURE = "signature"
    STAKES = "stakes"
    WORDS = "words"
    """Words to accept before the first look at what an agreement shares."""
    REVIEW = "review"
    REQUEST = "request"
    """A use of data that somebody asks for."""
    CHARTER = "charter"
    """A use to hold against the charter before it begins."""
    ENDING = "ending"
    """An agreement within 30 days of its last day."""
    AGREE = "agree"
    """One's own concern, said back or answered."""
    ANSWER = "answer"
    """A concern of somebody else."""
    OVERDUE = "overdue"
    """A commitment or an action of a meeting whose day has passed."""
    REGISTRATION = "registration"
    CORRECTION = "correction"
    LATE = "late"
    """Data that are later than their own rhythm."""
    LICENCE = "licence"
    HELD = "held"
    """A dataset, an agreement or somebody's access that is paused."""


COUNTED: Mapping[Kind, tuple[str, str]] = MappingProxyType(
    {
        Kind.HELD_RUN: ("held reading of a source to settle", "held readings of sources to settle"),
        Kind.WARNING: ("warning to answer", "warnings to answer"),
        Kind.SIGNATURE: ("agreement to sign", "agreements to sign"),
        Kind.STAKES: ("agreement to say your stakes in", "agreements to say your stakes in"),
        Kind.WORDS: ("agreement whose words you may accept", "agreements whose words you may accept"),
        Kind.REVIEW: ("agreement to review", "agreements to review"),
        Kind.REQUEST: ("request to decide", "requests to decide"),
        Kind.CHARTER: ("use to hold against the charter", "uses to hold against the charter"),
        Kind.ENDING: ("agreement that ends within 30 days", "agreements that end within 30 days"),
        Kind.AGREE: ("concern of your own that has moved on", "concerns of your own that have moved on"),
        Kind.ANSWER: ("concern to answer", "concerns to answer"),
        Kind.OVERDUE: ("promise that is overdue", "promises that are overdue"),
        Kind.REGISTRATION: ("registration to decide or change", "registrations to decide or change"),
        Kind.CORRECTION: ("suggested correction to answer", "suggested corrections to answer"),
        Kind.LATE: ("dataset that is late", "datasets that are late"),
        Kind.LICENCE: ("licence decision to take", "licence decisions to take"),
        Kind.HELD: ("pause in force", "pauses in force"),
    }
)
"""One of a kind, and several, without the number: all that leaves the product by mail or webhook."""


def day(when: date | datetime) -> str:
    """A day in short, "12 Nov 2026", of a moment that in the collaboration's time zone."""
    local = when.astimezone(settings().zone) if isinstance(when, datetime) else when
    return f"{local.day} {local:%b %Y}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing that waits, and the page where it is settled."""

    kind: Kind
    key: str
    """What it is, the same from look to look: who was told of it is not told again. Those of one key are one news."""
    words: str
    """What waits, without a full stop; `{}` stands where the subject goes."""
    subject: str
    """The name of the thing, as people wrote it: never part of a format string."""
    detail: str = ""
    action: str = "Look"
    """What the button to its page says."""
    page: str
    """The page's path, without the slash."""
    query: Mapping[str, object] = field(default_factory=dict)
    due: date | None = None
    """The day it is due; those of one kind are in its order."""
    number: int = 1
    """How many things it stands for."""

    @property
    def around(self) -> tuple[str, str]:
        """The words before the subject and after it."""
        before, _, after = self.words.partition("{}")
        return before, after
