"""One person in the list of people: roles, when last here, whether paused, and the buttons."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from governance import Role, Visit, holds
from governance.access import Scope
from governance.holds import Hold
from governance.people import Person
from pages.share import _pausing
from pages.shell import widgets as w
from pages.shell.again import do


def paused(visit: Visit) -> Mapping[str, Hold]:
    """The holds on people, by username."""
    return {each.object_id: each for each in holds.holds(visit, open_only=True) if each.scope is Scope.PERSON}


def line(visit: Visit, person: Person, placed: Hold | None) -> bool:
    """The line with its buttons; whether "Change" was pressed."""
    roles = ", ".join(role.value for role in Role if role in person.roles)
    seen = f"last here {w.day(person.last_seen_at)}" if person.last_seen_at else "has not signed in yet"
    state = "" if person.active else " · disabled"
    if placed:
        state += f" · paused since {w.day(placed.placed_at)}: “{w.plain(placed.reason, 80)}”"
    with w.item(
        person.username,
        w.strong(person.display),
        symbol="person",
        detail=f"{person.username} · {roles} · {seen}{state}",
    ):
        _pause(visit, person, placed)
        return st.button("Change", key=f"change-{person.username}")


def _pause(visit: Visit, person: Person, placed: Hold | None) -> None:
    """Pause what the person sees of others, or lift that again."""
    if placed:
        if st.button("Lift the pause", key=f"lift-{person.username}"):
            do(lambda: holds.lift(visit, placed.id), f"{person.display} sees again what they saw before.")
    elif person.active and st.button("Pause", key=f"pause-{person.username}"):
        _pausing.ask((_pausing.person(person),))
