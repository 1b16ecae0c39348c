"""Map one dataset of a data.json catalogue (DCAT-US 1.1 and 3.0 and the profiles near them) to a record.

Source: resources.data.gov DCAT-US 1.1 schema; DCAT-US 3.0 schema of the US Department of the Interior.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import orjson

from catalogue.records import Distribution, Record
from connectors import _text
from connectors._text import Notes

_MAPPED = frozenset(
    {
        "@id",
        "@type",
        "@context",
        "title",
        "description",
        "identifier",
        "publisher",
        "contactPoint",
        "keyword",
        "theme",
        "license",
        "licence",
        "accessLevel",
        "accessRights",
        "rights",
        "landingPage",
        "issued",
        "modified",
        "accrualPeriodicity",
        "temporal",
        "spatial",
        "coverageArea",
        "temporalCoverageStart",
        "temporalCoverageEnd",
        "language",
        "conformsTo",
        "isPartOf",
        "inSeries",
        "distribution",
        "accessLevelComment",
        "notes",
    }
)
_MAPPED_OF_FILE = frozenset(
    {
        "@id",
        "@type",
        "title",
        "description",
        "accessURL",
        "downloadURL",
        "format",
        "mediaType",
        "byteSize",
        "modified",
        "license",
        "licence",
        "accessRights",
        "accessRestriction",
        "useRestriction",
        "cuiRestriction",
    }
)
_MOST_FILES = 1_000


def remote_id(dataset: Mapping[str, Any]) -> str:
    """The id as the source writes it: `identifier`, however it is wrapped, else the JSON-LD `@id`."""
    return _identifier(dataset.get("identifier")) or _identifier(dataset.get("@id"))


def record(dataset: Mapping[str, Any], *, identity: str, parent: str = "") -> Record:
    """The dataset in our fields; what has no field of ours stays in `extras`, so that no change goes unseen."""
    notes = Notes()
    publisher, contact = _first(dataset.get("publisher")), _first(dataset.get("contactPoint"))
    start, end = _period(notes, dataset)
    modified, periodicity = _modified(notes, dataset)
    access_right, rights = _rights(notes, dataset)
    identifier = _identifier(dataset.get("identifier"))
    return Record(
        remote_id=_text.shown(remote_id(dataset), cap=400),
        identity=identity,
        aliases=_aliases(dataset, identity),
        title=notes.line("title", dataset.get("title")),
        description=notes.text("description", dataset.get("description") or dataset.get("notes")),
        publisher=notes.line("publisher", _name(publisher)),
        contact_name=notes.line("contactPoint", _name(contact)),
        contact_email=_email(notes, contact) or _email(notes, publisher),
        keywords=notes.texts("keyword", _labels(dataset.get("keyword"))),
        themes=notes.texts("theme", _labels(dataset.get("theme"))),
        licence=_licence(notes, dataset),
        access_right=access_right,
        rights=rights,
        access_how=notes.text("accessLevelComment", dataset.get("accessLevelComment")),
        landing_page=notes.url("landingPage", _label(dataset.get("landingPage"), "@id")),
        identifier=f"https://doi.org/{identity[4:]}" if identity.startswith("doi:") else _doi(identifier),
        issued=notes.date("issued", dataset.get("issued")),
        modified=modified,
        accrual_periodicity=periodicity,
        temporal_start=start,
        temporal_end=end,
        spatial=notes.text("spatial", _said(dataset.get("spatial") or dataset.get("coverageArea"))),
        language=notes.texts("language", _labels(dataset.get("language"))),
        conforms_to=notes.texts("conformsTo", _labels(dataset.get("conformsTo"), "@id"), cap=2_000),
        parent=parent or _text.identity(_identifier(_first(dataset.get("isPartOf") or dataset.get("inSeries")))),
        columns=_columns(notes, dataset),
        distributions=_files(notes, dataset),
        extras=_extras(dataset, publisher, contact),
        warnings=notes.all(),
    )


def _identifier(value: Any) -> str:
    """DCAT-US 3.0 wraps identifiers: {"@id"}, {"@type": "Identifier", "notation"}, or a list of these."""
    value = _first(value)
    if isinstance(value, dict):
        value = next((value[key] for key in ("@id", "notation", "identifier", "@value") if value.get(key)), None)
    if isinstance(value, int) and not isinstance(value, bool) and value:
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def _doi(identifier: str) -> str:
    return identifier if "doi.org/10." in identifier.lower() else ""


def _aliases(dataset: Mapping[str, Any], identity: str) -> tuple[str, ...]:
    others = dataset.get("otherIdentifier")
    raw = [dataset.get("@id"), *(others if isinstance(others, list) else [others])]
    found = (_text.identity(_identifier(one)) for one in raw)
    return tuple(dict.fromkeys(one for one in found if one and one != identity))


def _first(value: Any) -> Any:
    return (value[0] if value else None) if isinstance(value, list) else value


def _name(agent: Any) -> Any:
    if isinstance(agent, dict):
        return next((agent[key] for key in ("fn", "name", "prefLabel", "title", "@id") if agent.get(key)), None)
    return agent


def _email(notes: Notes, agent: Any) -> str:
    if not isinstance(agent, dict):
        return ""
    said = notes.line(
        "contactPoint", _said(next((agent[k] for k in ("hasEmail", "email", "mbox") if agent.get(k)), None))
    )
    said = said.removeprefix("mailto:").removeprefix("MAILTO:").strip()
    if said and "@" not in said:
        notes.warn("contactPoint", said, "not an e-mail address")
        return ""
    return said


def _label(value: Any, preferred: str = "prefLabel") -> Any:
    """The words of a value that may be wrapped as a concept or a link."""
    if isinstance(value, dict):
        keys = (preferred, "prefLabel", "label", "title", "name", "@value", "@id", "url", "uri")
        return next((_label(value[key]) for key in keys if value.get(key)), None)
    return value


def _labels(value: Any, preferred: str = "prefLabel") -> Any:
    return [_label(one, preferred) for one in value] if isinstance(value, list) else _label(value, preferred)


def _said(value: Any) -> Any:
    """Text stays text; anything else as compact JSON, keys in order, so that equal content reads equal."""
    if isinstance(value, dict) and (label := _label(value)) and len(value) <= 2:
        return _said(label)
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode("utf-8", "replace") if _plain(value) else str(value)


def _plain(value: Any) -> bool:
    try:
        orjson.dumps(value)
    except (TypeError, orjson.JSONEncodeError):
        return False
    return True


def _licence(notes: Notes, dataset: Mapping[str, Any]) -> tuple[str, ...]:
    found: list[Any] = []
    for value in (dataset.get("license"), dataset.get("licence")):
        for one in value if isinstance(value, list) else [value]:
            found += (
                [one.get(k) for k in ("identifier", "@id", "url", "title", "name")] if isinstance(one, dict) else [one]
            )
    return notes.texts("license", [one for one in found if one], cap=2_000)


def _rights(notes: Notes, dataset: Mapping[str, Any]) -> tuple[str, str]:
    """(access right, free text). DCAT-US 3.0 states `accessRights` in words instead of the three levels of 1.1."""
    level = notes.line("accessLevel", _label(_first(dataset.get("accessLevel"))))
    stated = notes.text("accessRights", _said(_label(_first(dataset.get("accessRights")))))
    rights = notes.text("rights", _said(_labels(dataset.get("rights"))))
    if level and stated and level != stated:
        return level, "\n".join(filter(None, (stated, rights)))
    return level or stated, rights


def _modified(notes: Notes, dataset: Mapping[str, Any]) -> tuple[str, str]:
    """(date, periodicity). DCAT-US 1.1 lets `modified` hold an interval ("R/P1D") where data change always."""
    periodicity = notes.line("accrualPeriodicity", _said(_label(dataset.get("accrualPeriodicity"))))
    modified = _label(dataset.get("modified"))
    if isinstance(modified, str) and modified.strip().startswith("R/P"):
        return "", periodicity or modified.strip()
    return notes.date("modified", modified), periodicity


def _period(notes: Notes, dataset: Mapping[str, Any]) -> tuple[str, str]:
    temporal = _first(dataset.get("temporal"))
    if isinstance(temporal, dict):
        start = temporal.get("startDate") or temporal.get("start")
        end = temporal.get("endDate") or temporal.get("end")
    elif isinstance(temporal, str) and temporal.count("/") == 1:
        start, end = temporal.split("/")
    else:
        start = dataset.get("temporalCoverageStart") or temporal
        end = dataset.get("temporalCoverageEnd")
    return notes.date("temporal", _label(start)), notes.date("temporal", _label(end))


def _files(notes: Notes, dataset: Mapping[str, Any]) -> tuple[Distribution, ...]:
    value = dataset.get("distribution")
    many = value if isinstance(value, list) else [value]
    if len(many) > _MOST_FILES:
        notes.warn("distribution", len(many), f"more than {_MOST_FILES:,} files, cut")
    for odd in (one for one in many[:_MOST_FILES] if one is not None and not isinstance(one, dict)):
        notes.warn("distribution", odd, "not a file description")
    return tuple(_file(notes, one) for one in many[:_MOST_FILES] if isinstance(one, dict))


def _file(notes: Notes, said: Mapping[str, Any]) -> Distribution:
    return Distribution(
        title=notes.line("distribution.title", said.get("title")),
        description=notes.text("distribution.description", said.get("description")),
        access_url=notes.url("distribution.accessURL", _label(_first(said.get("accessURL")), "@id")),
        download_url=notes.url("distribution.downloadURL", _label(_first(said.get("downloadURL")), "@id")),
        format=notes.line("distribution.format", _label(_first(said.get("format")))),
        media_type=notes.line("distribution.mediaType", _label(_first(said.get("mediaType")))),
        byte_size=notes.integer("distribution.byteSize", _label(said.get("byteSize"))),
        modified=notes.date("distribution.modified", _label(said.get("modified"))),
        licence=notes.line(
            "distribution.license",
            _label(_first(said.get("license") or said.get("licence")), "@id"),
            cap=2_000,
        ),
        access_right=_restrictions(notes, said),
    )


def _restrictions(notes: Notes, said: Mapping[str, Any]) -> str:
    """DCAT-US 3.0 moved restrictions to the file: access, use, and controlled unclassified information (CUI)."""
    found: list[str] = []
    for key, prefix in (
        ("accessRights", ""),
        ("accessRestriction", ""),
        ("useRestriction", "Use: "),
        ("cuiRestriction", "CUI: "),
    ):
        value = said.get(key)
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                parts = (
                    "restrictionStatus",
                    "specificRestriction",
                    "cuiBannerMarking",
                    "designationIndicator",
                    "restrictionNote",
                )
                words = [str(_label(one[part])) for part in parts if _label(one.get(part))] or [str(_said(one))]
                found.append(prefix + ", ".join(words))
            elif one:
                found.append(f"{prefix}{one}")
    return notes.line("distribution.accessRestriction", "; ".join(found), cap=2_000)


def _columns(notes: Notes, dataset: Mapping[str, Any]) -> tuple[str, ...]:
    """The Argentine profile lists the fields of each file."""
    value = dataset.get("distribution")
    files = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    fields = [f for one in files[:_MOST_FILES] for f in one.get("field") or () if isinstance(f, dict)]
    return notes.texts("distribution.field", [f.get("title") for f in fields if f.get("title")])


def _extras(dataset: Mapping[str, Any], publisher: Any, contact: Any) -> Mapping[str, str]:
    left = {key: value for key, value in dataset.items() if key not in _MAPPED}
    left |= {
        "temporal": dataset.get("temporal"),
        "publisher": _more(publisher, "name"),
        "contactPoint": _more(contact, "fn"),
    }
    files = dataset.get("distribution")
    if isinstance(files, list):
        more = [{k: v for k, v in one.items() if k not in _MAPPED_OF_FILE} for one in files if isinstance(one, dict)]
        left["distribution"] = more if any(more) else None
    found = {key[:100]: _text.text(_said(value))[0] for key, value in left.items() if value not in (None, "", [], {})}
    return MappingProxyType({key: value for key, value in found.items() if value})


def _more(agent: Any, name: str) -> Any:
    if not isinstance(agent, dict):
        return None
    return {
        key: value for key, value in agent.items() if key not in ("@type", name, "hasEmail", "email", "mbox") and value
    }
