"""Taking a meeting along: the minutes and a calendar entry, asked for anew when they are saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import streamlit as st

from governance import NotPermitted, Visit, visiting
from meetings.calendar import calendar
from meetings.minutes_pdf import pdf
from meetings.reading import MeetingBrief
from pages.shell import frame

_FILES: Mapping[str, tuple[str, str, Callable[[Visit, str], bytes]]] = MappingProxyType(
    {
        "pdf": ("Minutes (PDF)", "application/pdf", pdf),
        "ics": ("Calendar", "text/calendar", calendar),
    }
)


def button(brief: MeetingBrief, kind: str) -> None:
    """A button that saves the file; what it holds is decided at the click."""
    words, mime, _ = _FILES[kind]
    st.download_button(
        words,
        partial(asked_anew, frame.session_id(), brief.name, kind),
        file_name=f"{brief.name}.{kind}",
        mime=mime,
        icon=":material/download:" if kind == "pdf" else ":material/event:",
        on_click="ignore",
        key=f"save-{kind}",
    )


def asked_anew(session_id: str, name: str, kind: str) -> bytes:
    """The file as this session may have it now. Raises NotPermitted when it has ended, NotFound."""
    with visiting(session_id) as visit:
        if visit is None:
            raise NotPermitted("Your session has ended: sign in again.")
        return _FILES[kind][2](visit, name)
