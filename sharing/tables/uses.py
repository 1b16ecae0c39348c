"""Tables of proposed uses: one record from the wish to the register, and what each owner decided for its datasets."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String, Text, and_, literal, not_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.knowing import known
from store.base import Base, Visibility


def may_know_use(table: Any, viewer: Any) -> ColumnElement[bool]:
    """Who may know of every dataset it names, who asks, who was asked; of a use that went live, everybody."""
    asked = UseDatasetRow.__table__.alias("dataset_asked_for")
    named = select(literal(1)).select_from(asked).where(asked.c.use_id == table.id)
    hidden = named.where(not_(known(asked.c.dataset_id, viewer))).correlate_except(asked).exists()
    owned = named.where(asked.c.owner_id == viewer.organisation_id, asked.c.owner_id != "")
    return or_(
        table.live_on.is_not(None),
        not_(hidden),
        owned.correlate_except(asked).exists(),
        and_(table.organisation_id == viewer.organisation_id, table.organisation_id != ""),
    )


class UseRow(Base):
    """What somebody would do with data: why, for whom, on which footing, and how far it is."""

    __tablename__ = "use_case"
    visibility = Visibility(rule=may_know_use, reason="who may know of the datasets may know what they are asked for")
    __table_args__ = (
        CheckConstraint("state IN ('idea', 'submitted', 'live', 'finished', 'withdrawn')", name="state"),
        CheckConstraint("state <> 'finished' OR outcome <> ''", name="finished_with_its_outcome"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """Random: it tells nothing of how many there are."""
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text)
    """Why and how, in plain words."""
    purpose: Mapped[str] = mapped_column(String(120), default="")
    """The tag that a schedule row has to allow."""
    value: Mapped[str] = mapped_column(Text, default="")
    groups: Mapped[list[Any]]
    """Who benefits and who carries the risk: name, benefit, risk, answer of each group."""
    legal_basis: Mapped[str] = mapped_column(Text, default="")
    uses: Mapped[list[str]]
    """view, present, retain, download, link, publish"""
    until: Mapped[date | None] = mapped_column(default=None)
    """The last day, included; None as long as the agreement lasts."""
    organisation_id: Mapped[str] = mapped_column(String(32), index=True)
    """Who asks."""
    asked_by: Mapped[str] = mapped_column(String(80))
    state: Mapped[str] = mapped_column(String(10))
    """idea, submitted, live, finished, withdrawn; what was decided follows from its datasets"""
    version: Mapped[int] = mapped_column(default=1)
    """Counts up when its words change: nobody decides on other words than those they read."""
    asked_on: Mapped[date]
    live_on: Mapped[date | None] = mapped_column(default=None)
    ended_on: Mapped[date | None] = mapped_column(default=None)
    outcome: Mapped[str] = mapped_column(Text, default="")
    unexpected: Mapped[str] = mapped_column(Text, default="")
    """What happened that nobody expected, "" for nothing."""


class UseDatasetRow(Base):
    """A dataset that is asked for, and what its owner decided."""

    __tablename__ = "use_case_dataset"
    visibility = Visibility(
        rule=lambda table, viewer: known(table.dataset_id, viewer),
        reason="who may know of the dataset may know that it is asked for",
    )
    __table_args__ = (
        CheckConstraint("decision IN ('', 'go', 'go-if', 'not-now')", name="decision"),
        CheckConstraint("decision <> 'not-now' OR (reason <> '' AND would_change <> '')", name="a_no_says_why"),
        CheckConstraint("decision <> 'go-if' OR conditions <> ''", name="yes_if_says_if"),
        CheckConstraint("decision = '' OR decided_for <> ''", name="somebody_decided"),
    )

    use_id: Mapped[str] = mapped_column(ForeignKey("use_case.id", ondelete="CASCADE"), primary_key=True)
    dataset_id: Mapped[str] = mapped_column(String(32), primary_key=True, index=True)
    owner_id: Mapped[str] = mapped_column(String(32), default="")
    """The organisation that was asked."""
    asked_on: Mapped[date]
    decision: Mapped[str] = mapped_column(String(8), default="")
    """ "" while it waits, else go, go-if or not-now."""
    conditions: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    would_change: Mapped[str] = mapped_column(Text, default="")
    decided_for: Mapped[str] = mapped_column(String(32), default="")
    """The organisation that decided: its word counts as long as it owns the dataset."""
    decided_by: Mapped[str] = mapped_column(String(80), default="")
    decided_on: Mapped[date | None] = mapped_column(default=None)
    agreement_id: Mapped[str] = mapped_column(String(32), default="")
    version_id: Mapped[str] = mapped_column(String(32), default="")
    """Where its schedule row was drafted, "" when nowhere yet."""
