"""What happened to a dataset, as a list of sentences: read from pages, written by every verb of this room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from catalogue.placement import Band
from catalogue.tables import DatasetRow, HistoryRow
from governance import Role, Visit
from store.sessions import GuardedSession

_SENTENCES: Mapping[str, str] = {
    "added": "Added to the catalogue.",
    "changed": "Its description changed.",
    "missing": "Not seen at its source.",
    "withdrawn": "Withdrawn.",
    "restored": "Seen again at its source.",
    "approved": "Registered and approved.",
}
FIELD_WORDS: Mapping[str, str] = {
    "accrual_periodicity": "how often it changes",
    "access_how": "how to ask",
    "access_right": "access",
    "contact_email": "contact e-mail",
    "contact_name": "contact",
    "distributions": "files",
    "issued": "first published",
    "landing_page": "web page",
    "licence": "licence",
    "life_events": "life events",
    "modified": "last updated",
    "person_level": "facts about people",
    "spatial": "area",
    "temporal_start": "period from",
    "temporal_end": "period to",
}
"""Field name -> its words on screen, where they are not the name itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that happened to one dataset."""

    at: datetime
    kind: str
    sentence: str
    by: str
    """Username of who did it, "" for a harvest."""
    dataset_id: str = ""
    title: str = ""
    run_id: str = ""
    """The harvest that did it; "" for those who may not see runs."""


def word(field: str) -> str:
    """A field's name as a person reads it."""
    return FIELD_WORDS.get(field, field.replace("_", " "))


def sentence(kind: str, detail: Mapping[str, Any]) -> str:
    """What happened, in one or two sentences."""
    reason = str(detail.get("reason") or "").strip()
    told = _told(kind, detail)
    return f"{told} {reason}".strip() if reason and reason not in told else told


def _told(kind: str, detail: Mapping[str, Any]) -> str:
    field = word(str(detail.get("field", "")))
    match kind:
        case "corrected" if detail.get("undone"):
            return f"The correction of {field} was taken back."
        case "corrected":
            return f"Corrected {field}: {_quoted(detail.get('to'))} instead of {_quoted(detail.get('from'))}."
        case "placed" if detail.get("from"):
            return f"Moved from {_band(detail['from'])} to {_band(detail.get('to'))}."
        case "placed":
            return f"Placed at {_band(detail.get('to'))}."
        case "listed":
            return f"Who may know of it: {detail.get('to', '')}."
        case "suggested":
            return f"A correction of {field} was suggested."
        case "changed":
            return _changed(detail)
    return _SENTENCES.get(kind, f"{kind.capitalize()}.")


def _changed(detail: Mapping[str, Any]) -> str:
    fields = detail.get("fields")
    if not isinstance(fields, list | tuple | dict) or not fields:
        return _SENTENCES["changed"]
    words = [word(str(name)) for name in fields]
    more = f" and {len(words) - 5} more" if len(words) > 5 else ""
    return f"Changed: {', '.join(words[:5])}{more}."


def _band(value: object) -> str:
    known = {each.value: each.label.lower() for each in Band}
    return f"“{known.get(str(value), str(value))}”"


def _quoted(value: object) -> str:
    text = str(value or "")
    return f"“{text[:120]}{'…' if len(text) > 120 else ''}”" if text else "nothing"


def record_happening(
    session: GuardedSession, visit: Visit, numbers: list[int], *, kind: str, detail: Mapping[str, Any]
) -> None:
    """Write the same event into the history of each of these datasets, in the caller's transaction."""
    by = visit.viewer.username
    session.add_all(
        HistoryRow(number=number, at=visit.now, kind=kind, by=by, detail=dict(detail)) for number in numbers
    )


def history(visit: Visit, dataset_id: str, *, limit: int = 200) -> list[Happening]:
    """What happened to one dataset, the newest first; empty for a dataset the viewer may not know of."""
    wanted = (
        select(HistoryRow, DatasetRow)
        .join(DatasetRow, DatasetRow.number == HistoryRow.number)
        .where(DatasetRow.id == dataset_id)
        .order_by(HistoryRow.at.desc(), HistoryRow.id.desc())
        .limit(limit)
    )
    return [_happening(visit, event, row) for event, row in visit.read().execute(wanted)]


def latest(visit: Visit, *, since: datetime | None = None, limit: int = 50) -> list[Happening]:
    """What happened to any dataset the viewer may know of, the newest first."""
    wanted = (
        select(HistoryRow, DatasetRow)
        .join(DatasetRow, DatasetRow.number == HistoryRow.number)
        .order_by(HistoryRow.at.desc(), HistoryRow.id.desc())
        .limit(limit)
    )
    if since is not None:
        wanted = wanted.where(HistoryRow.at > since)
    return [_happening(visit, event, row) for event, row in visit.read().execute(wanted)]


def _happening(visit: Visit, event: HistoryRow, row: DatasetRow) -> Happening:
    sees_runs = visit.viewer.sees_all or bool(visit.viewer.roles & {Role.STEWARD, Role.ADMIN})
    return Happening(
        at=event.at,
        kind=event.kind,
        sentence=sentence(event.kind, event.detail),
        by=event.by,
        dataset_id=row.id,
        title=row.title,
        run_id=event.run_id if sees_runs else "",
    )
