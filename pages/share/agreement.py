"""One agreement: five parts, what is at stake, what is shared and how it stands, who signed; what one may do now."""

from __future__ import annotations

import streamlit as st

from governance import Visit, holds
from governance.access import Scope
from governance.agreements import reading
from governance.agreements.reading import AgreementView
from governance.people import organisations
from pages import EVERYONE, Page
from pages.share import _agreement_acts as acts
from pages.share import _agreement_compare as compare
from pages.share import _agreement_signatures as signatures
from pages.share import _agreement_steps as steps
from pages.share import _agreement_terms as terms
from pages.share import _agreement_text as text
from pages.share._agreement_accepting import before_the_first_look
from pages.share._agreement_schedule import schedule
from pages.share._diagnosis import diagnosis
from pages.shell import widgets as w
from sharing.diagnosis import Kind, Subject

PAGE = Page(title="Agreement", role=EVERYONE, icon="handshake", order=50, hidden=True)
_LEDE = 240


def render(visit: Visit) -> None:
    """The version of the address, else the one that counts."""
    asked, version = str(st.query_params.get("id", "")), str(st.query_params.get("version", ""))
    found = reading.agreement(visit, asked, version=version)
    if st.query_params.get("text") == "whole":
        _as_text(visit, found)
        return
    hold = holds.on(visit, Scope.AGREEMENT, found.id)
    lived = reading.health(visit, found.id)
    with w.page_header(found.document.title, _lede(found), breadcrumbs=_crumbs(found)):
        acts.header(visit, found)
    w.show(steps.strip(found, ours=visit.viewer.organisation_id, health=lived, hold=hold))
    steps.told(found, hold)
    acts.row(visit, found, hold)
    _compared(visit, found)
    names = {each.id: each.name for each in organisations(visit)}
    left, right = w.main_and_aside()
    with left:
        terms.terms(found.document, names)
    with right:
        terms.stakes(found.document, names)
    if found.version.state is reading.State.ACTIVE:
        before_the_first_look(visit, found.id)
    schedule(visit, found, names)
    left, right = w.main_and_side()
    with left:
        diagnosis(visit, Subject(kind=Kind.AGREEMENT, id=found.id))
        signatures.signatures(found)
        if len(found.versions) > 1:
            signatures.versions(found)
    with right:
        signatures.health(lived)


def _crumbs(found: AgreementView) -> list[tuple[str, str]]:
    return [("Agreements", w.href("agreements")), (f"Agreement {found.name}, version {found.version.label}", "")]


def _lede(found: AgreementView) -> str:
    return w.plain(found.document.terms.purpose, _LEDE)


def _compared(visit: Visit, found: AgreementView) -> None:
    against = str(st.query_params.get("against", ""))
    if against:
        before = reading.agreement(visit, found.id, version=against).version
        changes = reading.compare(visit, found.id, before=before.id, after=found.version.id)
        compare.differences(changes, before=before.label, after=found.version.label)


def _as_text(visit: Visit, found: AgreementView) -> None:
    """Everything that is signed and by whom, for paper."""
    with w.page_header("The whole text", "As it is signed, word for word. It prints as it stands.",
                       breadcrumbs=_crumbs(found)):  # fmt: skip
        w.show(w.to_page("Back to the agreement", w.href("agreement", id=found.id, version=found.version.label)))
    text.whole(visit, found)
    signatures.signatures(found)
