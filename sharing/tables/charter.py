"""Tables of the charter: its versions, and how a proposed use was held against it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String, Text, literal, or_, select
from sqlalchemy import false as never
from sqlalchemy import true as always
from sqlalchemy.orm import Mapped, mapped_column

from governance.policy import PERMISSIONS, Action
from sharing.tables.uses import UseRow, may_know_use
from store.base import Base, Visibility


def _adopted(table: Any, viewer: Any) -> ColumnElement[bool]:
    """What was adopted is for everybody; a draft for those who write it."""
    writes = not PERMISSIONS[Action.CHARTER_WRITTEN].roles.isdisjoint(viewer.roles)
    return or_(table.adopted_on.is_not(None), always() if writes else never())


class CharterRow(Base):
    """One version of the charter; the trigger of its migration keeps an adopted one as it is."""

    __tablename__ = "charter_version"
    visibility = Visibility(rule=_adopted, reason="what was adopted is for everybody, a draft for those who write it")
    __table_args__ = (CheckConstraint("adopted_on IS NULL OR hash <> ''", name="adopted_with_its_hash"),)

    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    edition: Mapped[int]
    """Counts up with every change of the draft."""
    clauses: Mapped[list[Any]]
    """code, title, text, question of each, in their order."""
    note: Mapped[str] = mapped_column(Text, default="")
    """What changed and why."""
    agreed_by: Mapped[str] = mapped_column(Text, default="")
    """Who agreed, where and when, in words."""
    review_on: Mapped[date | None] = mapped_column(default=None)
    adopted_by: Mapped[str] = mapped_column(String(80), default="")
    adopted_on: Mapped[date | None] = mapped_column(default=None)
    hash: Mapped[str] = mapped_column(String(64), default="")
    """Of everything that was adopted."""


def _as_use(table: Any, viewer: Any) -> ColumnElement[bool]:
    use = UseRow.__table__.alias("use_checked")
    about = select(literal(1)).select_from(use).where(use.c.id == table.use_id, may_know_use(use.c, viewer))
    return about.correlate_except(use).exists()


class UseCheckRow(Base):
    """How one proposed use was held against the charter, the last time that was done."""

    __tablename__ = "use_case_check"
    visibility = Visibility(rule=_as_use, reason="who may know of a use may know how it was held against the charter")
    __table_args__ = (
        CheckConstraint("outcome IN ('go-if', 'go', 'do-not-go')", name="outcome"),
        CheckConstraint("outcome <> 'go-if' OR conditions <> ''", name="if_says_if"),
    )

    use_id: Mapped[str] = mapped_column(ForeignKey("use_case.id", ondelete="CASCADE"), primary_key=True)
    use_version: Mapped[int]
    """The words of the use that were read."""
    charter_version: Mapped[int]
    replies: Mapped[dict[str, Any]]
    """Code of the clause -> answer, and why."""
    heard: Mapped[str] = mapped_column(Text, default="")
    """What the people it is about say of it, and how that is known."""
    outcome: Mapped[str] = mapped_column(String(10))
    conditions: Mapped[str] = mapped_column(Text, default="")
    checked_by: Mapped[str] = mapped_column(String(80))
    checked_on: Mapped[date]
