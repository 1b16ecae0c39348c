"""The only HTTP client: every request of every connector passes here, bounded in time, bytes and reach."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError, IncompleteRead, ReadTimeoutError

from connectors._address import Target, shown_url, target
from connectors._answers import Answer, AnswerTooLarge, AnswerTooSlow, failure
from connectors._body import PIECE, NotWhole, TooLarge, encoding, file_bytes, unpacked
from connectors._charset import in_utf8
from connectors._pace import LONGEST_WAIT, Pace, backoff, retry_after, spoken
from connectors._tolerant import Parsed, Unreadable, parse_json
from connectors._transport import Guard, GuardedAdapter, Watch
from governance.errors import SourceRefused, SourceUnreachable, SourceUnreadable

__all__ = ["DOCUMENT", "PAGE", "Answer", "AnswerTooLarge", "AnswerTooSlow", "Limits", "Web"]

USER_AGENT = "CommonTable/0.1 (+metadata harvester)"
PAGE = 32 << 20
"""Bytes of one page of answers, unpacked."""
DOCUMENT = 200 << 20
"""Bytes of a source that is one whole document, unpacked."""
TRIES = 4
REDIRECTS = 5
_AGAIN = frozenset({429, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_SECRET = frozenset({"authorization", "x-ckan-api-key", "cookie", "x-app-token"})


class Limits:
    """How long and how much: for one request, and for a whole reading."""

    def __init__(
        self,
        *,
        connect: float = 10.0,
        silence: float = 30.0,
        request: float = 60.0,
        reading: float = 4 * 3600.0,
        received: int = 8_000_000_000,
    ) -> None:
        self.connect, self.silence = connect, silence
        self.request, self.reading, self.received = request, reading, received


class Web:
    """One reading's window on the network; make one for each run of a source."""

    def __init__(
        self,
        *,
        allow: Iterable[str] = (),
        token: str = "",
        pace: Pace | None = None,
        clock: Callable[[], float] = time.monotonic,
        limits: Limits | None = None,
    ) -> None:
        self.allow = frozenset(one.strip().lower() for one in allow)
        self.requests = 0
        self.received_bytes = 0
        self._token = token
        self._pace, self._clock, self._limits = pace or Pace(), clock, limits or Limits()
        self._guard = Guard(self.allow)
        self._adapter = GuardedAdapter(self._guard)
        self._lock = threading.Lock()
        self._began: float | None = None
        self.session: requests.Session = _Session(self)
        """A requests session for libraries that want one (ckanapi): every call goes through this client."""

    def close(self) -> None:
        """Let go of the connections."""
        self._adapter.close()

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        accept: str = "",
        headers: Mapping[str, str] | None = None,
        limit: int = PAGE,
    ) -> Answer:
        """Fetch a URL whatever its status; give `If-None-Match` or `If-Modified-Since` to be answered 304.

        Raises: SourceRefused, SourceUnreachable, SourceUnreadable when no whole answer came.
        """
        asked = dict(headers or {}) | ({"Accept": accept} if accept else {})
        return self.exchange(requests.Request("GET", url, params=params, headers=asked), limit=limit)

    def ok(
        self,
        url: str,
        *,
        params: Mapping[str, str | int] | None = None,
        accept: str = "",
        headers: Mapping[str, str] | None = None,
        limit: int = PAGE,
    ) -> Answer:
        """Fetch a URL that must answer data: a web page, a log-in or an error status raises its sentence."""
        answer = self.get(url, params=params, accept=accept, headers=headers, limit=limit)
        if error := failure(answer):
            raise error
        return answer

    def json(self, url: str, *, params: Mapping[str, str | int] | None = None, limit: int = PAGE) -> Parsed:
        """Fetch a URL that must answer JSON."""
        answer = self.ok(url, params=params, accept="application/json", limit=limit)
        try:
            return parse_json(answer.body)
        except Unreadable as error:
            said = f"The answer at {shown_url(answer.url)} cannot be read: {error}."
            raise SourceUnreadable(said, url=shown_url(answer.url), status=answer.status) from error

    def document(self, location: str, *, limit: int = DOCUMENT) -> bytes:
        """A whole document from a URL or from a local file, unpacked when it is a gzip file.

        Raises: SourceError of the kind that tells what to do.
        """
        if "://" in location or location.lower().startswith(("http:", "https:", "file:", "data:", "javascript:")):
            body = self.ok(location, limit=limit).body
            return in_utf8(self._gunzipped(body, location, limit)) if body.startswith(b"\x1f\x8b") else body
        path = Path(location)
        try:
            return in_utf8(file_bytes(path, limit))
        except TooLarge:
            raise AnswerTooLarge(_too_large(f"The file {path.name}", limit), url=path.name) from None
        except NotWhole as error:
            raise SourceUnreadable(f"The file {path.name} cannot be read: {error}.", url=path.name) from error
        except (OSError, ValueError) as error:
            said = f"The file {path.name} cannot be opened: check that it exists and may be read."
            raise SourceUnreachable(said, url=path.name) from error

    def exchange(self, request: requests.Request, *, limit: int = PAGE) -> Answer:
        """Send one request with retries where they are due, following redirects within the site.

        Raises: SourceRefused, SourceUnreachable, SourceUnreadable when no whole answer came.
        """
        waited, attempt = 0.0, 0
        while True:
            seconds: float | None = None
            answer: Answer | None = None
            try:
                answer = self._journey(request, limit)
                if answer.status not in _AGAIN:
                    return answer
                seconds = retry_after(answer.headers)
            except _NotReached as error:
                if attempt + 1 >= TRIES:
                    raise error.told from error
            pause = backoff(attempt) if seconds is None else seconds
            if answer is not None and waited + pause > LONGEST_WAIT:
                raise _come_back(answer, pause)
            attempt += 1
            if attempt >= TRIES and answer is not None:
                return answer
            waited += pause
            self._pace.wait(pause)

    def _journey(self, request: requests.Request, limit: int) -> Answer:
        method, url, body = request.method or "GET", str(request.url), request.data
        headers = CaseInsensitiveDict({**_DEFAULTS, **(request.headers or {})})
        params, came = request.params, target(url, self.allow)
        for _ in range(REDIRECTS + 1):
            asked = requests.Request(method, url, params=params, data=body, headers=headers).prepare()
            answer = self._once(asked, came, limit)
            to = answer.headers.get("Location", "")
            if answer.status not in _MOVED or not to:
                return answer
            url, params = urljoin(str(asked.url), to.strip()), {}
            if method != "GET" and answer.status in (301, 302, 303):
                said = f"The source has moved to {shown_url(url)}: enter that address."
                raise SourceRefused(said, url=shown_url(url), status=answer.status)
            went = target(url, self.allow)
            _same_site(came, went, url)
            if went.host != came.host:
                headers = CaseInsensitiveDict({k: v for k, v in headers.items() if k.lower() not in _SECRET})
            came = went
        said = f"The source sends us round in circles at {shown_url(url)}: {REDIRECTS} redirects were followed."
        raise SourceRefused(said, url=shown_url(url))

    def _once(self, asked: requests.PreparedRequest, where: Target, limit: int) -> Answer:
        url, limits = str(asked.url), self._limits
        target(url, self.allow)
        seconds = min(limits.request, self._left(url))
        self._pace.turn(where.host)
        with self._lock:
            self.requests += 1
        received = _Count()
        with self._guard.watching(seconds) as watch:
            try:
                answer = self._adapter.send(
                    asked, stream=True, timeout=(limits.connect, limits.silence), verify=True, proxies={}
                )
                try:
                    taken = self._taken(answer, url, limit=limit, received=received)
                finally:
                    answer.close()
                if watch.fired:
                    # A connection that we cut looks like the proper end of an answer without a length.
                    raise TimeoutError
                return taken
            except (requests.RequestException, HTTPError, OSError, EOFError) as error:
                raise self._told(error, url, watch=watch, received=received.bytes) from error

    def _taken(self, answer: requests.Response, url: str, *, limit: int, received: _Count) -> Answer:
        headers = CaseInsensitiveDict(answer.headers)
        try:
            pieces = self._counted(answer.raw.stream(PIECE, decode_content=False), limit, received)
            body = unpacked(pieces, encoding(headers), limit)
        except TooLarge:
            raise AnswerTooLarge(_too_large(f"The answer at {shown_url(url)}", limit), url=shown_url(url)) from None
        except NotWhole as error:
            said = f"The answer at {shown_url(url)} cannot be read: {error}."
            raise SourceUnreadable(said, url=shown_url(url), status=answer.status_code) from error
        said = headers.get("Content-Type") or ""
        kind = said.split(";")[0].strip().lower()
        return Answer(status=answer.status_code, url=url, headers=headers, body=in_utf8(body, said), content_type=kind)

    def _counted(self, pieces: Iterable[bytes], limit: int, received: _Count) -> Iterable[bytes]:
        for piece in pieces:
            received.bytes += len(piece)
            with self._lock:
                self.received_bytes += len(piece)
                total = self.received_bytes
            if received.bytes > limit or total > self._limits.received:
                raise TooLarge
            yield piece

    def _left(self, url: str) -> float:
        with self._lock:
            now = self._clock()
            self._began = now if self._began is None else self._began
            left = self._began + self._limits.reading - now
            full = self.received_bytes >= self._limits.received
        if left <= 0:
            said = f"The reading took longer than {spoken(self._limits.reading)}: stopped at {shown_url(url)}."
            raise AnswerTooSlow(said, url=shown_url(url))
        if full:
            said = f"The source sent more than {self._limits.received / 1e6:,.0f} MB and was stopped."
            raise SourceUnreadable(said, url=shown_url(url))
        return left

    def _told(self, error: Exception, url: str, *, watch: Watch, received: int) -> Exception:
        where = shown_url(url)
        if watch.fired:
            slow = AnswerTooSlow(
                f"The source did not finish its answer at {where} within {self._limits.request:.0f} seconds.",
                url=where,
            )
            slow.begun = received > 1_000_000
            return slow
        if isinstance(error, (requests.ReadTimeout, ReadTimeoutError)):
            silent = AnswerTooSlow(
                f"The source fell silent for {self._limits.silence:.0f} seconds at {where}.", url=where
            )
            silent.begun = True
            return silent
        if isinstance(error, requests.exceptions.SSLError):
            return SourceUnreachable(
                f"The source at {where} has no valid certificate: its steward must renew it.", url=where
            )
        if isinstance(error, (requests.exceptions.InvalidURL, requests.exceptions.MissingSchema)):
            return SourceRefused(f"The address {where} is not asked: it is not a web address.", url=where)
        if isinstance(error, IncompleteRead) or received:
            said = f"The answer at {where} breaks off after {received:,} bytes."
            return SourceUnreachable(said, url=where)
        told = SourceUnreachable(
            f"The source at {where} cannot be reached: no connection, or it was dropped.", url=where
        )
        return _NotReached(told) if isinstance(error, requests.ConnectionError) else told

    def _gunzipped(self, body: bytes, location: str, limit: int) -> bytes:
        where = shown_url(location)
        try:
            return unpacked((body,), "gzip", limit)
        except TooLarge:
            raise AnswerTooLarge(_too_large(f"The document at {where}", limit), url=where) from None
        except NotWhole as error:
            raise SourceUnreadable(f"The document at {where} cannot be read: {error}.", url=where) from error


