"""Tables of concerns and commitments. A concern that is raised without a name keeps no trace of who raised it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Index, String, Text, and_, false, or_
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Rule, Visibility

_RULES: dict[str, Rule] = {}
FREE = ("meeting", "card", "collaboration")
"""What everybody signed in may know of."""


def about_known(kind: str, rule: Rule) -> None:
    """Let the room that keeps this kind of thing say who may know of one: `rule(id column, viewer)`."""
    _RULES[kind] = rule


def _known(table: Any, viewer: Any) -> ColumnElement[bool]:
    """Only the concerns about what the viewer may know of; a kind nobody answers for is shown to nobody."""
    ways = [table.about_kind.in_(FREE)]
    ways += [and_(table.about_kind == kind, rule(table.about_id, viewer)) for kind, rule in sorted(_RULES.items())]
    return or_(false(), *ways)


class ConcernRow(Base):
    """What somebody fears, in their words; only they close it."""

    __tablename__ = "concern"
    visibility = Visibility(rule=_known, reason="who may know of a thing may know what is feared about it")
    __table_args__ = (Index("ix_concern_about", "about_kind", "about_id"), {"sqlite_with_rowid": False})

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random: it tells nothing of when."""
    about_kind: Mapped[str] = mapped_column(String(16))
    """dataset, indicator, agreement, meeting, card, collaboration"""
    about_id: Mapped[str] = mapped_column(String(80), default="")
    about_title: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(10), default="other")
    """harm, loss, legal, quality, workload, other"""
    loss: Mapped[str] = mapped_column(String(16), default="")
    """control, power, status, resources, blame, misreading, media, league-table, relationship, privacy"""
    felt: Mapped[int]
    """1 a little, 2 strongly, 3 very strongly: a feeling, kept apart from the evidence."""
    evidence: Mapped[str] = mapped_column(String(16), default="not known")
    """supported, not supported, not known"""
    evidence_basis: Mapped[str] = mapped_column(Text, default="")
    nature: Mapped[str] = mapped_column(String(10), default="")
    """technical, adaptive, both"""
    show_as: Mapped[str] = mapped_column(String(12))
    """organisation, partner, nobody"""
    organisation_id: Mapped[str] = mapped_column(String(32), default="", index=True)
    raised_by: Mapped[str] = mapped_column(String(80), default="")
    """The username; "" without a name."""
    receipt_hash: Mapped[str] = mapped_column(String(64), default="")
    """Of the code that was shown once to who raised it without a name."""
    raised_on: Mapped[date]
    told: Mapped[bool] = mapped_column(default=True)
    """False until the audit has its event: one without a name waits for the end of its day."""
    restated: Mapped[str] = mapped_column(Text, default="")
    restated_by: Mapped[str] = mapped_column(String(80), default="")
    agreed_on: Mapped[date | None] = mapped_column(default=None)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(80), default="")
    answered_on: Mapped[date | None] = mapped_column(default=None)
    state: Mapped[str] = mapped_column(String(10), default="raised")
    """raised, restated, agreed, answered, eased, carried, closed"""
    settled_on: Mapped[date | None] = mapped_column(default=None)


class CommitmentRow(Base):
    """What an organisation offers or promises, by when, and whether it was kept."""

    __tablename__ = "commitment"
    visibility = Visibility(rule=_known, reason="who may know of a thing may know what is promised about it")
    __table_args__ = (Index("ix_commitment_about", "about_kind", "about_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    """offer, mitigation, action, promise, destroy"""
    about_kind: Mapped[str] = mapped_column(String(16))
    about_id: Mapped[str] = mapped_column(String(80), default="")
    about_title: Mapped[str] = mapped_column(Text, default="")
    concern_id: Mapped[str] = mapped_column(String(32), default="", index=True)
    """The concern it speaks to, "" for none."""
    what: Mapped[str] = mapped_column(Text)
    organisation_id: Mapped[str] = mapped_column(String(32), index=True)
    who: Mapped[str] = mapped_column(String(200), default="")
    due: Mapped[date | None] = mapped_column(default=None)
    state: Mapped[str] = mapped_column(String(10))
    """offered, accepted, open, kept, broken, dropped"""
    state_why: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(String(80))
    made_on: Mapped[date]
    changed_on: Mapped[date]
