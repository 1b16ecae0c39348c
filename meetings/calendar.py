"""A meeting as a calendar file. Source: RFC 5545, RFC 7986 (a UID that tells nothing of where it was made)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from governance import Visit
from meetings.rows import meeting_row
from store import settings

_FIRST = datetime(2024, 1, 1, tzinfo=UTC)
"""Sequence numbers count seconds from here: they grow with every change and stay small enough for every calendar."""


def calendar(visit: Visit, name: str) -> bytes:
    """The meeting as an .ics file: UTC times, the same UID for its whole life. Raises NotFound."""
    row = meeting_row(visit.read(), name)
    event = Event()
    event.add("uid", row.id)
    event.add("sequence", max(0, int((row.changed_at - _FIRST).total_seconds())))
    event.add("dtstamp", visit.now.replace(microsecond=0))
    event.add("last-modified", row.changed_at.replace(microsecond=0))
    event.add("dtstart", row.starts_at)
    event.add("dtend", row.starts_at + timedelta(minutes=row.length))
    event.add("summary", row.title)
    if row.place:
        event.add("location", row.place)
    if row.made_up:
        event.add("description", row.made_up)
    base = settings().public_url.rstrip("/") if settings().public_url else ""
    if base:
        event.add("url", f"{base}/meeting?name={row.name}")
    made = Calendar()
    made.add("prodid", "-//Common Table//Meetings//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-timezone", str(settings().zone))
    made.add_component(event)
    return bytes(made.to_ical())
