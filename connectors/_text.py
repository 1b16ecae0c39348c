"""Read the messy values of sources: every repair or loss is kept as a warning beside the record."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import orjson

from catalogue.records import FieldWarning
from connectors._dates import iso_date
from connectors._identity import fingerprint, identity
from connectors._tolerant import Parsed, Unreadable, members, parse_json, split_items

__all__ = [
    "Notes",
    "Parsed",
    "Unreadable",
    "fingerprint",
    "identity",
    "integer",
    "members",
    "parse_json",
    "shown",
    "split_items",
    "text",
    "url",
]

CAP = 10_000
"""Characters kept of a long text; a title or a one-line field keeps LINE."""
LINE = 500
MOST = 1_000
"""Members kept of a list."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\ufffe\uffff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ODD = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff\ufffe\uffff\ud800-\udfff]")
_ODD_LINE = re.compile(r"[\x00-\x1f\x7f-\xa0\u1680-\u3000\ufeff\ufffe\uffff\ud800-\udfff]|  ")
_SPACE = re.compile(r"\s+")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z]{2,4})?")
_DIGITS = re.compile(r"\d{1,19}", re.ASCII)
_SAFE = frozenset({"http", "https", "ftp", "mailto"})
_URL_GAP = re.compile(r"[\x00-\x20\x7f]")
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#][!-~]*)?")
_YES = frozenset({"true", "yes", "1", "y", "t", "on"})
_NO = frozenset({"false", "no", "0", "n", "f", "off", ""})


def text(value: Any, *, cap: int = CAP, line: bool = False) -> tuple[str, str]:
    """The value as plain text, and "" or what was repaired; `line` folds all white space to single spaces."""
    if isinstance(value, str) and len(value) <= cap:
        # The usual cases, and the quick ones.
        if value.isascii() and value.isprintable():
            if not (line and "  " in value):
                return value.strip(), ""
        elif not (_ODD_LINE if line else _ODD).search(value):
            return value.strip(), ""
    found, problem = _string(value)
    if _SURROGATE.search(found):
        found, problem = (
            _SURROGATE.sub("\ufffd", found),
            "characters that are half a pair were replaced",
        )
    if len(found) > 4 * cap:
        found = found[: 4 * cap]
        problem = f"longer than {cap:,} characters, cut"
    if _CONTROL.search(found):
        found, problem = (
            _CONTROL.sub("", found),
            problem or "control characters were removed",
        )
    found = _SPACE.sub(" ", found).strip() if line else found.replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(found) > cap:
        found, problem = found[:cap].rstrip(), f"longer than {cap:,} characters, cut"
    return found, problem


def url(value: Any) -> tuple[str, str]:
    """A link, only if safe to click (http, https, ftp, mailto), and "" or what is wrong."""
    if isinstance(value, str) and len(value) <= 2_000 and _PLAIN_URL.fullmatch(value):
        return value, ""
    found, problem = _string(value)
    found = found.strip()
    if not found:
        return "", problem
    scheme, colon, rest = found.partition(":")
    if not colon or _URL_GAP.search(scheme) or scheme.lower() not in _SAFE:
        return "", "not a web address"
    found = _URL_GAP.sub(lambda gap: "%20" if gap[0] == " " else "", _SURROGATE.sub("\ufffd", found))
    try:
        parts = urlsplit(found)
    except ValueError:
        return "", "not a web address"
    if len(found) > 2_000 or (scheme.lower() != "mailto" and not parts.netloc) or not rest:
        return "", "not a web address"
    return found, problem


def integer(value: Any) -> tuple[int | None, str]:
    """A whole number of at least 0 that a database can hold, and "" or what is wrong."""
    if value is None or value == "":
        return None, ""
    if isinstance(value, str) and _DIGITS.fullmatch(value.strip()):
        value = int(value)
    if isinstance(value, float) and math.isfinite(value) and value.is_integer() and abs(value) < 2**53:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63:
        return value, ""
    return None, "not a whole number that can be true"


