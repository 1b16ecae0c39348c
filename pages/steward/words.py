"""Search words: groups of words that mean the same, so that a search for one finds the others."""

from __future__ import annotations

import zlib

import streamlit as st

from catalogue import search
from catalogue.search import Query
from governance import Role, Visit
from pages import Page
from pages.shell import widgets as w
from pages.shell.again import do

PAGE = Page(title="Search words", role=frozenset({Role.STEWARD, Role.ADMIN}), icon="spellcheck", order=40)
_LEDE = "Words that mean the same here: a search for one finds the others."
_HOW = (
    "One line is one group, with commas between the words.",
    "A group may hold several words of its own: “looked-after children”.",
    "Plurals, accents and small typing errors are found without a line here.",
)


def render(visit: Visit) -> None:
    """The groups as lines, and a place to try a search."""
    w.page_header("Search words", _LEDE)
    groups = search.synonyms(visit)
    left, right = w.main_and_aside()
    with left, w.surface("words"):
        _edit(visit, groups)
    with right:
        w.show(w.aside_block("How to write them"))
        w.show(w.numbered(_HOW))
        _try(visit)


def _edit(visit: Visit, groups: tuple[tuple[str, ...], ...]) -> None:
    w.heading("Groups", number=len(groups))
    text = "\n".join(", ".join(group) for group in groups)
    with st.form("words", border=False):
        # Another text is another box: what was typed over an older one does not stay in it.
        key = f"words-{zlib.crc32(text.encode())}"
        given = st.text_area("One group a line", text, height=min(max(len(groups), 6), 18) * 27 + 20, key=key)
        saved = st.form_submit_button("Save", type="primary")
    if saved:
        lines = [line.split(",") for line in given.splitlines() if line.strip(" ,")]
        do(
            lambda: search.save_synonyms(visit, lines),
            f"{w.count(len(lines), 'group')} saved. Searches follow at once.",
        )


def _try(visit: Visit) -> None:
    """What a word finds now, with the reason each was found."""
    word = st.text_input("Try a word", placeholder="pupils", key="tryword").strip()
    if not word:
        return
    found = search.find(visit, Query(text=word, size=5))
    if not found.total:
        w.show(w.muted("Nothing is found."))
        return
    lines = w.Markup("").join(
        w.Markup("<li>{}</li>").format(
            w.two_lines(w.link(w.plain(hit.title, 90), w.href("dataset", id=hit.id)), hit.why)
        )
        for hit in found.hits
    )
    w.show(w.Markup('<ul class="ct-samples ct-plain" role="list">{}</ul>').format(lines))
    w.show(w.go(f"All {w.count(found.total, 'dataset')}", w.href("catalogue", q=word)))
