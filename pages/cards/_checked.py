"""What a file would do: the figures it holds and what they change; or why it is refused, row by row."""

from __future__ import annotations

import streamlit as st

from governance import CommonTableError, Visit
from pages.cards import _kept
from pages.shell import widgets as w
from reportcards import importing
from reportcards.codes import ObsStatus
from reportcards.formats import FileError
from reportcards.recording import Imported, Order


def check(visit: Visit, order: Order) -> Imported | None:
    """What would come of it, None when it cannot be taken."""
    w.heading("What it would do")
    try:
        with st.spinner("Reading the file …"):
            found = _kept.once("check", order, lambda: importing.check(visit, order))
    except CommonTableError as error:
        w.notice("It cannot be taken.", error.sentence, tone="failed")
        return None
    if found.status == "refused":
        refused(found)
        return None
    told(found)
    return found


def refused(found: Imported) -> None:
    """Why the file cannot be taken, row by row."""
    number = w.count(found.error_count, "place has", "places have")
    w.notice(
        "Nothing of this file is kept.", f"{number} to change. Correct the file, then choose it again.", tone="failed"
    )
    columns = [
        w.Column(title="Row", align="right"),
        w.Column(title="Column"),
        w.Column(title="It says"),
        w.Column(title="What is wrong", strong=True),
    ]
    w.show(w.table(columns, [_error(each) for each in found.errors], caption="What is wrong with the file"))
    if found.error_count > len(found.errors):
        st.caption(f"And {found.error_count - len(found.errors):,} more.")


def _error(each: FileError) -> tuple[str, ...]:
    row = f"{each.row:,}" if each.row else "–"
    return row, w.plain(each.column, 60), w.plain(each.value, 60), _sentence(each.problem)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def told(found: Imported) -> None:
    """The file in figures."""
    first, last = (w.day(each, otherwise="") for each in found.periods)
    rows = [
        ("Holds", f"{w.count(found.observations, 'figure')} of {w.count(found.indicators, 'indicator')}"),
        ("Places", f"{found.areas:,}"),
        ("Series", f"{found.series:,}"),
        ("Periods", f"{first} to {last}" if first and last else ""),
        ("Without a value", w.count(found.missing, "figure") if found.missing else ""),
        ("Marked", _flags(found)),
        ("Hidden", f"{w.count(found.hidden, 'figure')}, to protect people" if found.hidden else ""),
        ("Against the revision before", changes(found)),
    ]
    w.show(w.key_values(rows))
    for each in (*found.warnings, *found.explained):
        w.notice("Note.", each)


def changes(found: Imported) -> str:
    """How many values are others, new, or gone."""
    counts = ((found.changed, "changed"), (found.added, "added"), (found.removed, "removed"))
    return ", ".join(f"{number:,} {word}" for number, word in counts if number) or "Nothing changes"


def _flags(found: Imported) -> str:
    words = {status.value: status.meaning for status in ObsStatus}
    marked = [(number, words.get(flag, flag)) for flag, number in found.flags.items() if flag != ObsStatus.NORMAL]
    return ", ".join(f"{number:,} {word}" for number, word in marked)
