"""The person's own page: who I am here, mails, my password, where I am signed in, signing out."""

from __future__ import annotations

import streamlit as st

from governance import CommonTableError, Role, Visit, sign_in
from pages import EVERYONE, Page
from pages.account import _mails
from pages.shell import frame, scripts
from pages.shell import widgets as w

PAGE = Page(title="My account", role=EVERYONE, icon="account_circle", order=10)

ROLES = {
    Role.MEMBER: "Member: finds datasets, registers them, asks for access",
    Role.STEWARD: "Steward: looks after sources, licences and what is registered",
    Role.CHAIR: "Chair: runs meetings and records decisions",
    Role.FACILITATOR: "Facilitator: prepares meetings and dialogue",
    Role.ADMIN: "Administrator: invites people and keeps the software running",
}


def render(visit: Visit) -> None:
    """Who I am here, my password, where I am signed in."""
    with w.page_header(visit.viewer.display, visit.viewer.organisation):
        if st.button("Sign out", icon=":material/logout:", key="signout"):
            scripts.end_session()
    left, right = w.main_and_side()
    with left:
        _about(visit)
        _mails.show(visit)
        _sessions(visit)
    with right, w.surface("password"):
        _password(visit)


def _about(visit: Visit) -> None:
    with w.surface("about"):
        w.heading("Who you are here")
        roles = [w.Markup("{}<br>").format(says) for role, says in ROLES.items() if role in visit.viewer.roles]
        w.show(
            w.key_values(
                [
                    ("User name", visit.viewer.username),
                    ("Organisation", visit.viewer.organisation),
                    ("What you may do", w.Markup("").join(roles)),
                ]
            )
        )
        w.show(w.muted("An administrator changes your name, organisation or roles."))


def _sessions(visit: Visit) -> None:
    open_now = sign_in.sessions(visit, sid=frame.session_id())
    rows = [
        (
            w.strong("This browser" if each.is_this else "Another browser"),
            w.moment(each.started_at),
            w.moment(each.last_used_at),
            each.address,
        )
        for each in open_now
    ]
    columns = [
        w.Column(title="Where"),
        w.Column(title="Signed in"),
        w.Column(title="Last used"),
        w.Column(title="Address"),
    ]
    with w.surface("sessions"):
        w.heading("Where you are signed in", number=len(rows))
        w.show(w.table(columns, rows, caption="Where you are signed in"))
        w.show(w.muted("A new password signs you out everywhere."))


def _password(visit: Visit) -> None:
    w.heading("Change your password")
    with st.form("password", border=False):
        old = st.text_input("Present password", type="password")
        new = st.text_input("New password or passphrase", type="password")
        again = st.text_input("The new one again", type="password")
        st.caption("At least 15 characters. Three or four words that do not belong together are easiest to keep.")
        sent = st.form_submit_button("Change it and sign in anew")
    if not sent:
        return
    if new.strip() != again.strip():
        w.notice("Not changed.", "The two new ones are not the same: type them once more.", tone="failed")
        return
    try:
        sign_in.change_password(visit, old.strip(), new.strip())
    except CommonTableError as error:
        w.notice("Not changed.", error.sentence, tone="failed")
    else:
        scripts.end_session()
