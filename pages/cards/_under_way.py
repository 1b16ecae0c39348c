"""An import as it goes: the steps it has taken, how far it is, and the button that ends it."""

from __future__ import annotations

import streamlit as st

from governance import Visit
from pages.shell import widgets as w
from pages.shell.again import do, looking
from reportcards import imports
from reportcards.imports import Reached

_EVERY = 1.0
"""Seconds between two looks at an import under way."""
_STEPS = (("reading", "Read"), ("protecting", "Protected"), ("writing", "Written"), ("recording", "Published"))


def watch(import_id: str) -> None:
    """Follow an import until it is over, then draw the page anew; can be left and come back to."""
    st.fragment(_look, run_every=_EVERY)(import_id)


def _look(import_id: str) -> None:
    with looking(touch=False) as visit:
        found = imports.one(visit, import_id)
        if found.state.is_over:
            st.rerun(scope="app")
        far = imports.reached(found)
        w.show(_strip(far))
        with w.surface("progress"):
            w.finding(f"Taking in {w.plain(found.file_name, 80)}", "You can leave this page and come back.")
            _meter(far)
            _cancel(visit, import_id)


def _strip(far: Reached) -> w.Markup:
    at = next((place for place, (doing, _) in enumerate(_STEPS) if doing == far.doing), -1)
    steps = [
        w.Step(name=word, state="done" if place < at else "current" if place == at else "later")
        for place, (_, word) in enumerate(_STEPS)
    ]
    return w.status_strip(steps, label="Import")


def _meter(far: Reached) -> None:
    if far.doing == "reading" and far.of:
        w.show(w.meter(far.done / far.of, f"{far.done:,} of {far.of:,} rows read"))
        return
    figures = f" {far.of:,} figures" if far.of else ""
    words = {
        "reading": f"{far.done:,} rows read" if far.done else "Opening the file",
        "protecting": f"Protecting{figures}",
        "writing": f"Writing{figures}",
        "recording": "Recording the revision",
    }
    w.show(w.Markup('<p class="ct-meterwords">{}</p>').format(words.get(far.doing, "Waiting for its turn")))


def _cancel(visit: Visit, import_id: str) -> None:
    left, right = st.columns([3, 1], vertical_alignment="center")
    left.caption("Cancelling keeps nothing of the file.")
    if right.button("Cancel", key="cancelimport", width="stretch"):
        do(lambda: imports.cancel(visit, import_id), "The import was cancelled. Nothing of it is kept.")
