"""Retire a source: beforehand what would leave the catalogue and why; afterwards the way back."""

from __future__ import annotations

import streamlit as st

from catalogue import retiring
from catalogue.retiring import Retirement
from catalogue.sources import Source, SourceState
from governance import Action, Visit, may
from pages.shell import widgets as w
from pages.shell.again import do, looking


def offer(visit: Visit, source: Source) -> None:
    """The quiet button that asks before anything happens; not there for who may not, or when it was done."""
    if source.state is SourceState.RETIRED or not may(visit, Action.SOURCE_CHANGED):
        return
    if st.button("Retire it", icon=":material/inventory_2:", key="retire", type="tertiary"):
        _ask(source.id)


def retired(visit: Visit, source: Source) -> None:
    """What a retired source took along and why, and the button that undoes it."""
    found = retiring.retired(visit, source.id)
    told = [f"“{found.reason}”." if found.reason else "It is not read any more."]
    if found.datasets:
        verb = "is withdrawn and comes" if found.datasets == 1 else "are withdrawn and come"
        told.append(f"{w.count(found.datasets, 'dataset')} {verb} back with it.")
    w.notice("Retired.", " ".join(told))
    if may(visit, Action.SOURCE_CHANGED) and st.button("Bring it back", icon=":material/undo:", key="bringback"):
        do(
            lambda: retiring.bring_back(visit, source.id),
            f"{source.name} is back with its datasets, as they were. The next reading looks after them.",
        )


@st.dialog("Retire this source")
def _ask(source_id: str) -> None:
    with looking() as visit:
        found = retiring.preview(visit, source_id)
        w.finding(_sentence(found))
        w.show(w.Markup('<ul class="ct-plainlist" role="list">{}</ul>').format(_consequences(found)))
        with st.form("retire", border=False):
            reason = st.text_input("Why?", placeholder="The portal was closed in March")
            sent = st.form_submit_button("Retire it", type="primary")
        if sent:
            do(lambda: retiring.retire(visit, source_id, reason), f"{found.source.name} is retired.")


def _sentence(found: Retirement) -> str:
    if not found.leaving:
        return "No dataset leaves the catalogue."
    verb = "leaves" if found.leaving == 1 else "leave"
    return f"{w.count(found.leaving, 'dataset')} {verb} the catalogue."


def _consequences(found: Retirement) -> w.Markup:
    lines = (
        ["They leave the search and the lists. Each keeps its page and its history, with your reason."]
        if found.leaving
        else []
    )
    if found.missing:
        lines.append(f"{found.missing:,} of them {_was(found.missing)} not seen there of late.")
    if found.withdrawn:
        lines.append(f"{found.withdrawn:,} {_was(found.withdrawn)} withdrawn before; that stays.")
    lines.append(f"{found.source.name} is not read any more.")
    if found.held:
        lines.append("The run that waits for a decision is put aside.")
    lines.append("Nothing is deleted: you can bring it back, with its datasets as they are now.")
    return w.Markup("").join(w.Markup("<li>{}</li>").format(line) for line in lines)


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
