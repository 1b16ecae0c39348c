"""The table of imports that go on without anybody looking: what each is about, how far it is, what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.base import Base, Visibility


class ImportRow(Base):
    """One file that somebody asked to be taken in; it is forgotten some days after it ended."""

    __tablename__ = "number_import"
    visibility = Visibility(
        rule=lambda table, viewer: table.by == viewer.username,
        reason="what is wrong with a file quotes it: only whoever gave it reads that",
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    file_name: Mapped[str] = mapped_column(Text)
    dataset_id: Mapped[str] = mapped_column(String(32), default="")
    by: Mapped[str] = mapped_column(String(80), index=True)
    began_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), index=True)
    """running, published, refused, failed, cancelled"""
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it failed, in one sentence."""
    answer: Mapped[dict[str, Any]]
    """What came of it, as an `Imported`; {} while nothing has."""
