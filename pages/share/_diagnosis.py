"""The diagnosis card: what is changing, where the conflict lies; how each organisation sees it, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from governance import Visit
from pages.shell import widgets as w
from pages.shell.again import do, looking
from sharing.diagnosis import LONGEST, Changing, Diagnosis, Place, SideBySide, Subject, diagnoses, say

CHANGING: Mapping[Changing, str] = {
    Changing.INSIDE: "Our own values and priorities",
    Changing.OUTSIDE: "The conditions around us",
}
PLACES: Mapping[Place, tuple[str, str]] = {
    Place.VALUES: ("Values and vision", "what we believe, and where we want to be"),
    Place.OBJECTIVES: ("Objectives", "what we want to reach"),
    Place.STRATEGY: ("Strategy", "how we go about it"),
    Place.TASKS: ("Tasks", "what is to be done"),
    Place.ROLES: ("Roles", "who does it, and who decides"),
}


def diagnosis(visit: Visit, about: Subject, *, asked: bool = True) -> None:
    """The five places with who sees the conflict there; a button for those whom it concerns.

    Without `asked` nothing is shown as long as nobody has said anything.
    """
    found = diagnoses(visit, about)
    if not found.said and not (asked and found.may_say):
        return
    with w.surface("diagnosis"):
        w.heading("Where does the conflict lie?", note="no answer is the right one")
        if found.said:
            w.finding(_finding(found))
            w.show(_table(found))
        else:
            w.show(w.muted("Nobody has said yet what is changing, and where the conflict lies. Two clicks and a note."))
        if found.may_say and st.button("Say how we see it", icon=":material/stethoscope:", key="diagnose"):
            ask(
                about, next((each for each in found.said if each.organisation_id == visit.viewer.organisation_id), None)
            )


def _finding(found: SideBySide) -> str:
    if len(found.said) == 1:
        return f"{found.said[0].organisation} has said how it sees it. How do the others?"
    if not found.differs:
        return (
            f"All {len(found.said)} that answered see it in the same place: {PLACES[found.said[0].place][0].lower()}."
        )
    places = [PLACES[place][0].lower() for place, here in found.by_place.items() if here]
    if len(places) == 1:
        return f"All see it in the same place, {places[0]}, but not the same change. Talk about that first."
    return f"It is seen in {len(places)} places: {', '.join(places)}. Talk about that before the terms."


def _table(found: SideBySide) -> w.Markup:
    columns = [w.Column(title="Where the conflict lies", strong=True), w.Column(title="Who sees it there")]
    rows = [
        (w.two_lines(*PLACES[place]), _who(here) if here else w.muted("Nobody"))
        for place, here in found.by_place.items()
    ]
    return w.table(columns, rows, caption="Where each organisation sees the conflict")


def _who(here: Sequence[Diagnosis]) -> w.Markup:
    return w.Markup("<br>").join(
        w.Markup("<b>{}</b> {}{}").format(
            each.organisation,
            w.muted(f"What is changing: {CHANGING[each.changing].lower()}. {w.day(each.changed_on)}"),
            w.Markup("<br>“{}”").format(each.note) if each.note else "",
        )
        for each in here
    )


@st.dialog("How we see it")
def ask(about: Subject, known: Diagnosis | None) -> None:
    """The two questions and a note, for the viewer's organisation."""
    changes, places = list(Changing), list(Place)
    with st.form("diagnosis", border=False):
        changing = st.radio(
            "What is changing?",
            changes,
            changes.index(known.changing) if known else None,
            format_func=CHANGING.__getitem__,
            key="diagnosis-changing",
        )
        place = st.radio(
            "Where does the conflict lie?",
            places,
            places.index(known.place) if known else None,
            format_func=lambda each: PLACES[each][0],
            captions=[PLACES[each][1] for each in places],
            key="diagnosis-place",
        )
        note = st.text_area(
            "In your own words (optional)",
            known.note if known else "",
            height=90,
            max_chars=LONGEST,
            key="diagnosis-note",
        )
        sent = st.form_submit_button("Say it", type="primary")
    if not sent:
        return
    if changing is None or place is None:
        w.notice("Not said yet.", "Answer both questions. Nothing you typed is lost.", tone="failed")
        return
    with looking() as visit:
        do(
            lambda: say(visit, about, changing=changing, place=place, note=note or ""),
            "It stands beside the others now.",
        )
