"""An agreement while it is written: its fields and its schedule rows, kept beside the widgets until it is saved."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from governance.access import Use
from governance.agreements.channels import channels
from governance.agreements.document import Document, ScheduleLine

_STATE, _WIDGET = "agreement", "agreement-"
TEXTS = ("who", "purpose", "how", "access", "privacy", "retention", "breach_contact", "told_people", "legal_advice")
DATE = "DD/MM/YYYY"
"""How the date widgets write a day."""
LONGEST = 2_000
"""Characters of a text."""
ROW_TEXTS = ("format", "frequency", "acknowledgement", "source_line", "privacy_note")
_ROW_VALUES = ("channel", "detail", "min_cell", "first", "last")
_USUAL_USES = (Use.VIEW, Use.PRESENT)
USUAL_CHANNEL = next(iter(channels()))


@dataclass(slots=True, kw_only=True)
class Form:
    """One version being written."""

    agreement_id: str = ""
    """ "" until it was saved once."""
    version_id: str = ""
    kept: Document
    """As it was when it was opened."""
    seen: str = ""
    """Hash of what it said then: a save over somebody else's change is refused."""
    change_note: str = ""
    schedule_only: bool = False
    """An amendment n.m: the terms stay as they were signed."""
    rows: dict[str, ScheduleLine] = field(default_factory=dict)
    """Row -> what stood in it when it was added."""
    order: list[str] = field(default_factory=list)
    tried: bool = False
    """Whether somebody has pressed the button: from then on each field says what it lacks."""


def open_form(asked: Form) -> Form:
    """The form on this screen when it is the same version's, so that what was typed stays; else the one asked for."""
    found: Form | None = st.session_state.get(_STATE)
    # Streamlit forgets the widgets of a page that was left: their form begins anew then, never empty.
    drawn = key("change_note" if asked.schedule_only else "title")
    if found is None or found.version_id != asked.version_id or drawn not in st.session_state:
        _begin(asked)
        return asked
    return found


def _begin(form: Form) -> None:
    forget()
    st.session_state[_STATE] = form
    document, said = form.kept, form.kept.terms
    values: dict[str, Any] = {name: getattr(said, name) for name in TEXTS}
    values |= {name: getattr(document, name) for name in ("title", "kind", "starts_on", "ends_on", "review_on")}
    values |= {"purposes": list(said.purposes), "change_note": form.change_note}
    values["person_level"] = said.person_level if form.version_id else None
    values["parties"] = [each.organisation for each in document.parties if each.organisation != document.lead]
    values["uses"] = [use for use in Use if any(use in row.uses for row in document.schedule)] or list(_USUAL_USES)
    for name, value in values.items():
        st.session_state[key(name)] = value
    for party in document.parties:
        st.session_state[key("role", party.organisation)] = party.role
    for line in document.schedule:
        put(form, line)


def key(word: str, row: str = "") -> str:
    """Of the widget of a field."""
    return f"{_WIDGET}{word}-{row}" if row else f"{_WIDGET}{word}"


def said(word: str, row: str = "") -> Any:
    """What the widget of a field says now, None while it was never drawn."""
    return st.session_state.get(key(word, row))


def add(form: Form, receivers: tuple[str, ...]) -> None:
    """Somebody presses "Add a dataset": everybody else receives it, for the usual uses."""
    uses = tuple(said("uses") or _USUAL_USES)
    line = ScheduleLine(dataset="", title="", owner="", channel=USUAL_CHANNEL, uses=uses, receivers=receivers)
    put(form, line)


def put(form: Form, line: ScheduleLine) -> None:
    """Add a row as the last one."""
    row = uuid.uuid4().hex[:8]
    form.rows[row] = line
    form.order.append(row)
    values: dict[str, Any] = {name: getattr(line, name) for name in (*ROW_TEXTS, *_ROW_VALUES)}
    values |= {name: list(getattr(line, name)) for name in ("uses", "receivers", "people", "purposes")}
    values["dataset"] = line.dataset or None
    if set(line.purposes) >= set(form.kept.terms.purposes):
        values["purposes"] = []
    for name, value in values.items():
        st.session_state[key(name, row)] = value


def take_out(form: Form, row: str) -> None:
    """Somebody takes a row off the schedule."""
    form.order.remove(row)
    del form.rows[row]


def forget() -> None:
    """Empty the form on this screen."""
    for each in [each for each in st.session_state if str(each).startswith(_WIDGET) or each == _STATE]:
        del st.session_state[each]
