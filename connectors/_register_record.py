"""Map one row of an agency's register to a record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import orjson

from catalogue.records import Distribution, Record
from connectors import _text
from connectors._register_columns import heading, normal
from connectors._text import Notes

RAW_KEPT = 64 << 10
BANDS = ("closed", "named", "group", "public-limited", "public-unclear", "open", "unknown")
"""Words of the "How open" column; the one read is kept as `extras["band"]`."""

_LISTED = ("keywords", "themes", "life_events", "formats", "columns")
_LISTS = str.maketrans({"|": ";", "\n": ";"})
_CELL_ERRORS = frozenset({"#REF!", "#N/A", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
_BAND_WORDS = {word.replace("-", " "): word for word in BANDS} | {
    "internal": "closed",
    "private": "closed",
    "shared named": "named",
    "named access": "named",
    "named people": "named",
    "shared group": "group",
    "group based access": "group",
    "group access": "group",
    "public limited use": "public-limited",
    "public licence unclear": "public-unclear",
    "public license unclear": "public-unclear",
    "open data": "open",
    "not known": "unknown",
    "not stated": "unknown",
}
_PERSON_WORDS = {
    "none": "none",
    "no": "none",
    "no personal data": "none",
    "not personal": "none",
    "aggregate": "aggregate",
    "aggregated": "aggregate",
    "de identified": "de-identified",
    "deidentified": "de-identified",
    "pseudonymised": "de-identified",
    "pseudonymized": "de-identified",
    "identifiable": "identifiable",
    "personal": "identifiable",
    "personal data": "identifiable",
}


def content(cells: Mapping[str, str]) -> bytes:
    """A row as bytes, whatever the order of its columns."""
    return orjson.dumps(dict(cells), option=orjson.OPT_SORT_KEYS)


def record(cells: Mapping[str, str], mapping: Mapping[str, str], *, identity: str, version: int) -> Record:
    """The row in our fields; columns without a field of ours stay in `extras` under their own heading."""
    notes = Notes()
    said = {field: _cell(notes, field, cells[column]) for field, column in mapping.items()}
    extras = {header: value.strip() for header, value in cells.items() if header not in mapping.values()}
    extras["band"] = _word(notes, "How open", said.get("band", ""), words=_BAND_WORDS)
    many = {field: notes.texts(heading(field), _split(said.get(field, ""))) for field in _LISTED}
    raw = content(cells)
    return Record(
        remote_id=_text.shown(said.get("reference") or said["title"], cap=400),
        identity=identity,
        title=notes.line("Title", said["title"]),
        description=notes.text("Description", said.get("description")),
        publisher=notes.line("Owner", said.get("publisher")),
        contact_name=notes.line("Contact name", said.get("contact_name")),
        contact_email=_email(notes, said.get("contact_email", "")),
        keywords=many["keywords"],
        themes=many["themes"],
        licence=notes.texts("Licence", said.get("licence"), cap=2_000),
        access_right=notes.line("Access right", said.get("access_right")),
        landing_page=notes.url("Link", said.get("link")),
        modified=notes.date("Last updated", said.get("modified")),
        accrual_periodicity=notes.line("Update frequency", said.get("accrual_periodicity")),
        temporal_start=notes.date("Period from", said.get("temporal_start")),
        temporal_end=notes.date("Period to", said.get("temporal_end")),
        spatial=notes.line("Area", said.get("spatial")),
        life_events=many["life_events"],
        access_how=notes.text("How to ask", said.get("access_how")),
        approver=notes.line("Approver", said.get("approver")),
        person_level=_word(notes, "Person level", said.get("person_level", ""), words=_PERSON_WORDS),
        columns=many["columns"],
        row_count=notes.integer("Number of rows", said.get("row_count", "").replace(",", "").replace(" ", "")),
        distributions=_files(notes, many["formats"], said.get("link", "")),
        extras=MappingProxyType({key: _text.text(value)[0] for key, value in extras.items() if value}),
        warnings=notes.all(),
        fingerprint=_text.fingerprint(raw + orjson.dumps(dict(mapping), option=orjson.OPT_SORT_KEYS), version),
        raw=raw[:RAW_KEPT],
    )


def _cell(notes: Notes, field: str, value: str) -> str:
    value = value.strip()
    if value.upper() in _CELL_ERRORS:
        notes.warn(heading(field), value, "the sheet shows an error here")
        return ""
    return value


def _split(value: str) -> list[str]:
    """Semicolons, bars or lines part a list; commas only where there is none of these, for they stand in names too."""
    value = value.translate(_LISTS)
    return [one.strip() for one in value.split(";" if ";" in value else ",") if one.strip()]


def _word(notes: Notes, name: str, value: str, *, words: Mapping[str, str]) -> str:
    found = words.get(normal(value), "")
    if value and not found:
        notes.warn(name, value, f"not one of {', '.join(dict.fromkeys(words.values()))}")
    return found


def _email(notes: Notes, value: str) -> str:
    value = notes.line("Contact email", value).removeprefix("mailto:")
    if value and ("@" not in value or " " in value):
        notes.warn("Contact email", value, "not an e-mail address")
        return ""
    return value


def _files(notes: Notes, formats: Sequence[str], link: str) -> tuple[Distribution, ...]:
    address = notes.url("Link", link)
    if not formats and not address:
        return ()
    return tuple(Distribution(access_url=address, format=one) for one in formats or ("",))
