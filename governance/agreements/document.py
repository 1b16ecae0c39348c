"""What an agreement says: one document, written canonically, so that its hash is what people sign."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import msgspec

from governance.access import Detail, PartyRole, Use

FORMAT = 1
"""Of the canonical document; it is inside, so that a later format is never taken for this one."""


class PartyLine(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation in the agreement and, in its own words, what is at stake for it."""

    organisation: str
    """Id of the organisation."""
    role: PartyRole
    stakes: str = ""
    """What is at stake for us; "Nothing to add." is an answer, empty is none."""
    protects: str = ""
    """What staying as we are protects."""
    puts_in: str = ""
    """What the organisation gives up or brings, so that others can share."""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """The five parts in plain words; every party signs them."""

    who: str = ""
    purpose: str = ""
    """One to three plain sentences."""
    purposes: tuple[str, ...] = ()
    """Purpose tags; a schedule row can allow only these, a report card declares one."""
    how: str = ""
    """How and in what format."""
    access: str = ""
    """Who gets access, and for what use."""
    privacy: str = ""
    person_level: str = "none"
    """none, aggregate, de-identified, identifiable"""
    retention: str = ""
    """How long files are kept, and how they are destroyed."""
    breach_contact: str = ""
    told_people: str = ""
    """What the people in the data were told."""
    legal_advice: str = ""
    """sought, not needed or pending, and from whom; "" while nobody has said."""


class ScheduleLine(msgspec.Struct, frozen=True, kw_only=True):
    """One dataset: by which channel, how closely, to whom, for what."""

    dataset: str
    """Id of the dataset."""
    title: str
    owner: str
    """Id of the organisation that gives it."""
    channel: str = ""
    format: str = ""
    frequency: str = ""
    detail: Detail = Detail.AGGREGATE
    min_cell: int = 10
    uses: tuple[Use, ...] = (Use.VIEW,)
    purposes: tuple[str, ...] = ()
    receivers: tuple[str, ...] = ()
    """Ids of organisations."""
    people: tuple[str, ...] = ()
    """Usernames; asked where the dataset's band is named."""
    first: date | None = None
    """None: from the first day of the agreement."""
    last: date | None = None
    """None: to the last day of the agreement; the day itself is included."""
    acknowledgement: str = ""
    """Words the receiver accepts before the first look, "" for none."""
    source_line: str = ""
    """How the source is named; "" names the owner."""
    privacy_note: str = ""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A whole version."""

    format: int = FORMAT
    title: str
    kind: str = "standard"
    """standard, emergency (30 days at most), pilot"""
    lead: str
    """Id of the organisation that leads; the host."""
    starts_on: date
    ends_on: date
    """The last day, included, in the collaboration's time zone."""
    review_on: date | None = None
    parties: tuple[PartyLine, ...]
    """The host first."""
    terms: Terms = Terms()
    schedule: tuple[ScheduleLine, ...] = ()


def canonical(document: Document) -> bytes:
    """The one way to write it: keys in order, UTF-8, no spaces."""
    return msgspec.json.encode(msgspec.to_builtins(document), order="sorted")


def read(written: bytes) -> Document:
    """The document. Raises ValueError when it is not one of this format."""
    found = msgspec.json.decode(written, type=Document)
    if found.format != FORMAT:
        raise ValueError(f"This agreement is written in format {found.format}; this version reads {FORMAT}.")
    return found


def content_hash(written: bytes) -> str:
    """SHA-256 of the canonical document, 64 hexadecimal digits."""
    return hashlib.sha256(written).hexdigest()


def terms_hash(document: Document) -> str:
    """SHA-256 of everything but the schedule: equal in a version n.0 and all its amendments n.m."""
    rest: dict[str, Any] = msgspec.to_builtins(document)
    del rest["schedule"]
    return hashlib.sha256(msgspec.json.encode(rest, order="sorted")).hexdigest()
