"""The tables of the catalogue: imported by this room alone.

Rules that look into another table use its Core columns: ORM ones inside a rule would be narrowed once more.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    and_,
    false,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Visibility, internal, open_to_all

STEWARDING = frozenset({"steward", "admin"})


def _stewards(_table: Any, viewer: Any) -> ColumnElement[bool]:
    return true() if viewer.roles & STEWARDING else false()


def _own(table: Any, viewer: Any) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = table.person_id == viewer.person_id
    return mine if viewer.person_id else false()


STEWARDS_ONLY = Visibility(rule=_stewards, reason="stewards and administrators look after sources and runs")
OWN_ONLY = Visibility(rule=_own, reason="a person's own")


class ListedForRow(Base):
    """An organisation that may know of a dataset listed for named organisations."""

    __tablename__ = "listed_for"
    visibility = Visibility(
        rule=lambda table, viewer: _of_listed(table.number, viewer),
        reason="who may know of a dataset may know who else may",
    )

    number: Mapped[int] = mapped_column(ForeignKey("dataset.number", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(32), primary_key=True)


def listed(dataset: Any, viewer: Any) -> ColumnElement[bool]:
    """The listing rule: which datasets a viewer may know of. `dataset` is DatasetRow or its columns."""
    named = ListedForRow.__table__.c
    chosen = select(named.number).where(named.organisation_id == viewer.organisation_id)
    own = and_(dataset.organisation_id == viewer.organisation_id, dataset.organisation_id != "")
    return or_(
        dataset.listing == "everyone",
        own,
        and_(dataset.listing == "organisations", dataset.number.in_(chosen)),
    )


def _of_listed(number: Any, viewer: Any) -> ColumnElement[bool]:
    """Looks one dataset up by its number; an alias, so that a query's own datasets are not taken for it."""
    dataset = DatasetRow.__table__.alias("listed_dataset")
    found = select(literal(1)).select_from(dataset).where(dataset.c.number == number, listed(dataset.c, viewer))
    return found.correlate_except(dataset).exists()


AS_DATASET = Visibility(
    rule=lambda table, viewer: _of_listed(table.number, viewer),
    reason="seen by those who may know of the dataset",
)


class SourceRow(Base):
    """A portal, feed or register that is read."""

    __tablename__ = "source"
    visibility = STEWARDS_ONLY

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    location: Mapped[str] = mapped_column(Text)
    allow: Mapped[list[str]]
    organisation_id: Mapped[str] = mapped_column(String(32), default="")
    """The organisation that answers for it, and owns what it shows only with a token; "" when none does."""
    schedule: Mapped[str] = mapped_column(String(20), default="manual")
    options: Mapped[dict[str, Any]]
    memory: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(20), default="active")
    created_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(default=None)
    next_number: Mapped[int] = mapped_column(default=1)
    fingerprints_at: Mapped[datetime | None] = mapped_column(default=None)
    """When new fingerprints of records that say the same were last kept: at most once a week."""


class SourceSecretRow(Base):
    """The token a source is read with."""

    __tablename__ = "source_secret"
    visibility = internal("tokens are for the harvest only and are never shown again")

    source_id: Mapped[str] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"), primary_key=True)
    token: Mapped[str] = mapped_column(Text)


class RunRow(Base):
    """One harvest of one source."""

    __tablename__ = "run"
    visibility = STEWARDS_ONLY

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    running: Mapped[str | None] = mapped_column(String(32), unique=True, default=None)
    """The source's id while the run is under way: unique, so that one source has one run."""
    job: Mapped[str] = mapped_column(String(80), default="")
    """The key of the durable job that carries it out."""
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    completeness: Mapped[str] = mapped_column(String(10), default="unknown")
    reason: Mapped[str] = mapped_column(Text, default="")
    counts: Mapped[dict[str, Any]]
    cursor: Mapped[str] = mapped_column(Text, default="")
    pages: Mapped[int] = mapped_column(default=0)
    memory: Mapped[dict[str, Any]]
    started_by: Mapped[str] = mapped_column(String(80), default="")
    decided_by: Mapped[str] = mapped_column(String(80), default="")
    decided_reason: Mapped[str] = mapped_column(Text, default="")


class StagedPageRow(Base):
    """One page of a run as read: which identities it had."""

    __tablename__ = "staged_page"
    visibility = internal("half-read material of a run")

    run_id: Mapped[str] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seen: Mapped[bytes] = mapped_column(LargeBinary)
    """Identities, and the new fingerprints of records that say the same as before: JSON, zlib."""


class StagedRecordRow(Base):
    """A record that is new or differs in its bytes from what the catalogue holds."""

    __tablename__ = "staged_record"
    visibility = internal("half-read material of a run")

    run_id: Mapped[str] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), primary_key=True)
    identity: Mapped[str] = mapped_column(Text, primary_key=True)
    page: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(64))
    content_hash: Mapped[str] = mapped_column(String(64))
    document: Mapped[bytes] = mapped_column(LargeBinary)
    """The record as JSON."""
    raw: Mapped[bytes] = mapped_column(LargeBinary)
    """As DocumentRow.raw."""


