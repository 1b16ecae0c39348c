"""The catalogue as DCAT 3 in JSON-LD, with its context in the file: nothing has to be fetched to read it.

Source: W3C Data Catalog Vocabulary (DCAT) Version 3.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from catalogue.publishing.entries import Entry, changed_last, entries, home_address
from catalogue.publishing.words import ACCESS_RIGHTS, address, email_address, eu_frequency
from catalogue.records import Distribution, Record
from governance import Visit
from store.settings import settings

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def jsonld(visit: Visit) -> Iterator[bytes]:
    """The whole catalogue, a dataset a piece."""
    title = settings().title
    head = {
        "@context": CONTEXT,
        "@id": f"{home_address()}/#catalogue" if home_address() else "urn:commontable:catalogue",
        "@type": "dcat:Catalog",
        "dct:title": title,
        "dct:description": f"Datasets that {title} lists to everyone, from closed to open.",
        "dct:modified": _day(changed_last(visit).isoformat(timespec="seconds")),
    }
    yield orjson.dumps(head)[:-1] + b',"dcat:dataset":['
    for place, entry in enumerate(entries(visit)):
        yield (b",\n" if place else b"\n") + orjson.dumps(dataset(entry))
    yield b"\n]}\n"


def dataset(entry: Entry) -> dict[str, Any]:
    """One dataset as a JSON-LD node; what is not stated is left out."""
    record = entry.record
    return _said(
        {
            "@id": entry.urn,
            "@type": "dcat:Dataset",
            "dct:identifier": record.identifier or entry.id,
            "dct:title": record.title,
            "dct:description": record.description,
            "dct:publisher": _said({"@type": "foaf:Agent", "foaf:name": record.publisher}),
            "dcat:contactPoint": _contact(record),
            "dcat:keyword": list(record.keywords),
            "dct:subject": list(record.themes),
            "dct:accessRights": _access_rights(entry),
            "dct:license": _licence(entry),
            "dct:issued": _day(record.issued),
            "dct:modified": _day(record.modified),
            "dct:accrualPeriodicity": _frequency(record.accrual_periodicity),
            "dct:temporal": _period(record),
            "dct:spatial": _said({"@type": "dct:Location", "rdfs:label": record.spatial}),
            "dct:language": list(record.language),
            "dcat:landingPage": _link(record.landing_page),
            "foaf:page": _link(entry.page),
            "dcat:distribution": [
                _distribution(entry, file, number) for number, file in enumerate(record.distributions, start=1)
            ],
        }
    )


def _said(values: dict[str, Any]) -> dict[str, Any]:
    """Only what is stated; a node that has nothing but its type says nothing."""
    kept = {key: value for key, value in values.items() if value not in ("", None, [], {})}
    return {} if set(kept) == {"@type"} else kept


def _link(stated: str) -> dict[str, str]:
    found = address(stated)
    return {"@id": found} if found else {}


def _day(stated: str) -> dict[str, str]:
    kind = {4: "gYear", 7: "gYearMonth", 10: "date"}.get(len(stated), "dateTime")
    return {"@type": f"xsd:{kind}", "@value": stated} if stated else {}


def _contact(record: Record) -> dict[str, Any]:
    email = email_address(record.contact_email)
    return _said(
        {
            "@type": "vcard:Kind",
            "vcard:fn": record.contact_name,
            "vcard:hasEmail": {"@id": email} if email else {},
        }
    )


def _access_rights(entry: Entry) -> list[dict[str, str]]:
    table = ACCESS_RIGHTS.get(entry.band)
    reason = {"@type": "dct:RightsStatement", "rdfs:label": entry.why}
    return [*([{"@id": table}] if table else []), *([reason] if entry.why else [])]


def _licence(entry: Entry) -> dict[str, str]:
    if entry.licence is not None:
        return _said({"@id": address(entry.licence.url), "rdfs:label": entry.licence.title})
    return _said({"@type": "dct:LicenseDocument", "rdfs:label": entry.licence_raw})


def _frequency(stated: str) -> dict[str, str]:
    found = eu_frequency(stated)
    return {"@id": found} if found else _said({"@type": "dct:Frequency", "rdfs:label": stated})


def _period(record: Record) -> dict[str, Any]:
    return _said(
        {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": _day(record.temporal_start),
            "dcat:endDate": _day(record.temporal_end),
        }
    )


def _distribution(entry: Entry, file: Distribution, number: int) -> dict[str, Any]:
    return _said(
        {
            "@id": f"{entry.urn}:file:{number}",
            "@type": "dcat:Distribution",
            "dct:title": file.title,
            "dct:description": file.description,
            "dcat:accessURL": _link(file.access_url or file.download_url),
            "dcat:downloadURL": _link(file.download_url),
            "dct:format": file.format,
            "dcat:mediaType": file.media_type,
            "dcat:byteSize": file.byte_size,
            "dct:modified": _day(file.modified),
            "dct:license": _licence(entry),
        }
    )
