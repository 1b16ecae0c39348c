"""Dialogs of signing: opening for signature, reading the whole text and signing exactly that, declining."""

from __future__ import annotations

import streamlit as st

from governance import Visit
from governance.agreements import reading, signing
from governance.agreements.reading import AgreementView, State
from governance.agreements.signing import Signature
from pages.share import _agreement_datasets as datasets
from pages.share import _agreement_text as text
from pages.shell import widgets as w
from pages.shell.again import do, looking

_METHODS = {"typed": "I type my name here", "paper": "It is signed on paper"}
_RECORDED = (
    "What is recorded: your organisation, the name, the title, the moment, and the fingerprint of exactly this text. "
    "Whether that is enough in law is for your own advice to say."
)


@st.dialog("Open it for signature")
def open_it(agreement_id: str, version_id: str) -> None:
    """What is still missing, in sentences; or the button after which no word changes."""
    with looking() as visit:
        found = reading.agreement(visit, agreement_id, version=version_id)
        subjects = datasets.subjects(visit, found.document)
        problems = reading.problems(visit, version_id, subjects=subjects)
        if problems:
            number = w.count(len(problems), "thing is", "things are")
            w.notice("Not yet.", f"{number} missing before it can be signed.", tone="owed")
            w.show(w.numbered(problems))
            return
        names = ", ".join(w.as_label(each.name) for each in found.parties)
        who = names if found.version.label.endswith(".0") else "the owners of the rows that change, and the lead"
        st.write(f"From then on no word of version {found.version.label} changes. These are asked to sign: {who}.")
        if st.button("Open it for signature", type="primary", key="opennow"):
            act = signing.open_for_signature
            do(lambda: act(visit, version_id, subjects=subjects), "It is open for signature.")


@st.dialog("Read and sign", width="large")
def sign(agreement_id: str, version_id: str, content_hash: str) -> None:
    """The whole text, then the form; what is signed is the text with this hash and no other."""
    with looking() as visit:
        found = reading.agreement(visit, agreement_id, version=version_id)
        if found.version.content_hash != content_hash or found.version.state is not State.SIGNING:
            w.notice("It has changed meanwhile.", "Close this and read it again before you sign.", tone="failed")
            return
        text.whole(visit, found)
        _form(visit, found, content_hash)


def _form(visit: Visit, found: AgreementView, content_hash: str) -> None:
    organisation = visit.viewer.organisation
    w.heading(f"Sign for {organisation}")
    method = st.radio("How", list(_METHODS), format_func=_METHODS.__getitem__, key="signhow", horizontal=True)
    with st.form("sign", border=False):
        name = st.text_input("Name of who signs", max_chars=200, autocomplete="name")
        title = st.text_input("Title", max_chars=200, placeholder="Chief executive")
        reference = ""
        if method == "paper":
            reference = st.text_input("Where the signed paper lies", max_chars=200) or ""
        may_sign = st.checkbox(f"I may sign for {w.as_label(organisation)}", key="maysign")
        st.caption(_RECORDED)
        sent = st.form_submit_button("Sign", type="primary", icon=":material/draw:")
    if sent and not may_sign:
        w.notice("Not signed.", f"Tick that you may sign for {organisation}, or ask who may.", tone="failed")
    elif sent:
        given = Signature(signatory=name or "", title=title or "", method=method or "typed", reference=reference)
        act = signing.sign
        do(lambda: act(visit, found.version.id, given, content_hash=content_hash), "Signed. It is recorded.")


@st.dialog("Decline")
def decline(version_id: str) -> None:
    """Why the organisation does not sign this version."""
    with looking() as visit:
        st.caption("Every party reads your reason. The lead can take this version back and write it anew.")
        with st.form("decline", border=False):
            why = st.text_area("Why, and what would change it?", height=110, max_chars=2_000)
            sent = st.form_submit_button("Decline it", type="primary")
        if sent:
            do(lambda: signing.decline(visit, version_id, why or ""), "Declined. The parties read why.")
