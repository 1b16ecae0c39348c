"""The catalogue as a CKAN Action API answers, so that tools made for CKAN can read it.

Source: docs.ckan.org, API guide: envelope, package_list, package_search, package_show, status_show.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from catalogue.publishing.entries import Entry, entry, identifiers, page_of_entries, size
from governance import Visit
from store.settings import settings

MOST_ROWS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Status and body of one answer, to be sent as application/json."""

    status: int
    body: bytes


def answer(visit: Visit, action: str, parameters: Mapping[str, str]) -> Answer:
    """What /api/3/action/<action> says; an action that changes something, or is not known, is a 400 or 404."""
    asked = _ACTIONS.get(action)
    if asked is None:
        return _refusal(400, f"Bad request - Action name not known: this catalogue answers to {', '.join(_ACTIONS)}")
    try:
        result = asked(visit, parameters)
    except ValueError as fault:
        return _refusal(409, str(fault), kind="Validation Error")
    if result is None:
        return _refusal(404, "Not found", kind="Not Found Error")
    return Answer(status=200, body=orjson.dumps({"success": True, "result": result}))


def _refusal(status: int, message: str, *, kind: str = "") -> Answer:
    if not kind:
        return Answer(status=status, body=orjson.dumps(message))
    error = {"__type": kind, "message": message}
    return Answer(status=status, body=orjson.dumps({"success": False, "error": error}))


def _number(parameters: Mapping[str, str], name: str, default: int) -> int:
    text = parameters.get(name, "") or str(default)
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ValueError(f"{name} has to be a whole number that is not negative")
    return int(text)


def _package_list(visit: Visit, parameters: Mapping[str, str]) -> list[str]:
    first = _number(parameters, "offset", 0)
    names = identifiers(visit)[first:]
    return names[: _number(parameters, "limit", len(names))]


def _package_search(visit: Visit, parameters: Mapping[str, str]) -> dict[str, Any]:
    if parameters.get("q", "*:*").strip() not in ("", "*:*", "*"):
        raise ValueError("q is not answered here: leave it out and take every dataset")
    rows = min(_number(parameters, "rows", 10), MOST_ROWS)
    found = page_of_entries(visit, first=_number(parameters, "start", 0), size=rows)
    return {"count": size(visit), "sort": "id asc", "facets": {}, "results": [package(one) for one in found]}


def _package_show(visit: Visit, parameters: Mapping[str, str]) -> dict[str, Any] | None:
    found = entry(visit, parameters.get("id", ""))
    return None if found is None else package(found)


def _status_show(_visit: Visit, _parameters: Mapping[str, str]) -> dict[str, Any]:
    return {"site_title": settings().title, "site_url": settings().public_url, "extensions": []}


def package(one: Entry) -> dict[str, Any]:
    """One dataset as CKAN's package dictionary."""
    record = one.record
    extras = {
        "access_rights": one.band,
        "placement": one.why,
        "accrual_periodicity": record.accrual_periodicity,
        "issued": record.issued,
        "modified": record.modified,
        "spatial": record.spatial,
        "temporal_start": record.temporal_start,
        "temporal_end": record.temporal_end,
        "how_to_ask": record.access_how,
        "harvest_source_title": one.source,
    }
    return {
        "id": one.id,
        "name": one.id,
        "title": record.title,
        "notes": record.description,
        "url": record.landing_page,
        "type": "dataset",
        "state": "active",
        "private": False,
        "isopen": one.band == "open",
        "license_id": one.licence.id if one.licence else "",
        "license_title": one.licence.title if one.licence else one.licence_raw,
        "license_url": one.licence.url if one.licence else "",
        "maintainer": record.contact_name,
        "maintainer_email": record.contact_email,
        "metadata_created": _moment(one.added_at.isoformat()),
        "metadata_modified": _moment(one.changed_at.isoformat()),
        "organization": {"title": record.publisher, "name": "", "type": "organization"} if record.publisher else None,
        "tags": [{"name": word, "display_name": word} for word in record.keywords],
        "groups": [{"title": word, "display_name": word} for word in record.themes],
        "extras": [{"key": key, "value": value} for key, value in extras.items() if value],
        "num_resources": len(record.distributions),
        "resources": [
            {
                "id": f"{one.id}-{number}",
                "position": number - 1,
                "name": file.title,
                "description": file.description,
                "url": file.download_url or file.access_url,
                "format": file.format,
                "mimetype": file.media_type or None,
                "size": file.byte_size,
                "last_modified": file.modified or None,
            }
            for number, file in enumerate(record.distributions, start=1)
        ],
    }


def _moment(text: str) -> str:
    """CKAN writes UTC without saying so."""
    return text.removesuffix("+00:00")


_ACTIONS: Mapping[str, Callable[[Visit, Mapping[str, str]], Any]] = {
    "package_list": _package_list,
    "package_search": _package_search,
    "package_show": _package_show,
    "site_read": lambda _visit, _parameters: True,
    "status_show": _status_show,
}
