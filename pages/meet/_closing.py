"""Closing a meeting: its minutes, and who was there."""

from __future__ import annotations

from functools import partial

import streamlit as st

from governance import Visit
from meetings import closing
from meetings.reading import Meeting
from pages.meet import _typed
from pages.shell import widgets as w

WHAT = "close"
_LONGEST = 20_000


def dialog(found: Meeting) -> None:
    """Both are required, and said so in one sentence where one is missing."""
    here = ", ".join(f"{each.organisation} ({each.here})" for each in found.here)
    _typed.dialog(
        "Close the meeting", "Close it for good", fields=partial(_fields, here), make=partial(_close, found.brief.name)
    )


def _fields(here: str) -> None:
    st.text_area("Minutes", key=_typed.key("minutes"), height=220, max_chars=_LONGEST)
    w.show(w.muted(f"In the room: {here}." if here else "Nobody is noted in the room yet: say who is here first."))
    st.caption("Decisions, actions and the figures that were shown are kept beside the minutes by themselves.")


def _close(name: str, visit: Visit) -> str:
    closing.close(visit, name, minutes=str(_typed.value("minutes") or ""))
    return "The meeting is closed."
