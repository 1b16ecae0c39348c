"""Purpose tags: the few words by which an agreement, a schedule row and a report card mean the same thing."""

from __future__ import annotations

from sqlalchemy import select

from governance.agreements.document import read
from governance.tables import VersionRow
from governance.visit import Visit


def purpose(words: str) -> str:
    """A tag as it is kept and compared: spaces and capitals make no difference."""
    return " ".join(words.split()).casefold()


def purposes(visit: Visit) -> tuple[str, ...]:
    """Every tag in the agreements that the viewer may read, by name."""
    documents = visit.read().execute(select(VersionRow.document).where(VersionRow.closed_at.is_(None))).scalars()
    return tuple(sorted({purpose(tag) for each in documents for tag in read(each).terms.purposes}))
