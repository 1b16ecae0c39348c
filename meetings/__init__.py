"""Meetings: an agenda, who is in the room, what may be shown to it, and what was decided on which evidence."""
