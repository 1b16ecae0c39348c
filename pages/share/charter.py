"""The charter: what everybody here promises about the use of data, and what each use is asked because of it."""

from __future__ import annotations

import streamlit as st

from governance import Action, Visit, may
from pages import EVERYONE, Page
from pages.share import _agreement_words
from pages.shell import widgets as w
from sharing import charter
from sharing.charter import Charter

PAGE = Page(title="Charter", role=EVERYONE, icon="verified_user", order=37, hidden=True)
_LEDE = "What we promise about the use of data. Every new use is held against it before it begins."
_CHANGES = {"added": "New", "reworded": "Reworded", "removed": "Taken out"}


def render(visit: Visit) -> None:
    """The version in force, or the earlier one of the address; what it changed; and the way to the next."""
    adopted = charter.charters(visit)
    asked = str(st.query_params.get("version", ""))
    crumbs = [("Share", w.href("our-data")), ("What data are used for", w.href("uses"))]
    with w.page_header("Charter", _LEDE, breadcrumbs=crumbs):
        if may(visit, Action.CHARTER_WRITTEN):
            begin = "Write the next version" if adopted else "Write it"
            label = "Go on with the draft" if charter.draft(visit) else begin
            w.show(w.to_page(label, w.href("charter-draft"), symbol="edit"))
    if not adopted:
        what = "Until one is adopted, uses begin once their owners agreed and an agreement covers them."
        with w.empty_state("verified_user", "No charter is adopted yet", what, key="none"):
            if not may(visit, Action.CHARTER_WRITTEN):
                w.show(w.muted("A facilitator writes it down, with the people it is about."))
        return
    shown = next((each for each in adopted if str(each.version) == asked), adopted[0])
    before = next((each for each in adopted if each.version < shown.version), None)
    left, right = w.main_and_aside()
    with left, w.surface("clauses"):
        _shown(shown, adopted[0])
    with right:
        _beside(shown, adopted)
        _changed(shown, before)


def _shown(shown: Charter, newest: Charter) -> None:
    if not shown.intact:
        w.notice("This is not what was adopted.", "Nothing begins until an administrator saw to it.", tone="failed")
    if shown is not newest:
        w.notice("An earlier version.", w.link("Read the one in force", w.href("charter")), tone="owed")
    w.heading(f"Version {shown.version}", number=len(shown.clauses), note="clauses")
    for each in shown.clauses:
        w.item(
            f"clause-{each.code}",
            w.Markup("{} {}").format(w.strong(f"{each.title}."), _agreement_words.lines(each.text)),
            symbol="check",
            detail=f"Asked of every use: {each.question}",
        )


def _beside(shown: Charter, adopted: tuple[Charter, ...]) -> None:
    lines: list[w.Markup | str] = [shown.wording.agreed_by] if shown.wording.agreed_by else []
    lines.append(f"Written down by {shown.adopted_by} on {w.day(shown.adopted_on)}.")
    if shown.wording.review_on:
        lines.append(f"It is looked at again on {w.day(shown.wording.review_on)}.")
    w.show(w.aside_block("Who agreed to it", *lines, w.muted(f"Fingerprint {shown.hash[:16]}")))
    others = [each for each in adopted if each is not shown]
    if others:
        links = (
            w.link(f"Version {each.version}, {w.day(each.adopted_on)}", w.href("charter", version=each.version))
            for each in others
        )
        w.show(w.aside_block("Other versions", *links))


def _changed(shown: Charter, before: Charter | None) -> None:
    if before is None:
        return
    told = [f"{_CHANGES[each.what]}: {each.clause.title}" for each in charter.changes(before, shown)]
    w.show(w.aside_block(f"What changed after version {before.version}", shown.wording.note, *told))
