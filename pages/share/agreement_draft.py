"""Write an agreement, or change one that is not opened for signature yet: nine fields, and the schedule's rows."""

from __future__ import annotations

import streamlit as st

from governance import Action, Role, Visit, may
from governance.agreements import reading
from governance.agreements.reading import AgreementView, State
from pages import Page
from pages.share import _agreement_fields as fields
from pages.share import _agreement_form as forms
from pages.share import _agreement_keeping, _agreement_lacks, _agreement_more
from pages.share._agreement_form import Form
from pages.shell import widgets as w

PAGE = Page(
    title="Write an agreement",
    role=frozenset({Role.STEWARD, Role.ADMIN}),
    icon="edit_document",
    order=60,
    hidden=True,
    path="agreement-draft",
)
_OPEN = (State.DRAFT, State.REVIEW)
_NEXT = (
    "You keep it as a draft: nobody but the parties sees it.",
    "Each organisation says what is at stake for it.",
    "You open it for signature; from then on no word changes.",
    "With the last signature it is in force, on the days it names.",
)
_NEXT_SCHEDULE = (
    "You keep it as a draft: the version in force stays as it is.",
    "You open it for signature; from then on no word changes.",
    "Only the owners of the rows that change sign it, and the lead.",
    "With the last signature it takes the place of the version in force.",
)


def render(visit: Visit) -> None:
    """The form at the left, what happens next at the right."""
    asked = str(st.query_params.get("id", ""))
    found = _prepared(visit, asked) if asked else None
    own = found.lead_id if found else visit.viewer.organisation_id
    _header(found)
    if not own or not may(visit, Action.AGREEMENT_DRAFTED, organisation_id=own):
        whom = "A steward of the organisation that leads it writes it."
        w.refusal("You may not write this agreement", whom, key="notyours")
        return
    if found is not None and found.version.state not in _OPEN:
        with w.empty_state("edit_off", "This version cannot be changed any more", "It can be amended.", key="shut"):
            w.show(w.go("Look at it", w.href("agreement", id=found.id)))
        return
    form = forms.open_form(_asked(visit, found))
    around = _agreement_keeping.around(visit, form)
    wrong = _agreement_lacks.lacks(form) if form.tried else {}
    left, right = w.main_and_aside()
    with left, w.surface("questions"):
        fields.fields(form, around, wrong)
        _agreement_more.more(form, around)
        if form.agreement_id:
            st.text_input("What has changed, in one line", key=forms.key("change_note"), max_chars=500)
        if _pressed(form, wrong):
            _agreement_keeping.keep(visit, form, around)
    with right:
        w.heading("What happens next")
        w.show(w.numbered(_NEXT_SCHEDULE if form.schedule_only else _NEXT))


def _prepared(visit: Visit, asked: str) -> AgreementView:
    """The version of the address; without one that which is in preparation, if any."""
    version = str(st.query_params.get("version", ""))
    found = reading.agreement(visit, asked, version=version)
    open_one = next((each.id for each in found.versions if each.state in _OPEN), "")
    return reading.agreement(visit, asked, version=open_one) if open_one and not version else found


def _header(found: AgreementView | None) -> None:
    crumbs = [("Agreements", w.href("agreements"))]
    if found is None:
        lede = "Nine questions, and one row a dataset. Nothing is shared until everybody has signed."
        w.page_header("Write an agreement", lede, breadcrumbs=crumbs)
        return
    crumbs.append((found.name, w.href("agreement", id=found.id)))
    lede = f"Version {found.version.label}. Nothing changes for anybody until it is signed."
    w.page_header(f"Change {found.document.title}", lede, breadcrumbs=crumbs)


def _asked(visit: Visit, found: AgreementView | None) -> Form:
    if found is None:
        return Form(kept=_agreement_keeping.blank(visit.viewer.organisation_id, visit.today))
    version = found.version
    return Form(
        agreement_id=found.id,
        version_id=version.id,
        kept=found.document,
        seen=version.content_hash,
        change_note=version.change_note,
        schedule_only=not version.label.endswith(".0"),
    )


def _pressed(form: Form, wrong: dict[str, str]) -> bool:
    """Whether the draft is to be kept now; says how many answers have to change first."""
    if wrong:
        number = w.count(len(wrong), "answer has", "answers have")
        w.notice("Not kept yet.", f"{number} to change, as said beside it. Nothing you typed is lost.", tone="failed")
    return st.button("Keep the draft", type="primary", key="keepdraft", on_click=_try, args=(form,)) and not wrong


def _try(form: Form) -> None:
    form.tried = True
