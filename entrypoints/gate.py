"""The wall in front of everything: sessions, security headers, a limit on anonymous connections.

Pure ASGI, outermost. Who has no valid session reaches the sign-in page (its HTML, assets, fonts and a websocket that
shows nothing else), `/session/start` and `/healthz`; media, uploads and every other route of ours answer 401. A file of
`/media` passes to the session it was made for alone, and only as long as `may_have` says so.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, MutableMapping, Sequence
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from governance import visiting

COOKIE = "commontable"
"""Name of the session cookie."""

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

HIDDEN = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
"""Streamlit's own doors that nobody needs: 404."""
BEHIND = ("/media", "/_stcore/upload_file", "/api", "/feeds")
"""Only with a valid session or, for the API, a token that its own route checks."""
OWN = ("/session", "/healthz", "/api", "/feeds")
"""Our own routes: never kept by a browser or a proxy."""
MEDIA = ("/media",)
"""Where Streamlit keeps files that were made to be saved, until its next runs."""
PARTS = frozenset({b"range", b"if-range", b"accept-encoding", b"if-none-match", b"if-modified-since"})
"""Request headers that ask for less than the whole of a file as it is."""
NESTED = ("/static", "/media", "/component", "/_stcore", "/fonts", "/look", "/auth")
"""Addresses with more than one level that are not pages."""

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def script_hash(text: str) -> str:
    """A script as `script-src` names it."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def inline_scripts_of(page: Path) -> list[str]:
    """The inline scripts of a static page, for the policy: Streamlit's index.html has one."""
    return _INLINE.findall(page.read_text("utf-8"))


def policy(scripts: Iterable[str], *, framing: str = "'none'") -> str:
    """The content-security policy that allows our own origin and exactly these inline scripts."""
    allowed = " ".join(["'self'", *(script_hash(text) for text in scripts)])
    return (
        f"default-src 'self'; script-src {allowed}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
        f"frame-src 'self'; frame-ancestors {framing}; base-uri 'self'; object-src 'none'; form-action 'self'"
    )


@dataclass(slots=True, kw_only=True)
class Bucket:
    """How many connections without a session one address may still open."""

    left: float
    at: float


@dataclass(slots=True, kw_only=True)
class Limit:
    """A token bucket an address: `burst` at once, then one every `every` seconds; remembers the latest addresses."""

    burst: int = 60
    every: float = 1.0
    most: int = 10_000
    clock: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, Bucket] = field(default_factory=OrderedDict)

    def admits(self, address: str) -> bool:
        """Whether one more is let in; counts it when it is."""
        now = self.clock()
        bucket = self._buckets.pop(address, None) or Bucket(left=float(self.burst), at=now)
        bucket.left = min(float(self.burst), bucket.left + (now - bucket.at) / self.every)
        bucket.at = now
        self._buckets[address] = bucket
        while len(self._buckets) > self.most:
            self._buckets.popitem(last=False)
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True


def session_is_valid(sid: str) -> bool:
    """Asks the database, at this moment; to be asked is not to be used."""
    with visiting(sid, touch=False) as visit:
        return visit is not None


def header(scope: Scope, name: bytes) -> str:
    """The first value of a request header, "" when absent; `name` in lower case."""
    return next((value.decode("latin-1") for key, value in scope.get("headers", ()) if key == name), "")


