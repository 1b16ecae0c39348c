"""Tables of what is measured: indicators, areas, peer groups, targets, what happened, revisions of the numbers.

The numbers themselves are immutable Parquet files beside the database, one for each revision.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, LargeBinary, String, Text, UniqueConstraint, literal, select
from sqlalchemy.orm import Mapped, mapped_column

from catalogue.knowing import known
from governance.concerns import about_known
from store.base import Base, Visibility, internal, open_to_all


class IndicatorRow(Base):
    """What one indicator is and how it is to be read."""

    __tablename__ = "indicator"
    visibility = Visibility(
        rule=lambda table, viewer: known(table.dataset_id, viewer),
        reason="who may know of the dataset may know which indicators it feeds",
    )
    __table_args__ = (UniqueConstraint("dataset_id", "code"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    """As the file names it; an import finds the indicator again by its dataset and this."""
    name: Mapped[str] = mapped_column(Text)
    dataset_id: Mapped[str] = mapped_column(String(32), default="", index=True)
    """"" until a steward says which dataset it comes from: its numbers are then shown nowhere."""
    denominators: Mapped[list[str]]
    """Ids of the datasets that the denominators come from."""
    organisation_id: Mapped[str] = mapped_column(String(32), default="")
    unit: Mapped[str] = mapped_column(String(60), default="")
    multiplier: Mapped[float] = mapped_column(default=1.0)
    decimals: Mapped[int] = mapped_column(default=1)
    value_type: Mapped[str] = mapped_column(String(20), default="other")
    """count, proportion, crude_rate, dsr, isr, ratio, mean, other"""
    polarity: Mapped[str] = mapped_column(String(4), default="none")
    comparison: Mapped[str] = mapped_column(String(10), default="own-trend")
    peer_group_id: Mapped[str] = mapped_column(String(32), default="")
    parent_area: Mapped[str] = mapped_column(String(80), default="")
    disclosure: Mapped[dict[str, Any]]
    """{} follows the band of the dataset: none when it is open, else counts below 10 are hidden."""
    stated: Mapped[dict[str, Any]]
    """Origin as the file itself states it: title, publisher, licence, url; {} when it says nothing."""
    definition: Mapped[str] = mapped_column(Text, default="")
    rationale: Mapped[str] = mapped_column(Text, default="")
    numerator: Mapped[str] = mapped_column(Text, default="")
    denominator: Mapped[str] = mapped_column(Text, default="")
    caveats: Mapped[str] = mapped_column(Text, default="")
    reading_note: Mapped[str] = mapped_column(Text, default="")
    also_explains: Mapped[str] = mapped_column(Text, default="")
    frequency: Mapped[str] = mapped_column(String(20), default="")
    lag_days: Mapped[int] = mapped_column(default=0)
    """Days from the end of a period until its value should be here."""
    changed_by: Mapped[str] = mapped_column(String(80), default="")
    changed_at: Mapped[datetime]


_SEEN = IndicatorRow.__table__.alias("seen_indicator")
"""Made once: an alias copies every column, and each session makes this rule for a dozen tables."""


def of_indicator(indicator_id: Any, viewer: Any) -> ColumnElement[bool]:
    """For tables that hang on an indicator: seen with it."""
    found = select(literal(1)).select_from(_SEEN)
    found = found.where(_SEEN.c.id == indicator_id, known(_SEEN.c.dataset_id, viewer))
    return found.correlate_except(_SEEN).exists()


AS_INDICATOR = Visibility(
    rule=lambda table, viewer: of_indicator(table.indicator_id, viewer), reason="seen with the indicator"
)


about_known("indicator", of_indicator)


class AreaRow(Base):
    """A place that numbers are about."""

    __tablename__ = "area"
    visibility = open_to_all("names of places")

    code: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(80), default="")
    parent: Mapped[str] = mapped_column(String(80), default="")
    valid_from: Mapped[date | None] = mapped_column(default=None)
    valid_to: Mapped[date | None] = mapped_column(default=None)


class PeerGroupRow(Base):
    """Places that may fairly be compared, named and dated."""

    __tablename__ = "peer_group"
    visibility = open_to_all("which places are compared is part of what a comparison says")

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    dated: Mapped[str] = mapped_column(String(20), default="")
    source: Mapped[str] = mapped_column(Text, default="")
    members: Mapped[list[str]]
    """Codes of areas."""


class TargetRow(Base):
    """What was agreed to be reached."""

    __tablename__ = "target"
    visibility = AS_INDICATOR

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    indicator_id: Mapped[str] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"), index=True)
    area_code: Mapped[str] = mapped_column(String(80), default="")
    value: Mapped[float]
    upper: Mapped[float | None] = mapped_column(default=None)
    by: Mapped[date | None] = mapped_column(default=None)
    set_by: Mapped[str] = mapped_column(String(200), default="")
    source: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]


class EventRow(Base):
    """Something that happened to a series: a note on the chart, or a new beginning of its usual range."""

    __tablename__ = "series_event"
    visibility = AS_INDICATOR

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    indicator_id: Mapped[str] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"), index=True)
    area_code: Mapped[str] = mapped_column(String(80), default="")
    kind: Mapped[str] = mapped_column(String(10))
    """note, rebase"""
    on: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    """What happened; of a rebase, the reason."""
    by: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]


class RevisionRow(Base):
    """One file of numbers as it was taken, whole: append-only, its Parquet is never changed."""

    __tablename__ = "revision"
    visibility = Visibility(
        rule=lambda table, viewer: known(table.dataset_id, viewer), reason="seen by those who may know of the dataset"
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    dataset_id: Mapped[str] = mapped_column(String(32), default="", index=True)
    file_name: Mapped[str] = mapped_column(Text)
    format: Mapped[str] = mapped_column(String(40))
    checksum: Mapped[str] = mapped_column(String(64))
    """Keyed fingerprint of the file that came: a plain one would let hidden numbers of it be guessed."""
    content: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the Parquet that is kept: `commontable verify` finds another one."""
    received_at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(Text, default="")
    counts: Mapped[dict[str, Any]]
    """rows, observations, series, areas, missing, flags, periods, hidden, refused; protected: indicator -> threshold"""


