"""What stands in the way of sharing a dataset: the eight, what would remove each, and who would."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from governance import Action, Visit, may
from pages.share import _candidate_words as words
from pages.shell import widgets as w
from pages.shell.again import do, looking
from sharing.barriers import LONGEST, Standing, note
from sharing.candidates import Entry
from sharing.ranking import Barrier

_STATES = {True: "It stands in the way", False: "It does not"}


def barriers(visit: Visit, found: Entry) -> None:
    """A line each, what stands in the way first; one button to say more of any of them."""
    standing = sum(each.stands for each in found.barriers.values())
    with w.surface("barriers"):
        w.heading("What stands in the way", number=standing)
        for each in sorted(Barrier, key=lambda one: _place(found.barriers.get(one))):
            known = found.barriers.get(each)
            w.show(w.with_icon(_symbol(known), w.two_lines(words.BARRIERS[each][0], _detail(known))))
        owner = found.dataset.organisation_id
        if may(visit, Action.BARRIER_NOTED, organisation_id=owner) and st.button("Say what does", key="barrier"):
            ask(found.dataset.id, found.barriers)


def _place(known: Standing | None) -> int:
    return 1 if known is None else 0 if known.stands else 2


def _symbol(known: Standing | None) -> str:
    return "help" if known is None else "block" if known.stands else "check_circle"


def _detail(known: Standing | None) -> str:
    if known is None:
        return "Nobody has said."
    parts = [f"{_STATES[known.stands]}{'' if known.by else ', says the catalogue'}."]
    if known.stands and known.remedy:
        parts.append(f"Would remove it: {known.remedy}")
    if known.stands and known.who:
        parts.append(f"({known.who})")
    return " ".join(parts)


@st.dialog("What stands in the way")
def ask(dataset_id: str, standing: Mapping[Barrier, Standing]) -> None:
    """Of one of the eight, whether it does, what would remove it and who would."""
    every = list(Barrier)
    barrier: Barrier = st.selectbox(
        "Which of the eight?", every, format_func=lambda each: words.BARRIERS[each][0], key="barrier-which"
    )
    known = standing.get(barrier)
    with st.form(f"barrier-{barrier.value}", border=False):
        said = list(_STATES)
        stands = st.radio(
            "Does it stand in the way of sharing?",
            said,
            said.index(known.stands) if known else None,
            format_func=_STATES.__getitem__,
            key=f"stands-{barrier.value}",
        )
        remedy = st.text_area(
            "What would remove it? (optional)",
            known.remedy if known else "",
            height=90,
            max_chars=LONGEST,
            key=f"remedy-{barrier.value}",
        )
        who = st.text_input(
            "Who would? (optional)", known.who if known else "", max_chars=200, key=f"who-{barrier.value}"
        )
        sent = st.form_submit_button("Save", type="primary")
    if sent and stands is None:
        w.notice("Not saved yet.", "Say whether it stands in the way. Nothing you typed is lost.", tone="failed")
    elif sent:
        made = Standing(barrier=barrier, stands=bool(stands), remedy=remedy or "", who=who or "")
        with looking() as visit:
            do(lambda: note(visit, dataset_id, made), "Saved.")
