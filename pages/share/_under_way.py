"""Registrations on their way: what waits for the viewer first, then the others; what was decided apart."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from catalogue import registering
from catalogue.registering import Registration
from governance import Visit
from pages.share import _words
from pages.shell import widgets as w

_DECIDED = (registering.APPROVED, registering.DECLINED)


def show(visit: Visit, every: Sequence[Registration]) -> None:
    """What is not decided yet; a list that is empty is left out."""
    waits = [each for each in every if _waits(visit, each)]
    others = [each for each in every if each not in waits and each.state not in _DECIDED]
    if waits:
        steward = any(each.state == registering.SUBMITTED for each in waits)
        _list(visit, waits, key="waits", words="Waiting for your decision" if steward else "Waiting for you")
    if others:
        _list(visit, others, key="others", words="Being registered")


def decided(visit: Visit, every: Sequence[Registration]) -> None:
    """What was decided earlier, folded away."""
    found = [each for each in every if each.state in _DECIDED]
    if found:
        with st.expander(f"Registrations decided earlier: {len(found):,}"):
            for each in found:
                _item(visit, each)


def _waits(visit: Visit, each: Registration) -> bool:
    if each.state == registering.SUBMITTED:
        return _words.decides(visit, each.organisation_id)
    return each.state == registering.CHANGES_ASKED and each.is_mine


def _list(visit: Visit, found: Sequence[Registration], *, key: str, words: str) -> None:
    with w.surface(key):
        w.heading(words, number=len(found))
        for each in found:
            _item(visit, each)


def _item(visit: Visit, each: Registration) -> None:
    state = _words.STATES[each.state]
    title = each.answers.title or _words.UNNAMED
    said = "" if _waits(visit, each) and each.state == registering.SUBMITTED else f". {state.word}"
    words = w.Markup("{}{}").format(w.link(title, w.href("registration", id=each.id)), said)
    when = f"{_words.name_of(visit, each.by)}, {w.day(each.changed_at)}"
    note = each.note.partition("\n")[0]
    detail = f"{when}: {w.plain(note, 160)}" if note and each.state != registering.SUBMITTED else when
    with w.item(each.id, words, symbol=state.symbol, detail=detail):
        action, path = _action(visit, each)
        w.show(w.to_page(action, w.href(path, id=each.id)))


def _action(visit: Visit, each: Registration) -> tuple[str, str]:
    if each.state == registering.SUBMITTED and _words.decides(visit, each.organisation_id):
        return "Decide", "registration"
    if each.is_mine and each.state == registering.DRAFT:
        return "Go on", "register"
    if each.is_mine and each.state == registering.CHANGES_ASKED:
        return "Change it", "register"
    return "Look", "registration"
