"""A run as it goes: the steps it has taken, how far it is, and the button that ends it."""

from __future__ import annotations

import streamlit as st

from catalogue import runs
from catalogue.runs import Run, RunState
from governance import Action, Visit, may
from pages.shell import widgets as w
from pages.shell.again import do, looking
from pages.steward import _runs_in_words as told

_EVERY = 1.0
"""Seconds between two looks at a run under way."""


def watch(run_id: str) -> None:
    """Follow a run until it is over, then draw the page anew; can be left and come back to."""
    st.fragment(_look, run_every=_EVERY)(run_id)


def _look(run_id: str) -> None:
    with looking(touch=False) as visit:
        run = runs.run(visit, run_id)
        if run.state.is_over:
            st.rerun(scope="app")
        w.show(strip(run))
        with w.surface("progress"):
            _meter(run)
            if may(visit, Action.RUN_CANCELLED):
                _cancel(visit, run)


def _meter(run: Run) -> None:
    weighing = run.state is RunState.WEIGHING
    w.finding("Checking in progress" if weighing else "Reading in progress", "You can leave this page and come back.")
    rejected = f", {run.counts['rejected']:,} rejected" if run.counts.get("rejected") else ""
    words = "Comparing with the catalogue" if weighing else f"{told.read_so_far(run)} read{rejected}"
    if run.total:
        w.show(w.meter(1.0 if weighing else told.seen(run) / run.total, words))
    else:
        w.show(w.Markup('<p class="ct-meterwords">{}</p>').format(words))


def _cancel(visit: Visit, run: Run) -> None:
    left, right = st.columns([3, 1], vertical_alignment="center")
    left.caption("Cancelling changes nothing in the catalogue, and the run can go on later.")
    if right.button("Cancel", key="cancelrun", width="stretch"):
        do(lambda: runs.cancel(visit, run.id), "The run was cancelled. Nothing of it is in the catalogue.")


def strip(run: Run) -> w.Markup:
    """Read, checked, held, applied, published: where the run stands."""
    return w.status_strip([_read(run), _checked(run), *_middle(run), _applied(run), _published(run)], label="Run")


def _read(run: Run) -> w.Step:
    detail = told.read_so_far(run)
    if run.state is RunState.READING:
        return w.Step(name="Read", detail=detail, state="current")
    return w.Step(name="Read", detail=detail, state="done" if told.seen(run) or run.pages else "later")


def _checked(run: Run) -> w.Step:
    rejected = run.counts.get("rejected", 0)
    if run.state is RunState.WEIGHING:
        return w.Step(name="Checked", detail="comparing with the catalogue", state="current")
    over = run.state.is_over and run.state not in (RunState.FAILED, RunState.CANCELLED)
    detail = f"{rejected:,} rejected" if rejected or over else ""
    return w.Step(name="Checked", detail=detail, state="done" if over else "later")


def _middle(run: Run) -> list[w.Step]:
    """The step that only some runs have."""
    if run.state is RunState.HELD:
        return [w.Step(name="Held", detail="waits for a person", state="held")]
    if run.state is RunState.APPLIED:
        return [w.Step(name="Held", detail=f"released by {run.decided_by}", state="done")] if run.decided_by else []
    if run.state.is_over:
        _, words = told.STATES[run.state]
        return [w.Step(name=words, detail=f"by {run.decided_by}" if run.decided_by else "", state="current")]
    return []


def _applied(run: Run) -> w.Step:
    number = sum(run.counts.get(kind, 0) for kind in ("added", "changed", "restored", "withdrawn"))
    if run.state is RunState.APPLIED:
        return w.Step(name="Applied", detail=w.count(number, "change"), state="done")
    return w.Step(name="Applied", detail=f"{w.count(number, 'change')} ready" if run.state is RunState.HELD else "")


def _published(run: Run) -> w.Step:
    done = run.state is RunState.APPLIED
    return w.Step(name="Published", detail="found in search", state="done" if done else "later")
