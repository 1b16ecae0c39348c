"""Tables of what people do in the catalogue: registrations, search words, saved searches, follows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, and_
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.tables.rules import OWN_ONLY
from store.base import Base, Visibility, open_to_all


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
