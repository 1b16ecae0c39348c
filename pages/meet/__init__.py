"""Section Meetings: plan one, hold it before a room, read what was decided."""
