"""Read data.json catalogues: DCAT-US 1.1 and 3.0 and the profiles near them, and the search answers of such portals."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from catalogue.records import (
    Completeness,
    Ending,
    FieldWarning,
    Item,
    Known,
    Page,
    Record,
    Rejection,
    Seen,
    SourceAddress,
)
from connectors import _arcgis_hub, _dcat_us, _socrata, _text, connector
from connectors._catalogue_document import Document, Entry, Shape, document
from connectors._web import Web

VERSION = 1
MOST_BYTES = 128 << 20
"""Of one document, unpacked. The largest agencies' catalogues have 60 to 100 MB."""
MOST_PAGES = 2_000
PAGE = 500
RAW_KEPT = 64 << 10
_LIST_PAGE = 100
"""Datasets on a page of ckanext-dcat's /data.json."""
_AS_MANY = "as many as the source says it has"
_IDS: Mapping[Shape, Callable[[Mapping[str, Any]], str]] = {
    Shape.SOCRATA: _socrata.remote_id,
    Shape.ARCGIS_HUB: _arcgis_hub.remote_id,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """An entry that can be told apart, or the reason why it cannot be taken."""

    entry: Entry
    identity: str = ""
    remote_id: str = ""
    modified: str = ""
    rejection: Rejection | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """All documents of a source, before any mapping."""

    shape: Shape
    entries: Sequence[Entry]
    total: int | None
    proof: str
    """Why the end is the end, "" when it was not reached."""


@connector(
    "data_json",
    title="data.json catalogue",
    about="A DCAT-US file as published by ArcGIS Hub, Socrata, DKAN, USMART and many agencies (often at /data.json).",
    version=VERSION,
    upload=(".json", ".jsonl", ".json.gz", ".jsonl.gz"),
)
def read(source: SourceAddress, web: Web, after: str, known: Known) -> Iterator[Page]:  # noqa: PLR0917
    """Every dataset of the catalogue, in pages; complete when the whole list was there and each entry has an id."""
    reading = _fetched(source, web)
    told = _settled(_told(entry, reading.shape) for entry in reading.entries)
    stamp = hashlib.blake2b(b"".join(one.entry.raw for one in told), digest_size=8).hexdigest()
    # A catalogue that changed since the reading broke off is read again from its start: places have shifted.
    place, _, was = after.partition(":")
    first = int(place) if place.isdigit() and was == stamp else 0
    ending = _ending(reading, told)
    for begin in range(min(first, len(told)), max(len(told), 1), PAGE):
        items = tuple(_item(one, reading.shape, known) for one in told[begin : begin + PAGE])
        end = begin + len(items)
        is_last = end >= len(told)
        yield Page(
            items=items,
            cursor=f"{end}:{stamp}",
            total=reading.total if reading.total is not None else len(told),
            ending=ending if is_last else None,
        )
        if is_last:
            return
    if first >= len(told) > 0:
        yield Page(items=(), cursor=f"{len(told)}:{stamp}", total=len(told), ending=ending)


def _address(location: str) -> str:
    """A site's root stands for its /data.json, where DCAT-US says that a catalogue is."""
    parts = urlsplit(location)
    if parts.scheme in ("http", "https") and parts.path in ("", "/") and not parts.query:
        return urlunsplit(parts._replace(path="/data.json"))
    return location


def _fetched(source: SourceAddress, web: Web) -> _Reading:
    location = _address(source.location)
    first = document(web.document(location, limit=MOST_BYTES), url=location)
    entries = list(first.entries)
    proof = (
        _proof(first) if first.is_whole or not _is_remote(location) else _more(web, location, first, entries=entries)
    )
    return _Reading(shape=first.shape, entries=entries, total=first.total, proof=proof)


def _is_remote(location: str) -> bool:
    return urlsplit(location).scheme in ("http", "https")


def _proof(only: Document) -> str:
    """What one document by itself proves."""
    if only.is_whole:
        return "the whole list was read"
    if only.total is not None:
        return _AS_MANY if len(only.entries) >= only.total else ""
    # A list of exactly one page's length was most likely saved from a source with more pages.
    return "the whole list was read" if only.shape is not Shape.ONE and len(only.entries) != _LIST_PAGE else ""


def _more(web: Web, location: str, first: Document, *, entries: list[Entry]) -> str:
    """Append the pages behind the first one, and say what proved the end ("" when nothing did)."""
    if first.shape is Shape.ONE:
        return ""
    seen = _names(entries, first.shape)
    is_sound = True
    for number in range(2, MOST_PAGES + 1):
        if first.total is not None and len(entries) >= first.total:
            return _AS_MANY if is_sound else ""
        if not entries:
            return "" if first.total else "the first page is empty"
        address = _page_address(location, first.shape, number=number, received=len(entries))
        page = document(web.document(address, limit=MOST_BYTES), url=address)
        names = _names(page.entries, first.shape)
        if not names - seen:
            # A source that says how many it has must also have given them.
            return "" if first.total is not None or not is_sound else _end(number, bool(names))
        # An overlap means that datasets moved between pages while we read: one may have slipped through.
        is_sound = is_sound and not names & seen
        entries += page.entries
        seen |= names
    return ""


def _names(entries: Sequence[Entry], shape: Shape) -> set[object]:
    told = (_told(entry, shape) for entry in entries)
    return {one.identity or one.entry.raw for one in told}


def _end(number: int, is_repeated: bool) -> str:
    if not is_repeated:
        return "the end was proved by an empty page"
    return "the source has one page" if number == 2 else "the end was proved by a repeated page"


def _page_address(location: str, shape: Shape, *, number: int, received: int) -> str:
    parts = urlsplit(location)
    step = {
        Shape.SOCRATA: {"offset": str(received)},
        Shape.ARCGIS_HUB: {"page[number]": str(number)},
    }.get(shape, {"page": str(number)})
    query = [(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key not in step]
    return urlunsplit(parts._replace(query=urlencode([*query, *step.items()], safe="[]")))


def _told(entry: Entry, shape: Shape) -> _Told:
    try:
        said = _text.parse_json(entry.raw).value
    except _text.Unreadable as fault:
        return _Told(
            entry=entry,
            rejection=_rejection(entry, "dataset", reason="Not readable", advice=f"Write it as JSON: {fault}"),
        )
    if not isinstance(said, dict):
        advice = "Take out the empty entry, or describe the dataset in it"
        return _Told(
            entry=entry, rejection=_rejection(entry, "dataset", reason="Not a description of a dataset", advice=advice)
        )
    remote_id = _IDS.get(shape, _dcat_us.remote_id)(said)
    if not (identity := _text.identity(remote_id)):
        advice = "Give the dataset an identifier that never changes"
        name = _text.shown(said.get("title") or said.get("name"))
        rejection = replace(_rejection(entry, "identifier", reason="No identifier", advice=advice), value=name)
        return _Told(entry=entry, rejection=rejection)
    modified = said.get("modified")
    return _Told(
        entry=entry,
        identity=identity,
        remote_id=_text.shown(remote_id, cap=400),
        modified=modified if isinstance(modified, str) else "",
    )


def _rejection(entry: Entry, field: str, *, reason: str, advice: str) -> Rejection:
    return Rejection(
        remote_id="",
        field=field,
        value=_text.shown(entry.raw[:200].decode("utf-8", "replace")),
        reason=reason,
        what_to_change=advice,
        raw=entry.raw[:RAW_KEPT],
    )


def _settled(all_told: Iterator[_Told]) -> list[_Told]:
    """One entry for each identity, whatever their order; the others are rejected: every line is accounted for."""
    told = list(all_told)
    kept: dict[str, _Told] = {}
    for one in told:
        best = kept.get(one.identity)
        if one.identity and (best is None or _rank(one) > _rank(best)):
            kept[one.identity] = one
    settled: list[_Told] = []
    for one in told:
        best = kept.get(one.identity)
        if best is None or best is one:
            settled.append(one)
        elif not one.entry.is_repeat_expected:
            settled.append(replace(one, rejection=_repeated(one, best)))
    return settled


def _rank(one: _Told) -> tuple[bool, str, bytes]:
    """The list's own description before one inside a service; then the newest; then by content, never by place."""
    return not one.entry.is_repeat_expected, one.modified, one.entry.raw


def _repeated(one: _Told, best: _Told) -> Rejection:
    if one.entry.raw == best.entry.raw:
        reason, advice = (
            "Listed more than once",
            "List the dataset once; the copies are word for word the same",
        )
    else:
        reason, advice = (
            "Identifier used for more than one description",
            "Give each dataset an identifier of its own",
        )
    rejection = _rejection(one.entry, "identifier", reason=reason, advice=advice)
    return replace(rejection, remote_id=one.remote_id, identity=one.identity, value=_text.shown(one.remote_id))


def _item(one: _Told, shape: Shape, known: Known) -> Item:
    if one.rejection is not None:
        return one.rejection
    # Two entries can share their bytes and still stand in different series.
    fingerprint = _text.fingerprint(one.entry.raw + one.entry.parent.encode(), VERSION)
    if known(one.identity, fingerprint):
        return Seen(identity=one.identity, fingerprint=fingerprint)
    parsed = _text.parse_json(one.entry.raw)
    record = _record(parsed.value, one, shape)
    if not record.title:
        rejection = _rejection(one.entry, "title", reason="No title", advice="Give the dataset a title")
        return replace(rejection, remote_id=one.remote_id, identity=one.identity, value="")
    repaired = tuple(FieldWarning(field="", value="", problem=problem) for problem in parsed.problems)
    return replace(
        record, fingerprint=fingerprint, raw=one.entry.raw[:RAW_KEPT], warnings=(*record.warnings, *repaired)
    )


def _record(said: Mapping[str, Any], one: _Told, shape: Shape) -> Record:
    if shape is Shape.SOCRATA:
        return _socrata.record(said, identity=one.identity)
    if shape is Shape.ARCGIS_HUB:
        return _arcgis_hub.record(said, identity=one.identity)
    return _dcat_us.record(said, identity=one.identity, parent=one.entry.parent)


def _ending(reading: _Reading, told: Sequence[_Told]) -> Ending:
    unnamed = sum(not one.identity for one in told)
    repeated = sum(one.rejection is not None for one in told) - unnamed
    received = len(reading.entries)
    counts = f"{received:,} of {reading.total if reading.total is not None else received:,} datasets read"
    if repeated:
        counts += f", {repeated:,} of them repeated"
    if unnamed:
        reason = f"{counts}; {unnamed:,} cannot be told apart because they have no readable identifier"
        return Ending(completeness=Completeness.PARTIAL, reason=reason)
    if not reading.proof:
        return Ending(completeness=Completeness.PARTIAL, reason=f"{counts}; {_short(reading)}")
    return Ending(completeness=Completeness.COMPLETE, reason=f"{counts}; {reading.proof}")


def _short(reading: _Reading) -> str:
    if reading.shape is Shape.ONE:
        return "this is the description of one dataset, not a catalogue, so it does not say what else there is"
    return f"this is one page of a longer list ({reading.shape.value}), so datasets not in it may well exist"
