"""Taking a meeting along: the minutes and a calendar entry, asked for anew when they are saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import streamlit as st

from governance import Visit
from meetings.calendar import calendar
from meetings.minutes_pdf import pdf
from meetings.reading import MeetingBrief
from pages.shell import frame
from pages.shell.handing import hand_over

_FILES: Mapping[str, tuple[str, str, Callable[[Visit, str], bytes]]] = MappingProxyType(
    {
        "pdf": ("Minutes (PDF)", "application/pdf", pdf),
        "ics": ("Calendar", "text/calendar", calendar),
    }
)


def button(brief: MeetingBrief, kind: str) -> None:
    """A button that saves the file; what it holds is decided at the click."""
    words, mime, make = _FILES[kind]
    st.download_button(
        words,
        partial(hand_over, frame.session_id(), lambda visit: make(visit, brief.name)),
        file_name=f"{brief.name}.{kind}",
        mime=mime,
        icon=":material/download:" if kind == "pdf" else ":material/event:",
        on_click="ignore",
        key=f"save-{kind}",
    )
