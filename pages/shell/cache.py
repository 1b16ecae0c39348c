"""The only place where `st.cache_data` may be used: it is shared by all viewers, so the viewer is part of the key."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

import streamlit as st

from governance import Visit

Answer = TypeVar("Answer")


@st.cache_data(max_entries=2000, show_spinner=False)
def _kept(key: tuple[Hashable, ...], _make: Callable[[], Any]) -> Any:
    return _make()


def clearance(visit: Visit) -> tuple[Hashable, ...]:
    """What decides what a viewer may see: the person, the organisation, the roles, the day (agreements end by days)."""
    viewer = visit.viewer
    return (
        viewer.username,
        viewer.organisation_id,
        tuple(sorted(role.value for role in viewer.roles)),
        visit.today.isoformat(),
    )


def per_viewer(visit: Visit, version: Hashable) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Keep an answer for this viewer and this version of the data: `per_viewer(visit, stamp)(room.counts)(visit, q)`.

    `version` is whatever changes when the data change (a catalogue's stamp). The first argument of the function is
    taken to be the visit and is not part of the key; the others must be hashable and are.
    """

    def wrap(ask: Callable[..., Answer]) -> Callable[..., Answer]:
        @functools.wraps(ask)
        def answer(given: Visit, *rest: Hashable, **named: Hashable) -> Answer:
            name = f"{ask.__module__}.{ask.__qualname__}"
            key = (name, clearance(given), version, rest, tuple(sorted(named.items())))
            kept: Answer = _kept(key, lambda: ask(given, *rest, **named))
            return kept

        return answer

    return wrap
