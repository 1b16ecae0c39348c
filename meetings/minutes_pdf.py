"""The minutes as an accessible PDF, with the evidence that the viewer may keep looking at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from governance import Visit
from meetings.reading import AgendaItem, Meeting, Record, RecordKind, Seen, State, meeting
from reportcards import printing
from reportcards.printing import Content, words
from store import settings

LAYOUT = Path(__file__).with_name("minutes.typ")
_WIDTH = 660
"""Width of a chart in px: the text of the page is 174 mm wide, so 13 px print at about 10 points."""
_CALLED = {
    RecordKind.DECISION: "Decision",
    RecordKind.ACTION: "Action",
    RecordKind.CONCERN: "Concern",
    RecordKind.NOTE: "Note",
}


def pdf(visit: Visit, name: str) -> bytes:
    """The minutes as they stand now, for this viewer. Raises NotFound."""
    return printing.pdf(LAYOUT, content(visit, meeting(visit, name)), visit.now)


def content(visit: Visit, held: Meeting) -> Content:
    """What the layout is given: words and pictures, nothing that it would compile."""
    brief = held.brief
    numbers = {each.id: number for number, each in enumerate(held.agenda, start=1)}
    return {
        "title": words(brief.title),
        "when": _when(brief.starts_at, brief.ends_at),
        "place": words(brief.place),
        "chair": words(brief.chair_name),
        "state": _STATES[held.state],
        "made_up": words(brief.made_up),
        "here": [words(f"{each.organisation}: {_people(each.here)}") for each in held.here],
        "absent": [words(each.organisation) for each in held.presence if not each.here],
        "public": held.public,
        "agenda": [_item(each) for each in held.agenda],
        "records": [_record(each, numbers) for each in held.records],
        "minutes": [words(part) for part in held.minutes.split("\n") if part.strip()],
        "evidence": [_evidence(numbers[each.id], each, each.seen) for each in held.agenda if each.seen is not None],
        "replaced": any(printing.lacks(each) for each in _texts(held)),
        "audit_head": held.audit_head,
        "closed": _moment(held.closed_at) if held.closed_at else "",
        "printed": _moment(visit.now),
    }


def _texts(held: Meeting) -> Iterator[str]:
    """What people wrote."""
    yield from (held.brief.title, held.brief.place, held.minutes)
    yield from (each.title for each in held.agenda)
    for each in held.records:
        yield from (each.words, each.rationale, each.expected, each.happened, each.who)


_STATES = {
    State.PLANNED: "Agenda. The meeting has not begun.",
    State.HELD: "Draft. The meeting is not closed.",
    State.CLOSED: "Minutes.",
}


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


def _when(starts: datetime, ends: datetime) -> str:
    begins, over = starts.astimezone(settings().zone), ends.astimezone(settings().zone)
    until = f"{over:%H:%M}" if over.date() == begins.date() else f"{over:%-d %B %Y, %H:%M}"
    return f"{begins:%A %-d %B %Y, %H:%M} to {until}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(settings().zone):%-d %b %Y, %H:%M %Z}"


def _item(item: AgendaItem) -> Content:
    said = [f"{item.length} min", "done" if item.done else ""]
    return {"title": words(item.title), "said": ", ".join(each for each in said if each)}


def _record(record: Record, numbers: Mapping[str, int]) -> Content:
    due = f"by {record.due:%-d %b %Y}" if record.due else ""
    parts = [record.organisation, record.who, due, record.state]
    if record.at is not None:
        parts.append(f"recorded {_moment(record.at)}" + (f" by {record.by}" if record.by else ""))
    if record.agenda_id in numbers:
        parts.append(f"item {numbers[record.agenda_id]}")
    more = [("Why", record.rationale), ("Hoped for", record.expected), ("What happened", record.happened)]
    return {
        "label": f"{_CALLED[record.kind]} {record.label}"
        if record.number
        else f"{_CALLED[record.kind]} without a name",
        "words": words(record.words),
        "said": words(", ".join(each for each in parts if each)),
        "more": [{"label": label, "words": words(told)} for label, told in more if told],
    }


def _evidence(number: int, item: AgendaItem, seen: Seen) -> Content:
    pinned = f"Shown {_moment(seen.at)}" + (f", revision {seen.revision}" if seen.revision else "")
    return {
        "title": words(f"Item {number}: {item.title}"),
        "withheld": words(seen.withheld),
        "figure": printing.figure(seen.figure, width=_WIDTH) if seen.figure is not None else None,
        "pinned": f"{pinned}.",
        "hash": seen.hash,
    }
