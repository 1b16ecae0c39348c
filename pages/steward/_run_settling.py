"""A held run: what has not happened and why, and the ways to settle it, the safest first."""

from __future__ import annotations

import streamlit as st

from catalogue import runs
from catalogue.runs import Run
from catalogue.sources import Source
from connectors._harvest import start
from governance import Action, Visit, may
from pages.shell import widgets as w
from pages.shell.again import do, looking, show_only


def banner(visit: Visit, run: Run, source: Source) -> None:
    """The banner with its four buttons; who may not settle sees whom to ask."""
    missing = run.counts.get("missing", 0)
    with w.held_banner(_sentence(missing), _cause(visit, run), key="run"):
        if not may(visit, Action.RUN_RELEASED):
            return
        if st.button("Read again", type="primary", key="again", width="stretch"):
            do(lambda: start(visit, source.id), then=lambda begun: show_only(id=begun.id))
        if missing:
            w.show(w.to_page(f"See the {missing:,}", w.href("run", id=run.id, list="missing")))
        if st.button("They are really gone", key="gone", width="stretch"):
            _release(run.id, missing)
        if st.button("Put this run aside", key="aside", type="tertiary", width="stretch"):
            _reject(run.id)


def _sentence(missing: int) -> str:
    if not missing:
        return "This run waits for a person, so nothing has been changed."
    verb = "was" if missing == 1 else "were"
    return f"{w.count(missing, 'dataset')} {verb} missing, so nothing has been removed."


def _cause(visit: Visit, run: Run) -> w.Markup:
    told = w.Markup("{} The catalogue is as it was before {}.").format(_why(run), w.moment(run.started_at))
    if may(visit, Action.RUN_RELEASED):
        return told
    return w.Markup("{} A steward settles it.").format(told)


def _why(run: Run) -> str:
    """The reason without what the sentence over it has said."""
    return run.reason.replace(": nothing was changed.", ".")


@st.dialog("They are really gone")
def _release(run_id: str, missing: int) -> None:
    with looking() as visit:
        run = runs.run(visit, run_id)
        ready = ", ".join(
            f"{run.counts[kind]:,} {words}"
            for kind, words in (("added", "new"), ("changed", "changed"))
            if run.counts.get(kind)
        )
        also = f" Its other changes are applied too: {ready}." if ready else ""
        st.write(
            f"{w.count(missing, 'dataset')} will be marked as missing now and leave the catalogue after the usual "
            f"grace, unless the source shows them again. Their history stays.{also}"
        )
        with st.form("release", border=False):
            reason = st.text_input("How do you know?", placeholder="The portal's owner wrote that they were taken down")
            sent = st.form_submit_button("Apply this run", type="primary")
        if sent:
            do(lambda: runs.release(visit, run_id, reason), "The run was applied.")


@st.dialog("Put this run aside")
def _reject(run_id: str) -> None:
    with looking() as visit:
        st.write("Nothing of it comes into the catalogue. The next reading is weighed afresh.")
        with st.form("reject", border=False):
            reason = st.text_input("Why?", placeholder="The portal was being moved that day")
            sent = st.form_submit_button("Put it aside", type="primary")
        if sent:
            do(lambda: runs.reject(visit, run_id, reason), "The run was put aside. The catalogue is as it was.")
