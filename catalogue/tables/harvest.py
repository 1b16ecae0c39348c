"""Tables of sources and their runs: what was read, staged, rejected, changed and decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.tables.rules import STEWARDS_ONLY, stewards_of
from store.base import Base, Visibility, internal


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


class DiffRow(Base):
    """What a run would change or did change, by name."""

    __tablename__ = "run_diff"
    visibility = Visibility(
        rule=stewards_of,
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
