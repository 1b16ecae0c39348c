"""Write the next version of the charter, and adopt it."""

from __future__ import annotations

import streamlit as st

from governance import CommonTableError, Visit
from governance.policy import FACILITATORS
from pages import Page
from pages.share import _charter_fields, _going
from pages.shell import frame
from pages.shell import widgets as w
from pages.shell.again import do, looking
from sharing import charter
from sharing.charter import Charter, Wording

PAGE = Page(
    title="Write the charter",
    role=FACILITATORS,
    icon="edit",
    order=38,
    hidden=True,
    path="charter-draft",
)
_LEDE = "A few clauses, each with the question that every use is asked. Write them with the people they are about."


def render(visit: Visit) -> None:
    """The draft, or what it begins with: the version in force, else a wording to start from."""
    draft, in_force = charter.draft(visit), charter.in_force(visit)
    begun = draft or in_force
    w.page_header(
        "Write the charter", _LEDE, breadcrumbs=[("Share", w.href("our-data")), ("Charter", w.href("charter"))]
    )
    if draft is None and in_force is None:
        w.notice("A wording to begin with.", "Change it, take clauses out by emptying them, add your own.")
    wording = begun.wording if begun is not None else charter.starter()
    if draft is None and in_force is not None:
        wording = Wording(clauses=wording.clauses)
    edition = draft.edition if draft else 0
    with w.surface("writing"), st.form(f"charter-{edition}", border=False):
        said = _charter_fields.fields(wording, edition=edition, first=in_force is None)
        with st.container(horizontal=True, gap="small", key="charteracts"):
            keep = st.form_submit_button("Keep the draft")
            adopt = st.form_submit_button("Keep and adopt it …", type="primary")
    if keep or adopt:
        _keep(visit, said, seen=edition, adopt=adopt)
    if draft is not None and st.button(
        "Throw the draft away", type="tertiary", icon=":material/delete:", key="discard"
    ):
        _discard(draft)


def _keep(visit: Visit, said: Wording, *, seen: int, adopt: bool) -> None:
    try:
        kept = charter.write(visit, said, seen=seen)
    except CommonTableError as error:
        w.notice("Not kept yet.", f"{error.sentence} Nothing you typed is lost.", tone="failed")
        return
    if adopt:
        _adopt(kept)
    else:
        frame.say("The draft is kept.")
        st.rerun()


@st.dialog("Adopt the charter", on_dismiss="rerun")
def _adopt(kept: Charter) -> None:
    w.show(w.Markup("<p>{}</p>").format(f"Version {kept.version}, {w.count(len(kept.clauses), 'clause')}."))
    w.show(w.muted("It can never be changed afterwards, only replaced. Uses that have not begun are held against it."))
    if st.button("Adopt it", type="primary", key="adopt-yes"):
        with looking() as visit:
            do(
                lambda: charter.adopt(visit, seen=kept.edition),
                "The charter is adopted. Everybody finds it here.",
                then=lambda _version: _going.go_to("charter"),
            )


@st.dialog("Throw the draft away")
def _discard(draft: Charter) -> None:
    w.show(w.Markup("<p>{}</p>").format("What was adopted stays as it is."))
    if st.button("Throw it away", type="primary", key="discard-yes"):
        with looking() as visit:
            do(lambda: charter.discard(visit, seen=draft.edition), "The draft is gone.")
