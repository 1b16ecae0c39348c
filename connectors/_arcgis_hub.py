"""Map one item of an ArcGIS Hub search page (API v3) to a record."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import orjson

from catalogue.records import Distribution, Record
from connectors import _text
from connectors._text import Notes

_KEPT = ("type", "slug", "sector", "region", "geometryType", "hubType", "owner", "licenseInfo", "itemId")


def remote_id(item: Mapping[str, Any]) -> str:
    """The item's 32 hex digits, with the number of its layer."""
    found = item.get("id")
    return found.strip() if isinstance(found, str) else ""


def record(item: Mapping[str, Any], *, identity: str) -> Record:
    """The item in our fields."""
    notes = Notes()
    found, links = item.get("attributes"), item.get("links")
    said: dict[str, Any] = found if isinstance(found, dict) else {}
    access = notes.line("access", said.get("access"))
    extent = said.get("extent")
    return Record(
        remote_id=_text.shown(remote_id(item), cap=400),
        identity=identity,
        title=notes.line("name", said.get("name")),
        description=notes.text("description", said.get("description") or said.get("snippet")),
        publisher=notes.line("source", said.get("source") or said.get("organization") or said.get("orgName")),
        contact_email=notes.line("orgContactEmail", said.get("orgContactEmail")).removeprefix("mailto:"),
        keywords=notes.texts("tags", said.get("tags")),
        themes=notes.texts("categories", said.get("categories")),
        licence=_licence(notes, said),
        access_right=access,
        is_private=access.lower() in ("private", "org"),
        landing_page=_landing_page(notes, said, links if isinstance(links, dict) else {}),
        issued=notes.date("created", said.get("created")),
        modified=notes.date("modified", said.get("modified")),
        spatial=orjson.dumps(extent).decode()[:1_000] if isinstance(extent, dict) else "",
        language=notes.texts("culture", said.get("culture")),
        columns=_columns(notes, said),
        row_count=notes.integer("recordCount", said.get("recordCount")),
        distributions=_service(notes, said),
        extras=MappingProxyType({key: text for key in _KEPT if (text := _text.text(said.get(key))[0])}),
        warnings=notes.all(),
    )


def _licence(notes: Notes, said: Mapping[str, Any]) -> tuple[str, ...]:
    parts = said.get("structuredLicense")
    stated = [parts.get(key) for key in ("type", "url", "abbr", "text")] if isinstance(parts, dict) else []
    # "custom" and "none" say only that the words stand in another field.
    stated += [
        said.get("license") if said.get("license") not in ("custom", "none") else None,
        said.get("licenseInfo"),
    ]
    return notes.texts("license", [one for one in stated if one], cap=2_000)


def _landing_page(notes: Notes, said: Mapping[str, Any], links: Mapping[str, Any]) -> str:
    return notes.url("landingPage", said.get("landingPage") or links.get("itemPage"))


def _columns(notes: Notes, said: Mapping[str, Any]) -> tuple[str, ...]:
    fields = said.get("fields")
    if not isinstance(fields, list):
        return ()
    return notes.texts("fields", [one["name"] for one in fields if isinstance(one, dict) and one.get("name")])


def _service(notes: Notes, said: Mapping[str, Any]) -> tuple[Distribution, ...]:
    address = notes.url("url", said.get("url"))
    if not address:
        return ()
    return (
        Distribution(
            title=notes.line("name", said.get("name")),
            access_url=address,
            format=notes.line("type", said.get("type")),
        ),
    )
