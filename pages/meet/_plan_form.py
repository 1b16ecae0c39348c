"""The form of a meeting: title, when, who leads it, which report card; the rest has defaults."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import streamlit as st

from governance import Visit, people
from meetings import planning
from meetings.planning import MeetingDraft
from pages.meet import _who, _words
from pages.share._going import go_to
from pages.shell import frame
from pages.shell.again import do
from pages.shell.place import here
from reportcards import cards

_LENGTHS = (30, 45, 60, 90, 120, 180, 240)
_BEGINS = time(10)


def draw(visit: Visit, name: str = "", old: MeetingDraft | None = None) -> None:
    """A form for a new meeting, or for the one of this name; what was typed stays when it cannot be saved."""
    if old is None:
        tomorrow = datetime.combine(visit.today + timedelta(days=7), _BEGINS, tzinfo=here().zone)
        old = MeetingDraft(title="", starts_at=tomorrow, chair=visit.viewer.username)
    with st.form("planmeeting", border=False):
        draft = _more(visit, _asked(visit, old))
        sent = st.form_submit_button("Save" if name else "Plan it", type="primary")
    if sent and name:
        do(lambda: planning.change(visit, name, draft), "The meeting is changed.")
    elif sent:
        do(lambda: planning.plan(visit, draft), then=_planned)


def _asked(visit: Visit, old: MeetingDraft) -> MeetingDraft:
    title = st.text_input("Title", old.title, max_chars=200, placeholder="Children and young people")
    left, right = st.columns(2)
    starts = _words.local(old.starts_at)
    day = left.date_input("Day", starts.date(), format="DD/MM/YYYY")
    at = right.time_input("Begins at", starts.time(), step=timedelta(minutes=15))
    leads = {each.username: each.display for each in people.people(visit, active_only=True) if each.roles & _who.HOSTS}
    leads.setdefault(old.chair, old.chair)
    chair = st.selectbox("Chair", list(leads), index=list(leads).index(old.chair), format_func=leads.__getitem__)
    shown = {"": "None", **{each.name: each.title for each in cards.cards(visit)}}
    shown.setdefault(old.card_name, old.card_name)
    card = st.selectbox(
        "Report card on the table", list(shown), index=list(shown).index(old.card_name), format_func=shown.__getitem__
    )
    starts_at = datetime.combine(day or starts.date(), at or starts.time(), tzinfo=here().zone)
    return replace(old, title=title, starts_at=starts_at, chair=chair or "", card_name=card or "")


def _more(visit: Visit, old: MeetingDraft) -> MeetingDraft:
    """What has a default that fits most."""
    every = {each.id: each.name for each in people.organisations(visit)}
    lengths = sorted({*_LENGTHS, old.length})
    with st.expander("Where, how long, who is invited"):
        place = st.text_input("Where", old.place, max_chars=200)
        length = st.selectbox("Minutes", lengths, index=lengths.index(old.length))
        chosen = [each for each in (every if old.invited is None else old.invited) if each in every]
        invited = st.multiselect("Invited", list(every), default=chosen, format_func=every.__getitem__)
    return replace(old, place=place, length=length or old.length, invited=tuple(invited))


def _planned(name: str) -> None:
    frame.say("The meeting is planned, with an agenda that you can change.")
    go_to("plan-meeting", name=name)
