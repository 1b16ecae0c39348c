"""Fragments and dialogs run again without the page around them: a visit of their own, and what a button does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import streamlit as st

from governance import CommonTableError, Visit, visiting
from pages.shell import frame
from pages.shell import widgets as w


@contextmanager
def looking(*, touch: bool = True) -> Iterator[Visit]:
    """A visit whose session is checked anew; when it has ended, the page falls to the sign-in page.

    A fragment that draws itself by a timer passes `touch=False`: a page left open is not used.
    """
    with visiting(frame.session_id(), touch=touch) as visit:
        if visit is None:
            st.rerun(scope="app")
        else:
            yield visit


def as_drawn() -> None:
    """For a dialog that repeats what stood on the page: where that may stand no more, the page is drawn anew."""
    with looking(touch=False) as visit:
        if not frame.still_stands(visit):
            st.rerun(scope="app")


def do(change: Callable[[], Any], said: str = "", then: Callable[[Any], Any] | None = None) -> None:
    """Make a change, say so on the page drawn next and draw it; or say here why it was not made."""
    try:
        made = change()
    except CommonTableError as error:
        w.notice("Not done.", error.sentence, tone="failed")
        return
    if said:
        frame.say(said)
    if then is not None:
        then(made)
    st.rerun(scope="app")


def show_only(**query: str) -> None:
    """Leave these choices in the address and no others, "" leaves one out."""
    st.query_params.from_dict({name: value for name, value in query.items() if value})
