"""Pausing at once: what and why. The one dialog, wherever an owner meets what is its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import streamlit as st

from catalogue import holding
from governance import Visit, holds
from governance.access import Scope
from governance.agreements import reading
from governance.agreements.reading import State
from governance.people import Person, people
from pages.shell import widgets as w
from pages.shell.again import do, looking

_COUNTS = (
    "It counts from the next look on, on a projected screen too. “Everything” is all your data, and what your people "
    "see of others. You lift it when you like; then all is as it was."
)
_MAY_END = frozenset({State.ACTIVE, State.NOT_STARTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class What:
    """Something that the viewer's organisation may pause."""

    scope: Scope
    object_id: str
    words: str
    organisation_id: str = ""
    """For which it is paused; "" for the viewer's own."""


def dataset(found_id: str, title: str) -> What:
    """One dataset."""
    return What(scope=Scope.DATASET, object_id=found_id, words=w.plain(title, 80))


def everything(visit: Visit) -> What:
    """The viewer's whole organisation."""
    words = f"Everything of {visit.viewer.organisation}"
    return What(scope=Scope.ORGANISATION, object_id=visit.viewer.organisation_id, words=words)


def person(found: Person) -> What:
    """What one person sees of other organisations."""
    words = f"{found.display}: what they see of others"
    return What(scope=Scope.PERSON, object_id=found.username, words=words, organisation_id=found.organisation_id)


def all_but_datasets(visit: Visit) -> tuple[What, ...]:
    """The organisation, the agreements in which it gives data, its people; what it has paused already is left out."""
    ours = visit.viewer.organisation_id
    stopped = {
        (each.scope, each.object_id) for each in holds.holds(visit, open_only=True) if each.organisation_id == ours
    }
    offered = (everything(visit), *_agreements(visit), *_people(visit))
    return tuple(each for each in offered if (each.scope, each.object_id) not in stopped)


def _agreements(visit: Visit) -> Iterator[What]:
    ours = visit.viewer.organisation_id
    for each in reading.agreements(visit):
        if each.state not in _MAY_END:
            continue
        parties = reading.agreement(visit, each.id).parties
        if any(party.organisation_id == ours and party.role.gives for party in parties):
            words = f"Agreement {each.name}, {w.plain(each.title, 80)}"
            yield What(scope=Scope.AGREEMENT, object_id=each.id, words=words)


def _people(visit: Visit) -> Iterator[What]:
    for each in people(visit, organisation_id=visit.viewer.organisation_id, active_only=True):
        yield person(each)


@st.dialog("Pause at once")
def ask(choices: tuple[What, ...]) -> None:
    """What is paused, the first of these unless another is chosen, and why."""
    st.caption(_COUNTS)
    with st.form("pause", border=False):
        what = st.selectbox("What", choices, format_func=lambda each: each.words, key="pause-what")
        why = st.text_area(
            "Why", height=90, max_chars=1000, key="pause-why", help="Everybody who meets the pause reads it."
        )
        sent = st.form_submit_button("Pause it now", type="primary", icon=":material/pause_circle:")
    if sent and what is not None:
        with looking() as visit:
            do(lambda: _place(visit, what, why or ""), "It is paused from now on.")


def _place(visit: Visit, what: What, why: str) -> None:
    if what.scope is Scope.DATASET:
        holding.hold(visit, what.object_id, why)
        return
    whose = what.organisation_id or visit.viewer.organisation_id
    holds.place(visit, what.scope, what.object_id, organisation_id=whose, reason=why)
