"""Trying a source: what its first page holds, or the sentence that says why it cannot be read."""

from __future__ import annotations

import json

import streamlit as st

from catalogue.sources import NewSource, Source
from connectors._trial import Trial, try_reading
from governance import CommonTableError, Visit
from pages.shell import widgets as w

_KEPT = "source-trial"


def read(visit: Visit, draft: NewSource, old: Source | None) -> None:
    """Try it, or say why it cannot be read. What was found is kept for as long as the draft stays the same."""
    st.session_state.pop(_KEPT, None)
    try:
        with st.spinner("Reading the first page"):
            found = try_reading(visit, draft, of=old.id if old else "")
    except CommonTableError as error:
        w.notice("It could not be read.", error.sentence, tone="failed")
        return
    st.session_state[_KEPT] = (_mark(draft), found)


def say(draft: NewSource) -> None:
    """That it was tried, beside the buttons: what was found stands at the side."""
    if _found(draft) is not None:
        w.notice("It can be read.", "What was found stands beside this form. Nothing is kept yet.", tone="done")


def _found(draft: NewSource) -> Trial | None:
    mark, found = st.session_state.get(_KEPT, ("", None))
    return found if isinstance(found, Trial) and mark == _mark(draft) else None


def show(draft: NewSource) -> bool:
    """What the last trial found, when it was one of this very draft."""
    if (found := _found(draft)) is None:
        return False
    w.show(w.aside_block("Tried: nothing is kept yet"))
    with st.container(key="trial"):
        w.finding(_sentence(found), _rest(found))
        lines = w.Markup("").join(
            w.Markup("<li>{}<span>{}</span></li>").format(
                w.swatch(each.band.value, 20),
                w.two_lines(
                    w.plain(each.title, 90), f"{w.BANDS[each.band.value].label}. {w.plain(each.publisher, 60)}"
                ),
            )
            for each in found.samples
        )
        w.show(w.Markup('<ul class="ct-samples" role="list">{}</ul>').format(lines))
        if found.rejections:
            _rejected(found)
    return True


def _mark(draft: NewSource) -> str:
    """What decides what a trial finds; the key is no part of it, so it stands nowhere else."""
    return json.dumps([draft.kind, draft.location, dict(draft.options), draft.allow])


def _sentence(found: Trial) -> str:
    if found.total is not None:
        return f"It can be read: it says that it has {w.count(found.total, 'record')}."
    return "It can be read."


def _rest(found: Trial) -> str:
    rejected = f", and {w.count(len(found.rejections), 'record')} could not be taken" if found.rejections else ""
    held = w.count(found.records, "dataset")
    return f"The first page holds {held}{rejected}. The first few, and where they would stand:"


def _rejected(found: Trial) -> None:
    groups: dict[tuple[str, str], int] = {}
    for each in found.rejections:
        key = (each.reason, each.what_to_change)
        groups[key] = groups.get(key, 0) + 1
    lines = [f"{number:,}: {reason}. {change}" for (reason, change), number in list(groups.items())[:5]]
    w.show(w.aside_block("What could not be taken", *lines))
