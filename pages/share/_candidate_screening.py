"""The screening on a candidate's page: how far it is, the answers with what would help, the twelve clicks."""

from __future__ import annotations

import streamlit as st

from catalogue.datasets import dataset
from governance import Action, Visit, may
from pages.share import _candidate_words as words
from pages.shell import widgets as w
from pages.shell.again import do
from sharing.candidates import Entry
from sharing.questions import Answer, Question, questions
from sharing.screening import LONGEST, Screening, answer, sign

_LASTS = "It counts once a steward of the owner signs it, for twelve months."


def screening(visit: Visit, found: Entry) -> None:
    """What counts, and for the owner's people the form."""
    signed, draft = found.screening.signed, found.screening.draft
    with w.surface("screening"):
        w.heading("Screening", note="twelve questions")
        w.show(_standing(visit, signed))
        if draft is not None:
            w.show(w.with_icon("edit_note", _drafted(visit, draft)))
        shown = draft or signed
        if shown is not None:
            w.show(_answers(shown))
        if found.own:
            _one_step(visit, found)
            _form(visit, found, shown)


def _standing(visit: Visit, signed: Screening | None) -> w.Markup:
    if signed is None or signed.signed_on is None:
        return w.with_icon("help", f"Not screened yet: everything it would answer counts as the worst. {_LASTS}")
    who = f"{words.person(visit, signed.signed_by)} on {w.day(signed.signed_on)}"
    if signed.lapsed:
        return w.with_icon("event_busy", f"Lapsed: signed by {who}, it counted until {w.day(signed.last_day)}.")
    more = " The questions have changed since." if signed.earlier_questions else ""
    return w.with_icon("check_circle", f"Signed by {who}. It counts until {w.day(signed.last_day)}.{more}")


def _drafted(visit: Visit, draft: Screening) -> str:
    left = f"{w.count(draft.missing, 'question')} to go." if draft.missing else "A steward signs it next."
    return f"Draft by {words.person(visit, draft.by)}, {w.day(draft.changed_on)}. {left}"


def _answers(shown: Screening) -> w.Markup:
    columns = [w.Column(title="Question, and what would help", strong=True), w.Column(title="Answer")]
    rows = [_row(each, shown) for each in questions().values()]
    return w.table(columns, rows, caption="Answers of the screening")


def _row(each: Question, shown: Screening) -> tuple[w.Markup | str, ...]:
    said, note = shown.answers.get(each.code), shown.notes.get(each.code, "")
    if said is None:
        return each.words, w.muted("No answer yet")
    below = note if said is each.fine else " ".join(part for part in (note, each.helps) if part)
    name, symbol = words.ANSWERS[said]
    return w.two_lines(each.words, below) if below else each.words, w.with_icon(symbol, name)


def _one_step(visit: Visit, found: Entry) -> None:
    """Where nothing speaks against it, what would be one step more open; the owner decides."""
    step = dataset(visit, found.dataset.id).placement.next_step if found.is_green else ""
    if step:
        w.notice("No answer speaks against sharing it.", f"One step more open, if you like: {step} You decide.")


def _form(visit: Visit, found: Entry, shown: Screening | None) -> None:
    owner = found.dataset.organisation_id
    signs = may(visit, Action.SCREENING_SIGNED, organisation_id=owner)
    label = "Answer the twelve questions" if shown is None else "Answer them anew" if shown.signed_on else "Go on"
    with st.expander(label, expanded=shown is None or bool(shown.missing)), st.form("screening", border=False):
        said, notes = {}, {}
        for each in questions().values():
            said[each.code] = _question(each, shown)
            if each.asks:
                kept = shown.notes.get(each.code, "") if shown else _cited(visit, found, each)
                notes[each.code] = st.text_input(each.asks, kept, max_chars=LONGEST, key=f"note-{each.code}") or ""
        with st.container(horizontal=True, gap="small", key="screeningacts"):
            keep = st.form_submit_button("Keep the answers", type="secondary" if signs else "primary")
            signing = f"Keep and sign for {w.as_label(found.dataset.organisation)}"
            done = signs and st.form_submit_button(signing, type="primary")
    given = {code: each.value for code, each in said.items() if each is not None}

    def kept_and_signed() -> None:
        """The answers are kept even where they cannot be signed yet."""
        answer(visit, found.dataset.id, given, notes=notes)
        sign(visit, found.dataset.id)

    if keep:
        do(lambda: answer(visit, found.dataset.id, given, notes=notes), f"Kept. {_LASTS}")
    if done:
        do(kept_and_signed, "Signed. It counts for twelve months.")


def _question(each: Question, shown: Screening | None) -> Answer | None:
    answers = list(Answer)
    kept = shown.answers.get(each.code) if shown else None
    return st.radio(
        each.words,
        answers,
        answers.index(kept) if kept else None,
        horizontal=True,
        format_func=lambda one: words.ANSWERS[one][0],
        key=f"answer-{each.code}",
        help=each.helps,
    )


def _cited(visit: Visit, found: Entry, each: Question) -> str:
    """The legal basis that the catalogue has already."""
    return dataset(visit, found.dataset.id).legal_basis[:LONGEST] if each.code == "law" else ""