class RejectionRow(Base):
    """A record of a run that could not be taken."""

    __tablename__ = "rejection"
    visibility = STEWARDS_ONLY

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    page: Mapped[int]
    remote_id: Mapped[str] = mapped_column(Text)
    identity: Mapped[str] = mapped_column(Text, default="")
    field: Mapped[str] = mapped_column(String(80))
    value: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text)
    what_to_change: Mapped[str] = mapped_column(Text, default="")
    raw: Mapped[bytes] = mapped_column(LargeBinary, default=b"")


def _stewards_of(table: Any, viewer: Any) -> ColumnElement[bool]:
    if not viewer.roles & STEWARDING:
        return false()
    return or_(
        table.organisation_id == "",
        and_(table.organisation_id == viewer.organisation_id, table.organisation_id != ""),
    )


class DiffRow(Base):
    """What a run would change or did change, by name."""

    __tablename__ = "run_diff"
    visibility = Visibility(
        rule=_stewards_of,
        reason="stewards look after runs; what only its owner may know of is shown to that organisation's stewards",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12), index=True)
    """added, changed, missing, withdrawn, restored"""
    identity: Mapped[str] = mapped_column(Text)
    dataset_id: Mapped[str] = mapped_column(String(32), default="")
    title: Mapped[str] = mapped_column(Text, default="")
    organisation_id: Mapped[str] = mapped_column(String(32), default="")
    """The owner when only it may know of the dataset, "-" when then nobody may, "" otherwise."""
    detail: Mapped[dict[str, Any]]


class DatasetRow(Base):
    """A dataset of the catalogue: its effective values, place on the spectrum, listing and state."""

    __tablename__ = "dataset"
    visibility = Visibility(rule=listed, reason="the listing says who may know of a dataset")
    __table_args__ = (
        UniqueConstraint("source_id", "identity"),
        Index("ix_dataset_source_state", "source_id", "state"),
    )

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    """Dense and internal: rows of the facet arrays. Never shown, for it tells how many datasets came before."""
    id: Mapped[str] = mapped_column(String(32), unique=True)
    source_id: Mapped[str | None] = mapped_column(ForeignKey("source.id"), default=None)
    source_name: Mapped[str] = mapped_column(String(120), default="")
    remote_id: Mapped[str] = mapped_column(Text, default="")
    identity: Mapped[str] = mapped_column(Text, default="")
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(10), default="live")
    """live, missing (not seen at its source of late, still shown), withdrawn (kept, found by filter)"""
    missing_since: Mapped[datetime | None] = mapped_column(default=None)
    missing_runs: Mapped[int] = mapped_column(default=0)
    missing_agreed: Mapped[bool] = mapped_column(default=False)
    """A person released the run that did not see it: the brake does not count it again."""
    state_reason: Mapped[str] = mapped_column(Text, default="")
    notice: Mapped[str] = mapped_column(Text, default="")
    """A sentence beside a live dataset: its latest version could not be taken, or the listing leaves it out."""
    listing: Mapped[str] = mapped_column(String(14), default="everyone")
    listing_by: Mapped[str] = mapped_column(String(80), default="")
    """Who chose the listing by hand; "" when it follows from the source. A harvest never widens a chosen one."""
    organisation_id: Mapped[str] = mapped_column(String(32), default="", index=True)
    """The organisation of the collaboration that owns it; "" for what others publish."""
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    publisher: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(Text, default="")
    contact_email: Mapped[str] = mapped_column(Text, default="")
    approver: Mapped[str] = mapped_column(Text, default="")
    access_how: Mapped[str] = mapped_column(Text, default="")
    keywords: Mapped[list[str]]
    themes: Mapped[list[str]]
    formats: Mapped[list[str]]
    life_events: Mapped[list[str]]
    spatial: Mapped[str] = mapped_column(Text, default="")
    landing_page: Mapped[str] = mapped_column(Text, default="")
    licence: Mapped[str] = mapped_column(String(80), default="")
    """Id in the licence registry; "" when not stated or not recognised."""
    licence_raw: Mapped[str] = mapped_column(Text, default="")
    access_right: Mapped[str] = mapped_column(Text, default="")
    band: Mapped[str] = mapped_column(String(16))
    rule: Mapped[str] = mapped_column(String(8))
    placement: Mapped[dict[str, Any]]
    """The whole Placement: sentence, short, evidence, next step, confidence."""
    stated: Mapped[dict[str, Any]]
    """What the owner or a curator set for this one dataset: band, by, on, reason; {} when nobody did."""
    person_level: Mapped[str] = mapped_column(String(20), default="")
    accrual_periodicity: Mapped[str] = mapped_column(Text, default="")
    issued: Mapped[str] = mapped_column(String(40), default="")
    modified: Mapped[str] = mapped_column(String(40), default="")
    updated_on: Mapped[date | None] = mapped_column(default=None)
    """`modified` as a day, for sorting and freshness."""
    parent: Mapped[str] = mapped_column(Text, default="")
    identifier: Mapped[str] = mapped_column(Text, default="", index=True)
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class DocumentRow(Base):
    """The record a dataset was made of, whole, and the source's own bytes."""

    __tablename__ = "document"
    visibility = AS_DATASET

    number: Mapped[int] = mapped_column(ForeignKey("dataset.number", ondelete="CASCADE"), primary_key=True)
    record: Mapped[bytes] = mapped_column(LargeBinary)
    """The Record as JSON: what the source says, before corrections."""
    raw: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    read_at: Mapped[datetime]


