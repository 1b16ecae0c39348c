"""Map one entry of Socrata's discovery API (`/api/catalog/v1`) to a record."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from catalogue.records import Record
from connectors import _text
from connectors._text import Notes


def remote_id(entry: Mapping[str, Any]) -> str:
    """The portal's own id of the dataset, four and four characters."""
    resource = entry.get("resource")
    found = resource.get("id") if isinstance(resource, dict) else None
    return found.strip() if isinstance(found, str) else ""


def record(entry: Mapping[str, Any], *, identity: str) -> Record:
    """The entry in our fields. Counts of views and downloads are left out: they change daily and say nothing new."""
    notes = Notes()
    resource, about, sorted_as = (
        _part(entry, "resource"),
        _part(entry, "metadata"),
        _part(entry, "classification"),
    )
    domain = notes.line("metadata.domain", about.get("domain"))
    return Record(
        remote_id=_text.shown(remote_id(entry), cap=400),
        identity=identity,
        # The same dataset in the portal's own data.json.
        aliases=(f"{domain}/api/views/{identity}", f"{domain}/d/{identity}") if domain else (),
        title=notes.line("resource.name", resource.get("name")),
        description=notes.text("resource.description", resource.get("description")),
        publisher=notes.line("resource.attribution", resource.get("attribution")),
        contact_email=notes.line("resource.contact_email", resource.get("contact_email")),
        keywords=notes.texts(
            "classification.domain_tags", [*_many(sorted_as, "domain_tags"), *_many(sorted_as, "tags")]
        ),
        themes=notes.texts(
            "classification.domain_category",
            [sorted_as.get("domain_category"), *_many(sorted_as, "categories")],
        ),
        licence=notes.texts("metadata.license", about.get("license"), cap=2_000),
        landing_page=notes.url("permalink", entry.get("permalink") or entry.get("link")),
        issued=notes.date("resource.createdAt", resource.get("createdAt")),
        modified=notes.date("resource.data_updated_at", resource.get("data_updated_at") or resource.get("updatedAt")),
        columns=notes.texts("resource.columns_name", _many(resource, "columns_name")),
        extras=_extras(resource, sorted_as, domain),
        warnings=notes.all(),
    )


def _part(entry: Mapping[str, Any], key: str) -> dict[str, Any]:
    found = entry.get(key)
    return found if isinstance(found, dict) else {}


def _many(part: Mapping[str, Any], key: str) -> list[Any]:
    found = part.get(key)
    return found if isinstance(found, list) else []


def _extras(resource: Mapping[str, Any], sorted_as: Mapping[str, Any], domain: str) -> Mapping[str, str]:
    said: dict[str, Any] = {"domain": domain}
    said |= {key: resource.get(key) for key in ("type", "attribution_link", "provenance", "publication_date")}
    for pair in _many(sorted_as, "domain_metadata"):
        if isinstance(pair, dict) and isinstance(pair.get("key"), str):
            said[pair["key"][:100]] = pair.get("value")
    columns = zip(_many(resource, "columns_name"), _many(resource, "columns_description"), strict=False)
    said["columns_description"] = "\n".join(f"{name}: {words}" for name, words in columns if words)
    found = {key: _text.text(value)[0] for key, value in said.items()}
    return MappingProxyType({key: value for key, value in found.items() if value})
