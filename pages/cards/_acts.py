"""What may be done about a figure: word its headline, tell its story, note an action."""

from __future__ import annotations

import streamlit as st

from governance import Visit
from pages.cards import _events, _who
from pages.shell import widgets as w
from pages.shell.again import as_drawn, do, looking
from reportcards import telling
from reportcards.report import ActionItem, Measurement


def buttons(visit: Visit, shown: Measurement) -> None:
    """The row under the picture."""
    with st.container(key="figureacts", horizontal=True, gap="small"):
        if _who.may_act(visit) and st.button("Add an action", icon=":material/task_alt:", key="addaction"):
            add_action(shown.item, shown.name)
        if _who.may_note(visit) and st.button("Write on the chart", icon=":material/edit_note:", key="note"):
            _events.write(shown.indicator, _area(shown))
        if _who.may_word(visit) and st.button("Watch it", icon=":material/notifications:", key="watch"):
            _events.watch(shown.item, shown.unit)
        w.show(w.to_page("Raise a concern", w.href("raise-concern", about=f"indicator:{shown.indicator}")))


def _area(shown: Measurement) -> str:
    return shown.series.area_code if shown.series else ""


def headline_button(shown: Measurement) -> None:
    """For those who may word it."""
    if st.button("Edit the headline", icon=":material/edit:", key="editheadline"):
        _headline(shown.item, words=shown.headline, edited_by=shown.headline_edited_by)


def story_button(visit: Visit, shown: Measurement) -> None:
    """For those who may tell it."""
    if not _who.may_word(visit):
        return
    words = "Change the story" if shown.story.lines else "Tell the story"
    if st.button(words, icon=":material/edit:", type="tertiary", key="tellstory"):
        _story(shown.item, list(shown.story.lines))


def action_buttons(visit: Visit, shown: Measurement) -> None:
    """How far an action is, for those who may say so."""
    if not shown.actions or not _who.may_act(visit):
        return
    if st.button("Say how far they are", icon=":material/edit:", type="tertiary", key="changeactions"):
        _progress(shown.actions)


@st.dialog("The headline")
def _headline(item: str, *, words: str, edited_by: str) -> None:
    as_drawn()
    with st.form("headline", border=False):
        said = st.text_area("A finding, not a title", words, height=96, max_chars=200)
        st.caption("It is shown as edited, with your name.")
        sent = st.form_submit_button("Use these words", type="primary")
    if sent:
        with looking() as visit:
            do(lambda: telling.set_headline(visit, item, said or ""), "The headline is changed.")
    if edited_by and st.button("Let the figures speak again", key="ownheadline"):
        with looking() as visit:
            do(lambda: telling.set_headline(visit, item, ""), "The headline follows the figures again.")


@st.dialog("Story behind the curve")
def _story(item: str, lines: list[str]) -> None:
    as_drawn()
    with st.form("story", border=False):
        said = st.text_area("What moves it? One reason a line", "\n".join(lines), height=160, max_chars=2000)
        st.caption("Shown with your name, your organisation and today’s date.")
        sent = st.form_submit_button("Keep it", type="primary")
    if sent:
        kept = tuple(line.strip(" -–\t") for line in (said or "").splitlines() if line.strip(" -–\t"))
        with looking() as visit:
            do(lambda: telling.tell_story(visit, item, kept), "The story is kept.")


@st.dialog("Add an action")
def add_action(item: str, name: str) -> None:
    """A dialog: what, who, by when; the second click keeps it."""
    st.caption(f"About: {w.as_label(name)}")
    with st.form("action", border=False):
        what = st.text_input("What will be done", max_chars=300)
        who = st.text_input("Who does it", max_chars=200)
        due = st.date_input("By when", value=None, format="DD/MM/YYYY")
        sent = st.form_submit_button("Add it", type="primary")
    if sent:
        with looking() as visit:
            given = ActionItem(id="", what=what, who=who, due=due, status=telling.STATUSES[0])
            do(lambda: telling.add_action(visit, item, given), "The action is noted.")


@st.dialog("How far the actions are")
def _progress(actions: tuple[ActionItem, ...]) -> None:
    as_drawn()
    chosen = st.selectbox("Action", actions, format_func=lambda each: each.what)
    if chosen is None:
        return
    with st.form(f"progress-{chosen.id}", border=False):
        at = telling.STATUSES.index(chosen.status) if chosen.status in telling.STATUSES else 0
        status = st.radio("It is", telling.STATUSES, index=at, horizontal=True)
        due = st.date_input("By when", value=chosen.due, format="DD/MM/YYYY")
        sent = st.form_submit_button("Save", type="primary")
    if sent:
        with looking() as visit:
            do(lambda: telling.change_action(visit, chosen.id, status=status or chosen.status, due=due), "Saved.")
