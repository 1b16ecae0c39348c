"""States of a page that are not its content: notices, held, empty, refused, failed. All calmly worded, none in red."""

from __future__ import annotations

import hashlib
from typing import Literal

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

from pages.shell.layout import Words
from pages.shell.text import icon, show

_NOTICE_ICONS = {"done": "check_circle", "info": "info", "owed": "schedule", "failed": "error"}
Tone = Literal["done", "info", "owed", "failed"]


def notice(first: Words, rest: Words = "", *, tone: Tone = "info", action: Words = "") -> None:
    """Bold first words, what they mean, one action as a link; orange when something is owed or has failed.

    `failed` is announced at once to screen readers (role alert), the others politely (role status).
    """
    role = "alert" if tone == "failed" else "status"
    show(
        Markup('<div class="ct-notice ct-{}" role="{}">{}<p><b>{}</b> {} {}</p></div>').format(
            tone, role, icon(_NOTICE_ICONS[tone]), first, rest, action
        )
    )


def _key(*words: object) -> str:
    return hashlib.sha256("|".join(str(word) for word in words).encode()).hexdigest()[:10]


def held_banner(sentence: Words, cause: Words, *, key: str = "") -> DeltaGenerator:
    """Something waits for a person: a serif sentence with what has *not* happened, the cause, then the buttons.

    Answers the place for the buttons, the safest first: `with held_banner(...):`.
    """
    with st.container(key=f"held-{key or _key(sentence)}", horizontal=True, vertical_alignment="center", gap="medium"):
        show(
            Markup('<div class="ct-heldwords" role="status">{}<p class="ct-finding">{}</p><p>{}</p></div>').format(
                icon("back_hand"), sentence, cause
            )
        )
        return st.container(key=f"heldactions-{key or _key(sentence)}", width=230, gap="xsmall")


def empty_state(symbol: str, sentence: Words, what: Words = "", *, key: str = "") -> DeltaGenerator:
    """Nothing to show, and what to do about it; answers the place for one or two buttons under it."""
    return _state("empty", symbol, (sentence, what, key))


def refusal(sentence: Words, whom: Words, *, key: str = "") -> DeltaGenerator:
    """The viewer may not see this: why, and whom to ask; answers the place for the buttons."""
    return _state("refusal", "lock", (sentence, whom, key))


def failure(reference: str, whom: Words = "the administrator") -> DeltaGenerator:
    """Something went wrong on our side; the reference finds it in the log. Answers the place for "Try again"."""
    what = Markup('Your work is safe. Try again; if it stays, give {} the reference <span class="ct-ref">{}</span>.')
    return _state("failure", "error", ("This page could not be made", what.format(whom, reference), reference))


def _state(kind: str, symbol: str, words: tuple[Words, Words, str]) -> DeltaGenerator:
    sentence, what, key = words
    name = key or _key(kind, sentence)
    role = "alert" if kind == "failure" else "status"
    with st.container(border=True, key=f"state-{kind}-{name}", horizontal_alignment="center", gap="small"):
        show(
            Markup('<div class="ct-state" role="{}">{}<p class="ct-finding">{}</p><p>{}</p></div>').format(
                role, icon(symbol), sentence, what
            )
        )
        return st.container(key=f"stateactions-{name}", horizontal=True, horizontal_alignment="center", gap="small")