class AliasRow(Base):
    """Another id under which a source may show the same dataset."""

    __tablename__ = "alias"
    visibility = internal("ids of hidden datasets would tell that they exist")

    source_id: Mapped[str] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"), primary_key=True)
    alias: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(ForeignKey("dataset.number", ondelete="CASCADE"), primary_key=True, index=True)


class CorrectionRow(Base):
    """A field that a curator corrected: survives every harvest."""

    __tablename__ = "correction"
    visibility = AS_DATASET

    number: Mapped[int] = mapped_column(ForeignKey("dataset.number", ondelete="CASCADE"), primary_key=True)
    field: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    source_said: Mapped[str] = mapped_column(Text, default="")
    """What the source said when it was corrected: when it says something else now, the page tells."""
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")


class SuggestionRow(Base):
    """A correction that somebody proposed to the stewards."""

    __tablename__ = "suggestion"
    visibility = Visibility(
        rule=lambda table, viewer: and_(
            _of_listed(table.number, viewer), or_(_stewards(table, viewer), _own(table, viewer))
        ),
        reason="stewards see what is suggested for datasets they may know of, others what they suggested",
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(ForeignKey("dataset.number", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[str] = mapped_column(String(32), index=True)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open")
    """open, taken, declined"""
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(80), default="")


class HistoryRow(Base):
    """What happened to a dataset."""

    __tablename__ = "history"
    visibility = AS_DATASET

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(ForeignKey("dataset.number", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(20))
    """added, changed, missing, withdrawn, restored, corrected, placed, listed, approved"""
    run_id: Mapped[str] = mapped_column(String(32), default="")
    by: Mapped[str] = mapped_column(String(80), default="")
    detail: Mapped[dict[str, Any]]


class DecisionRow(Base):
    """A decision that covers every dataset of a source with one raw access or licence value."""

    __tablename__ = "source_decision"
    visibility = STEWARDS_ONLY

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"), index=True)
    licence_value: Mapped[str | None] = mapped_column(Text, default=None)
    access_value: Mapped[str | None] = mapped_column(Text, default=None)
    band: Mapped[str] = mapped_column(String(16), default="")
    licence: Mapped[str] = mapped_column(String(80), default="")
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")


class RegistrationRow(Base):
    """A dataset that an agency is registering: from draft to decision."""

    __tablename__ = "registration"
    visibility = Visibility(
        rule=lambda table, viewer: and_(table.organisation_id == viewer.organisation_id, table.organisation_id != ""),
        reason="an organisation's own people see what it is registering",
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(32), index=True)
    person_id: Mapped[str] = mapped_column(String(32), default="")
    by: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(20), default="draft")
    """draft, submitted, changes-asked, approved, declined"""
    fields: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str] = mapped_column(String(80), default="")
    dataset_id: Mapped[str] = mapped_column(String(32), default="")
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class SynonymRow(Base):
    """Words that mean the same when searching."""

    __tablename__ = "synonym"
    visibility = open_to_all("search words of the collaboration, not of any dataset")

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    words: Mapped[list[str]]
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class SavedSearchRow(Base):
    """A search a person wants to come back to."""

    __tablename__ = "saved_search"
    visibility = OWN_ONLY

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(String(32), index=True)
    name: Mapped[str] = mapped_column(String(120))
    query: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    looked_at: Mapped[datetime]


class FollowRow(Base):
    """A dataset a person follows."""

    __tablename__ = "follow"
    visibility = OWN_ONLY

    person_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(ForeignKey("dataset.number", ondelete="CASCADE"), primary_key=True)
    since: Mapped[datetime]


class ChangeRow(Base):
    """Which datasets changed, in order: what the facet arrays and the search index of each process follow."""

    __tablename__ = "dataset_change"
    visibility = internal("numbers of hidden datasets would tell that they exist")
    __table_args__ = ({"sqlite_autoincrement": True},)

    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[int]
