"""Find the dataset descriptions in a JSON document of one of the shapes that catalogues publish."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from connectors import _text
from governance.errors import SourceUnreadable

_NESTED = ("catalog", "service", "datasetSeries")
_DEEPEST = 8
"""Catalogues within catalogues that are read."""


class Shape(StrEnum):
    """How a document lists its datasets."""

    DCAT_US = "data.json"
    SOCRATA = "Socrata discovery API"
    ARCGIS_HUB = "ArcGIS Hub search page"
    LIST = "bare list"
    ONE = "one dataset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One description, still as the source's bytes."""

    raw: bytes
    parent: str = ""
    """Identity of the series it stands in."""
    is_repeat_expected: bool = False
    """Stands in a service or a series, where a dataset of the list may be described once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What one JSON document holds."""

    shape: Shape
    entries: Sequence[Entry] = field(repr=False)
    total: int | None = None
    """How many datasets the source says it has."""
    is_whole: bool = False
    """Its shape promises the whole list, never one page of it."""


def document(body: bytes, *, url: str) -> Document:
    """Split a document into its entries. Raises SourceUnreadable when it lists no datasets, with what it is instead."""
    start = body[:2_000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        kind = "a web page" if b"<html" in start.lower() or b"<!doctype html" in start.lower() else "XML"
        raise SourceUnreadable(
            f"The address answers with {kind} and not with a data.json catalogue: give the address of the JSON file.",
            url=url,
        )
    if not start.startswith((b"{", b"[")):
        raise SourceUnreadable("The document is not JSON: a data.json catalogue was expected.", url=url)
    try:
        return _list(body, url) if start.startswith(b"[") else _object(body, url)
    except _text.Unreadable as fault:
        raise SourceUnreadable(f"The catalogue cannot be read: {fault}.", url=url) from None


def _list(body: bytes, url: str) -> Document:
    entries = tuple(Entry(raw=raw) for raw in _text.split_items(_whole(body)))
    if entries and not any(entry.raw.startswith(b"{") for entry in entries):
        raise SourceUnreadable("The JSON list holds no descriptions of datasets.", url=url)
    shape = Shape.SOCRATA if entries and "resource" in _text.members(_first_object(entries)) else Shape.LIST
    return Document(shape=shape, entries=entries)


def _first_object(entries: Sequence[Entry]) -> bytes:
    return next(entry.raw for entry in entries if entry.raw.startswith(b"{"))


def _object(body: bytes, url: str) -> Document:
    if lines := _lines(body):
        return Document(
            shape=Shape.SOCRATA if b'"resource"' in lines[0] else Shape.LIST,
            entries=[Entry(raw=line) for line in lines],
            is_whole=True,
        )
    parts = _text.members(_whole(body))
    if any(key in parts for key in ("dataset", *_NESTED)):
        return Document(shape=Shape.DCAT_US, entries=tuple(_nested(parts, url, 0)), is_whole=True)
    if "results" in parts and "resultSetSize" in parts:
        total = _text.integer(_value(parts["resultSetSize"]))[0]
        return Document(shape=Shape.SOCRATA, entries=_entries(parts["results"]), total=total)
    if "data" in parts and "meta" in parts and parts["data"].startswith(b"["):
        return Document(
            shape=Shape.ARCGIS_HUB, entries=_entries(parts["data"]), total=_hub_total(_value(parts["meta"]))
        )
    if "title" in parts and ("identifier" in parts or "distribution" in parts or "notes" in parts):
        return Document(shape=Shape.ONE, entries=(Entry(raw=body.strip()),))
    raise SourceUnreadable(_no_catalogue(parts), url=url)


def _whole(body: bytes) -> bytes:
    """The document without white space; a scan for its end would pass over anything behind it."""
    body = body.removeprefix(b"\xef\xbb\xbf").strip()
    if not body.endswith((b"}", b"]")):
        raise _text.Unreadable(f"it breaks off after {len(body):,} bytes")
    return body


def _lines(body: bytes) -> list[bytes]:
    """JSON lines: more than one line, and the first is a whole object by itself."""
    first, _, rest = body.strip().partition(b"\n")
    if not rest.lstrip().startswith(b"{") or not first.rstrip().endswith(b"}"):
        return []
    return [line.strip() for line in body.splitlines() if line.strip()]


def _entries(raw: bytes, *, parent: str = "", is_repeat_expected: bool = False) -> tuple[Entry, ...]:
    items = _text.split_items(raw)
    return tuple(Entry(raw=one, parent=parent, is_repeat_expected=is_repeat_expected) for one in items)


def _nested(parts: dict[str, bytes], url: str, depth: int) -> Iterator[Entry]:
    """The catalogue's own datasets first, then those of its series, services and inner catalogues (DCAT-US 3.0)."""
    if depth > _DEEPEST:
        raise SourceUnreadable(f"The catalogue holds catalogues within catalogues, more than {_DEEPEST} deep.", url=url)
    if "dataset" in parts:
        if not parts["dataset"].startswith(b"["):
            raise SourceUnreadable(
                "The `dataset` of the catalogue is not a list, so nothing can be said of it.", url=url
            )
        yield from _entries(parts["dataset"])
    for series in _each(parts.get("datasetSeries")):
        yield Entry(raw=series)
        about = _text.members(series)
        parent = _identity_of(about)
        for member in _each(about.get("seriesMember")):
            if not _is_reference(member):
                yield Entry(raw=member, parent=parent, is_repeat_expected=True)
    for service in _each(parts.get("service")):
        for served in _each(_text.members(service).get("servesDataset")):
            if not _is_reference(served):
                yield Entry(raw=served, is_repeat_expected=True)
    for inner in _each(parts.get("catalog")):
        yield from _nested(_text.members(inner), url, depth + 1)


def _each(raw: bytes | None) -> list[bytes]:
    """The objects of a member that may be a list or a single one."""
    if raw is None:
        return []
    many = _text.split_items(raw) if raw.startswith(b"[") else [raw]
    return [one for one in many if one.startswith(b"{")]


def _is_reference(raw: bytes) -> bool:
    """Only names a dataset that is described elsewhere."""
    return not _text.members(raw).keys() - {"@id", "@type", "identifier"}


def _identity_of(parts: dict[str, bytes]) -> str:
    for key in ("identifier", "@id"):
        value = _value(parts[key]) if key in parts else None
        value = value.get("@id") if isinstance(value, dict) else value
        if found := _text.identity(value):
            return found
    return ""


def _value(raw: bytes) -> Any:
    return _text.parse_json(raw).value


def _hub_total(meta: Any) -> int | None:
    stats = meta.get("stats") if isinstance(meta, dict) else None
    return _text.integer(stats.get("totalCount"))[0] if isinstance(stats, dict) else None


def _no_catalogue(parts: dict[str, bytes]) -> str:
    said = next((parts[key] for key in ("message", "error", "detail", "errors") if key in parts), b"")
    if said:
        return f"The address answers with a message instead of a catalogue: {_text.shown(_value(said))}."
    if "@context" in parts or "@graph" in parts:
        return "The document is JSON-LD and not a data.json catalogue: it has no list called `dataset`."
    return "The document is JSON but not a data.json catalogue: it has no list called `dataset`."
