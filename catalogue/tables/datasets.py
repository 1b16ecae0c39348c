"""Tables of datasets: what is listed for whom, what the source said, corrections, history.

Rules that look into another table use its Core columns: ORM ones inside a rule would be narrowed once more.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    FromClause,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    and_,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.tables.rules import own_rows, stewards
from governance.concerns import about_known
from store.base import Base, Visibility, internal


class ListedForRow(Base):
    """An organisation that may know of a dataset listed for named organisations."""

    __tablename__ = "listed_for"
    visibility = Visibility(
        rule=lambda table, viewer: _of_listed(table.number, viewer),
        reason="who may know of a dataset may know who else may",
    )

    number: Mapped[int] = mapped_column(ForeignKey("dataset.number", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(String(32), primary_key=True)


def listed(dataset: Any, viewer: Any) -> ColumnElement[bool]:
    """The listing rule: which datasets a viewer may know of. `dataset` is DatasetRow or its columns."""
    named = ListedForRow.__table__.c
    chosen = select(named.number).where(named.organisation_id == viewer.organisation_id)
    own = and_(dataset.organisation_id == viewer.organisation_id, dataset.organisation_id != "")
    return or_(
        dataset.listing == "everyone",
        own,
        and_(dataset.listing == "organisations", dataset.number.in_(chosen)),
    )


@cache
def _listed_dataset() -> FromClause:
    """Made once: copying the columns of a table costs more than most queries."""
    return DatasetRow.__table__.alias("listed_dataset")


def _of_listed(number: Any, viewer: Any) -> ColumnElement[bool]:
    """Looks one dataset up by its number; an alias, so that a query's own datasets are not taken for it."""
    dataset = _listed_dataset()
    found = select(literal(1)).select_from(dataset).where(dataset.c.number == number, listed(dataset.c, viewer))
    return found.correlate_except(dataset).exists()


def _of_id(dataset_id: Any, viewer: Any) -> ColumnElement[bool]:
    """The same by its id, for what other rooms keep about datasets."""
    dataset = _listed_dataset()
    found = select(literal(1)).select_from(dataset).where(dataset.c.id == dataset_id, listed(dataset.c, viewer))
    return found.correlate_except(dataset).exists()


about_known("dataset", _of_id)


AS_DATASET = Visibility(
    rule=lambda table, viewer: _of_listed(table.number, viewer),
    reason="seen by those who may know of the dataset",
)


