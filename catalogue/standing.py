"""Bring datasets back in line with what they rest on: record, corrections, statement and decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from catalogue.effective import changed, columns, decode
from catalogue.spectrum import Band, Decision, Stated
from catalogue.tables import CorrectionRow, DatasetRow, DecisionRow, DocumentRow
from store.sessions import GuardedSession
from store.settings import settings

_CHUNK = 400


def stated_of(kept: Mapping[str, Any]) -> Stated | None:
    """The Stated in DatasetRow.stated, None when nobody stated anything."""
    if not kept.get("band"):
        return None
    return Stated(
        band=Band(kept["band"]),
        by=str(kept.get("by", "")),
        on=date.fromisoformat(kept["on"]),
        reason=str(kept.get("reason", "")),
    )


def stated_as(stated: Stated) -> dict[str, str]:
    """What DatasetRow.stated holds for a band that the owner or a curator set."""
    return {"band": stated.band.value, "by": stated.by, "on": stated.on.isoformat(), "reason": stated.reason}


def decision_of(row: DecisionRow) -> Decision:
    """A source-wide decision as the rules of the spectrum read it."""
    return Decision(
        licence_value=row.licence_value,
        access_value=row.access_value,
        band=Band(row.band) if row.band else None,
        licence=row.licence or None,
        decided_by=row.by,
        decided_on=row.at.astimezone(settings().zone).date(),
        reason=row.reason,
    )


def decisions_of(session: GuardedSession, source_ids: Sequence[str]) -> dict[str, list[Decision]]:
    """The decisions of each source, the oldest first."""
    found: dict[str, list[Decision]] = defaultdict(list)
    wanted = select(DecisionRow).where(DecisionRow.source_id.in_(source_ids)).order_by(DecisionRow.at, DecisionRow.id)
    for row in session.execute(wanted).scalars():
        found[row.source_id].append(decision_of(row))
    return found


def corrections_of(session: GuardedSession, numbers: Sequence[int]) -> dict[int, dict[str, str]]:
    """The corrected fields of each dataset."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for row in session.execute(select(CorrectionRow).where(CorrectionRow.number.in_(numbers))).scalars():
        found[row.number][row.field] = row.value
    return found


def stand(session: GuardedSession, rows: Sequence[DatasetRow]) -> None:
    """Compute these datasets anew and tell the index; rows that come out as they were are not written."""
    sources = sorted({row.source_id for row in rows if row.source_id})
    decisions = decisions_of(session, sources) if sources else {}
    for first in range(0, len(rows), _CHUNK):
        part = {row.number: row for row in rows[first : first + _CHUNK]}
        corrections = corrections_of(session, list(part))
        documents = select(DocumentRow.number, DocumentRow.record).where(DocumentRow.number.in_(part))
        for number, document in session.execute(documents):
            row = part[number]
            values = columns(
                decode(document),
                corrections=corrections.get(number, {}),
                stated=stated_of(row.stated),
                decisions=decisions.get(row.source_id or "", ()),
            )
            for name, value in values.items():
                if getattr(row, name) != value:
                    setattr(row, name, value)
    session.flush()
    changed(session, [row.number for row in rows])
