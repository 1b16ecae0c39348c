"""Text on its way to the screen: escaping, harvested Markdown made safe, links, icons, words for dates and counts.

Every function that takes a `str` escapes it; a `Markup` is taken as it is. `Markup` is only made here, in the other
files of the shell and by `Markup("...").format(...)`, which escapes what it fills in. A description that a portal
wrote goes through `safe_html`, everything else through `esc`.
"""

from __future__ import annotations

import functools
import re
from datetime import date, datetime
from urllib.parse import urlsplit

import nh3
import streamlit as st
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from pages.shell.place import here

LONGEST_TEXT = 10_000
"""Bytes of a harvested text that are read: markdown parsers are quadratic on hostile input beyond it."""

_TAGS = {"p", "br", "em", "strong", "b", "i", "ul", "ol", "li", "blockquote", "code", "pre", "hr", "a"} | {
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "sub",
    "sup",
}
_SCHEMES = {"http", "https", "mailto"}
_LOOKS_LIKE_HTML = re.compile(r"<(p|br|div|span|ul|ol|li|a|b|strong|em|i|h[1-6]|table|font)\b[^<>]*>", re.IGNORECASE)
_MARKS = re.compile(
    r"[\\`*\[\]<>~$|]"
    r"|(?<![^\W_])_|_(?![^\W_])"  # inside a word it means nothing
    r"|&(?=#?\w+;)|:(?=//|[\w+-]+:)|(?<=\bwww)\."
    r"|^[#+-](?=[#\s-]|$)",
    re.MULTILINE,
)
_NUMBERED = re.compile(r"^(\d{1,9})(?=[.)](?:\s|$))", re.MULTILINE)
_DRAWN = re.compile(r":(?=(?:material/\w+|streamlit):)")
_HEADING = re.compile(r"<(/?)h[1-6]\b[^<>]*>", re.IGNORECASE)
_LINK = re.compile(r'<a href="([^"]*)"([^>]*)>(.*?)</a>', re.DOTALL)
_MISSING_HREF = re.compile(r"<a(?: rel=\"[^\"]*\")?>(.*?)</a>", re.DOTALL)


def esc(text: object) -> Markup:
    """The text with `<`, `>`, `&` and quotes written out; a `Markup` comes back as it is."""
    return escape(text)


class Ready:
    """Markup for `st.html` as it is: a text Streamlit would take for the name of a file and straighten line by line."""

    __slots__ = ("_body",)

    def __init__(self, body: str) -> None:
        self._body = body

    def _repr_html_(self) -> str:
        return self._body


def show(markup: Markup) -> None:
    """Draw ready markup; anything else than a `Markup` is escaped first."""
    st.html(Ready(esc(markup)))


@functools.cache
def _markdown() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "linkify": True, "breaks": True})
    return reader.enable(["linkify", "table"]).disable(["image"])


def _with_host(found: re.Match[str]) -> str:
    address, rest, words = found.groups()
    host = urlsplit(address.replace("&amp;", "&")).hostname or ""
    if not host or host in words:
        return found.group(0)
    return f'<a href="{address}"{rest}>{words}</a> <span class="ct-host">({escape(host)})</span>'


@functools.lru_cache(maxsize=512)
def safe_html(text: str) -> Markup:
    """What a source wrote, Markdown or HTML, as markup that cannot run, load or pretend anything.

    Links keep http, https and mailto only and show the host they lead to; images become links; headings become
    paragraphs. Text beyond 10,000 bytes is left out with an ellipsis.
    """
    whole = text.encode("utf-8", "replace")
    kept = whole[:LONGEST_TEXT].decode("utf-8", "ignore") + (" …" if len(whole) > LONGEST_TEXT else "")
    read = kept if _LOOKS_LIKE_HTML.search(kept) else _markdown().render(kept)
    clean = nh3.clean(
        _HEADING.sub(r"<\1p>", read),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        clean_content_tags={"script", "style", "iframe", "object", "svg", "math", "template"},
    )
    words = _MISSING_HREF.sub(r"\1", _LINK.sub(_with_host, clean))
    return Markup(f'<div class="ct-prose">{words}</div>')  # noqa: S704  (nh3 has just cleaned it)


def as_label(words: str) -> str:
    """Somebody's words for a label, a caption or a toast, which Streamlit reads as Markdown: they stay as typed.

    Only marks that would mean something are escaped: a field's label is also read out, and then as it is written.
    """
    kept = _MARKS.sub(r"\\\g<0>", _DRAWN.sub(":\u2060", words))
    return _NUMBERED.sub(r"\1\\", kept)


def plain(text: str, longest: int = 200) -> str:
    """The first words of a harvested text without any marks, for one line of a list."""
    words = " ".join(nh3.clean(safe_html(text[: longest * 4]), tags=set()).split())
    bare = Markup(words).unescape()  # noqa: S704  (text again, escaped where it is drawn)
    return bare if len(bare) <= longest else bare[:longest].rsplit(" ", 1)[0].rstrip(",.;:") + " …"


def safe_url(url: str) -> str:
    """The address when it is an http, https or mailto one, else ""."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme.lower() not in _SCHEMES or (parts.scheme.lower() != "mailto" and not parts.hostname):
        return ""
    return url.strip()


def link(words: str | Markup, address: str) -> Markup:
    """A link to one of our pages (an address that begins with "/", from `pages.href`) or into the same page ("?…")."""
    if not address.startswith(("/", "?")) or address.startswith("//"):
        return esc(words)
    return Markup('<a class="ct-go" href="{}">{}</a>').format(address, words)


def outside(words: str | Markup, url: str) -> Markup:
    """A link to somewhere else, marked as such and with its host; plain words when the address is not a web one."""
    address = safe_url(url)
    if not address:
        return esc(words)
    host = urlsplit(address).hostname or ""
    shown = Markup("") if not host or host in words else Markup(' <span class="ct-host">({})</span>').format(host)
    mark = icon("open_in_new") if host else Markup("")
    return Markup('<a class="ct-outside" href="{}" rel="noopener noreferrer">{}{}</a>{}').format(
        address, words, mark, shown
    )


def icon(name: str) -> Markup:
    """A Material symbol by name, unseen by screen readers: the words beside it carry the meaning."""
    return Markup('<span class="ct-icon" aria-hidden="true" translate="no">{}</span>').format(name)


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: `count(1204, "dataset")` is "1,204 datasets"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def day(when: date | datetime | str | None, otherwise: str = "not stated") -> str:
    """A day in short, "12 Nov 2026"; an ISO text is read first, and a text that is no date comes back as it is."""
    if isinstance(when, str):
        try:
            return day(datetime.fromisoformat(when))
        except ValueError:
            return when or otherwise
    if isinstance(when, datetime) and when.tzinfo is not None:
        when = when.astimezone(here().zone)
    return f"{when.day} {when:%b %Y}" if when else otherwise


def moment(when: datetime | None, otherwise: str = "never") -> str:
    """A day and a time, "Sat 21 Nov 2026 06:04", in the collaboration's time zone."""
    if when is not None and when.tzinfo is not None:
        when = when.astimezone(here().zone)
    return f"{when:%a} {when.day} {when:%b %Y %H:%M}" if when else otherwise


def size(octets: int | None) -> str:
    """A file's size, "1.4 MB"; "" when the source does not state it."""
    if octets is None:
        return ""
    amount = float(octets)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit in {"B", "kB"} or amount >= 100 else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"