class RevisedRow(Base):
    """One indicator in one revision: its own running number and what changed."""

    __tablename__ = "revised"
    visibility = AS_INDICATOR

    indicator_id: Mapped[str] = mapped_column(ForeignKey("indicator.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[str] = mapped_column(ForeignKey("revision.id"), index=True)
    observations: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    added: Mapped[int] = mapped_column(default=0)
    removed: Mapped[int] = mapped_column(default=0)
    provisional: Mapped[int] = mapped_column(default=0)
    first: Mapped[str] = mapped_column(String(20), default="")
    last: Mapped[str] = mapped_column(String(20), default="")
    """First and last day of its periods."""


class ReleaseRow(Base):
    """The release ledger: what an audience has been shown, for the audit of what comes next."""

    __tablename__ = "release"
    visibility = internal("the ledger is read by disclosure control alone")

    revision_id: Mapped[str] = mapped_column(ForeignKey("revision.id"), primary_key=True)
    audience: Mapped[str] = mapped_column(String(80), primary_key=True)
    released_at: Mapped[datetime]
    document: Mapped[dict[str, Any]]
    """How the numbers were protected: the rule, how many cells are hidden for which reason, what was refused."""


class KeyRow(Base):
    """Where the disclosure key lay before it had a file of its own; what is still here is moved when it is needed."""

    __tablename__ = "disclosure_key"
    visibility = internal("with the key, small hidden counts could be guessed from the ledger")

    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)


class MappingRow(Base):
    """How the columns of a dataset's files were read, to read the next one alike."""

    __tablename__ = "import_mapping"
    visibility = Visibility(
        rule=lambda table, viewer: known(table.dataset_id, viewer), reason="seen by those who may know of the dataset"
    )

    dataset_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    document: Mapped[dict[str, Any]]
    by: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
