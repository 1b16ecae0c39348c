"""Who may have the data: reading access statements of every vocabulary we meet, and of plain sentences.

The whole value is looked up first (EU access-right, DCAT-US, COAR, eprint, NARA, INSPIRE, ISO 19115, HDX,
udata); only then are its words read, and the most closed reading wins. What is not understood is UNKNOWN,
never public. The words themselves are data: access.toml.
Sources: publications.europa.eu/resource/authority/access-right; resources.data.gov/resources/dcat-us;
vocabularies.coar-repositories.org/access_rights;
inspire.ec.europa.eu/metadata-codelist/LimitationsOnPublicAccess.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path

_LONGEST = 4000
_NOT_WORDS = re.compile(r"[\W_]+")


class Level(StrEnum):
    """How far a statement opens the data."""

    PUBLIC = "public"
    RESTRICTED = "restricted"
    NON_PUBLIC = "non-public"
    UNKNOWN = "unknown"


class Hint(StrEnum):
    """What a statement adds to its level."""

    NONE = ""
    ASK = "ask"
    """There is a way to ask for it: a request, an application, an agreement."""
    GROUP = "group"
    """Registered users, members or partner organisations may have it."""
    ACCOUNT = "account"
    """Anyone may have it who signs in, registers or pays."""
    FINAL = "final"
    """Closed in so many words: a contact to ask does not make it shared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """One access statement, read."""

    level: Level
    hint: Hint = Hint.NONE
    words: str = ""
    """What it comes to, to end a sentence with: "access is restricted"."""


UNKNOWN = Access(level=Level.UNKNOWN, words="says nothing about access that can be read")

_PUBLIC = Access(level=Level.PUBLIC, words="access is public")
_ACCOUNT = Access(level=Level.PUBLIC, hint=Hint.ACCOUNT, words="an account, a registration or a payment is needed")
_RESTRICTED = Access(level=Level.RESTRICTED, words="access is restricted")
_ASK = Access(level=Level.RESTRICTED, hint=Hint.ASK, words="it is given on request or by agreement")
_GROUP = Access(level=Level.RESTRICTED, hint=Hint.GROUP, words="it is for registered users or partners")
_SECURE = Access(level=Level.RESTRICTED, hint=Hint.ASK, words="it is used inside a secure environment")
_CLOSED = Access(level=Level.NON_PUBLIC, words="it is not public")
_FINAL = Access(level=Level.NON_PUBLIC, hint=Hint.FINAL, words="it is closed")

_MEANINGS = {
    "public": _PUBLIC,
    "account": _ACCOUNT,
    "restricted": _RESTRICTED,
    "ask": _ASK,
    "group": _GROUP,
    "secure": _SECURE,
    "closed": _CLOSED,
    "final": _FINAL,
}


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    whole: Mapping[str, Access]
    sentence: Mapping[str, re.Pattern[str]]


@cache
def _vocabulary() -> _Vocabulary:
    data = tomllib.loads(Path(__file__).with_name("access.toml").read_text(encoding="utf-8"))
    whole = {word: _MEANINGS[name] for name, words in data["whole"].items() for word in words}
    sentence = {name: re.compile(rf"\b(?:{'|'.join(parts)})\b") for name, parts in data["sentence"].items()}
    return _Vocabulary(whole, sentence)


_NOTE_NEEDLES = (
    *("on request", "upon request", "by request", "application", "restrict", "requires ", "confidential"),
    *("not public", "not openly", "internal use", "public release", "personal ", "personally", "only to "),
    *("sur demande", "petici", "solicit", "richiesta", "anfrage", "antrag", "pedido"),
)
"""One of these is in every sentence that `notes` can find: most descriptions are done after this look."""


def words_of(text: str) -> str:
    """Text in the form the patterns read: no case, accents or punctuation, "license" as "licence"."""
    plain = text[:_LONGEST].casefold()
    if not plain.isascii():
        plain = "".join(one for one in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(one))
    return " ".join(_NOT_WORDS.sub(" ", plain).split()).replace("license", "licence")


@lru_cache(maxsize=4_000)
def read_access(value: str) -> Access:
    """What an access statement says; UNKNOWN when it is empty, only fills the field, or is not understood."""
    return read_code(value) or _read_sentence(words_of(value))


def read_code(value: str) -> Access | None:
    """The meaning of a value that as a whole is a known code, address or word; None for anything else."""
    text = value.strip().rstrip("/")
    if " " not in text and ("/" in text or "#" in text):
        text = re.split(r"[/#]", text)[-1]
    return _vocabulary().whole.get(words_of(text)) if len(text) < 100 else None


def _read_sentence(words: str) -> Access:
    read = _vocabulary().sentence
    rest = read["harmless"].sub(" ", read["unlimited"].sub(" ", words))
    asks = bool(read["ask"].search(rest))
    if read["closed"].search(rest):
        return replace(_CLOSED, hint=Hint.ASK) if asks else _CLOSED
    for name in ("secure", "group", "ask", "restricted", "account", "public"):
        if read[name].search(rest):
            return _MEANINGS[name]
    return _PUBLIC if read["unlimited"].search(words) else UNKNOWN


@lru_cache(maxsize=500)
def read_notes(description: str) -> Access:
    """What a description says about access: only plain sentences about this dataset's access count."""
    lowered = description.casefold()
    if not any(needle in lowered for needle in _NOTE_NEEDLES):
        return UNKNOWN
    read = _vocabulary().sentence
    rest = read["harmless"].sub(" ", read["unlimited"].sub(" ", words_of(description)))
    return _read_sentence(". ".join(found.group(0) for found in read["notes"].finditer(rest)))
