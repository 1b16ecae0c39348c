"""The second way in on the first screen: an account of the person's own organisation, when that is offered."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.user_info import generate_login_redirect_url

from governance import NotPermitted, oidc
from pages.shell.frame import address, asked_path

TOLD = "commontable_told"
"""Cookie with which the way back says why there is no identity; the HTTP side sets the same one."""
_SENTENCES = {
    oidc.Refusal.UNCONFIRMED: (
        "Your organisation did not confirm who you are: try again, or sign in with a user name and password."
    ),
    oidc.Refusal.UNREACHABLE: (
        "Your organisation's sign-in does not answer: try again later, or sign in with a user name and password."
    ),
}
_ANSWER = "_organisation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of the way to the organisation and back: a ticket, or a sentence, or neither."""

    ticket: str = ""
    refused: str = ""


def answer() -> Answer:
    """With what somebody came back, asked once a tab: what a provider said counts once."""
    if not oidc.offered():
        return Answer()
    if _ANSWER not in st.session_state:
        st.session_state[_ANSWER] = _answer()
    found: Answer = st.session_state[_ANSWER]
    return found


def _answer() -> Answer:
    claims = st.user.to_dict()
    if not claims.get("is_logged_in"):
        told = str(st.context.cookies.get(TOLD, ""))
        return Answer(refused=_SENTENCES[oidc.Refusal(told)]) if told in set(oidc.Refusal) else Answer()
    try:
        return Answer(ticket=oidc.ticket(claims, address()))
    except NotPermitted as error:
        return Answer(refused=error.sentence)


def offer() -> None:
    """The button, when this way is offered."""
    if oidc.offered() and st.button("Sign in with your organisation's account", key="organisation", width="stretch"):
        _set_out()


def _set_out() -> None:
    """What `st.login` does, and with it the address to come back to, for Streamlit comes back to the home page."""
    context = get_script_run_ctx()
    if context is None:
        return
    query = urlencode([(name, each) for name in st.query_params for each in st.query_params.get_all(name)])
    wanted = f"/{asked_path()}?{query}" if query else f"/{asked_path()}"
    message = ForwardMsg()
    message.auth_redirect.url = f"{generate_login_redirect_url('default')}&{urlencode({'to': wanted})}"
    context.enqueue(message)
