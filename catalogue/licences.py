"""Which licence a statement names: by exact id, address or name, never by likeness.

The registry is data (licences.toml). A statement is brought into a normal form (case, accents, punctuation,
"license", http/https, www, /deed.fr, /legalcode) and then has to be equal to a known one. A name inside a
longer text is a suggestion for a person to confirm. Words that limit use win over any name: `cc-by-nc` is two
letters away from `cc-by-sa`, so nothing here measures distance.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from urllib.parse import unquote, urlsplit

from catalogue.access import words_of

_LONGEST = 4000
"""Characters of a statement that are looked at: a 17 kB page of terms has said what it says by then."""


class Conformance(StrEnum):
    """How a licence stands to the Open Definition 2.1. Source: opendefinition.org/od/2.1."""

    APPROVED = "approved"
    CLAIMED = "claimed"
    """Says "open" or "public domain" without a text that can be checked."""
    NOT_APPROVED = "not-approved"


class How(StrEnum):
    """How a statement was matched to a licence."""

    NAME = "name"
    """Equal to an id or a name of the licence."""
    ADDRESS = "address"
    """Equal to an address of the licence."""
    PHRASE = "phrase"
    """The licence is named inside a longer text: to be confirmed."""
    LIMIT = "limit"
    """The text limits use: "non-commercial", "all rights reserved"."""
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A set of terms under which data may be used."""

    id: str
    title: str
    url: str
    conformance: Conformance
    short: str
    """As shown in a row: "CC BY 4.0"."""
    version: str = ""
    attribution: bool = False
    share_alike: bool = False
    citation: str = ""
    """The acknowledgement it dictates, with {title}, {publisher} and {year}; "" when it dictates none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What the licence statements of a dataset come to."""

    licence: Licence | None = None
    how: How = How.NONE
    matched: str = ""
    """The statement that decided, as the source wrote it."""

    @property
    def proven_open(self) -> bool:
        """True only for an exact match with a licence that conforms to the Open Definition."""
        exact = self.how in (How.NAME, How.ADDRESS)
        return exact and self.licence is not None and self.licence.conformance is Conformance.APPROVED

    @property
    def limits_use(self) -> bool:
        """True when the licence, or the words of the statement, limit what may be done."""
        return self.licence is not None and self.licence.conformance is Conformance.NOT_APPROVED


@dataclass(frozen=True, slots=True)
class _Registry:
    licences: Mapping[str, Licence]
    names: Mapping[str, str]
    addresses: Mapping[str, str]
    phrases: tuple[tuple[str, str], ...]
    unstated: frozenset[str]
    limits: re.Pattern[str]


_TAG = re.compile(r"<[^<>]{0,2000}>")
_HREF = re.compile(r"<a\s[^<>]{0,500}?href\s*=\s*[\"']?([^\s\"'<>]+)[^<>]{0,500}>", re.IGNORECASE)
_LABEL = re.compile(r"^licen[cs]e\s*:\s*", re.IGNORECASE)
_LINK = re.compile(r"(?:https?://|(?<![\w@.])(?:www\.|creativecommons\.org/))[^\s<>\"')\]}]+", re.IGNORECASE)
_VERSION_WORD = re.compile(r"\b(?:version|versao|versione|ver|v)\s?(?=\d)")
_VERSION = re.compile(r"^(?P<name>.+?) (?P<major>\d)(?: (?P<minor>\d))?$")
_AFTER_VERSION = re.compile(
    r"(?<=\d)(?: (?:international|internacional|internazionale|internationaal|intl|unported|generic"
    r"|public|licence|universal))+$"
)
_PORT = re.compile(
    r"(?<=\d) (?:igo|au|at|de|nl|us|nz|fr|it|es|br|uk|ch|pt|ca|ie|ar|cl|mx|pl|gr|australia|austria"
    r"|brasil|brazil|chile|deutschland|france|germany|ireland|italia|italy|netherlands|new zealand|portugal"
    r"|spain|espana|switzerland|united states)$"
)
"""The national ports of a Creative Commons licence read as its version."""
_PAGE_ENDS = re.compile(
    r"/(?:deed|legalcode|rdf|index|summary)(?:[._-][a-z_-]{2,10})?(?:\.html?)?$|\.(?:html?|txt|php)$"
)
_ID_HOMES = (
    "spdx.org/licenses/",
    "opendefinition.org/licenses/",
    "opensource.org/licenses/",
    "opensource.org/license/",
    "dcat-ap.de/def/licenses/",
    "publications.europa.eu/resource/authority/licence/",
)
"""Addresses that end in a licence's id."""
_BOTH_USES = re.compile(r"\b(?:non ?)?commercial(?:ly)? (?:and|or|as well as) (?:non ?)?commercial(?:ly)?\b")


def text_key(statement: str) -> str:
    """The normal form in which names are compared: "CC-BY v4.0 International" becomes "cc by 4 0"."""
    words = words_of(statement)
    key = _AFTER_VERSION.sub("", _VERSION_WORD.sub("", words))
    return _PORT.sub("", key) if key.startswith(("cc ", "creative commons ", "attribution ")) else key


def address_key(address: str) -> str:
    """The normal form in which addresses are compared: no scheme, www, page name or national port."""
    text = address.strip().strip("<>").rstrip(".,;")
    try:
        parts = urlsplit(text if "//" in text else "//" + text)
        host, path = (parts.hostname or "").removeprefix("www."), unquote(parts.path).casefold()
    except ValueError:
        return ""
    steps = [step for step in path.split("/") if step]
    if host == "creativecommons.org" and steps[:1] in (["licenses"], ["publicdomain"]):
        steps = steps[:3]
    path = "/".join(steps)
    while (shorter := _PAGE_ENDS.sub("", "/" + path).strip("/")) != path:
        path = shorter
    return f"{host}/{path}".rstrip("/")


