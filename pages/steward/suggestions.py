"""Suggestions: corrections that members propose, to take or to answer."""

from __future__ import annotations

import streamlit as st

from catalogue import curation
from catalogue.curation import Suggestion
from catalogue.fields import FieldOrigin, fields_and_sources
from catalogue.history import word
from governance import NotFound, Role, Visit
from pages import Page
from pages.shell import widgets as w
from pages.shell.again import do, looking

PAGE = Page(title="Suggestions", role=frozenset({Role.STEWARD, Role.ADMIN}), icon="edit_note", order=30)
_LEDE = "Corrections that people propose. Taking one changes the field here; the source's own word stays on record."
_MOST_ANSWERED = 20


def render(visit: Visit) -> None:
    """What waits for an answer, and what was answered."""
    w.page_header("Suggestions", _LEDE)
    waiting = curation.suggestions(visit)
    if not waiting:
        what = "Anybody can suggest a correction on the page of a dataset. It appears here."
        with w.empty_state("edit_note", "No suggestion waits", what, key="nosuggestions"):
            w.show(w.go("Browse the catalogue", w.href("catalogue")))
    for each in waiting:
        with w.surface(f"suggestion-{each.id}"):
            _waiting(visit, each)
    _answered(visit)


def _waiting(visit: Visit, each: Suggestion) -> None:
    title = w.link(w.plain(each.title, 160), w.href("dataset", id=each.dataset_id))
    w.heading(title, note=word(each.field))
    now = _now(visit, each)
    before = w.Markup("<del>{}</del>").format(w.plain(now, 400)) if now else w.muted("not stated")
    w.show(
        w.Markup('<div class="ct-suggested"><p>{}</p><p>{}</p><p>{}</p><p><ins>{}</ins></p></div>').format(
            "It says now", before, "Suggested", w.plain(each.value, 400)
        )
    )
    w.quote(each.reason, each.by, w.day(each.at))
    if not each.may_settle:
        w.show(w.with_icon("lock", "A steward of the organisation that owns it answers."))
        return
    with st.container(key=f"suggestionbuttons-{each.id}", horizontal=True, gap="small"):
        if st.button("Take it", key=f"take-{each.id}", icon=":material/check:"):
            do(
                lambda: curation.settle_suggestion(visit, each.id, take=True),
                f"{word(each.field).capitalize()} was corrected.",
            )
        if st.button("Answer instead", key=f"answer-{each.id}"):
            _answer(each.id, each.by)


def _now(visit: Visit, each: Suggestion) -> str:
    """What the field says today."""
    try:
        found: list[FieldOrigin] = fields_and_sources(visit, each.dataset_id)
    except NotFound:
        return ""
    return next((one.value for one in found if one.field == each.field), "")


@st.dialog("Answer instead of taking it")
def _answer(suggestion_id: str, by: str) -> None:
    with looking() as visit:
        st.write(f"{w.as_label(by)} reads your answer. The dataset stays as it is.")
        with st.form("answer", border=False):
            said = st.text_area("Your answer", placeholder="The portal's owner confirmed that the name is right")
            sent = st.form_submit_button("Send the answer", type="primary")
        if sent:
            do(lambda: curation.settle_suggestion(visit, suggestion_id, take=False, answer=said), "Answered.")


def _answered(visit: Visit) -> None:
    found = [each for each in curation.suggestions(visit, state="") if each.state != "open"][:_MOST_ANSWERED]
    if not found:
        return
    lines = [_line(each) for each in found]
    with w.surface("answered"):
        w.heading("Answered")
        w.show(w.changes(lines, label="Answered suggestions"))


def _line(each: Suggestion) -> w.Markup:
    taken = each.state == "taken"
    title = w.link(w.plain(each.title, 120), w.href("dataset", id=each.dataset_id))
    answer = f" {each.answered_by}: “{each.answer}”" if each.answer else ""
    said = w.Markup("{}, {}: “{}”.{}").format(title, word(each.field), w.plain(each.value, 120), answer)
    return w.change("Taken" if taken else "Answered", said, symbol="check" if taken else "reply", when=w.day(each.at))
