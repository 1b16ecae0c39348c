"""Dialogs that lose nothing: open while the page is drawn anew beneath, and put aside with what was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from governance import Visit
from pages.shell import frame
from pages.shell.again import do, looking

_OPEN, _KEPT, _WIDGET = "dialog-open", "dialog-kept", "dialogfield-"


def button(words: str, *, key: str, icon: str, asks: tuple[str, str, str], quiet: bool = False) -> None:
    """A button that opens a dialog; `asks` are the meeting, which dialog, and what it is about."""
    if st.button(words, key=key, icon=f":material/{icon}:", type="tertiary" if quiet else "secondary"):
        st.session_state[_OPEN] = asks
        st.rerun(scope="app")


def asked(meeting: str) -> tuple[str, str]:
    """Which dialog of this meeting is open and what it is about, ("", "") for none."""
    open_now: tuple[str, str, str] = st.session_state.get(_OPEN, ("", "", ""))
    return open_now[1:] if open_now[0] == meeting else ("", "")


def key(field: str, start: Any = "") -> str:
    """The key of a field's widget, which begins with what was typed before, else with `start`."""
    name = _WIDGET + "-".join((*st.session_state[_OPEN], field))
    if name not in st.session_state:
        st.session_state[name] = st.session_state.get(_KEPT, {}).get(name, start)
    return name


def value(field: str) -> Any:
    """What a field says now."""
    return st.session_state.get(_WIDGET + "-".join((*st.session_state[_OPEN], field)))


def dialog(title: str, save: str, *, fields: Callable[[], None], make: Callable[[Visit], str]) -> None:
    """A dialog with these fields; `make` does what was asked for and answers the sentence that says so.

    A click beside it or the Escape key would forget what stands in the fields: a second button puts it aside instead.
    """
    st.dialog(title, dismissible=False)(_form)(save, fields, make)


def _form(save: str, fields: Callable[[], None], make: Callable[[Visit], str]) -> None:
    with st.form("dialog", border=False):
        fields()
        with st.container(horizontal=True, gap="small"):
            sent = st.form_submit_button(save, type="primary")
            aside = st.form_submit_button("Not now")
    if sent or aside:
        _keep()
    if aside:
        close()
        st.rerun(scope="app")
    if sent:
        with looking() as visit:
            do(lambda: make(visit), then=_done)


def close() -> None:
    """No dialog is open from the next run on."""
    st.session_state.pop(_OPEN, None)


def _mine() -> str:
    return _WIDGET + "-".join((*st.session_state[_OPEN], ""))


def _keep() -> None:
    kept = st.session_state.setdefault(_KEPT, {})
    kept |= {name: said for name, said in st.session_state.items() if str(name).startswith(_mine())}


def _done(said: str) -> None:
    """Nothing of it is kept here once it is kept there."""
    kept = st.session_state.get(_KEPT, {})
    for name in [each for each in kept if str(each).startswith(_mine())]:
        del kept[name]
    close()
    frame.say(said)
