"""Tables of meetings: the agenda, who was there, what was recorded and on which evidence."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, open_to_all

_OPEN = "every partner may know when the table meets; what stands on it follows its own datasets"


class MeetingRow(Base):
    """One meeting."""

    __tablename__ = "meeting"
    visibility = open_to_all(_OPEN)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    """In its address."""
    title: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime]
    length: Mapped[int]
    """Minutes."""
    place: Mapped[str] = mapped_column(String(200), default="")
    chair: Mapped[str] = mapped_column(String(80))
    """Username."""
    card_name: Mapped[str] = mapped_column(String(80), default="")
    """The report card on the table, "" for none."""
    state: Mapped[str] = mapped_column(String(10))
    """planned, held, closed"""
    public: Mapped[bool] = mapped_column(default=False)
    """Whether the public is in the room."""
    opened_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    minutes: Mapped[str] = mapped_column(Text, default="")
    audit_head: Mapped[str] = mapped_column(String(64), default="")
    """The audit's latest hash when it was closed."""
    made_up: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(String(80))
    changed_at: Mapped[datetime]


class PresenceRow(Base):
    """An organisation that was invited, and how many of it are in the room."""

    __tablename__ = "meeting_presence"
    visibility = open_to_all(_OPEN)

    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    here: Mapped[int] = mapped_column(default=0)
    names: Mapped[str] = mapped_column(Text, default="")


class AgendaRow(Base):
    """One item of the agenda; a figure that was shown stays with its revision and its hash."""

    __tablename__ = "meeting_item"
    visibility = open_to_all(_OPEN)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(16))
    """opening, commitments, indicator, card, concern, warning, agreement, dataset, other"""
    about_id: Mapped[str] = mapped_column(String(80), default="")
    title: Mapped[str] = mapped_column(Text)
    """In words that every partner may read: never the name of a dataset with a listing of its own."""
    length: Mapped[int] = mapped_column(default=10)
    done: Mapped[bool] = mapped_column(default=False)
    item_id: Mapped[str] = mapped_column(String(32), default="")
    """The item of the report card, "" for none."""
    revision_id: Mapped[str] = mapped_column(String(32), default="")
    """The revision that was shown."""
    datasets: Mapped[list[str]]
    """Ids of every dataset that the figure shown was made of."""
    seen: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    """The figure as it was shown; read only where every source lets it be retained."""
    seen_hash: Mapped[str] = mapped_column(String(64), default="")
    seen_at: Mapped[datetime | None] = mapped_column(default=None)


class RecordRow(Base):
    """A decision or a note; actions are commitments, concerns are concerns."""

    __tablename__ = "meeting_record"
    visibility = open_to_all(_OPEN)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    agenda_id: Mapped[str] = mapped_column(String(32), default="")
    kind: Mapped[str] = mapped_column(String(12))
    """decision, action, concern, note"""
    number: Mapped[int]
    """Counts up over all meetings, for each kind: D-32."""
    ref: Mapped[str] = mapped_column(String(32), default="")
    """Id of the commitment or the concern."""
    words: Mapped[str] = mapped_column(Text)
    rationale: Mapped[str] = mapped_column(Text, default="")
    expected: Mapped[str] = mapped_column(Text, default="")
    """The benefit that is hoped for."""
    happened: Mapped[str] = mapped_column(Text, default="")
    """What came of it, asked later."""
    happened_by: Mapped[str] = mapped_column(String(80), default="")
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
