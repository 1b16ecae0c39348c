"""Who is in the room: it decides what may be shown."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from governance import Visit, people
from meetings import holding
from meetings.reading import Meeting, State
from pages.meet import _typed, _who
from pages.shell import widgets as w

WHAT = "room"
_MOST = 999


def surface(visit: Visit, found: Meeting) -> None:
    """The organisations with how many of each are here, and whether the public is."""
    with w.surface("room"):
        held = found.state is not State.PLANNED
        w.heading("In the room" if held else "Invited", number=len(found.here if held else found.presence))
        if held and not found.here:
            w.notice("Nobody is noted yet.", "Until then only open data may be shown.", tone="owed")
        rows = w.Markup("").join(_row(each.organisation, _here(each.here) if held else "") for each in found.presence)
        w.show(w.Markup('<ul class="ct-plain" role="list">{}</ul>').format(rows))
        if held:
            verb = "was" if found.state is State.CLOSED else "is"
            w.show(
                w.muted(f"The public {verb} in the room." if found.public else f"The public {verb} not in the room.")
            )
        if found.state is State.HELD and _who.may_record(visit):
            words = "Change who is here" if found.here else "Say who is here"
            asks = (found.brief.name, WHAT, "")
            _typed.button(words, key="whoishere", icon="group_add", asks=asks, quiet=True)


def _row(organisation: str, here: str) -> w.Markup:
    return w.Markup('<li class="ct-ends"><b>{}</b><span>{}</span></li>').format(organisation, here)


def _here(number: int) -> str:
    return f"{number:,} here" if number else "not here"


def dialog(visit: Visit, found: Meeting) -> None:
    """Who is in the room, counted by organisation."""
    invited = {each.organisation_id: each.organisation for each in found.presence}
    others = {each.id: each.name for each in people.organisations(visit) if each.id not in invited}
    before = {each.organisation_id: each.here for each in found.presence}
    name = found.brief.name

    def fields() -> None:
        for each, words in invited.items():
            st.number_input(w.as_label(words), 0, _MOST, key=_typed.key(each, before[each]))
        if others:
            st.multiselect("Also here", list(others), key=_typed.key("others", []), format_func=others.__getitem__)
        st.checkbox("The public is in the room", key=_typed.key("public", found.public))

    def make(again: Visit) -> str:
        here = {each: int(_typed.value(each) or 0) for each in invited}
        here |= dict.fromkeys(_typed.value("others") or (), 1)
        say(again, name, here, public=bool(_typed.value("public")))
        return "Who is in the room is noted."

    _typed.dialog("Who is in the room", "This is who is here", fields=fields, make=make)


def say(visit: Visit, name: str, here: Mapping[str, int], *, public: bool) -> None:
    """Note who is in the room, organisations without anybody left out."""
    holding.say_who_is_here(visit, name, {each: number for each, number in here.items() if number}, public=public)