@cache
def _registry() -> _Registry:
    data = tomllib.loads(Path(__file__).with_name("licences.toml").read_text(encoding="utf-8"))
    licences: dict[str, Licence] = {}
    names: dict[str, str] = {}
    addresses: dict[str, str] = {}
    phrases: list[tuple[str, str]] = []
    for entry in data["licence"]:
        id = entry["id"]
        licences[id] = Licence(
            id=id,
            title=entry["title"],
            url=entry["url"],
            conformance=Conformance(entry["conformance"]),
            short=entry.get("short", entry["title"]),
            version=entry.get("version", ""),
            attribution=entry.get("attribution", False),
            share_alike=entry.get("share_alike", False),
            citation=entry.get("citation", ""),
        )
        for name in (id, entry["title"], *entry.get("aliases", ())):
            _claim(names, text_key(name), id)
        for address in (entry["url"], *entry.get("urls", ())):
            if "#" not in address and "?" not in address:
                _claim(addresses, address_key(address), id)
        phrases += [(text_key(phrase), id) for phrase in entry.get("phrases", ())]
    phrases.sort(key=lambda pair: -len(pair[0]))
    return _Registry(
        licences=MappingProxyType(licences),
        names=names,
        addresses=addresses,
        phrases=tuple(phrases),
        unstated=frozenset(text_key(word) for word in data["unstated"]),
        limits=re.compile(rf"\b(?:{'|'.join(data['limits'])})\b"),
    )


def _claim(index: dict[str, str], key: str, id: str) -> None:
    if key and index.setdefault(key, id) != id:
        raise ValueError(f"licences.toml gives {key!r} to both {index[key]} and {id}")


def licences() -> Mapping[str, Licence]:
    """Every known licence by id."""
    return _registry().licences


def licence(id: str) -> Licence | None:
    """One licence by id, None when the registry has no such id."""
    return _registry().licences.get(id)


def is_unstated(statement: str) -> bool:
    """True when the words only fill the field: "License not specified", "n/a", "other"."""
    return (key := text_key(statement)) == "" or key in _registry().unstated


def resolve(statements: Iterable[str]) -> Resolution:
    """What a dataset's licence statements come to; when they disagree, the less open one counts."""
    found = [resolution for statement in statements if (resolution := _resolve_one(statement)).licence]
    return min(found, key=_rank, default=Resolution())


def _rank(resolution: Resolution) -> tuple[int, bool]:
    assert resolution.licence is not None
    order = 3
    if resolution.limits_use:
        order = 0
    elif resolution.proven_open:
        order = 1
    elif resolution.how is How.PHRASE:
        order = 2
    return order, not resolution.licence.version


@lru_cache(maxsize=4_000)
def _resolve_one(statement: str) -> Resolution:
    text = _plain(statement[:_LONGEST])
    if is_unstated(text):
        return Resolution()
    parts = list(_parts(text))
    exact = [resolution for part in parts if (resolution := _exact(part, statement)).licence]
    if exact and len(exact) == len(parts):
        return min(exact, key=_rank)
    key = text_key(text)
    limit = _registry().limits.search(_BOTH_USES.sub(" ", key))
    if limit or any(resolution.limits_use for resolution in exact):
        stated = next((resolution.licence for resolution in exact if resolution.limits_use), None)
        return Resolution(licence=stated or licence("TERMS-THAT-LIMIT-USE"), how=How.LIMIT, matched=statement)
    return _inside(key, exact, statement)


def _plain(statement: str) -> str:
    """The text of an HTML statement with the addresses of its links kept."""
    if "&" in statement:
        statement = html.unescape(statement)
    if "<" not in statement:
        return _LABEL.sub("", statement.strip())
    return " ".join(_TAG.sub(" ", _HREF.sub(r" \1 ", statement)).split())


def _parts(text: str) -> Iterator[str]:
    """The whole, or, for "name (short name)" and "name <address>", each of the parts that must agree."""
    if _exact(text, text).licence:
        yield text
        return
    yield from (link.group(0) for link in _LINK.finditer(text))
    rest = _LINK.sub(" ", text)
    if not is_unstated(rest):
        yield from (part for part in re.split(r"[()\[\]]", rest) if text_key(part))


def _exact(part: str, statement: str) -> Resolution:
    registry = _registry()
    id, how = None, How.ADDRESS
    if "/" in part and " " not in part.strip():
        key = address_key(part)
        id = registry.addresses.get(key)
        for home in _ID_HOMES:
            if id is None and key.startswith(home):
                id = _named(key.removeprefix(home))
    if id is None:
        id, how = _named(part), How.NAME
    return Resolution(licence=registry.licences[id], how=how, matched=statement) if id else Resolution()


def _named(name: str) -> str | None:
    registry = _registry()
    key = text_key(name)
    if key in registry.names:
        return registry.names[key]
    versioned = _VERSION.match(key)
    base = registry.names.get(versioned["name"]) if versioned else None
    if versioned is None or base is None:
        return None
    version = f"{versioned['major']}.{versioned['minor'] or '0'}"
    wanted = base if base.endswith("-" + version) else f"{base}-{version}"
    return wanted if wanted in registry.licences else None


def _inside(key: str, exact: list[Resolution], statement: str) -> Resolution:
    if exact:
        best = min(exact, key=_rank)
        return Resolution(licence=best.licence, how=How.PHRASE, matched=statement)
    padded = f" {key} "
    for phrase, id in _registry().phrases:
        if f" {phrase} " in padded:
            return Resolution(licence=licence(id), how=How.PHRASE, matched=statement)
    return Resolution()
