"""The answers while they are given: as they stand on the screen and, after every change, as a draft in the database.

Widgets of a question that is not drawn lose their state in Streamlit; the answers are therefore kept beside them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

import streamlit as st

from catalogue import registering
from catalogue.answers import Answers, tidied
from catalogue.registering import Registration
from governance import Visit
from pages.share import _words

_WIDGET = "answer-"
_ID, _ANSWERS, _SAVED, _TRIED = "draft-id", "draft-answers", "draft-saved", "draft-tried"
_NUMBERS = frozenset({"usual_days", "sensitivity", "row_count"})
_ALWAYS_DRAWN = f"{_WIDGET}title"


@dataclass(slots=True, kw_only=True)
class Form:
    """One look at the form: what is answered, what has to change."""

    id: str
    """Of the draft, "" until something is answered."""
    answers: Answers
    problems: dict[str, str] = field(default_factory=dict)
    """Field -> the sentence beside it."""

    def key(self, name: str, shown: object) -> str:
        """The key of a question's widget, which begins with what is shown for the answer so far."""
        key = f"{_WIDGET}{name}"
        if key not in st.session_state:
            st.session_state[key] = shown
        return key


def opened(visit: Visit) -> Form | Registration:
    """The form with the draft of the address, or a new one; the registration itself when it can no longer be changed.

    Whatever is answered is kept as a draft here, before anything is drawn.
    Raises: NotFound when there is no such registration for the viewer.
    """
    asked = str(st.query_params.get("id", ""))
    going_on = _ALWAYS_DRAWN in st.session_state and asked in ("", st.session_state.get(_ID, ""))
    if not going_on:
        found = registering.registration(visit, asked) if asked else None
        if found is not None and not _words.may_edit(visit, found):
            return found
        _begin(found)
    return _kept(visit)


def _begin(found: Registration | None) -> None:
    forget()
    st.session_state[_ID] = found.id if found else ""
    st.session_state[_ANSWERS] = st.session_state[_SAVED] = found.answers if found else Answers()


def _kept(visit: Visit) -> Form:
    """Read the widgets, and keep what has changed."""
    answers = replace(st.session_state[_ANSWERS], **_answered())
    identifier = st.session_state[_ID]
    if tidied(answers) != tidied(st.session_state[_SAVED]):
        identifier = registering.save_draft(visit, answers, registration_id=identifier).id
        # The session first: setting the address can end this run, and the next one must know of the draft.
        st.session_state[_ID], st.session_state[_SAVED] = identifier, answers
    st.session_state[_ANSWERS] = answers
    if identifier and st.query_params.get("id") != identifier:
        st.query_params["id"] = identifier
    return Form(id=identifier, answers=answers)


def _answered() -> dict[str, Any]:
    """What the widgets on the screen say now, as answers."""
    keys = ((each.name, f"{_WIDGET}{each.name}") for each in fields(Answers))
    return {name: _answer(name, st.session_state[key]) for name, key in keys if key in st.session_state}


def _answer(name: str, value: Any) -> Any:
    if name == "columns":
        return tuple(str(value).splitlines())
    if isinstance(value, list):
        return tuple(value)
    return "" if value is None and name not in _NUMBERS else value


def forget() -> None:
    """Empty the form on this screen; the draft stays where it is kept."""
    for key in [each for each in st.session_state if str(each).startswith((_WIDGET, "draft-"))]:
        del st.session_state[key]


def tried() -> bool:
    """Whether somebody has pressed Register: from then on each field says what it lacks."""
    return bool(st.session_state.get(_TRIED))


def try_it() -> None:
    """Somebody presses Register."""
    st.session_state[_TRIED] = True
