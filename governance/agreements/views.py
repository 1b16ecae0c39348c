"""What rooms and pages receive of agreements: lists, one version in full, what waits, whether it lives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from governance.access import PartyRole
from governance.agreements.document import Document


class State(StrEnum):
    """Where a version is; `not-started` and `expired` follow from its dates, and are stored nowhere."""

    DRAFT = "draft"
    REVIEW = "review"
    SIGNING = "signing"
    NOT_STARTED = "not-started"
    ACTIVE = "active"
    EXPIRED = "expired"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionBrief:
    """One version in the list of an agreement's versions."""

    id: str
    label: str
    """As in "2.1"."""
    state: State
    content_hash: str
    """64 hexadecimal digits; of a draft that of what it says now."""
    terms_hash: str
    change_note: str
    starts_on: date
    ends_on: date
    by: str
    """Username of who began it."""
    created_at: datetime
    frozen_at: datetime | None
    activated_at: datetime | None
    closed_at: datetime | None
    close_reason: str
    looked_back: str
    adviser: str
    adviser_comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyView:
    """One organisation in one version: what is at stake for it, and its signature."""

    organisation_id: str
    name: str
    role: PartyRole
    stakes: str
    protects: str
    puts_in: str
    signs: bool
    """Whether this version needs its signature; where not, its signature under the terms stands."""
    signed_at: datetime | None
    signatory: str
    signatory_title: str
    method: str
    """typed, paper; "" while not signed."""
    reference: str
    declined_at: datetime | None
    declined_why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementBrief:
    """One line in the list of agreements: the version in force, else the newest one."""

    id: str
    number: int
    title: str
    kind: str
    """standard, emergency, pilot"""
    lead_id: str
    lead: str
    version_id: str
    label: str
    state: State
    purpose: str
    starts_on: date
    ends_on: date
    review_on: date | None
    parties: tuple[str, ...]
    """Names, the host first."""
    datasets: int
    signed: int
    to_sign: int
    """How many signatures this version needs, those that are there included."""
    in_preparation: str
    """Label of a newer version that is drafted, talked through or signed; "" for none."""

    @property
    def name(self) -> str:
        """As people say it: A-7."""
        return f"A-{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementView:
    """One agreement with one of its versions in full."""

    id: str
    number: int
    lead_id: str
    lead: str
    version: VersionBrief
    versions: tuple[VersionBrief, ...]
    """All of them, newest first."""
    document: Document
    parties: tuple[PartyView, ...]
    """The host first."""
    today: date
    next_step: tuple[str, ...]
    """Sentences: who has to do what next; empty when nothing waits."""
    damage: tuple[str, ...]
    """What does not fit what was signed; such a version covers nothing. Empty in good order."""

    @property
    def name(self) -> str:
        """As people say it: A-7."""
        return f"A-{self.number}"

    @property
    def days_left(self) -> int:
        """Days up to the last day, 0 on it, negative afterwards."""
        return (self.document.ends_on - self.today).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that differs between two versions."""

    where: str
    """The part, in the words of the page: "Privacy", "Attendance, weekly: detail"."""
    before: str
    """"" where it was not there."""
    after: str
    """"" where it is not there any more."""


class Wait(StrEnum):
    """What an organisation is waited for with."""

    SIGNATURE = "signature"
    STAKES = "stakes"
    REVIEW = "review"
    ENDING = "ending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that the viewer's organisation owes, or that ends soon."""

    kind: Wait
    agreement_id: str
    version_id: str
    name: str
    """A-7"""
    title: str
    label: str
    due: date | None
    """The last day for an ending, the review's day for a review."""
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """Whether an agreement lives: what was done with it since it was signed."""

    days_signed: int | None
    """Days since the version in force was activated; None while none is."""
    datasets: int
    """In the schedule."""
    used: int
    """Datasets of the schedule that were looked at or shown since then."""
    first_use_days: int | None
    """Days from activation to the first look; None while nobody looked."""
    concerns: int
    """Open ones about it."""
    offers: int
    kept: int
    """Of the offers and promises about it."""
    amber: bool
    sentences: tuple[str, ...]
