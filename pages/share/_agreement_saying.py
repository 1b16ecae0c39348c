"""Dialogs of talking an agreement through: what is at stake for one's own organisation, what the adviser says."""

from __future__ import annotations

import streamlit as st

from governance.agreements import drafting, reading
from pages.shell.again import do, looking
from pages.shell.text import as_label

_LONGEST = 2_000


@st.dialog("What is at stake for you")
def stakes(agreement_id: str, version_id: str) -> None:
    """In the organisation's own words; what was said before is there to be changed."""
    with looking() as visit:
        found = reading.agreement(visit, agreement_id, version=version_id)
        ours = visit.viewer.organisation_id
        mine = next((each for each in found.parties if each.organisation_id == ours), None)
        whose = as_label(visit.viewer.organisation)
        st.caption(f"In the words of {whose}, read by every party. “Nothing to add” is an answer.")
        with st.form("stakes", border=False):
            said = st.text_area("What do you fear, or hope?", mine.stakes if mine else "", max_chars=_LONGEST)
            protects = st.text_area(
                "What does staying as you are protect? (optional)",
                mine.protects if mine else "",
                height=72,
                max_chars=_LONGEST,
            )
            puts_in = st.text_area(
                "What do you put in, so that others can share? (optional)",
                mine.puts_in if mine else "",
                height=72,
                max_chars=_LONGEST,
            )
            sent = st.form_submit_button("Say it", type="primary")
        if sent:
            words = {"stakes": said or "", "protects": protects or "", "puts_in": puts_in or ""}
            do(lambda: drafting.say_stakes(visit, version_id, **words), "It stands beside the terms now.")


@st.dialog("The privacy adviser’s comment")
def advice(agreement_id: str, version_id: str) -> None:
    """Who advises, and what they say."""
    with looking() as visit:
        version = reading.agreement(visit, agreement_id, version=version_id).version
        st.caption("An agreement on data about people cannot be opened for signature without it.")
        with st.form("advice", border=False):
            adviser = st.text_input("Who advises on privacy?", version.adviser, max_chars=200)
            comment = st.text_area("What they say", version.adviser_comment, height=140, max_chars=_LONGEST)
            sent = st.form_submit_button("Keep it", type="primary")
        if sent:
            give = drafting.advise
            do(lambda: give(visit, version_id, adviser=adviser or "", comment=comment or ""), "The comment is kept.")
