"""A meeting in words: when and where, how far it is, what an item is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from meetings.reading import AgendaItem, ItemKind, Meeting, MeetingBrief, RecordKind, State
from pages.shell.place import here

STATES: Mapping[State, str] = MappingProxyType(
    {State.PLANNED: "Planned", State.HELD: "In progress", State.CLOSED: "Closed"}
)
KINDS: Mapping[ItemKind, str] = MappingProxyType(
    {
        ItemKind.OPENING: "",
        ItemKind.COMMITMENTS: "Actions from last time",
        ItemKind.INDICATOR: "Figure",
        ItemKind.CARD: "Report card",
        ItemKind.CONCERN: "Owed an answer",
        ItemKind.WARNING: "Warning",
        ItemKind.AGREEMENT: "Agreement",
        ItemKind.DATASET: "Newly shared",
        ItemKind.OTHER: "",
    }
)
PROMPTS: Mapping[ItemKind, str] = MappingProxyType(
    {
        ItemKind.OPENING: "Everybody may speak before any figure is shown. Nothing has to be settled here.",
        ItemKind.COMMITMENTS: "Which were kept, which were not, and what would help?",
        ItemKind.CARD: "What gets nearer to the outcome, and what does not?",
        ItemKind.CONCERN: "What do we not know yet? What would ease it? Who can find out?",
        ItemKind.AGREEMENT: "Does it still do what it was signed for?",
        ItemKind.DATASET: "What can we see now that we could not see before?",
    }
)
SYMBOLS: Mapping[RecordKind, str] = MappingProxyType(
    {
        RecordKind.DECISION: "gavel",
        RecordKind.ACTION: "task_alt",
        RecordKind.CONCERN: "back_hand",
        RecordKind.NOTE: "edit_note",
    }
)


def local(moment: datetime) -> datetime:
    """The moment in the collaboration's time zone."""
    return moment.astimezone(here().zone)


def when(brief: MeetingBrief) -> str:
    """ "Thursday 26 November 2026, 10:00 to 11:30, Quay Room"."""
    starts, ends = local(brief.starts_at), local(brief.ends_at)
    day = f"{starts:%A} {starts.day} {starts:%B %Y}"
    return ", ".join(each for each in (day, f"{starts:%H:%M} to {ends:%H:%M}", brief.place) if each)


def lede(brief: MeetingBrief) -> str:
    """When, where and who leads it, as a sentence."""
    return f"{when(brief)}. Chair: {brief.chair_name}." if brief.chair_name else f"{when(brief)}."


def time(moment: datetime) -> str:
    """ "10:31"."""
    return f"{local(moment):%H:%M}"


def minutes_left(found: Meeting, item: AgendaItem, now: datetime) -> int | None:
    """Minutes until this item should end if each took its length; below 0 it is over. None before it has begun."""
    if found.opened_at is None:
        return None
    until = sum(each.length for each in found.agenda[: found.agenda.index(item) + 1])
    return until - int((now - found.opened_at).total_seconds() // 60)


def time_left(left: int | None) -> str:
    """ "11 minutes left", "3 minutes over"; "" before the meeting has begun."""
    if left is None:
        return ""
    noun = "minute" if abs(left) == 1 else "minutes"
    return f"{left} {noun} left" if left >= 0 else f"{-left} {noun} over"
