"""People: who takes part, with which roles; invite, change, disable."""

from __future__ import annotations

import streamlit as st

from governance import CommonTableError, Role, Visit
from governance import people as people_room
from governance.people import Newcomer
from pages import Page
from pages.shell import frame
from pages.shell import widgets as w
from pages.steward import _person

PAGE = Page(title="People", role=Role.ADMIN, icon="group", order=60)


def render(visit: Visit) -> None:
    """Who takes part, with which roles; invite, change, disable."""
    everybody = people_room.people(visit)
    with w.page_header("People", "Who takes part, and what each may do here."):
        if st.button("Invite a person", type="primary", icon=":material/person_add:", key="invite"):
            _invite(visit)
    _link_to_hand_over()
    paused = _person.paused(visit)
    for organisation in dict.fromkeys(person.organisation for person in everybody):
        members = [person for person in everybody if person.organisation == organisation]
        with w.surface(f"org-{members[0].organisation_id}"):
            w.heading(organisation, number=len(members))
            for person in members:
                if _person.line(visit, person, paused.get(person.username)):
                    _change(visit, person.username)


def _link_to_hand_over() -> None:
    kept = st.session_state.get("one_time_link")
    if not kept:
        return
    name, path = kept
    w.notice(f"One-time link for {name}.", "Hand it over yourself: it works once, within seven days.", tone="owed")
    st.code(path, language=None)
    if st.button("I have handed it over", key="handed"):
        st.session_state.pop("one_time_link")
        st.rerun()


def _keep_link(name: str, token: str) -> None:
    here = str(st.context.url or "").split("?")[0].rsplit("/", 1)[0]
    st.session_state["one_time_link"] = (name, f"{here}/?invitation={token}")


@st.dialog("Invite a person")
def _invite(visit: Visit) -> None:
    organisations = people_room.organisations(visit)
    with st.form("invite", border=False):
        display = st.text_input("Name")
        username = st.text_input("User name", help="What they type to sign in: letters, digits, dots, hyphens.")
        contact = st.text_input(
            "E-mail", help="Also what their organisation's account is known by, for signing in with it."
        )
        chosen = st.selectbox("Organisation", organisations, format_func=lambda each: each.name)
        roles = st.multiselect("Roles", list(Role), default=[Role.MEMBER], format_func=lambda role: role.value)
        sent = st.form_submit_button("Make a one-time link", type="primary")
    if not sent:
        return
    try:
        person, token = people_room.invite(
            visit,
            Newcomer(
                username=username,
                display=display,
                organisation_id=chosen.id if chosen else "",
                roles=tuple(roles),
                contact=contact,
            ),
        )
    except CommonTableError as error:
        w.notice("Not invited.", error.sentence, tone="failed")
        return
    _keep_link(person.display, token)
    st.rerun()


@st.dialog("Change a person")
def _change(visit: Visit, username: str) -> None:
    person = people_room.person(visit, username)
    with st.form("change", border=False):
        display = st.text_input("Name", person.display)
        contact = st.text_input("E-mail", person.contact)
        held = [role for role in Role if role in person.roles]
        roles = st.multiselect("Roles", list(Role), default=held, format_func=lambda role: role.value)
        save = st.form_submit_button("Save: they have to sign in again", type="primary")
    again = st.button("New one-time link", help="For somebody who lost the first one or the password.")
    toggle = st.button("Disable the account" if person.active else "Open the account again")
    try:
        if save:
            people_room.change_person(visit, username, roles=roles, display=display, contact=contact)
            frame.say(f"{display} was changed.")
        elif again:
            _keep_link(person.display, people_room.new_link(visit, username))
        elif toggle:
            (people_room.disable if person.active else people_room.enable)(visit, username)
            frame.say(f"{person.display}: the account is {'closed' if person.active else 'open'} now.")
        else:
            return
    except CommonTableError as error:
        w.notice("Not done.", error.sentence, tone="failed")
        return
    st.rerun()
