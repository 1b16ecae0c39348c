"""How CKAN portals spell the fields that CKAN itself does not have, and a way to look them up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from connectors._text import Notes, Unreadable, parse_json

SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "publisher": ("publisher_name", "publisher", "dataset_publisher", "responsible_party"),
    "contact_name": ("contact_name", "contact_point_name", "maintainer", "author"),
    "contact_email": ("contact_email", "contact_point_email", "maintainer_email", "author_email"),
    "contact_point": ("contact_point", "contact"),
    "access_right": (
        "access_rights",
        "accessrights",
        "access_right",
        "access_level",
        "accesslevel",
        "dct_accessrights",
    ),
    "rights": (
        "access_constraints",
        "use_constraints",
        "rights",
        "use_limitations",
        "limitations_on_public_access",
    ),
    "identifier": ("doi", "identifier", "guid", "uri", "dcat_identifier"),
    "issued": ("issued", "release_date", "date_released", "publication_date", "dcat_issued"),
    "modified": (
        "modified",
        "last_updated",
        "date_updated",
        "data_last_updated",
        "dcat_modified",
        "last_modified",
    ),
    "accrual_periodicity": (
        *("frequency", "update_frequency", "accrual_periodicity", "update_freq", "frequency_of_update"),
        *("data_update_frequency", "maintenance_and_update_frequency"),
    ),
    "temporal_start": (
        "temporal_start",
        "temporal_coverage_from",
        "temporal_from",
        "temporal_coverage_start",
    ),
    "temporal_end": ("temporal_end", "temporal_coverage_to", "temporal_to", "temporal_coverage_end"),
    "temporal": ("temporal_coverage", "temporal"),
    "spatial": (
        "spatial_text",
        "spatial_coverage",
        "geographic_coverage",
        "geographical_coverage",
        "spatial",
    ),
    "language": ("language", "languages", "dcat_language"),
    "conforms_to": ("conforms_to", "standard"),
    "themes": ("theme", "themes", "theme_primary", "theme_secondary", "category", "categories"),
    "life_events": ("life_event", "life_events"),
    "parent": ("in_series", "is_part_of", "series", "collection_package_id", "parent_id"),
    "access_how": ("access_instructions", "how_to_access", "access_request_url", "request_url", "access_how"),
    "approver": ("data_owner", "approver", "data_custodian"),
    "licence_url": ("license_url", "licence_url", "license_uri", "licence_uri"),
    "licence": ("license_id", "license_title", "licence", "license", "licence_title", "licence_id"),
}
"""Our field, and the names it goes by, the surest first."""

OWN = frozenset(
    {
        *("id", "name", "title", "notes", "url", "version", "private", "state", "type", "owner_org"),
        *("author", "author_email", "maintainer", "maintainer_email"),
        *("license_id", "license_url", "license_title"),
        *("tags", "groups", "resources", "organization", "extras"),
    }
)
"""CKAN's own fields, read by name."""

MOVING = frozenset(
    {
        *("metadata_modified", "metadata_created", "metadata_harvested_date", "revision_id", "revision_timestamp"),
        *("num_resources", "num_tags", "tracking_summary", "total_downloads", "recent_views", "views_count"),
        *("ratings_average", "ratings_count", "creator_user_id", "archiver", "qa", "plugin_data", "help"),
        *("relationships", "relationships_as_object", "relationships_as_subject", "notes_rendered", "ckan_url"),
        *("individual_resources", "additional_resources", "timeseries_resources", "tag_string"),
        *("harvest_object_id", "harvest_source_id", "harvest_source_title", "title_translated", "notes_translated"),
    }
)
"""Fields that change by themselves or repeat another one: kept in the raw record, never in the mapped one."""

_OURS: Mapping[str, tuple[str, ...]] = {
    word: tuple(ours for ours, words in SPELLINGS.items() if word in words)
    for word in dict.fromkeys(word for words in SPELLINGS.values() for word in words)
}
"""A name, and the fields of ours that it may stand for."""

_WORD = re.compile(r"[^a-z0-9]+")
_INTERVAL = re.compile(r"\s*(?:/|\bto\b|\s[-\u2013]\s)\s*")
LATEST_COVERAGE = 2500


