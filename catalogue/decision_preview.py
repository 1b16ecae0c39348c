"""What a licence decision would move, before anybody makes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from catalogue.effective import corrected, decode
from catalogue.placement import Band, Decision
from catalogue.records import Record
from catalogue.spectrum import place
from catalogue.standing import corrections_of, decisions_of, stated_of
from catalogue.tables import DatasetRow, DocumentRow
from governance import Action, Visit, require

MOST = 5_000
"""Datasets that are looked at: a preview is read by a person who waits."""
_CHUNK = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a decision would do to the datasets that the viewer may see."""

    to: Mapping[Band, int]
    """Band -> how many datasets would move there; those that stay where they are are not counted."""
    is_whole: bool
    """False when the source has more datasets than were looked at."""


def would_move(visit: Visit, source_id: str, licence_value: str, *, licence: str = "", band: str = "") -> Move:
    """Where datasets would go if this raw value stood for that licence or band; nothing is changed.

    Raises: NotPermitted for who may not decide.
    """
    require(visit, Action.SOURCE_DECIDED)
    decision = Decision(
        licence_value=licence_value,
        access_value=None,
        band=Band(band) if band else None,
        licence=licence or None,
        decided_by=visit.viewer.username,
        decided_on=visit.today,
        reason="",
    )
    standing = decisions_of(visit.read(), [source_id]).get(source_id, [])
    others = [each for each in standing if each.licence_value != licence_value]
    to: Counter[Band] = Counter()
    looked_at = 0
    for before, stated, record in _covered(visit, source_id, licence_value):
        looked_at += 1
        after = place(record, stated=stated_of(stated), decisions=[*others, decision]).band
        if after.value != before:
            to[after] += 1
    return Move(to=dict(to), is_whole=looked_at < MOST)


def _covered(visit: Visit, source_id: str, value: str) -> Iterator[tuple[str, Mapping[str, str], Record]]:
    """(band, what was stated, record) of the datasets that may carry the value, themselves or in a file."""
    unstated = func.trim(DatasetRow.licence_raw) == ""
    carries = or_(DatasetRow.licence_raw.contains(value, autoescape=True), unstated) if value.strip() else unstated
    wanted = (
        select(DatasetRow.number, DatasetRow.band, DatasetRow.stated, DocumentRow.record)
        .join(DocumentRow, DocumentRow.number == DatasetRow.number)
        .where(DatasetRow.source_id == source_id, DatasetRow.state != "withdrawn", carries)
        .order_by(DatasetRow.band != Band.PUBLIC_UNCLEAR.value, DatasetRow.number)
        .limit(MOST)
    )
    rows = visit.read().execute(wanted).all()
    for first in range(0, len(rows), _CHUNK):
        part = rows[first : first + _CHUNK]
        corrections = corrections_of(visit.read(), [row.number for row in part])
        for number, band, stated, document in part:
            yield band, stated, corrected(decode(document), corrections.get(number, {}))
