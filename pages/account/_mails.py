"""Being told by mail that something waits: off until the person gives an address and enters the code sent to it."""

from __future__ import annotations

import functools
from collections.abc import Mapping

import streamlit as st

from governance import Visit
from governance.notices import choosing
from governance.notices.choosing import Choice, Pace
from pages.shell import widgets as w
from pages.shell.again import do, show_only

_PACES: Mapping[Pace, str] = {
    Pace.DAILY: "Once a day, in the morning, when something is new",
    Pace.SOON: "Within a quarter of an hour",
}


def show(visit: Visit) -> None:
    """What is chosen and how to change it; nothing where no mails are sent."""
    if not choosing.offered_by_mail():
        return
    chosen = choosing.choice(visit)
    with w.surface("mails"):
        w.heading("Told by mail")
        if chosen is None:
            w.show(w.muted("A mail can say that something waits for you: how many things, never what they are."))
            _choose(visit, chosen)
        elif chosen.confirmed and not chosen.refused:
            w.show(w.key_values([("Address", chosen.address), ("When", _PACES[chosen.pace])]))
            _change(visit, chosen)
        else:
            _unconfirmed(visit, chosen)


def _unconfirmed(visit: Visit, chosen: Choice) -> None:
    if chosen.refused:
        said = f"The mail server says that there is no {chosen.address}: give another address."
        w.notice("Mails do not arrive.", said, tone="failed")
        _choose(visit, chosen)
        _end(visit)
        return
    w.show(
        w.muted(f"A code is sent to {chosen.address}; it can take a minute. Nothing else is sent before you enter it.")
    )
    with st.form("code", border=False):
        # The mail's link brings the code along; it takes the person's own click, for programs open links too.
        brought = st.query_params.get("code", "")
        code = st.text_input("Code from the mail", value=brought, placeholder="0000-0000-0000-0000-0000-0000")
        if st.form_submit_button("Confirm the address", type="primary"):
            confirm = functools.partial(choosing.confirm, visit, code)
            do(confirm, "From now on mails come to this address.", then=lambda _done: show_only())
    _change(visit, chosen)


def _change(visit: Visit, chosen: Choice) -> None:
    with st.expander("Another address, other times, no mails"):
        _choose(visit, chosen)
        _end(visit)


def _choose(visit: Visit, chosen: Choice | None) -> None:
    with st.form("mails", border=False):
        address = st.text_input("Mail address", value=chosen.address if chosen else "", placeholder="name@example.org")
        pace = st.radio(
            "When", list(Pace), format_func=_PACES.__getitem__, index=list(Pace).index(chosen.pace) if chosen else 0
        )
        if st.form_submit_button("Save" if chosen else "Send me a code"):
            do(
                functools.partial(choosing.choose, visit, address, pace or Pace.DAILY),
                "Saved: a new address is sent a code.",
            )


def _end(visit: Visit) -> None:
    if st.button("End the mails", key="endmails", icon=":material/notifications_off:"):
        do(functools.partial(choosing.end, visit), "No more mails will come.")
