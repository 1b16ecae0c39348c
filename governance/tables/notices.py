"""Tables of who is told by mail, of what was sent, and of what each was told already."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, false
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Visibility, internal


class MailChoiceRow(Base):
    """Where a person wants to be told of what waits, and how often. No row: nothing is ever sent to them."""

    __tablename__ = "mail_choice"
    visibility = Visibility(
        rule=lambda table, viewer: table.person_id == viewer.person_id if viewer.person_id else false(),
        reason="a person sees their own choice",
    )

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    pace: Mapped[str] = mapped_column(String(8))
    """daily, soon"""
    code_hash: Mapped[str] = mapped_column(String(64), default="")
    """Of the code that was sent to the address last."""
    code_until: Mapped[datetime | None] = mapped_column(default=None)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    refused: Mapped[bool] = mapped_column(default=False)
    """Whether the mail server said that there is no such address."""
    digest_on: Mapped[date | None] = mapped_column(default=None)
    """The last day whose digest was made up, be it that nothing was new."""


class DeliveryRow(Base):
    """One mail or one post to the webhook: what it says in numbers, and how far it is."""

    __tablename__ = "delivery"
    visibility = internal("addresses are their owners' own; administrators are told what failed, not to whom")
    __table_args__ = (Index("ix_delivery_state_next", "state", "next_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random; in the Message-ID and in the webhook's header, so that a receiver knows a repetition."""
    way: Mapped[str] = mapped_column(String(8))
    """mail, confirm, webhook"""
    person_id: Mapped[str] = mapped_column(String(32), index=True, default="")
    """"" for the webhook."""
    address: Mapped[str] = mapped_column(String(254), default="")
    content: Mapped[dict[str, Any]]
    """Numbers by kind: those that are new, and all that wait."""
    state: Mapped[str] = mapped_column(String(8))
    """due, handing, sent, unknown, failed, dropped"""
    tries: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]
    next_at: Mapped[datetime]
    """When it is tried next, while it is due."""
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    problem: Mapped[str] = mapped_column(String(300), default="")
    stop_hash: Mapped[str] = mapped_column(String(64), default="", index=True)
    """Of the token in the mail's link that ends all mails."""


class ToldRow(Base):
    """That somebody was told of a notice: it is not news to them until it has gone and come back."""

    __tablename__ = "notice_told"
    visibility = internal("what one was told of is nobody else's business, and one's own list is Home")

    person_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """"" for the webhook."""
    key: Mapped[str] = mapped_column(String(160), primary_key=True)
    told_at: Mapped[datetime]
