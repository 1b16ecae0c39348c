"""The next meeting, or the one that is being held, with one button."""

from __future__ import annotations

from governance import Visit
from meetings.reading import MeetingBrief, State, upcoming
from pages.shell import widgets as w


def show(visit: Visit) -> None:
    """When, where, who chairs; nothing when no meeting is planned."""
    found = upcoming(visit)
    if found is None:
        return
    held = found.state is State.HELD
    with w.surface("nextmeeting"):
        w.heading("Now at the table" if held else "Next meeting")
        w.finding(found.title, _when(found))
        words = "Go to the room" if held else "Look at the agenda"
        w.show(w.to_page(words, w.href("meeting", name=found.name), symbol="groups"))


def _when(found: MeetingBrief) -> str:
    facts = (w.moment(found.starts_at), found.place, f"{found.chair_name} chairs" if found.chair_name else "")
    return ", ".join(each for each in facts if each)
