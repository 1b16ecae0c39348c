"""Planning a meeting: four fields, then the agenda that suggests itself, put in order."""

from __future__ import annotations

import streamlit as st

from governance import Visit
from meetings import planning
from meetings.reading import State, meeting
from pages import Page
from pages.meet import _ordering, _plan_form, _who
from pages.shell import widgets as w

PAGE = Page(title="Plan a meeting", role=_who.HOSTS, icon="edit_calendar", order=30, hidden=True, path="plan-meeting")

_NEXT = (
    "An agenda is suggested: what warns, what is newly shared, what waits for an answer, what was promised.",
    "You put it in order, take items off, add your own.",
    "Everybody invited sees when the table meets. Who is in the room then decides what may be shown.",
)


def render(visit: Visit) -> None:
    """A new meeting, or the one of the address."""
    name = str(st.query_params.get("name", ""))
    if not name:
        w.page_header("Plan a meeting", breadcrumbs=_crumbs())
        left, right = w.main_and_side()
        with left, w.surface("plan"):
            _plan_form.draw(visit)
        with right, w.surface("next"):
            w.heading("What happens next")
            w.show(w.numbered(_NEXT))
        return
    found = meeting(visit, name)
    with w.page_header(f"Plan {found.brief.title}", breadcrumbs=_crumbs()):
        words = "Back to the meeting" if found.state is State.HELD else "Done"
        w.show(w.to_page(words, w.href("meeting", name=name), first=True))
    if found.state is State.CLOSED:
        w.notice("This meeting is closed.", "What was planned and recorded stays as it is.")
        return
    left, right = w.main_and_side()
    with left:
        _ordering.agenda(visit, found)
        _ordering.more(visit, found)
    with right, w.surface("plan"):
        _plan_form.draw(visit, found.brief.name, planning.draft_of(visit, name))


def _crumbs() -> list[tuple[str, str]]:
    return [("Meetings", w.href("meetings")), ("Plan", "")]
