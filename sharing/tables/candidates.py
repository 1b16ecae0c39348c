"""Tables of candidates: screenings, how ready an owner is, what stands in the way, risks weighed, diagnoses."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, Text, UniqueConstraint, and_, or_
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.knowing import known
from store.base import Base, Visibility

_AS_DATASET = Visibility(
    rule=lambda table, viewer: known(table.dataset_id, viewer),
    reason="who may know of a dataset may know what speaks for and against sharing it",
)


def _own(table: Any, viewer: Any) -> ColumnElement[bool]:
    """The rows of the viewer's own organisation."""
    return and_(table.organisation_id == viewer.organisation_id, table.organisation_id != "")


class ScreeningRow(Base):
    """Twelve answers about one dataset. It counts from the owner's signature on; a draft is the owner's alone."""

    __tablename__ = "screening"
    visibility = Visibility(
        rule=lambda table, viewer: and_(
            known(table.dataset_id, viewer), or_(_own(table, viewer), table.signed_on.is_not(None))
        ),
        reason="what is signed is for those who may know of the dataset, a draft for its owner's people",
    )
    __table_args__ = (UniqueConstraint("dataset_id", "round"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    dataset_id: Mapped[str] = mapped_column(String(32), index=True)
    round: Mapped[int]
    """Counts up for each dataset: the newest that is signed counts."""
    organisation_id: Mapped[str] = mapped_column(String(32))
    """The owner, as it was when the answers were given."""
    question_set: Mapped[str] = mapped_column(String(64))
    """Hash of the questions that were answered."""
    answers: Mapped[dict[str, Any]]
    """Code of the question -> yes, no, uncertain; what was not answered is not in it."""
    notes: Mapped[dict[str, Any]]
    """Code of the question -> what was said besides: the law, the decision and its day."""
    by: Mapped[str] = mapped_column(String(80))
    changed_on: Mapped[date]
    signed_by: Mapped[str] = mapped_column(String(80), default="")
    signed_on: Mapped[date | None] = mapped_column(default=None)


class ReadinessRow(Base):
    """How ready the owner is to share: for its own people, and for others only when it tells them."""

    __tablename__ = "readiness"
    visibility = Visibility(
        rule=lambda table, viewer: or_(
            _own(table, viewer), and_(table.told.is_(True), known(table.dataset_id, viewer))
        ),
        reason="an owner's comfort is its own; others learn that it is ready when it says so itself",
    )

    dataset_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(32))
    comfort: Mapped[str] = mapped_column(String(16))
    """not-ready, conditions, ready, happy"""
    told: Mapped[bool] = mapped_column(default=False)
    """Partners may know that it is ready; never true below that."""
    by: Mapped[str] = mapped_column(String(80))
    changed_on: Mapped[date]


class BarrierRow(Base):
    """One thing of the fixed list that stands in the way of sharing a dataset, or does not."""

    __tablename__ = "barrier"
    visibility = _AS_DATASET

    dataset_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    code: Mapped[str] = mapped_column(String(16), primary_key=True)
    """availability, format, technology, approver, culture, law, security, cost"""
    stands: Mapped[bool]
    remedy: Mapped[str] = mapped_column(Text, default="")
    """What would remove it."""
    who: Mapped[str] = mapped_column(String(200), default="")
    """Who would remove it."""
    by: Mapped[str] = mapped_column(String(80))
    changed_on: Mapped[date]


class WeighingRow(Base):
    """What is left of one risk with everything that is agreed: how likely, and how bad."""

    __tablename__ = "weighing"
    visibility = _AS_DATASET

    dataset_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    risk: Mapped[str] = mapped_column(String(60), primary_key=True)
    """question:CODE or concern:ID"""
    likelihood: Mapped[int]
    """1 to 3"""
    impact: Mapped[int]
    """1 to 3"""
    agreed: Mapped[str] = mapped_column(Text, default="")
    """What was agreed that makes it so."""
    by: Mapped[str] = mapped_column(String(80))
    changed_on: Mapped[date]


class DiagnosisRow(Base):
    """Where one organisation sees the change and the conflict behind an agreement or a proposed use."""

    __tablename__ = "diagnosis"
    visibility = Visibility(
        rule=_own,
        reason="one's own to change; those of others are read for whoever may read what they are about",
    )

    about_kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    """agreement, use"""
    about_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    changing: Mapped[str] = mapped_column(String(10))
    """inside (values and priorities), outside (conditions)"""
    place: Mapped[str] = mapped_column(String(12))
    """values, objectives, strategy, tasks, roles"""
    note: Mapped[str] = mapped_column(Text, default="")
    by: Mapped[str] = mapped_column(String(80))
    changed_on: Mapped[date]
