"""The six questions, each with its help in place and what is wrong beside it."""

from __future__ import annotations

import streamlit as st

from catalogue import registering, search
from catalogue.answers import FREQUENCIES
from catalogue.search import Hit
from governance import Visit
from governance.people import organisations
from pages.share import _problems, _words
from pages.share._draft import Form
from pages.shell import widgets as w


def questions(visit: Visit, form: Form) -> None:
    """All six, in order."""
    for number, ask in enumerate((_title, _description, _people, _who, _often, _listing), start=1):
        with st.container(key=f"question-{number}", gap="xsmall"):
            ask(visit, form)


def _help(words: str) -> None:
    w.show(w.Markup('<p class="ct-helps">{}</p>').format(words))


def _title(visit: Visit, form: Form) -> None:
    key = form.key("title", form.answers.title)
    said = st.text_input("What is it called?", key=key, max_chars=300, live="400ms", autocomplete="off")
    _problems.beside("title", form.problems)
    held = search.already_held(visit, said, limit=2)
    if held:
        w.show(w.Markup('<div class="ct-alike" role="status">{}</div>').format(w.Markup("").join(map(_held, held))))
    elif not said:
        _help("As you would say it to somebody from another organisation.")


def _held(hit: Hit) -> w.Markup:
    return w.Markup("<p>{}<span>{} already lists “{}”. {}</span></p>").format(
        w.icon("content_copy"),
        w.strong(hit.publisher or "The catalogue"),
        hit.title,
        w.link("Is it the same?", w.href("dataset", id=hit.id)),
    )


def _description(_visit: Visit, form: Form) -> None:
    key = form.key("description", form.answers.description)
    st.text_area("What is in it, in two sentences?", key=key, height=110)
    _problems.beside("description", form.problems)
    _help("What one row stands for, and what each row holds. No names of people.")


def _people(_visit: Visit, form: Form) -> None:
    said = st.segmented_control(
        "Does it hold facts about people?",
        list(_words.PEOPLE),
        key=form.key("people", form.answers.people or None),
        format_func=_words.PEOPLE.__getitem__,
    )
    _problems.beside("people", form.problems)
    if said == "rows":
        _help("One row each counts as facts about known people until somebody shows that it is not.")


def _who(visit: Visit, form: Form) -> None:
    names = {each.username: f"{each.display}, {each.organisation}" for each in registering.who_can_answer(visit)}
    chosen = form.answers.answers_for
    said = st.selectbox(
        "Who answers for it?",
        list(names),
        index=None,
        key=form.key("answers_for", chosen if chosen in names else None),
        format_func=lambda each: names.get(each, each),
        placeholder="Choose a person",
    )
    _problems.beside("answers_for", form.problems)
    if not said:
        _help("Whom others ask about it. The name is shown with the dataset.")


def _often(_visit: Visit, form: Form) -> None:
    st.segmented_control(
        "How often does it change?",
        list(FREQUENCIES),
        key=form.key("frequency", form.answers.frequency or None),
        format_func=FREQUENCIES.__getitem__,
    )
    _problems.beside("frequency", form.problems)


def _listing(visit: Visit, form: Form) -> None:
    said = st.radio(
        "Who may know that it exists?",
        list(_words.LISTINGS),
        index=None,
        key=form.key("listing", form.answers.listing or None),
        format_func=lambda each: _words.LISTINGS[each][0],
        captions=[caption for _, caption in _words.LISTINGS.values()],
    )
    _problems.beside("listing", form.problems)
    if said == "organisations":
        own = visit.viewer.organisation_id
        names = {each.id: each.name for each in organisations(visit) if each.id != own}
        before = [each for each in form.answers.organisations if each in names]
        st.multiselect(
            "Which organisations?",
            list(names),
            key=form.key("organisations", before),
            format_func=names.__getitem__,
            placeholder="Choose organisations",
        )
        _problems.beside("organisations", form.problems)
