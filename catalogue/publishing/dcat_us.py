"""The catalogue as data.json. Source: DCAT-US Schema 1.1, resources.data.gov.

What a source does not state is left out, also where the schema asks for it: a reader can tell a gap from a guess.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from catalogue.publishing.entries import Entry, entries
from catalogue.publishing.words import ACCESS_LEVELS, address, email_address, us_frequency
from catalogue.records import Distribution, Record
from governance import Visit

_SCHEMA = "https://project-open-data.cio.gov/v1.1/schema"


def data_json(visit: Visit) -> Iterator[bytes]:
    """The whole catalogue, a dataset a piece."""
    head = {
        "@context": f"{_SCHEMA}/catalog.jsonld",
        "@type": "dcat:Catalog",
        "conformsTo": _SCHEMA,
        "describedBy": f"{_SCHEMA}/catalog.json",
    }
    yield orjson.dumps(head)[:-1] + b',"dataset":['
    for place, entry in enumerate(entries(visit)):
        yield (b",\n" if place else b"\n") + orjson.dumps(dataset(entry))
    yield b"\n]}\n"


def dataset(entry: Entry) -> dict[str, Any]:
    """One dataset as DCAT-US 1.1 writes it."""
    record = entry.record
    level = ACCESS_LEVELS.get(entry.band, "")
    return _said(
        {
            "@type": "dcat:Dataset",
            "identifier": entry.urn,
            "title": record.title,
            "description": record.description,
            "keyword": list(record.keywords),
            "theme": list(record.themes),
            "publisher": _named("org:Organization", name=record.publisher),
            "contactPoint": _contact(record),
            "accessLevel": level,
            "accessLevelComment": "" if level == "public" else record.access_how,
            "rights": _rights(entry),
            "license": address(entry.licence.url) if entry.licence else address(entry.licence_raw),
            "landingPage": address(record.landing_page),
            "issued": record.issued,
            "modified": record.modified,
            "accrualPeriodicity": us_frequency(record.accrual_periodicity),
            "temporal": _period(record),
            "spatial": record.spatial,
            "language": list(record.language),
            "distribution": [_distribution(file) for file in record.distributions],
        }
    )


def _said(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in ("", None, [], {})}


def _named(kind: str, **values: str) -> dict[str, Any]:
    stated = _said(dict(values))
    return {"@type": kind, **stated} if stated else {}


def _contact(record: Record) -> dict[str, Any]:
    return _named("vcard:Contact", fn=record.contact_name, hasEmail=email_address(record.contact_email))


def _rights(entry: Entry) -> str:
    words = [] if entry.band == "open" else [entry.why]
    if entry.licence is None and entry.licence_raw and not address(entry.licence_raw):
        words.append(f"Licence as stated: {entry.licence_raw}")
    return " ".join(word for word in words if word)


def _period(record: Record) -> str:
    start, end = record.temporal_start, record.temporal_end
    return f"{start}/{end}" if start and end else start


def _distribution(file: Distribution) -> dict[str, Any]:
    return {
        "@type": "dcat:Distribution",
        **_said(
            {
                "title": file.title,
                "description": file.description,
                "accessURL": address(file.access_url),
                "downloadURL": address(file.download_url),
                "format": file.format,
                "mediaType": file.media_type,
                "byteSize": file.byte_size,
            }
        ),
    }
