"""One name for each file format, and whether a computer can read it and anyone may write a reader for it.

A format is read from what the source states (its format or media type), never from the ending of an address.
Machine readable: a program can take the values out, row by row; out of a picture or a document it cannot.
Non-proprietary: a standard kept by an open body, or plain text. XLSX is (ISO/IEC 29500); XLS, shapefiles and
geodatabases have one owner. The list is data: formats.toml.
Sources: opendefinition.org/od/2.1 (1.3 and 1.4); data.europa.eu, metadata quality assessment.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from catalogue.records import Distribution


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A file format or service as shown and counted in the catalogue."""

    name: str
    machine_readable: bool
    non_proprietary: bool

    @property
    def open(self) -> bool:
        """True when it passes the format part of the openness test."""
        return self.machine_readable and self.non_proprietary


def _key(text: str) -> str:
    return " ".join(re.sub(r"[\W_]+", " ", text.casefold()).split())


@cache
def _known() -> dict[str, Format]:
    data = tomllib.loads(Path(__file__).with_name("formats.toml").read_text(encoding="utf-8"))
    index: dict[str, Format] = {}
    for entry in data["format"]:
        found = Format(
            name=entry["name"],
            machine_readable=entry["machine_readable"],
            non_proprietary=entry["non_proprietary"],
        )
        for spelling in (found.name, *entry["spellings"]):
            if index.setdefault(_key(spelling), found) != found:
                raise ValueError(f"formats.toml gives {spelling!r} to two formats")
    return index


CONTAINERS = frozenset({"ZIP", "RAR"})
"""Formats that say nothing of what is inside."""
_VAGUE = {"ZIP", "API", "HTML", "Text"}
"""Names that say how it comes, not what it is: the media type may know better."""


@lru_cache(maxsize=4_000)
def read_format(stated: str) -> Format | None:
    """The format that a name, media type, address or ".ending" means; None when it is not known."""
    text = stated.strip()
    if text.startswith(("http://", "https://")):
        text = re.split(r"[/#]", text.rstrip("/"))[-1] if "media-types/" not in text else text.split("media-types/")[1]
    key = _key(text)
    if not key or key in _known():
        return _known().get(key)
    if "/" in text and ";" in text:
        return read_format(text.split(";")[0])
    return _inside_a_container(key) or _several(text)


def _inside_a_container(key: str) -> Format | None:
    words = [word for word in key.split() if word not in ("zip", "zipped", "gz", "gzip", "file", "files", "format")]
    return _known().get(" ".join(words)) if len(words) < len(key.split()) else None


def _several(text: str) -> Format | None:
    parts = [_known().get(_key(part)) for part in re.split(r"[,;|()+]|\s/\s|\bund\b|\band\b|\bet\b", text)]
    known = [part for part in parts if part and part.name not in CONTAINERS]
    return min(known, key=lambda found: (not found.open, not found.machine_readable), default=None)


def format_of(distribution: Distribution) -> Format | None:
    """The format of one file: its stated format, or its media type where that says nothing or less."""
    stated, media = read_format(distribution.format), read_format(distribution.media_type)
    if stated is None or (stated.name in _VAGUE and media is not None and media.name not in CONTAINERS):
        return media or stated
    return stated


def format_name(distribution: Distribution) -> str:
    """The name to show and count: "CSV"; the source's own words when not known, "" when not stated."""
    found = format_of(distribution)
    return found.name if found else (distribution.format or distribution.media_type).strip()[:40]
