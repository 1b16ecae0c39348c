"""The facts that the access rule reads, and the words it answers with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Use(StrEnum):
    """What somebody would do with data; an agreement lists each use that it allows."""

    VIEW = "view"
    PRESENT = "present"
    RETAIN = "retain"
    DOWNLOAD = "download"
    LINK = "link"
    PUBLISH = "publish"


class Detail(StrEnum):
    """How closely data may be looked at, coarsest first."""

    METADATA = "metadata"
    AGGREGATE = "aggregate"
    ROWS = "rows"

    @property
    def fineness(self) -> int:
        """0 for metadata to 2 for rows."""
        return list(Detail).index(self)


class Band(StrEnum):
    """A place on the spectrum, in the catalogue's words; only `open` lets people in without an agreement."""

    CLOSED = "closed"
    NAMED = "named"
    GROUP = "group"
    PUBLIC_LIMITED = "public-limited"
    PUBLIC_UNCLEAR = "public-unclear"
    OPEN = "open"
    UNKNOWN = "unknown"


class Why(StrEnum):
    """The reason of a decision; `own`, `open` and `covered` let in, all others refuse."""

    ACCOUNT = "account"
    PAUSED = "paused"
    OWN = "own"
    OPEN = "open"
    COVERED = "covered"
    NO_AGREEMENT = "no-agreement"
    NOT_SIGNED = "not-signed"
    NOT_STARTED = "not-started"
    ENDED = "ended"
    USE = "use"
    PURPOSE = "purpose"
    TERMS = "terms"
    """Asked for behind the rule, which never gives it: the person has not accepted the row's words."""

    @property
    def ok(self) -> bool:
        """Whether this reason lets in."""
        return self in (Why.OWN, Why.OPEN, Why.COVERED)

    @property
    def sentence(self) -> str:
        """The reason in plain words; of a refusal also whom to ask."""
        return _SENTENCES[self]


_SENTENCES = {
    Why.ACCOUNT: "There is no account of that name that is switched on: ask an administrator.",
    Why.PAUSED: "It is paused: ask whoever placed the hold.",
    Why.OWN: "It belongs to the person's own organisation.",
    Why.OPEN: "It is open data.",
    Why.COVERED: "A signed agreement covers it.",
    Why.NO_AGREEMENT: "No agreement gives it to this person: ask the owner.",
    Why.NOT_SIGNED: "The agreement is not in force yet, as signatures or its activation are missing: ask its lead.",
    Why.NOT_STARTED: "The first day of the agreement is still to come: ask its lead.",
    Why.ENDED: "The agreement has ended: ask its lead.",
    Why.USE: "The agreement does not allow this use: ask the owner.",
    Why.PURPOSE: "The agreement does not allow this purpose: ask the owner.",
    Why.TERMS: "Its words are not accepted yet: read and accept them on the page of the agreement.",
}


class PartyRole(StrEnum):
    """What an organisation does in an agreement; `hosts` keeps the data and neither gives nor receives."""

    GIVES = "gives"
    RECEIVES = "receives"
    BOTH = "both"
    HOSTS = "hosts"

    @property
    def gives(self) -> bool:
        """Whether the party lets others see its data."""
        return self in (PartyRole.GIVES, PartyRole.BOTH)

    @property
    def receives(self) -> bool:
        """Whether the party may see the data of others."""
        return self in (PartyRole.RECEIVES, PartyRole.BOTH)


class Scope(StrEnum):
    """What a hold pauses."""

    DATASET = "dataset"
    AGREEMENT = "agreement"
    ORGANISATION = "organisation"
    PERSON = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person with an account, and the organisation they belong to."""

    username: str
    organisation: str
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """What the rule needs to know of a dataset; `owner` is "" when no organisation here owns it."""

    id: str
    owner: str
    band: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One organisation in one version of an agreement."""

    organisation: str
    role: PartyRole
    signed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow:
    """What one version lets happen with one dataset; `first` and `last` are days, both included, None without end."""

    dataset: str
    receivers: frozenset[str]
    people: frozenset[str] = frozenset()
    """Usernames; asked only where the dataset's band is `named`."""
    uses: frozenset[Use]
    purposes: frozenset[str]
    detail: Detail
    min_cell: int
    """The smallest count that may be shown; 0 hides nothing."""
    first: date
    last: date | None = None
    accepts: str = ""
    """Words that each person accepts before the first look; "" for none."""
    named: str = ""
    """How its owner wants the source to be named; "" by its own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of an agreement; days include the last, and None in `activated_at` means not yet."""

    major: int
    minor: int
    starts_on: date
    ends_on: date
    activated_at: datetime | None
    closed_at: datetime | None = None
    parties: tuple[Party, ...]
    schedule: tuple[ScheduleRow, ...]

    @property
    def label(self) -> str:
        """Its number as people say it, as in "2.1"."""
        return f"{self.major}.{self.minor}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """An agreement with all its versions; each counts on its own until it is closed."""

    id: str
    lead: str
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A pause, from the moment it is placed up to the moment it is lifted; None in `lifted_at` means still there."""

    scope: Scope
    object: str
    placed_at: datetime
    lifted_at: datetime | None = None

    def in_force(self, now: datetime) -> bool:
        """Whether it pauses at this moment: from the instant of placing, no longer at the instant of lifting."""
        return self.placed_at <= now and (self.lifted_at is None or now < self.lifted_at)