class DatasetRow(Base):
    """A dataset of the catalogue: its effective values, place on the spectrum, listing and state."""

    __tablename__ = "dataset"
    visibility = Visibility(rule=listed, reason="the listing says who may know of a dataset")
    __table_args__ = (
        UniqueConstraint("source_id", "identity"),
        Index("ix_dataset_source_state", "source_id", "state"),
    )

    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    """Dense and internal: rows of the facet arrays. Never shown, for it tells how many datasets came before."""
    id: Mapped[str] = mapped_column(String(32), unique=True)
    source_id: Mapped[str | None] = mapped_column(ForeignKey("source.id"), default=None)
    source_name: Mapped[str] = mapped_column(String(120), default="")
    remote_id: Mapped[str] = mapped_column(Text, default="")
    identity: Mapped[str] = mapped_column(Text, default="")
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    content_hash: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[str] = mapped_column(String(10), default="live")
    """live, missing (not seen at its source of late, still shown), withdrawn (kept, found by filter)"""
    missing_since: Mapped[datetime | None] = mapped_column(default=None)
    missing_runs: Mapped[int] = mapped_column(default=0)
    missing_agreed: Mapped[bool] = mapped_column(default=False)
    """A person released the run that did not see it: the brake does not count it again."""
    state_reason: Mapped[str] = mapped_column(Text, default="")
    notice: Mapped[str] = mapped_column(Text, default="")
    """A sentence beside a live dataset: its latest version could not be taken, or the listing leaves it out."""
    listing: Mapped[str] = mapped_column(String(14), default="everyone")
    listing_by: Mapped[str] = mapped_column(String(80), default="")
    """Who chose the listing by hand; "" when it follows from the source. A harvest never widens a chosen one."""
    organisation_id: Mapped[str] = mapped_column(String(32), default="", index=True)
    """The organisation of the collaboration that owns it; "" for what others publish."""
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    publisher: Mapped[str] = mapped_column(Text, default="")
    contact_name: Mapped[str] = mapped_column(Text, default="")
    contact_email: Mapped[str] = mapped_column(Text, default="")
    approver: Mapped[str] = mapped_column(Text, default="")
    access_how: Mapped[str] = mapped_column(Text, default="")
    keywords: Mapped[list[str]]
    themes: Mapped[list[str]]
    formats: Mapped[list[str]]
    life_events: Mapped[list[str]]
    spatial: Mapped[str] = mapped_column(Text, default="")
    landing_page: Mapped[str] = mapped_column(Text, default="")
    licence: Mapped[str] = mapped_column(String(80), default="")
    """Id in the licence registry; "" when not stated or not recognised."""
    licence_raw: Mapped[str] = mapped_column(Text, default="")
    access_right: Mapped[str] = mapped_column(Text, default="")
    band: Mapped[str] = mapped_column(String(16))
    rule: Mapped[str] = mapped_column(String(8))
    placement: Mapped[dict[str, Any]]
    """The whole Placement: sentence, short, evidence, next step, confidence."""
    stated: Mapped[dict[str, Any]]
    """What the owner or a curator set for this one dataset: band, by, on, reason; {} when nobody did."""
    person_level: Mapped[str] = mapped_column(String(20), default="")
    accrual_periodicity: Mapped[str] = mapped_column(Text, default="")
    issued: Mapped[str] = mapped_column(String(40), default="")
    modified: Mapped[str] = mapped_column(String(40), default="")
    updated_on: Mapped[date | None] = mapped_column(default=None)
    """`modified` as a day, for sorting and freshness."""
    parent: Mapped[str] = mapped_column(Text, default="")
    identifier: Mapped[str] = mapped_column(Text, default="", index=True)
    added_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class DocumentRow(Base):
    """The record a dataset was made of, whole, and the source's own bytes."""

    __tablename__ = "document"
    visibility = AS_DATASET

    number: Mapped[int] = mapped_column(ForeignKey("dataset.number", ondelete="CASCADE"), primary_key=True)
    record: Mapped[bytes] = mapped_column(LargeBinary)
    """The Record as JSON: what the source says, before corrections."""
    raw: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    read_at: Mapped[datetime]


class AliasRow(Base):
    """Another id under which a source may show the same dataset."""

    __tablename__ = "alias"
    visibility = internal("ids of hidden datasets would tell that they exist")

    source_id: Mapped[str] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"), primary_key=True)
    alias: Mapped[str] = mapped_column(Text, primary_key=True)
    number: Mapped[int] = mapped_column(ForeignKey("dataset.number", ondelete="CASCADE"), primary_key=True, index=True)


class CorrectionRow(Base):
    """A field that a curator corrected: survives every harvest."""

    __tablename__ = "correction"
    visibility = AS_DATASET

    number: Mapped[int] = mapped_column(ForeignKey("dataset.number", ondelete="CASCADE"), primary_key=True)
    field: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    source_said: Mapped[str] = mapped_column(Text, default="")
    """What the source said when it was corrected: when it says something else now, the page tells."""
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text, default="")


class SuggestionRow(Base):
    """A correction that somebody proposed to the stewards."""

    __tablename__ = "suggestion"
    visibility = Visibility(
        rule=lambda table, viewer: and_(
            _of_listed(table.number, viewer), or_(stewards(table, viewer), own_rows(table, viewer))
        ),
        reason="stewards see what is suggested for datasets they may know of, others what they suggested",
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(ForeignKey("dataset.number", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(40))
    value: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    person_id: Mapped[str] = mapped_column(String(32), index=True)
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="open")
    """open, taken, declined"""
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(80), default="")


class HistoryRow(Base):
    """What happened to a dataset."""

    __tablename__ = "history"
    visibility = AS_DATASET

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(ForeignKey("dataset.number", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(String(20))
    """added, changed, missing, withdrawn, restored, corrected, placed, listed, approved"""
    run_id: Mapped[str] = mapped_column(String(32), default="")
    by: Mapped[str] = mapped_column(String(80), default="")
    detail: Mapped[dict[str, Any]]


class ChangeRow(Base):
    """Which datasets changed, in order: what the facet arrays and the search index of each process follow."""

    __tablename__ = "dataset_change"
    visibility = internal("numbers of hidden datasets would tell that they exist")
    __table_args__ = ({"sqlite_autoincrement": True},)

    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[int]
