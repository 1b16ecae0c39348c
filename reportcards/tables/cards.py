"""Tables of report cards: what stands on them, the words people wrote beside it, and values worked out for showing."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, LargeBinary, String, Text, literal, select
from sqlalchemy.orm import Mapped, mapped_column

from reportcards.tables.indicators import AS_INDICATOR, of_indicator
from store.base import Base, Visibility, open_to_all


class CardRow(Base):
    """One report card."""

    __tablename__ = "card"
    visibility = open_to_all("a card is made to be shown round the table; what stands on it follows its own datasets")

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str] = mapped_column(Text, default="")
    population: Mapped[str] = mapped_column(String(200), default="")
    area_code: Mapped[str] = mapped_column(String(80), default="")
    organisation_id: Mapped[str] = mapped_column(String(32), default="")
    purpose: Mapped[str] = mapped_column(String(60), default="")
    made_up: Mapped[str] = mapped_column(Text, default="")
    retired_at: Mapped[datetime | None] = mapped_column(default=None)
    retired_why: Mapped[str] = mapped_column(Text, default="")
    changed_by: Mapped[str] = mapped_column(String(80), default="")
    changed_at: Mapped[datetime]


class ItemRow(Base):
    """One indicator on a card, for one area and group, with what this card says otherwise."""

    __tablename__ = "card_item"
    visibility = AS_INDICATOR

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    card_id: Mapped[str] = mapped_column(ForeignKey("card.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    indicator_id: Mapped[str] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"), index=True)
    area_code: Mapped[str] = mapped_column(String(80), default="")
    """"" takes the card's."""
    breakdown: Mapped[str] = mapped_column(Text, default="")
    group: Mapped[str] = mapped_column(Text, default="")
    polarity: Mapped[str] = mapped_column(String(4), default="")
    """"" takes the indicator's."""
    headline: Mapped[str] = mapped_column(Text, default="")
    """"" takes the generated one."""
    headline_by: Mapped[str] = mapped_column(String(120), default="")
    story: Mapped[dict[str, Any]]
    """{"lines", "by", "organisation", "on"}"""
    partners: Mapped[list[str]]
    what_works: Mapped[list[str]]


_SEEN = ItemRow.__table__.alias("seen_item")


def of_item(item_id: Any, viewer: Any) -> ColumnElement[bool]:
    """For tables that hang on an item of a card: seen with its indicator."""
    found = select(literal(1)).select_from(_SEEN)
    found = found.where(_SEEN.c.id == item_id, of_indicator(_SEEN.c.indicator_id, viewer))
    return found.correlate_except(_SEEN).exists()


AS_ITEM = Visibility(rule=lambda table, viewer: of_item(table.item_id, viewer), reason="seen with the indicator")


class ActionRow(Base):
    """What somebody will do about an indicator."""

    __tablename__ = "card_action"
    visibility = AS_ITEM

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("card_item.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(Text)
    who: Mapped[str] = mapped_column(String(200))
    due: Mapped[date | None] = mapped_column(default=None)
    status: Mapped[str] = mapped_column(String(20), default="not started")
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class WatchRow(Base):
    """A rule that calls somebody when an indicator does something."""

    __tablename__ = "watch"
    visibility = AS_ITEM

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("card_item.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    """above, below, change, signal"""
    value: Mapped[float | None] = mapped_column(default=None)
    owner: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]


class WarningRow(Base):
    """A watch rule that fired, and what was answered."""

    __tablename__ = "warning"
    visibility = AS_ITEM

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    watch_id: Mapped[str] = mapped_column(ForeignKey("watch.id", ondelete="CASCADE"), index=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("card_item.id", ondelete="CASCADE"), index=True)
    period_end: Mapped[date]
    fired_at: Mapped[datetime]
    words: Mapped[str] = mapped_column(Text)
    response: Mapped[str] = mapped_column(Text, default="")
    responded_by: Mapped[str] = mapped_column(String(120), default="")
    responded_at: Mapped[datetime | None] = mapped_column(default=None)


class ValueRow(Base):
    """The card values: what one item shows of one revision, statistics and suppression already applied."""

    __tablename__ = "card_value"
    visibility = AS_ITEM

    item_id: Mapped[str] = mapped_column(ForeignKey("card_item.id", ondelete="CASCADE"), primary_key=True)
    revision_id: Mapped[str] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(10), primary_key=True)
    """tile, trend, groups, areas"""
    basis: Mapped[str] = mapped_column(String(64))
    """Hash of what it was worked out from besides the numbers (settings, rebases): another one works it out anew."""
    document: Mapped[bytes] = mapped_column(LargeBinary)
