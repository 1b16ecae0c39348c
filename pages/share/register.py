"""Register a dataset: six questions, where it would stand as one answers, and what may be said besides."""

from __future__ import annotations

import streamlit as st

from catalogue import registering
from catalogue.registering import Registration
from governance import Invalid, Visit
from pages import EVERYONE, Page
from pages.share import _draft, _going, _more, _preview, _problems, _questions, _words
from pages.share._draft import Form
from pages.shell import frame
from pages.shell import widgets as w

PAGE = Page(title="Register a dataset", role=EVERYONE, icon="add_circle", order=20, hidden=True)


def render(visit: Visit) -> None:
    """The form at the left, the live preview at the right."""
    form = _draft.opened(visit) if visit.viewer.organisation_id else None
    lede = "Six questions, about two minutes. You register that it exists; you share nothing yet."
    w.page_header("Register a dataset", lede, breadcrumbs=[("Share", w.href("our-data"))])
    if form is None:
        w.refusal("You belong to no organisation here yet", "An administrator can say which one is yours.", key="none")
        return
    if isinstance(form, Registration):
        _settled(visit, form)
        return
    if _draft.tried():
        form.problems = _problems.problems(visit, form.answers)
    left, right = w.main_and_aside()
    with left, w.surface("questions"):
        _questions.questions(visit, form)
        _more.more(visit, form)
        _buttons(visit, form)
    with right:
        _preview.preview(visit, form.answers)


def _settled(visit: Visit, found: Registration) -> None:
    """Somebody follows an old link to a form that cannot be filled any more."""
    words = _words.STATES[found.state].word.lower()
    whose = "" if found.is_mine else f" {_words.name_of(visit, found.by)} drafted it."
    title = found.answers.title or _words.UNNAMED
    with w.empty_state(
        "edit_off", f"“{title}” is not yours to change now", f"Its state: {words}.{whose}", key="settled"
    ):
        w.show(w.go("Look at it", w.href("registration", id=found.id)))


def _buttons(visit: Visit, form: Form) -> None:
    if form.problems:
        number = w.count(len(form.problems), "answer has", "answers have")
        w.notice(
            "Not registered yet.", f"{number} to change, as said beside it. Nothing you typed is lost.", tone="failed"
        )
    with st.container(key="registerbuttons", horizontal=True, vertical_alignment="center", gap="small"):
        register = st.button("Register", type="primary", key="register", on_click=_draft.try_it)
        later = st.button("Save for later", type="tertiary", key="later")
        if form.id:
            w.show(w.Markup('<p class="ct-kept">{}Kept as a draft</p>').format(w.icon("check")))
    if later:
        _save_for_later(form)
    if register and not form.problems:
        _register(visit, form)


def _save_for_later(form: Form) -> None:
    if not form.id:
        w.notice("There is nothing to keep yet.", "Answer one question, and it is kept.")
        return
    _draft.forget()
    frame.say("Kept. Go on with it whenever you like.")
    _going.go_to("our-data")


def _register(visit: Visit, form: Form) -> None:
    at_once = _words.decides(visit, visit.viewer.organisation_id)
    try:
        done = registering.submit(visit, form.id, approve_now=at_once)
    except Invalid as error:
        w.notice("Not registered yet.", error.sentence, tone="failed")
        return
    _draft.forget()
    if at_once:
        frame.say("It is in the catalogue.")
        _going.go_to("dataset", id=done.dataset_id)
    frame.say("Handed in. You are told here what is decided.")
    _going.go_to("registration", id=done.id)