class Fields:
    """The fields of one package wherever they stand: at the root, or among the extras."""

    def __init__(self, package: Mapping[str, Any], notes: Notes) -> None:
        self._notes = notes
        self._found: dict[str, tuple[str, Any]] = {}
        self._used: set[str] = set()
        for key, value in _extras(package.get("extras"), notes):
            self._found.setdefault(_word(key), (key, _opened(value)))
        for key, value in package.items():
            if key not in OWN and value not in (None, "", [], {}):
                self._found[_word(key)] = (key, _opened(value))
        for key in ("author", "author_email", "maintainer", "maintainer_email"):
            if package.get(key):
                self._found.setdefault(key, (key, package[key]))
        self._stated = {ours for word in self._found if word in _OURS for ours in _OURS[word]}
        """Our fields that stand here under one of their names: most records hold a quarter of them."""

    def value(self, ours: str) -> tuple[str, Any]:
        """The first spelling of our field that holds something, with the name it has there."""
        for word in SPELLINGS[ours] if ours in self._stated else ():
            if word in self._found and self._found[word][1] not in (None, "", [], {}):
                self._used.add(word)
                return self._found[word]
        return SPELLINGS[ours][0], None

    def every(self, ours: str) -> Iterator[tuple[str, Any]]:
        """Every spelling of our field that holds something."""
        for word in SPELLINGS[ours] if ours in self._stated else ():
            if word in self._found:
                self._used.add(word)
                yield self._found[word]

    def line(self, ours: str) -> str:
        """Our field as one line of text."""
        return self._notes.line(*_flat(self.value(ours))) if ours in self._stated else ""

    def text(self, ours: str) -> str:
        """Every statement of our field, one below the other."""
        if ours not in self._stated:
            return ""
        said = [self._notes.text(*_flat(one)) for one in self.every(ours)]
        return "\n".join(dict.fromkeys(filter(None, said)))[:10_000]

    def texts(self, ours: str) -> tuple[str, ...]:
        """Our field as a list, from all its spellings."""
        if ours not in self._stated:
            return ()
        return tuple(
            dict.fromkeys(one for pair in self.every(ours) for one in self._notes.texts(pair[0], _names(pair[1])))
        )

    def date(self, ours: str, *, latest: int = 2099) -> str:
        """Our field as a date."""
        if ours not in self._stated:
            return ""
        name, value = _flat(self.value(ours))
        return self._notes.date(name, value, latest=latest)

    def coverage(self) -> tuple[str, str]:
        """The period the data are about: two fields, or one that holds "from / to"."""
        start, end = (self.date(one, latest=LATEST_COVERAGE) for one in ("temporal_start", "temporal_end"))
        name, value = _flat(self.value("temporal"))
        if start or end or not isinstance(value, str):
            return start, end
        parts = _INTERVAL.split(value.strip())
        if len(parts) != 2:
            return "", ""
        return tuple(self._notes.date(name, part, latest=LATEST_COVERAGE) for part in parts)  # type: ignore[return-value]

    def rest(self) -> dict[str, str]:
        """What no field of ours took up, as text; the moving parts left out, no more than 100 entries."""
        kept: dict[str, str] = {}
        for word, (name, value) in sorted(self._found.items()):
            if word in self._used or word in MOVING or word in OWN or len(kept) >= 100:
                continue
            key = self._notes.line("extras", name, cap=100)
            said = self._notes.text(f"extras.{key}", _told(value), cap=2_000)
            if key and said:
                kept[key] = said
        return kept


def _extras(extras: Any, notes: Notes) -> Iterator[tuple[str, Any]]:
    if extras is None or extras == "":
        return
    if isinstance(extras, dict):
        yield from ((str(key), value) for key, value in extras.items())
        return
    if not isinstance(extras, list):
        notes.warn("extras", extras, "neither a list nor an object, left out")
        return
    for extra in extras[:1_000]:
        if isinstance(extra, dict) and isinstance(extra.get("key"), str):
            if str(extra.get("state", "active")).lower() != "deleted":
                yield extra["key"], extra.get("value")
        else:
            notes.warn("extras", extra, "not a key with a value, left out")


@lru_cache(maxsize=2_000)
def _word(key: str) -> str:
    return _WORD.sub("_", key.lower()).strip("_")


def _opened(value: Any) -> Any:
    """Extras hold text only, so portals put lists in as JSON text; a lone object (GeoJSON) stays text."""
    if isinstance(value, str) and value[:1] == "[" and value.rstrip()[-1:] == "]" and len(value) < 100_000:
        try:
            opened = parse_json(value.encode("utf-8", "replace")).value
        except Unreadable:
            return value
        if isinstance(opened, list) and all(not isinstance(one, (list, dict)) for one in opened):
            return opened
    return value


def _flat(pair: tuple[str, Any]) -> tuple[str, Any]:
    """A list of one, which portals write for a single value, is that value; an object gives its name."""
    name, value = pair
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        value = "; ".join(value)
    return name, _names([value])[0] if isinstance(value, dict) else value


def _names(value: Any) -> Any:
    """Objects in place of names give the name they carry."""
    if isinstance(value, list):
        return [_name(one) if isinstance(one, dict) else one for one in value]
    if isinstance(value, dict):
        return _name(value)
    return value


def _name(one: dict[str, Any]) -> Any:
    return next((one[key] for key in ("title", "display_name", "name", "label", "prefLabel") if one.get(key)), one)


def _told(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, list) and all(isinstance(one, (str, int, float)) for one in value):
        return "; ".join(map(str, value))
    return value