def session_cookie(scope: Scope) -> str:
    """The session id the browser sent, "" when none."""
    try:
        found = SimpleCookie(header(scope, b"cookie")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def from_our_own_page(scope: Scope) -> bool:
    """Whether a changing request comes from a page of ours: by Sec-Fetch-Site, else by Origin."""
    site = header(scope, b"sec-fetch-site")
    if site:
        return site in {"same-origin", "none"}
    origin = header(scope, b"origin")
    return bool(origin) and urlsplit(origin).netloc == header(scope, b"host")


def host_is_allowed(host: str, allowed: Sequence[str]) -> bool:
    """Whether the app answers to this name (against DNS rebinding); an empty list allows any."""
    if not allowed:
        return True
    name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    return any(name == each or (each.startswith("*.") and name.endswith(each[1:])) for each in allowed)


def _under(path: str, roots: Iterable[str]) -> bool:
    return any(path == root or path.startswith(root + "/") for root in roots)


class Gate:
    """The wall as ASGI middleware."""

    def __init__(
        self,
        app: App,
        *,
        scripts: Sequence[str] = (),
        preload: Sequence[str] = (),
        allowed_hosts: Sequence[str] = (),
        limit: Limit | None = None,
        valid: Callable[[str], bool] = session_is_valid,
        may_have: Callable[[str, bytes], bool] = lambda _session, _file: False,
    ) -> None:
        self.app = app
        self.allowed_hosts = tuple(each.strip().lower() for each in allowed_hosts if each.strip())
        self.limit = limit or Limit()
        self.valid = valid
        self.may_have = may_have
        self.preload = ", ".join(_preload(each) for each in preload).encode()
        self.page_policy = policy(scripts)
        self.component_policy = policy(scripts, framing="'self'")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let through, refuse, and put the headers on every answer."""
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, self._with_headers(scope, send))
        else:
            await self.app(scope, receive, send)

    async def _signed_in(self, scope: Scope) -> bool:
        sid = session_cookie(scope)
        return bool(sid) and await asyncio.to_thread(self.valid, sid)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        allowed = host_is_allowed(header(scope, b"host"), self.allowed_hosts)
        if allowed and not await self._signed_in(scope):
            allowed = self.limit.admits((scope.get("client") or ("",))[0])
        if allowed:
            await self.app(scope, receive, send)
            return
        await receive()
        await send({"type": "websocket.close", "code": 1008})

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if not host_is_allowed(header(scope, b"host"), self.allowed_hosts):
            await _answer(send, 400, "This server does not answer to that name.")
        elif _under(path, HIDDEN):
            await _answer(send, 404, "Not found")
        elif _is_nested_page(scope):
            await _answer(send, 303, "", (b"location", b"/not-found"))
        elif _under(path, BEHIND) and not await self._may_pass(scope):
            await _answer(send, 401, "Sign in first.")
        elif scope["method"] not in {"GET", "HEAD", "OPTIONS"} and _under(path, OWN) and not self._ours(scope):
            await _answer(send, 403, "This request did not come from a page of ours.")
        elif _under(path, MEDIA):
            await self._media(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _media(self, scope: Scope, receive: Receive, send: Send) -> None:
        """A file, whole, or not a byte of it: an address seen earlier opens nothing that may not be had now."""
        whole = {**scope, "headers": [each for each in scope["headers"] if each[0] not in PARTS]}
        told: list[Message] = []

        async def keep(message: Message) -> None:
            told.append(message)

        await self.app(whole, receive, keep)
        file = b"".join(each.get("body", b"") for each in told if each["type"] == "http.response.body")
        if not await asyncio.to_thread(self.may_have, session_cookie(scope), file):
            await _answer(send, 404, "Not found")
            return
        for message in told:
            await send(message)

    async def _may_pass(self, scope: Scope) -> bool:
        """An API token is checked by the route itself; it never comes from a browser by itself, unlike a cookie."""
        if _under(scope["path"], ("/api", "/feeds")) and header(scope, b"authorization"):
            return True
        return await self._signed_in(scope)

    def _ours(self, scope: Scope) -> bool:
        return bool(header(scope, b"authorization")) or from_our_own_page(scope)

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        path = scope["path"]
        security = self.component_policy if _under(path, ("/component",)) else self.page_policy
        added = [
            (b"content-security-policy", security.encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"no-referrer"),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
            (b"x-frame-options", b"SAMEORIGIN" if _under(path, ("/component",)) else b"DENY"),
        ]
        if scope.get("scheme") == "https":
            added.append((b"strict-transport-security", b"max-age=31536000"))

        async def put(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _merged(message.get("headers", ()), added, own=_under(path, (*OWN, *MEDIA)))
                if self.preload and _is_page(message):
                    message["headers"].append((b"link", self.preload))
            await send(message)

        return put


def _preload(address: str) -> str:
    kind = "style" if address.endswith(".css") else "font; crossorigin"
    return f"<{address}>; rel=preload; as={kind}"


def _is_page(message: Message) -> bool:
    return any(name == b"content-type" and value.startswith(b"text/html") for name, value in message["headers"])


def _merged(
    given: Iterable[tuple[bytes, bytes]], added: Sequence[tuple[bytes, bytes]], *, own: bool
) -> list[tuple[bytes, bytes]]:
    names = {name for name, _ in added} | {b"server", b"access-control-allow-origin"}
    kept = [(name, value) for name, value in given if name.lower() not in names]
    kind = next((value for name, value in kept if name.lower() == b"content-type"), b"")
    if own or kind.startswith(b"text/html"):
        kept = [(name, value) for name, value in kept if name.lower() != b"cache-control"]
        kept.append((b"cache-control", b"no-store"))
    return [*kept, *added]


def _is_nested_page(scope: Scope) -> bool:
    """A browser that asks for a page deeper than one level: Streamlit has none, and its relative assets would fail."""
    path = scope["path"].rstrip("/")
    wants_page = scope["method"] == "GET" and "text/html" in header(scope, b"accept")
    return wants_page and path.count("/") > 1 and not _under(path, (*OWN, *NESTED))


async def _answer(send: Send, status: int, words: str, *more: tuple[bytes, bytes]) -> None:
    body = words.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
        *more,
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
