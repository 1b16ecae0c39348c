"""What the owner's people need to feel safe, and how ready they are: nobody else sees the second."""

from __future__ import annotations

import streamlit as st

from governance import Action, CommonTableError, Visit, concerns, may
from governance.concerns import About, ShowAs, Worry
from pages.share import _candidate_words as words
from pages.share import _concern_words
from pages.shell import frame
from pages.shell import widgets as w
from pages.shell.again import do
from sharing.candidates import Entry
from sharing.ranking import Band, Comfort
from sharing.readiness import say

_FINE = (Comfort.READY, Comfort.HAPPY)


def safe(visit: Visit, found: Entry) -> None:
    """The first question: what is answered becomes a concern, which only who raised it closes."""
    with w.surface("safe"):
        w.heading("What do you need to feel safe sharing it?")
        with st.form("safe", border=False):
            said = st.text_area(
                "In your own words", height=90, max_chars=concerns.LONGEST, key="safe-words",
                help="It becomes a concern: somebody says it back, somebody answers, only you close it.",
            )  # fmt: skip
            felt = st.radio("How strongly do you feel it?", list(_concern_words.FELT), None, horizontal=True,
                            format_func=_concern_words.FELT.__getitem__, key="safe-felt")  # fmt: skip
            sent = st.form_submit_button("Write it down")
        w.show(w.link("Not under our name? Raise it without one", w.href("raise-concern", about=_about(found))))
        if sent:
            _raise(visit, found, said or "", felt=felt or 0)


def _about(found: Entry) -> str:
    return f"dataset:{found.dataset.id}"


def _raise(visit: Visit, found: Entry, said: str, *, felt: int) -> None:
    about = About(kind="dataset", id=found.dataset.id, title=found.dataset.title)
    try:
        concerns.raise_concern(visit, Worry(about=about, words=said, felt=felt, show_as=ShowAs.ORGANISATION))
    except CommonTableError as error:
        w.notice("Not written down yet.", f"{error.sentence} Nothing you typed is lost.", tone="failed")
        return
    for key in ("safe-words", "safe-felt"):
        st.session_state.pop(key, None)
    frame.say("It is a concern now. Somebody will say it back to you.")
    st.rerun(scope="app")


def comfort(visit: Visit, found: Entry) -> None:
    """How ready the owner is; its stewards say so, and whether partners may know."""
    ready = found.readiness
    with w.surface("comfort"):
        w.heading("How ready are we?", note="only your own people see this")
        if may(visit, Action.READINESS_SAID, organisation_id=found.dataset.organisation_id):
            _form(visit, found)
        elif ready is None:
            w.show(w.muted("Your steward has not said yet. Until then it counts as not ready."))
        else:
            w.finding(words.COMFORT[ready.comfort], f"Said on {w.day(ready.changed_on)}")
        w.show(w.muted(_others(found)))


def _form(visit: Visit, found: Entry) -> None:
    ready = found.readiness
    said = list(Comfort)
    with st.form("comfort", border=False):
        chosen = st.radio("To share it with partners under an agreement", said,
                          said.index(ready.comfort) if ready else None,
                          format_func=words.COMFORT.__getitem__, key="comfort-said")  # fmt: skip
        tell = st.checkbox("Tell partners that we are ready", ready.told if ready else False, key="comfort-tell")
        sent = st.form_submit_button("Save")
    if not sent:
        return
    if chosen is None:
        w.notice("Not saved yet.", "Choose how ready you are.", tone="failed")
    else:
        do(lambda: say(visit, found.dataset.id, chosen, tell=tell), "Saved. Only your own people see it.")


def _others(found: Entry) -> str:
    """What everybody else reads from the list."""
    if found.readiness is not None and found.readiness.told:
        return "Partners know that you are ready. They do not see which of the two words you chose."
    if found.ranked.band is Band.START:
        return "For others it stands in B: they are not told that you are ready."
    return "Others see a place that is worked out without it, and never A."
