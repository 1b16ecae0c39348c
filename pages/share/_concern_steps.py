"""The next step of a concern, for whoever may take it: say it back, agree, answer, settle."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from governance import Visit, concerns
from governance.concerns import Concern, ShowAs, State
from pages.shell import widgets as w
from pages.shell.again import do

Step = tuple[str, Callable[[Visit, str, str], None], str]
"""Words of the button; what it does with visit, concern and receipt code; what is said when it is done."""


def _settles(state: State) -> Callable[[Visit, str, str], None]:
    return lambda visit, identifier, code: concerns.settle(visit, identifier, state, receipt=code)


_AGREE: Step = (
    "Yes, that is it",
    lambda visit, identifier, code: concerns.agree(visit, identifier, receipt=code),
    "Now it can be answered.",
)
_NOT_QUITE: Step = (
    "No, not quite",
    lambda visit, identifier, code: concerns.not_quite(visit, identifier, receipt=code),
    "Somebody will say it back once more.",
)
_EASED: Step = ("It eases my worry", _settles(State.EASED), "It is eased.")
_CARRIED: Step = ("It stays: I carry it", _settles(State.CARRIED), "It stays, and everybody knows.")
_CLOSED: Step = ("I close it", _settles(State.CLOSED), "It is closed.")
_RAISERS: dict[State, tuple[Step, ...]] = {
    State.RAISED: (_CLOSED,),
    State.RESTATED: (_AGREE, _NOT_QUITE, _CLOSED),
    State.AGREED: (_CLOSED,),
    State.ANSWERED: (_EASED, _CARRIED, _CLOSED),
    State.CARRIED: (_EASED, _CLOSED),
}


def next_steps(visit: Visit, found: Concern) -> None:
    """What can be done now by this person; of one without a name, by whoever has its code."""
    steps = _RAISERS.get(found.state, ())
    if found.is_mine and steps:
        with w.surface("yours"):
            w.finding(_yours(found))
            with st.container(key="yoursteps", horizontal=True, gap="small"):
                for step in steps:
                    _button(visit, found, step)
    if not found.is_mine:
        _others(visit, found)
    if found.show_as is ShowAs.NOBODY and steps:
        _with_code(visit, found, steps)


def _yours(found: Concern) -> str:
    if found.state is State.RESTATED:
        return "Is that what you meant?"
    if found.state is State.ANSWERED:
        return "You have an answer. What becomes of your worry?"
    return "Only you can close it."


def _button(visit: Visit, found: Concern, step: Step) -> None:
    """All of them look alike: none is the one that is hoped for."""
    label, take, said = step
    if st.button(label, key=f"step-{label}"):
        do(lambda: take(visit, found.id, ""), said)


def _others(visit: Visit, found: Concern) -> None:
    if found.state in (State.RAISED, State.RESTATED):
        label, button, said = (
            "What you understood, in your own words",
            "Say it back",
            "Who raised it says if that is it.",
        )
        take, sentence = concerns.restate, "Say it back before anybody answers it."
    elif found.state in (State.AGREED, State.ANSWERED, State.CARRIED):
        label, button, said = (
            "The answer, with your name",
            "Answer it",
            "It is answered. Who raised it says what comes of it.",
        )
        take, sentence = (
            concerns.answer,
            "It can be answered." if found.state is State.AGREED else "Answer it once more?",
        )
    else:
        return
    with w.surface("others"):
        w.finding(sentence, _advice(found))
        with st.form("others", border=False):
            words = st.text_area(label, height=110, max_chars=concerns.LONGEST, key=f"say-{found.state.value}")
            sent = st.form_submit_button(button, type="primary")
        if sent:
            do(lambda: take(visit, found.id, words or ""), said)


def _advice(found: Concern) -> str:
    if found.state in (State.RAISED, State.RESTATED):
        return "Not whether it is right: only what you heard."
    if found.asks_for_conversation:
        return "It asks for a conversation rather than a control: say when, and with whom, you will talk."
    return ""


def _with_code(visit: Visit, found: Concern, steps: tuple[Step, ...]) -> None:
    """For who raised it without a name: the code goes into the form and nowhere else."""
    with st.expander("You raised it? Your receipt code says so"):
        with st.form("code", border=False, clear_on_submit=True):
            chosen = st.radio(_yours(found), range(len(steps)), format_func=lambda at: steps[at][0], key="code-step")
            code = st.text_input("Receipt code", key="code", autocomplete="off")
            sent = st.form_submit_button("Do it")
        if sent:
            _, take, said = steps[chosen or 0]
            do(lambda: take(visit, found.id, code or ""), said)
