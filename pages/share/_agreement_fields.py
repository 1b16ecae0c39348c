"""The nine fields of an agreement, and what may be said besides; what is wrong with a field stands under it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from governance.access import Use
from pages.share import _agreement_form as forms
from pages.share import _agreement_rows as rows
from pages.share import _agreement_words as words
from pages.share import _problems
from pages.share._agreement_form import DATE, LONGEST, Form, key
from pages.share._agreement_rows import Around
from pages.shell import widgets as w


def fields(form: Form, around: Around, wrong: Mapping[str, str]) -> None:
    """All nine, in order; of an amendment of the schedule the datasets alone."""
    if form.schedule_only:
        with st.container(key="question-6", gap="small"):
            rows.rows(form, around, wrong)
        return
    asks: tuple[Callable[[Form, Around], None], ...] = (
        _title, _parties, _purpose, _tags, _dates, _datasets(wrong), _uses, _privacy, _who,
    )  # fmt: skip
    shown = (("title",), ("parties",), (), (), ("dates",), (), (), ("person_level",), ())
    for number, (ask, names) in enumerate(zip(asks, shown, strict=True), start=1):
        with st.container(key=f"question-{number}", gap="xsmall"):
            ask(form, around)
            for name in names:
                _problems.beside(name, wrong)


def _help(said: str) -> None:
    w.show(w.Markup('<p class="ct-helps">{}</p>').format(said))


def _title(_form: Form, _around: Around) -> None:
    st.text_input("What is it called?", key=key("title"), max_chars=200, autocomplete="off")


def _parties(form: Form, around: Around) -> None:
    others = {each: name for each, name in around.names.items() if each != form.kept.lead}
    st.multiselect(
        "Who takes part, besides you?",
        list(others),
        key=key("parties"),
        format_func=lambda each: others.get(each, each),
        placeholder="Choose organisations",
    )
    _help(f"{around.names.get(form.kept.lead, '')} leads it and goes first.")


def _purpose(_form: Form, _around: Around) -> None:
    st.text_area("What is it for?", key=key("purpose"), height=96, max_chars=LONGEST)
    _help("One to three plain sentences. Say also what it is not for.")


def _tags(form: Form, around: Around) -> None:
    known = sorted({*around.purposes, *form.kept.terms.purposes, *(forms.said("purposes") or ())})
    st.multiselect(
        "The purpose in one or two words",
        known,
        key=key("purposes"),
        accept_new_options=True,
        placeholder="Type a word, press Enter",
    )
    _help("A report card names one of them, and only then shows what the agreement covers.")


def _dates(_form: Form, _around: Around) -> None:
    w.show(words.question("5. From when until when?"))
    left, right = st.columns(2)
    with left:
        st.date_input("First day", value=None, key=key("starts_on"), format=DATE)
    with right:
        st.date_input("Last day, which counts whole", value=None, key=key("ends_on"), format=DATE)


def _datasets(wrong: Mapping[str, str]) -> Callable[[Form, Around], None]:
    return lambda form, around: rows.rows(form, around, wrong)


def _uses(_form: Form, _around: Around) -> None:
    st.pills(
        "What may be done with it?",
        list(Use),
        selection_mode="multi",
        key=key("uses"),
        format_func=words.USES.__getitem__,
    )
    _help("A dataset that is added begins with these; each can have others.")


def _privacy(_form: Form, _around: Around) -> None:
    st.segmented_control(
        "Is it about people?", list(words.PEOPLE), key=key("person_level"), format_func=words.PEOPLE.__getitem__
    )
    st.text_area("How are they protected?", key=key("privacy"), height=96, max_chars=LONGEST)
    _help("Which counts are hidden, what is never shared, when files are deleted.")
    st.text_input("Whom to call when data leak?", key=key("breach_contact"), max_chars=300)


def _who(_form: Form, _around: Around) -> None:
    st.text_area("Who signs, and who answers for it from day to day?", key=key("who"), height=72, max_chars=LONGEST)
    _help("For instance: the head of each organisation signs, and each names a steward and a deputy.")
