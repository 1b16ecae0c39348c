"""The sign-in form of streamlit-authenticator with our credentials behind it.

The package renders the form and checks the bcrypt hash, nothing more. Its cookie (a copied one survives log-out), its
own users, its pauses and its YAML file are not used: its cookie component is not even mounted.
"""

from __future__ import annotations

import threading
from typing import Any

import streamlit as st
from streamlit_authenticator import Authenticate
from streamlit_authenticator.controllers import AuthenticationController
from streamlit_authenticator.models import AuthenticationModel

from governance import sign_in
from governance.passwords import encoded

AT_ONCE = threading.BoundedSemaphore(2)
"""Hashes cost a third of a second of a core: at most two are evaluated at a time."""
_LEFT_BEHIND = ("authentication_status", "username", "name", "roles", "email", "logout", "password_hint")


class _NoCookie:
    """Stands where the package keeps its cookie."""

    def get_cookie(self) -> None:
        """There is none."""

    def set_cookie(self) -> None:
        """Our own route sets the session cookie."""


class _Checked(AuthenticationModel):  # type: ignore[misc]
    """The package's own check, with one credential at a time and a delay before it."""

    def __init__(self, address: str) -> None:
        super().__init__({"usernames": {}}, auto_hash=False)
        self.address = address
        self.wait = 0.0
        self.refused = False

    def check_credentials(self, username: str, password: str) -> bool:
        """Whether name and password go together; a wait or a wrong password refuses in the same way."""
        self.refused = True
        self.wait = sign_in.wait_before(username, self.address)
        if self.wait > 0:
            return False
        found = sign_in.credential(username)
        self.credentials = {"usernames": {username: {"password": found.password_hash, "name": found.display}}}
        with AT_ONCE:
            right = bool(super().check_credentials(username, encoded(password).decode("utf-8", "surrogatepass")))
        if not right:
            sign_in.failed(username, self.address)
        self.refused = not right
        return right


class Door(Authenticate):  # type: ignore[misc]
    """One look at the sign-in form: who came in, or how it was refused."""

    def __init__(self, address: str) -> None:
        self.path = None
        self.attrs: dict[str, Any] = {"login_sleep_time": 0}
        self.secret_key = ""
        self.cookie_controller = _NoCookie()
        self.authentication_controller = AuthenticationController({"usernames": {}}, auto_hash=False)
        self.checked = _Checked(address)
        self.authentication_controller.authentication_model = self.checked

    def ask(self, fields: dict[str, str]) -> str:
        """Draw the form; the name of whoever gave the right password, else ""."""
        self.login(fields=fields, key="signin")
        came_in = st.session_state.get("authentication_status") is True
        username = str(st.session_state.get("username") or "") if came_in else ""
        for name in _LEFT_BEHIND:
            st.session_state.pop(name, None)
        return username
