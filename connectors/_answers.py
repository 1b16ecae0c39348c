"""What came back from a source, and the one sentence for when it is not what was asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from connectors._address import shown_url
from governance.errors import SourceError, SourceRefused, SourceUnreachable, SourceUnreadable

_HTML = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|h1|form|script|title|div|p\b)", re.IGNORECASE
)
_PASSWORD = re.compile(rb"password|passwort|mot de passe|log ?in|sign ?in", re.IGNORECASE)
_DOOR = re.compile(r"/(?:log-?in|sign-?in|signon|sso|saml|oauth2?|cas|auth|account/login)(?:[/?.;]|$)", re.IGNORECASE)


class AnswerTooLarge(SourceUnreadable):
    """An answer is larger than the client takes in; a smaller page may fit."""


class AnswerTooSlow(SourceUnreachable):
    """An answer did not begin, or did not end, in the time it is given; a smaller page may."""

    begun: bool = False
    """Whether a good part of the body had come when the time was up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer, its body whole and unpacked."""

    status: int
    url: str
    """Where it came from in the end, after redirects."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    content_type: str = ""

    @property
    def is_web_page(self) -> bool:
        """Whether this is a page for people, whatever its label says."""
        return _HTML.match(self.body[:400]) is not None or (
            self.content_type.startswith("text/html") and self.body.lstrip()[:1] not in (b"{", b"[")
        )

    @property
    def asks_log_in(self) -> bool:
        """Whether it is a log-in page, or stands where such pages stand."""
        if self.status in (401, 407):
            return True
        path = "/" + self.url.partition("://")[2].partition("/")[2]
        return self.is_web_page and (
            _DOOR.search(path) is not None
            or (b"<form" in self.body[:65536].lower() and _PASSWORD.search(self.body) is not None)
        )


def log_in(answer: Answer) -> SourceRefused:
    """The source wants us to sign in."""
    return SourceRefused(
        f"The source asks for a log-in at {shown_url(answer.url)}: ask its steward for a token or a public address.",
        url=shown_url(answer.url),
        status=answer.status,
    )


def web_page(answer: Answer) -> SourceUnreadable:
    """The source sent a page for people."""
    return SourceUnreadable(
        f"The source answered a web page, not data, at {shown_url(answer.url)}: "
        "it may be down for maintenance, or the address may be that of a page.",
        url=shown_url(answer.url),
        status=answer.status,
    )


def failure(answer: Answer) -> SourceError | None:
    """Why this answer cannot be used, None when it is a good one."""
    where, status = shown_url(answer.url), answer.status
    if answer.asks_log_in:
        return log_in(answer)
    if 200 <= status < 300:
        return web_page(answer) if answer.is_web_page else None
    if status == 403:
        said = f"The source refuses us at {where} (403): ask its steward to let us read it."
        return SourceRefused(said, url=where, status=status)
    if status in (404, 410):
        said = f"There is nothing at {where} ({status}): check the address of the source."
        return SourceUnreadable(said, url=where, status=status)
    if status in (429, 502, 503, 504):
        said = f"The source is busy or down at {where} ({status}): it will be asked again later."
        return SourceUnreachable(said, url=where, status=status)
    if status >= 500:
        said = f"The source has a fault of its own at {where} ({status}): it will be asked again later."
        return SourceUnreachable(said, url=where, status=status)
    said = f"The source did not accept our question at {where} ({status})."
    return SourceUnreadable(said, url=where, status=status)
