"""The way to an organisation's own sign-in and back, which Streamlit's routes go: ASGI middleware, only when offered.

Streamlit comes back to "/" and keeps who somebody is in a cookie for thirty days, with the provider's tokens beside
it. Here the way back leads to the page that was asked for, the cookie lives for a minute, the tokens are dropped.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, quote, unquote

from entrypoints.gate import App, Message, Receive, Scope, Send, header
from governance import oidc

SETS_OUT = "/auth/login"
COMES_BACK = "/oauth2callback"
IDENTITY = "_streamlit_user"
"""Streamlit's cookies that say who somebody is begin so."""
ASKED = "commontable_asked"
"""Cookie with the address to come back to; only the way back sees it."""
TOLD = "commontable_told"
"""Cookie that tells the sign-in page why there is no identity."""
_TOKENS = f"{IDENTITY}_tokens"
_PAGE = re.compile(r"/[A-Za-z0-9._~-]*(?:\?[!-~]{0,1500})?")
"""An address of ours: one level, then the query. Nothing that leads to another host."""
_LIFE = re.compile(r"max-age=[1-9]\d*", re.IGNORECASE)


def page_address(given: str) -> str:
    """The address when it is one of our pages, else the home page's."""
    return given if _PAGE.fullmatch(given) else "/"


class RoundTrip:
    """Sees somebody off to the provider and receives them back."""

    def __init__(self, app: App, *, secure: bool, unconfirmed: Callable[[str], None] = oidc.unconfirmed) -> None:
        self.app = app
        self.attributes = "HttpOnly; SameSite=Lax" + ("; Secure" if secure else "")
        self.secure = secure
        self.unconfirmed = unconfirmed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Changes the answers at the two ends of the way and lets everything else pass."""
        path = scope["path"] if scope["type"] == "http" else ""
        if path == SETS_OUT:
            send = self._setting_out(scope, send)
        elif path == COMES_BACK:
            send = self._coming_back(scope, send)
        await self.app(scope, receive, send)

    def _setting_out(self, scope: Scope, send: Send) -> Send:
        given = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("to", ["/"])[0]
        wanted = page_address(given)

        async def put(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = quote(wanted, safe="")
                message["headers"] = [
                    *self._cookies_changed(message),
                    self._cookie(f"{ASKED}={kept}; Path={COMES_BACK}; Max-Age=900"),
                ]
                if message["status"] >= 400:
                    self._send_home(message, wanted, oidc.Refusal.UNREACHABLE)
            await send(message)

        return put

    def _coming_back(self, scope: Scope, send: Send) -> Send:
        asked = _cookie_of(scope, ASKED)

        async def put(message: Message) -> None:
            if message["type"] == "http.response.start" and asked:
                wanted = page_address(unquote(asked))
                message["headers"] = [
                    *self._cookies_changed(message),
                    self._cookie(f"{ASKED}=; Path={COMES_BACK}; Max-Age=0"),
                ]
                if any(_gives_identity(value) for name, value in message["headers"] if name == b"set-cookie"):
                    self._send_home(message, wanted)
                else:
                    await asyncio.to_thread(self.unconfirmed, (scope.get("client") or ("",))[0])
                    self._send_home(message, wanted, oidc.Refusal.UNCONFIRMED)
            elif message["type"] == "http.response.start":
                message["headers"] = self._cookies_changed(message)
            await send(message)

        return put

    def _cookie(self, given: str) -> tuple[bytes, bytes]:
        return b"set-cookie", f"{given}; {self.attributes}".encode("latin-1")

    def _send_home(self, message: Message, wanted: str, told: oidc.Refusal | None = None) -> None:
        message["status"] = 303
        message["headers"] = [
            *((name, value) for name, value in message["headers"] if name != b"location"),
            (b"location", wanted.encode("latin-1")),
        ]
        if told is not None:
            message["headers"].append(self._cookie(f"{TOLD}={told}; Path=/; Max-Age=30"))

    def _cookies_changed(self, message: Message) -> list[tuple[bytes, bytes]]:
        changed: list[tuple[bytes, bytes]] = []
        for name, value in message.get("headers", ()):
            if name.lower() != b"set-cookie":
                changed.append((name.lower(), value))
            elif not value.startswith(_TOKENS.encode()) or b"max-age=0" in value.lower():
                changed.append((b"set-cookie", self._shortened(value.decode("latin-1")).encode("latin-1")))
        return changed

    def _shortened(self, cookie: str) -> str:
        if cookie.startswith(IDENTITY):
            cookie = _LIFE.sub("Max-Age=60", cookie)
        return cookie if not self.secure or "; secure" in cookie.lower() else f"{cookie}; Secure"


def _gives_identity(cookie: bytes) -> bool:
    return cookie.startswith(f"{IDENTITY}=".encode()) and b"max-age=0" not in cookie.lower()


def _cookie_of(scope: Scope, wanted: str) -> str:
    try:
        found = SimpleCookie(header(scope, b"cookie")).get(wanted)
    except CookieError:
        return ""
    return found.value if found else ""
