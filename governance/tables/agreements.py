"""Tables of agreements: a signed version is one canonical document with its hash; triggers keep it as it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, literal, select
from sqlalchemy.orm import Mapped, mapped_column

from governance.tables.concerns import about_known
from store.base import Base, Visibility, internal


def _for_parties(agreement_id: Any, viewer: Any) -> ColumnElement[bool]:
    """The parties of any of its versions, and administrators."""
    if "admin" in viewer.roles:
        return agreement_id.is_not(None)  # type: ignore[no-any-return]
    parties, versions = PartyRow.__table__.c, VersionRow.__table__.c
    ours = (
        select(literal(1))
        .where(parties.version_id == versions.id, versions.agreement_id == agreement_id)
        .where(parties.organisation_id == viewer.organisation_id, parties.organisation_id != "")
    )
    return ours.correlate_except(PartyRow.__table__, VersionRow.__table__).exists()


def _of_version(version_id: Any, viewer: Any) -> ColumnElement[bool]:
    versions = VersionRow.__table__.alias("version_of")
    found = select(literal(1)).where(versions.c.id == version_id, _for_parties(versions.c.agreement_id, viewer))
    return found.correlate_except(versions).exists()


about_known("agreement", _for_parties)


class AgreementRow(Base):
    """An agreement between organisations; what it says stands in its versions."""

    __tablename__ = "agreement"
    visibility = Visibility(
        rule=lambda table, viewer: _for_parties(table.id, viewer), reason="an agreement is for its parties"
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    """Shown as A-7."""
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    """standard, emergency, pilot"""
    lead_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]


class VersionRow(Base):
    """One version. From `frozen_at` on nothing of the document changes."""

    __tablename__ = "agreement_version"
    visibility = Visibility(
        rule=lambda table, viewer: _for_parties(table.agreement_id, viewer), reason="an agreement is for its parties"
    )
    __table_args__ = (Index("ix_agreement_version_agreement_number", "agreement_id", "major", "minor"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    agreement_id: Mapped[str] = mapped_column(ForeignKey("agreement.id"))
    major: Mapped[int]
    minor: Mapped[int]
    """0: terms, signed by everybody. More: the schedule only, signed by the owners of the rows touched and the lead."""
    state: Mapped[str] = mapped_column(String(12))
    """draft, review, signing, active, closed, withdrawn"""
    document: Mapped[bytes] = mapped_column(LargeBinary)
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    terms_hash: Mapped[str] = mapped_column(String(64), default="")
    change_note: Mapped[str] = mapped_column(Text, default="")
    adviser: Mapped[str] = mapped_column(String(200), default="")
    """Who advises on privacy; an agreement on data about people needs their comment."""
    adviser_comment: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None] = mapped_column(default=None)
    activated_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    close_reason: Mapped[str] = mapped_column(Text, default="")
    looked_back: Mapped[str] = mapped_column(Text, default="")
    """What the parties say at the end: what it was used for, what to keep, what to change."""


class PartyRow(Base):
    """One organisation in one version, and its signature for an exact hash."""

    __tablename__ = "agreement_party"
    visibility = Visibility(
        rule=lambda table, viewer: _of_version(table.version_id, viewer), reason="an agreement is for its parties"
    )

    version_id: Mapped[str] = mapped_column(ForeignKey("agreement_version.id"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True, index=True)
    position: Mapped[int]
    role: Mapped[str] = mapped_column(String(10))
    """gives, receives, both, hosts"""
    signs: Mapped[bool]
    """False where a schedule amendment does not touch its rows: its signature under the terms stands."""
    signatory: Mapped[str] = mapped_column(String(200), default="")
    signatory_title: Mapped[str] = mapped_column(String(200), default="")
    method: Mapped[str] = mapped_column(String(10), default="")
    """typed, paper"""
    reference: Mapped[str] = mapped_column(String(200), default="")
    """Where the paper lies."""
    signed_at: Mapped[datetime | None] = mapped_column(default=None)
    signed_by: Mapped[str] = mapped_column(String(80), default="")
    signed_hash: Mapped[str] = mapped_column(String(64), default="")
    seal: Mapped[str] = mapped_column(String(64), default="")
    """Hash over the signature; the audit's event carries it too."""
    declined_at: Mapped[datetime | None] = mapped_column(default=None)
    declined_why: Mapped[str] = mapped_column(Text, default="")


class ItemRow(Base):
    """A schedule row of a frozen version, taken from its document: what lists are asked with."""

    __tablename__ = "agreement_item"
    visibility = internal("the document says it to the parties")

    version_id: Mapped[str] = mapped_column(ForeignKey("agreement_version.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    dataset_id: Mapped[str] = mapped_column(String(32), index=True)
    owner_id: Mapped[str] = mapped_column(String(32))
    detail: Mapped[str] = mapped_column(String(12))
    min_cell: Mapped[int]
    first: Mapped[date]
    last: Mapped[date]


class GrantRow(Base):
    """One word of a schedule row: a receiver, a named person, a use or a purpose."""

    __tablename__ = "agreement_grant"
    visibility = internal("the document says it to the parties")

    version_id: Mapped[str] = mapped_column(ForeignKey("agreement_version.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    """receiver, person, use, purpose"""
    value: Mapped[str] = mapped_column(String(120), primary_key=True)


class AcceptanceRow(Base):
    """That a person accepted the words that an agreement puts before the first look."""

    __tablename__ = "acceptance"
    visibility = Visibility(
        rule=lambda table, viewer: table.username == viewer.username, reason="a person sees what they accepted"
    )

    username: Mapped[str] = mapped_column(String(80), primary_key=True)
    agreement_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    words_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256: other words are accepted anew."""
    accepted_at: Mapped[datetime]


class HoldRow(Base):
    """A pause, placed by an organisation."""

    __tablename__ = "hold"
    visibility = Visibility(
        rule=lambda table, viewer: (
            table.id.is_not(None) if "admin" in viewer.roles else table.organisation_id == viewer.organisation_id
        ),
        reason="who placed it keeps the list; others meet it where it pauses",
    )
    __table_args__ = (Index("ix_hold_scope_object", "scope", "object_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    scope: Mapped[str] = mapped_column(String(12))
    """dataset, agreement, organisation, person"""
    object_id: Mapped[str] = mapped_column(String(80))
    """The id; of a person the username."""
    organisation_id: Mapped[str] = mapped_column(String(32), index=True)
    by: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(Text)
    placed_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None] = mapped_column(default=None)
    lifted_by: Mapped[str] = mapped_column(String(80), default="")


class LookRow(Base):
    """That a look was noted already: one event for a person, dataset, use, place and hour."""

    __tablename__ = "look"
    visibility = internal("the audit tells the owner who looked")
    __table_args__ = (UniqueConstraint("username", "dataset_id", "what", "place", "hour"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    username: Mapped[str] = mapped_column(String(80))
    dataset_id: Mapped[str] = mapped_column(String(32))
    what: Mapped[str] = mapped_column(String(20))
    place: Mapped[str] = mapped_column(String(120))
    hour: Mapped[datetime]