_DEFAULTS = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate", "Accept": "*/*"}


class _Count:
    def __init__(self) -> None:
        self.bytes = 0


class _NotReached(Exception):
    """No answer began; asking once more may help."""

    def __init__(self, told: SourceUnreachable) -> None:
        super().__init__(str(told))
        self.told = told


class _Session(requests.Session):
    """A session that hands every call to the client, so that a library cannot go round it."""

    def __init__(self, web: Web) -> None:
        super().__init__()
        self.trust_env = False
        self._web = web
        self.mount("http://", GuardedAdapter(web._guard))
        self.mount("https://", GuardedAdapter(web._guard))

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        asked = requests.Request(
            str(method),
            str(url),
            params=kwargs.get("params"),
            data=kwargs.get("data"),
            headers=kwargs.get("headers"),
        )
        answer = self._web.exchange(asked)
        made = requests.Response()
        made.status_code, made.url, made.encoding = answer.status, answer.url, "utf-8"
        made.headers = CaseInsensitiveDict(answer.headers)
        made._content = answer.body
        return made


def _same_site(came: Target, went: Target, url: str) -> None:
    same_port = went.port == came.port or (came.scheme, came.port, went.scheme, went.port) == (
        "http",
        80,
        "https",
        443,
    )
    if went.site != came.site or not same_port:
        said = f"The source sends us on to another site, {shown_url(url)}: if that is right, enter that address."
        raise SourceRefused(said, url=shown_url(url))
    if came.scheme == "https" and went.scheme == "http":
        said = f"The source sends us from https to plain http at {shown_url(url)}: that is not followed."
        raise SourceRefused(said, url=shown_url(url))


def _come_back(answer: Answer, seconds: float) -> SourceUnreachable:
    where = shown_url(answer.url)
    said = f"The source at {where} asks to come back in {spoken(seconds)} ({answer.status})."
    return SourceUnreachable(said, url=where, status=answer.status, retry_after=seconds)


def _too_large(what: str, limit: int) -> str:
    return f"{what} is larger than {limit >> 20} MB and was not taken in."
