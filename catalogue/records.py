"""What a connector hands over: pages of records, rejections and a proved ending."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

Known = Callable[[str, str], bool]
"""`known(identity, fingerprint)`: True when the catalogue holds this very version, so mapping it can be left out."""


class Completeness(StrEnum):
    """How much of the source a reading saw, as proved by the connector, never inferred."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """One file or service of a dataset (dcat:Distribution), as the source states it."""

    title: str = ""
    description: str = ""
    access_url: str = ""
    download_url: str = ""
    format: str = ""
    """The source's own words ("CSV", "Excel (xlsx)"), never guessed from the URL."""
    media_type: str = ""
    byte_size: int | None = None
    modified: str = ""
    licence: str = ""
    access_right: str = ""
    """An access restriction stated on the file itself (DCAT-US 3 accessRestriction)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWarning:
    """A field that was cut, repaired or left unknown while the record was kept."""

    field: str
    value: str
    problem: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One dataset as its source describes it: normalised in form, never in meaning."""

    remote_id: str
    """As the source writes it."""
    identity: str
    """`remote_id` in its normal form: unique within a source, stable across http/https and id-form changes."""
    aliases: tuple[str, ...] = ()
    """Other normalised ids of the same dataset (CKAN name, DOI, old URI), for when `identity` changes."""
    title: str
    description: str = ""
    publisher: str = ""
    contact_name: str = ""
    contact_email: str = ""
    keywords: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    licence: tuple[str, ...] = ()
    """Every licence statement of the dataset: id, URL, title, in that order, empty ones left out."""
    access_right: str = ""
    """Raw access statement (dct:accessRights, accessLevel, HDX/CKAN extras); "" when not stated."""
    rights: str = ""
    """Free text about use or access constraints."""
    is_private: bool = False
    """Seen only with a token: the source does not show it to the public."""
    landing_page: str = ""
    identifier: str = ""
    """A global identifier such as a DOI, when the source states one."""
    issued: str = ""
    modified: str = ""
    """ISO 8601 date or date-time of the data; "" when not stated or not a date."""
    accrual_periodicity: str = ""
    temporal_start: str = ""
    temporal_end: str = ""
    spatial: str = ""
    language: tuple[str, ...] = ()
    conforms_to: tuple[str, ...] = ()
    life_events: tuple[str, ...] = ()
    parent: str = ""
    """Identity of the series or collection it belongs to, unresolved."""
    access_how: str = ""
    """How to ask for it, in the source's words."""
    approver: str = ""
    person_level: str = ""
    """none, aggregate, de-identified, identifiable, or "" when not stated."""
    columns: tuple[str, ...] = ()
    row_count: int | None = None
    distributions: tuple[Distribution, ...] = ()
    extras: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What the source says beyond our fields, kept as text."""
    warnings: tuple[FieldWarning, ...] = ()
    fingerprint: str = ""
    """Hash of the source's own bytes and of the connector's version."""
    raw: bytes = b""
    """The source's own description, capped, for "see the raw record"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A record whose bytes are those the catalogue already holds."""

    identity: str
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A record that cannot be taken: which field, what it says, what to change at the source."""

    remote_id: str
    identity: str = ""
    """Set when the record can be told apart: a rejected record still counts as seen."""
    field: str
    value: str = ""
    reason: str
    """One short phrase shared by all records with this fault, so that they group ("No title")."""
    what_to_change: str = ""
    raw: bytes = b""


Item = Record | Rejection | Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a reading ended, with the evidence for it."""

    completeness: Completeness
    reason: str
    """One sentence: "442 of 442 datasets read, the end was proved by an empty page"."""
    memory: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What the connector learned about the source and wants back next time (paging mode, API base)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a reading; the last one, and only it, carries the ending."""

    items: tuple[Item, ...]
    cursor: str = ""
    """Given back as `after` when the reading is taken up again behind this page."""
    total: int | None = None
    """How many records the source says it has, None when it does not say."""
    ending: Ending | None = None


class ProbeAnswer(StrEnum):
    """What a source says when asked for one record by its id."""

    PRESENT = "present"
    PRIVATE = "private"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One question before a withdrawal: is it really not there?"""

    answer: ProbeAnswer
    sentence: str
    """As shown to a person: "The portal answers 404: the dataset does not exist."."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAddress:
    """What a connector needs to know of a source."""

    name: str
    kind: str
    location: str
    """An http(s) URL, or the path of a local file (also .gz)."""
    allow: tuple[str, ...] = ()
    """`host:port` pairs that the address guard lets through although they are private or loopback."""
    token: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Per-source choices, such as the remembered column mapping of an inventory."""
    memory: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What `Ending.memory` of the last good reading said."""