class Notes:
    """Reads the fields of one record and remembers what it had to repair, as the record's warnings."""

    def __init__(self) -> None:
        self._found: list[FieldWarning] = []

    def warn(self, field: str, value: Any, problem: str) -> None:
        """Keep a warning; nothing when `problem` is empty, and no more than 50 of one record."""
        if problem and len(self._found) < 50:
            self._found.append(FieldWarning(field=field, value=shown(value), problem=problem))

    def text(self, field: str, value: Any, *, cap: int = CAP) -> str:
        """A long text, paragraphs kept."""
        if value is None or value == "":
            return ""
        found, problem = text(value, cap=cap)
        self.warn(field, value, problem)
        return found

    def line(self, field: str, value: Any, *, cap: int = LINE) -> str:
        """A text on one line: titles, names, formats."""
        if value is None or value == "":
            return ""
        found, problem = text(value, cap=cap, line=True)
        self.warn(field, value, problem)
        return found

    def texts(self, field: str, value: Any, *, cap: int = LINE) -> tuple[str, ...]:
        """A list of one-line texts without repeats; a single text or number counts as a list of one."""
        if value is None or value == "":
            return ()
        many = value if isinstance(value, (list, tuple)) else [value]
        if len(many) > MOST:
            self.warn(field, len(many), f"more than {MOST:,} entries, cut")
        return tuple(dict.fromkeys(filter(None, [self.line(field, one, cap=cap) for one in many[:MOST]])))

    def date(self, field: str, value: Any, *, latest: int = 2099) -> str:
        """An ISO 8601 date; unknown ("") with a warning when it is none for certain."""
        if value is None or value == "":
            return ""
        found, problem = iso_date(value, latest=latest)
        self.warn(field, value, problem)
        return found

    def url(self, field: str, value: Any) -> str:
        """A link that is safe to click, else ""."""
        if value is None or value == "":
            return ""
        found, problem = url(value)
        self.warn(field, value, problem)
        return found

    def integer(self, field: str, value: Any) -> int | None:
        """A count or a size; None when unknown."""
        if value is None or value == "":
            return None
        found, problem = integer(value)
        self.warn(field, value, problem)
        return found

    def flag(self, field: str, value: Any, *, doubt: bool) -> bool:
        """Yes or no; `doubt` is taken, with a warning, when it cannot be told."""
        if isinstance(value, bool):
            return value
        said = "" if value is None else str(value).strip().lower() if isinstance(value, (str, int)) else "?"
        if said in _YES or said in _NO:
            return said in _YES
        self.warn(field, value, f"neither yes nor no, read as {'yes' if doubt else 'no'}")
        return doubt

    def all(self, more: Iterable[FieldWarning] = ()) -> tuple[FieldWarning, ...]:
        """Every warning so far, without repeats."""
        return tuple(dict.fromkeys([*self._found, *more]))


def shown(value: Any, *, cap: int = 200) -> str:
    """A value as a person may read it in a warning or a rejection: short, one line, safe to store."""
    if isinstance(value, str):
        found = value[: 4 * cap]
    else:
        try:
            found = orjson.dumps(value).decode()[: 4 * cap]
        except (orjson.JSONEncodeError, TypeError):
            found = f"({type(value).__name__})"
    found = _SPACE.sub(" ", _CONTROL.sub("", _SURROGATE.sub("\ufffd", found))).strip()
    return found if len(found) <= cap else found[: cap - 3] + "..."


def _string(value: Any) -> tuple[str, str]:
    if isinstance(value, str):
        return value, ""
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return str(value).lower(), "a yes/no value where text was expected"
    if isinstance(value, (int, float)):
        return str(value)[:40], "a number where text was expected"
    if isinstance(value, (list, tuple)):
        parts = [found for found, _ in map(_string, value[:MOST]) if found]
        return ", ".join(parts), "a list where text was expected"
    if isinstance(value, dict) and value and all(isinstance(k, str) and _LANGUAGE.fullmatch(k) for k in value):
        said = {k.lower(): v for k, v in value.items() if isinstance(v, str) and v.strip()}
        if said:
            chosen = next((k for k in said if k.startswith("en")), next(iter(said)))
            return said[chosen], "" if len(said) == 1 else f"in {len(said)} languages, '{chosen}' was kept"
    return "", "not text"
