"""The schedule while it is written: a dataset a row, five fields each, everything else with a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from governance.access import Detail, Use
from governance.agreements.channels import channels
from governance.agreements.checks import LARGEST_CELL
from governance.people import Person
from pages.share import _agreement_composed as composed
from pages.share import _agreement_form as forms
from pages.share import _agreement_words as words
from pages.share import _problems
from pages.share._agreement_datasets import Choice
from pages.share._agreement_form import DATE, Form, key
from pages.shell import widgets as w


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a form offers to choose from."""

    names: Mapping[str, str]
    """Every organisation's name by id."""
    choices: Mapping[str, Choice]
    """The datasets that may be given, by id."""
    has_more: bool
    """Whether there are more than these, to be found by a word of their title."""
    people: tuple[Person, ...]
    """Everybody whose account is switched on."""
    purposes: tuple[str, ...]
    """Tags that are in use already."""


def rows(form: Form, around: Around, wrong: Mapping[str, str]) -> None:
    """Every row, and a button for one more."""
    w.show(words.question("Which datasets, for whom?" if form.schedule_only else "6. Which datasets, for whom?"))
    if around.has_more:
        st.text_input("Find a dataset that is not in the list", key=key("find"), placeholder="A word of its title")
    for number, row in enumerate(list(form.order), start=1):
        with st.container(border=True, key=f"row-{row}", gap="small"):
            _row(form, row, around)
            _problems.beside(f"row-{row}", wrong)
            st.button("Take it out", key=f"takeout-{number}", icon=":material/close:", type="tertiary",
                      on_click=forms.take_out, args=(form, row))  # fmt: skip
    receivers = composed.organisations(form)
    st.button("Add a dataset", key="addrow", icon=":material/add:", on_click=forms.add, args=(form, receivers))
    if not around.choices:
        said = "The organisations chosen own no dataset here that you may know of. Register one first."
        if len(receivers) < 2:
            said = "Choose first who takes part: what they and you own can then be added."
        w.show(w.Markup('<p class="ct-helps">{}</p>').format(said))


def _row(form: Form, row: str, around: Around) -> None:
    st.selectbox(
        "Dataset",
        list(around.choices),
        index=None,
        key=key("dataset", row),
        format_func=lambda each: around.choices[each].words if each in around.choices else "",
        placeholder="Choose a dataset",
    )
    chosen = around.choices.get(str(forms.said("dataset", row) or ""))
    _receivers(form, row, around)
    left, right = st.columns([3, 2])
    with left:
        st.segmented_control("How closely", list(Detail), key=key("detail", row), required=True, wrap=True,
                             format_func=words.DETAILS.__getitem__)  # fmt: skip
    with right:
        st.number_input("Smallest count shown", min_value=0, max_value=LARGEST_CELL, step=1, key=key("min_cell", row))
    st.pills("What for", list(Use), selection_mode="multi", key=key("uses", row), format_func=words.USES.__getitem__)
    if chosen and chosen.band == "named":
        _people(row, around)
    _besides(form, row)


def _receivers(form: Form, row: str, around: Around) -> None:
    """Who gets it: among the parties, and never its owner."""
    chosen = around.choices.get(str(forms.said("dataset", row) or ""))
    offered = [each for each in composed.organisations(form) if not chosen or each != chosen.owner]
    # A party that was taken out again, or the owner chosen later: Streamlit refuses a value that is not offered.
    st.session_state[key("receivers", row)] = [each for each in forms.said("receivers", row) or () if each in offered]
    st.multiselect("Who gets it", offered, key=key("receivers", row), placeholder="Choose organisations",
                   format_func=lambda each: around.names.get(each, each))  # fmt: skip


def _people(row: str, around: Around) -> None:
    receivers = set(forms.said("receivers", row) or ())
    known = {each.username: each for each in around.people if each.organisation_id in receivers}
    st.session_state[key("people", row)] = [each for each in forms.said("people", row) or () if each in known]
    st.multiselect("Which people: this dataset is for named people only", list(known), key=key("people", row),
                   placeholder="Choose people",
                   format_func=lambda each: f"{known[each].display}, {known[each].organisation}")  # fmt: skip


def _besides(form: Form, row: str) -> None:
    with st.expander("More about this row (optional)"):
        tags = list(form.kept.terms.purposes if form.schedule_only else forms.said("purposes") or ())
        kept = [each for each in forms.said("purposes", row) or () if each in tags]
        st.session_state[key("purposes", row)] = kept
        st.multiselect("For which purposes (left empty: all)", tags, key=key("purposes", row), placeholder="All")
        left, right = st.columns(2)
        with left:
            st.selectbox("Channel", list(channels()), key=key("channel", row),
                         format_func=lambda each: channels()[each].name)  # fmt: skip
            st.text_input("How often", key=key("frequency", row), max_chars=200)
            st.date_input("From", value=None, key=key("first", row), format=DATE)
        with right:
            st.text_input("Format", key=key("format", row), max_chars=200)
            st.text_input("How the source is named", key=key("source_line", row), max_chars=300)
            st.date_input("Until", value=None, key=key("last", row), format=DATE)
        st.text_area("What one accepts before the first look", key=key("acknowledgement", row), height=72)
        st.text_area("Note on privacy", key=key("privacy_note", row), height=72)
