"""The first screen: sign in, or choose a password with a one-time link. Nothing of the product shows before it."""

from __future__ import annotations

import math

import streamlit as st
from markupsafe import Markup

import governance
from governance import CommonTableError
from governance import sign_in as door_keeper
from pages.shell import organisation_account, scripts, states, styles
from pages.shell.door import Door
from pages.shell.frame import AUDITED, address, asked_path
from pages.shell.place import PRODUCT, here
from pages.shell.text import esc, show

REFUSED = "That name and password do not go together."
"""The same sentence for a wrong password, an unknown name and a closed account."""
_FIELDS = {
    "Form name": "Sign in",
    "Username": "User name",
    "Password": "Password or passphrase",
    "Login": "Sign in",
}


def draw() -> None:
    """The door, at whatever address was asked for: the address survives signing in."""
    st.set_page_config(page_title=here().title, layout="wide", initial_sidebar_state="collapsed")
    form = _invited if st.query_params.get("invitation") else _ask
    doors = [st.Page(form, title=here().title, icon="", url_path="index", default=True)]
    wanted = asked_path()
    if wanted and wanted != "index":
        doors.append(st.Page(form, title=here().title, icon="", url_path=wanted))
    chosen = st.navigation(doors, position="hidden")
    styles.draw()
    with st.container(key="door"):
        chosen.run()


def _head(title: str, lede: str) -> None:
    below = Markup('<p class="ct-lede ct-voice">{}</p>').format(lede) if lede else ""
    show(
        Markup('<div class="ct-door"><p class="ct-brand"><i class="ct-mark"></i>{}</p><h1>{}</h1>{}</div>').format(
            PRODUCT, title, below
        )
    )


def _foot() -> None:
    place = here()
    made_up = "Made-up place, made-up data. " if governance.demo_people() else ""
    whom = esc(place.contact) if place.contact else Markup("the administrator")
    show(
        Markup(
            '<div class="ct-doorfoot"><p>Forgotten it, or new here? Ask {}, who can give you a link that works once.'
            "</p><p>{}{}</p></div>"
        ).format(whom, made_up, AUDITED)
    )


def _ask() -> None:
    place = here()
    _head(place.title if place.title != PRODUCT else "Sign in", place.vision)
    elsewhere = organisation_account.answer()
    if elsewhere.ticket:
        scripts.start_session(elsewhere.ticket)
        return
    door = Door(address())
    username = door.ask(_FIELDS)
    if username:
        scripts.start_session(door_keeper.ticket(username, address()))
        return
    if door.checked.wait > 0:
        seconds = math.ceil(door.checked.wait)
        states.notice(
            "Wait a moment.",
            f"You can try again in {seconds} {'second' if seconds == 1 else 'seconds'}.",
            tone="owed",
        )
    elif door.checked.refused:
        states.notice("Not signed in.", REFUSED, tone="failed")
    elif elsewhere.refused:
        states.notice("Not signed in.", elsewhere.refused, tone="failed")
    organisation_account.offer()
    _demo()
    _foot()


def _demo() -> None:
    people = governance.demo_people()
    if not people:
        return
    passwords = {each.password for each in people}
    lines = Markup("").join(
        Markup("<li><b>{}</b><span>{}{}</span></li>").format(
            each.username, each.says, "" if len(passwords) == 1 else f" ({each.password})"
        )
        for each in people
    )
    same = Markup("<p>Password of each: <code>{}</code></p>").format(people[0].password) if len(passwords) == 1 else ""
    show(
        Markup(
            '<div class="ct-demo"><p>A demonstration with made-up data. Sign in as:</p><ul role="list">{}</ul>{}</div>'
        ).format(lines, same)
    )


def _invited() -> None:
    """Choose a password with a one-time link."""
    token = st.query_params.get("invitation", "")
    invitation = door_keeper.invitation(token)
    if invitation is None:
        _head("This link is used or too old", "A link works once, for seven days. Ask for a new one.")
        _foot()
        return
    _head(f"Welcome, {invitation.display}", "Choose a password, and you are in.")
    with st.form("invitation"):
        show(Markup('<p class="ct-muted">{}, as <b>{}</b></p>').format(invitation.organisation, invitation.username))
        password = st.text_input("Password or passphrase", type="password", key="newpassword", help=None)
        st.caption("At least 15 characters. Three or four words that do not belong together are easiest to keep.")
        again = st.text_input("The same again", type="password", key="again")
        sent = st.form_submit_button("Set the password and sign in", type="primary")
    if not sent:
        return
    if password.strip() != again.strip():
        states.notice("Not set.", "The two are not the same: type them once more.", tone="failed")
        return
    try:
        scripts.start_session(door_keeper.accept(token, password.strip(), address()), to="/")
    except CommonTableError as error:
        states.notice("Not set.", error.sentence, tone="failed")
