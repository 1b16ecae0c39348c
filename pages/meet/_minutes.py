"""A meeting that is over: its minutes, what was decided, what was seen where that may be kept, who was there."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from governance import Visit
from meetings import recording
from meetings.reading import AgendaItem, Meeting, Record, RecordKind
from pages.cards import _tile
from pages.meet import _agenda, _recorded, _room, _typed, _who, _words
from pages.shell import widgets as w

WHAT = "happened"


def draw(visit: Visit, found: Meeting) -> None:
    """What was decided first; the decisions' words stay whatever becomes of the data."""
    left, right = w.main_and_side()
    with left:
        _decided(visit, found)
        _written(found)
        _seen(found)
    with right:
        _room.surface(visit, found)
        _agenda.surface(visit, found, None)
        _kept(found)
    what, about = _typed.asked(found.brief.name)
    if what == WHAT:
        _dialog(found, about)


def _decided(visit: Visit, found: Meeting) -> None:
    with w.surface("decided"):
        w.heading("What was recorded", number=len(found.records))
        if not found.records:
            w.show(w.muted("Nothing was recorded."))
        for each in found.records:
            with w.item(
                f"record-{each.id}", _recorded.line(each), symbol=_words.SYMBOLS[each.kind], detail=_detail(each)
            ):
                if each.kind is RecordKind.DECISION and _who.may_record(visit):
                    _ask(found, each)


def _detail(record: Record) -> w.Markup | str:
    said = _recorded.detail(record)
    if record.kind is not RecordKind.DECISION:
        return said
    hoped = f"Hoped for: {record.expected}" if record.expected else ""
    came = f"What happened: {record.happened} ({record.happened_by})" if record.happened else ""
    return w.Markup("<br>").join(w.esc(each) for each in (said, hoped, came) if each)


def _ask(found: Meeting, record: Record) -> None:
    words = "Say it anew" if record.happened else "What happened?"
    asks = (found.brief.name, WHAT, record.id)
    _typed.button(words, key=f"happened-{record.id}", icon="forum", asks=asks)


def _dialog(found: Meeting, record_id: str) -> None:
    record = next((each for each in found.records if each.id == record_id), None)
    if record is None:
        return

    def fields() -> None:
        w.finding(_recorded.line(record), f"Hoped for: {record.expected}" if record.expected else "")
        st.text_area(
            "What came of it", key=_typed.key("words", record.happened), height=96, max_chars=recording.LONGEST
        )

    def make(visit: Visit) -> str:
        recording.happened(visit, record_id, str(_typed.value("words") or ""))
        return f"What came of {record.label} is written down."

    _typed.dialog("What happened?", "Write it down", fields=fields, make=make)


def _written(found: Meeting) -> None:
    with w.surface("minutes"):
        w.heading("Minutes")
        w.show(w.safe_html(found.minutes))


def _seen(found: Meeting) -> None:
    shown = [each for each in found.agenda if each.seen is not None]
    if not shown:
        return
    with w.surface("seen"):
        w.heading("What was seen", number=len(shown))
        for each in shown:
            _pinned(each)


def _pinned(item: AgendaItem) -> None:
    seen = item.seen
    assert seen is not None
    w.show(w.Markup('<h3 class="ct-h2">{}</h3>').format(item.title))
    if seen.figure is None:
        w.show(w.with_icon("visibility_off", seen.withheld))
    else:
        _tile.draw(replace(seen.figure, item=item.id), "")
    revision = f"revision {seen.revision}" if seen.revision else ""
    w.show(w.source_line(w.moment(seen.at), revision, f"SHA-256 {seen.hash[:16]}", label="Pinned"))


def _kept(found: Meeting) -> None:
    with w.surface("kept"):
        w.heading("How it is kept")
        closed = w.moment(found.closed_at, otherwise="")
        w.show(
            w.key_values(
                [("Closed", closed), ("Audit", w.Markup('<span class="ct-where">{}</span>').format(found.audit_head))]
            )
        )
