"""Tables of people, their sessions, and the audit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Visibility, internal, open_to_all


class OrganisationRow(Base):
    """An agency or community group of the collaboration."""

    __tablename__ = "organisation"
    visibility = open_to_all("everyone signed in may know which organisations take part")

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(40), default="public")
    contact: Mapped[str] = mapped_column(String(200), default="")
    how_to_ask: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


class PersonRow(Base):
    """Someone who can sign in; what they prove it with is in CredentialRow."""

    __tablename__ = "person"
    visibility = open_to_all("everyone signed in may know who answers for what")

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    username: Mapped[str] = mapped_column(String(80), unique=True)
    display: Mapped[str] = mapped_column(String(120))
    contact: Mapped[str] = mapped_column(String(200), default="")
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    roles: Mapped[list[str]]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None] = mapped_column(default=None)
    seen_before_at: Mapped[datetime | None] = mapped_column(default=None)
    """When the session before this one was last used: "since you were last here"."""


class CredentialRow(Base):
    """The bcrypt hash of a person's password."""

    __tablename__ = "credential"
    visibility = internal("hashes are for the sign-in door only")

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    password_hash: Mapped[str] = mapped_column(String(100))
    changed_at: Mapped[datetime]


class InvitationRow(Base):
    """A one-time link with which a person sets a password; only the hash of its token is kept."""

    __tablename__ = "invitation"
    visibility = internal("a link is shown once, to the administrator who makes it")

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class SessionRow(Base):
    """A signed-in browser; only the hash of its id is kept."""

    __tablename__ = "session"
    visibility = Visibility(
        rule=lambda table, viewer: table.person_id == viewer.person_id if viewer.person_id else false(),
        reason="a person sees their own sessions",
    )

    sid_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(60), default="")


class TicketRow(Base):
    """A one-use proof of a right password, exchanged for a session within half a minute."""

    __tablename__ = "ticket"
    visibility = internal("only the sign-in door reads tickets")

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime]


class AttemptRow(Base):
    """How often signing in failed of late, by (user, address), by address and by user."""

    __tablename__ = "attempt"
    visibility = internal("only the sign-in door counts attempts")

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]


class AuditRow(Base):
    """One event; append-only (triggers refuse everything else) and chained by hash."""

    __tablename__ = "audit"
    visibility = Visibility(
        rule=lambda table, viewer: (
            table.action.is_not(None)
            if "admin" in viewer.roles
            else (table.organisation_id == viewer.organisation_id if "steward" in viewer.roles else false())
        ),
        reason="administrators see all events, stewards those of their organisation's people",
    )

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(80))
    organisation_id: Mapped[str] = mapped_column(String(32), default="")
    action: Mapped[str] = mapped_column(String(60), index=True)
    object: Mapped[str] = mapped_column(String(200), default="")
    detail: Mapped[dict[str, Any]]
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
