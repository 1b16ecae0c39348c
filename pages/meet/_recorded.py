"""What was recorded, in its order: decisions, actions, concerns, notes."""

from __future__ import annotations

from collections.abc import Sequence

from meetings.reading import Meeting, Record, RecordKind
from pages.meet import _words
from pages.shell import widgets as w


def surface(found: Meeting) -> None:
    """Everything so far, or that there is nothing yet."""
    with w.surface("recorded"):
        w.heading("Recorded so far")
        if not found.records:
            w.show(w.muted("Nothing yet. What is recorded here stands in the minutes."))
            return
        # One element for all: a container for each record would cost the server more than the figure on the table.
        lines = w.Markup("").join(_line(each) for each in found.records)
        w.show(w.Markup('<ul class="ct-rules" role="list">{}</ul>').format(lines))


def _line(record: Record) -> w.Markup:
    mark = w.icon(_words.SYMBOLS[record.kind])
    return w.Markup("<li><b>{}</b><div><div>{}</div>{}</div></li>").format(mark, line(record), w.muted(detail(record)))


def of_kind(found: Meeting, kind: RecordKind) -> Sequence[Record]:
    """The records of one kind."""
    return [each for each in found.records if each.kind is kind]


def line(record: Record) -> w.Markup:
    """Its number and its words; a concern stays in the voice of who raised it."""
    if record.kind is RecordKind.CONCERN:
        return w.Markup('<span class="ct-voice">“{}”</span>').format(record.words)
    return w.Markup("<b>{}</b> {}").format(record.label, record.words)


def detail(record: Record) -> str:
    """Who, when and how far."""
    if record.kind is RecordKind.CONCERN:
        who = record.organisation or "A partner"
        return f"Raised by {who}. Only who raised it can close it."
    if record.kind is RecordKind.ACTION:
        due = f"by {w.day(record.due)}" if record.due else ""
        return ", ".join(each for each in (record.who, record.organisation, due, record.state) if each)
    when = _words.time(record.at) if record.at else ""
    reason = f"why: {record.rationale}" if record.rationale else ""
    return ", ".join(each for each in (f"Written down by {record.by}" if record.by else "", when, reason) if each)
