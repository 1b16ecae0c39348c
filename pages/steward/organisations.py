"""Organisations: who takes part, and how others ask them for data."""

from __future__ import annotations

import streamlit as st

from governance import CommonTableError, Role, Visit
from governance import people as people_room
from pages import Page
from pages.shell import frame
from pages.shell import widgets as w

PAGE = Page(title="Organisations", role=Role.ADMIN, icon="domain", order=65)
_KINDS = {
    "public": "Public body",
    "charity": "Charity or voluntary group",
    "community": "Community group",
    "iwi": "Iwi or tribal organisation",
    "private": "Company",
}


def render(visit: Visit) -> None:
    """Who takes part, and how others ask them for data."""
    found = people_room.organisations(visit)
    people = people_room.people(visit, active_only=True)
    with w.page_header("Organisations", "Every agency and group of the collaboration."):
        if st.button("Add an organisation", type="primary", icon=":material/add:", key="add"):
            _edit(visit, "")
    with w.surface("organisations"):
        for each in found:
            members = sum(person.organisation_id == each.id for person in people)
            detail = " · ".join(
                filter(None, [_KINDS.get(each.kind, each.kind), w.count(members, "person", "people"), each.contact])
            )
            with w.item(each.id, w.link(each.name, w.href("organisation", id=each.id)), symbol="domain", detail=detail):
                if st.button("Change", key=f"change-{each.id}"):
                    _edit(visit, each.id)


@st.dialog("Organisation")
def _edit(visit: Visit, identifier: str) -> None:
    old = people_room.organisation(visit, identifier) if identifier else None
    with st.form("organisation", border=False):
        name = st.text_input("Name", old.name if old else "")
        kinds = list(_KINDS)
        kind = st.selectbox(
            "What it is",
            kinds,
            index=kinds.index(old.kind) if old and old.kind in kinds else 0,
            format_func=lambda each: _KINDS[each],
        )
        contact = st.text_input("Contact", old.contact if old else "", help="A mailbox that is read.")
        how = st.text_area("How others ask it for data", old.how_to_ask if old else "")
        saved = st.form_submit_button("Save", type="primary")
    if not saved:
        return
    try:
        people_room.save_organisation(visit, name, identifier=identifier, kind=kind, contact=contact, how_to_ask=how)
    except CommonTableError as error:
        w.notice("Not saved.", error.sentence, tone="failed")
        return
    frame.say(f"{name} was saved.")
    st.rerun()
