"""One CKAN package becomes one record, or a rejection that says what to change at the source."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from catalogue.records import Distribution, Record, Rejection
from connectors._ckan_fields import Fields
from connectors._text import Notes, Unreadable, fingerprint, identity, members, parse_json, shown

VERSION = 1
RAW = 64 << 10
"""Bytes of the source's own description that are kept."""
FILES = 1_000
"""Files of one dataset that are kept."""

_ABSENT = {"deleted": "Deleted at the source", "draft": "Draft at the source"}
_OTHER = {"harvest": "A harvest source, not a dataset", "showcase": "A showcase, not a dataset"}


def package(raw: bytes, *, site: str = "", print_: str = "") -> Record | Rejection:
    """Map the bytes of one package; `site` is the portal's address, for the link to its page.

    `print_` is the fingerprint of `raw` where the caller knows it already.

    `modified` is the date of the data as an extra states it, else the newest date of a file. CKAN's own
    `metadata_modified` is left to the raw record: portals bump it every night.
    """
    try:
        parsed = parse_json(raw)
    except Unreadable as error:
        return unreadable(raw, str(error))
    if not isinstance(parsed.value, dict):
        return Rejection(
            remote_id="",
            field="",
            value=shown(parsed.value),
            reason="Not a dataset",
            what_to_change="The portal lists something that is no dataset: ask its steward.",
            raw=raw[:RAW],
        )
    found: dict[str, Any] = parsed.value
    if refusal := _refused(found, raw):
        return refusal
    notes = Notes()
    for problem in parsed.problems:
        notes.warn("", "", problem)
    return _record(found, raw, notes, site=site, print_=print_ or fingerprint(raw, VERSION))


def unreadable(raw: bytes, why: str) -> Rejection:
    """The rejection of a package that cannot be decoded; its id is read without decoding the rest."""
    remote = ""
    with contextlib.suppress(Unreadable):
        remote = str(parse_json(members(raw).get("id", b'""')).value)
    return Rejection(
        remote_id=shown(remote),
        identity=identity(remote),
        field="",
        value=why,
        reason="Cannot be read",
        what_to_change="Save the dataset anew at the source, or remove the field that is nested or broken.",
        raw=raw[:RAW],
    )


def _refused(found: Mapping[str, Any], raw: bytes) -> Rejection | None:
    remote, kept = found.get("id"), raw[:RAW]
    state = found.get("state")
    said = state.strip().lower() if isinstance(state, str) else "active" if state is None else "?"
    if said not in ("active", ""):
        return Rejection(
            remote_id=shown(remote),
            field="state",
            value=shown(state),
            reason=_ABSENT.get(said, "Not active at the source"),
            what_to_change="Nothing, if that is meant; else publish the dataset at the source.",
            raw=kept,
        )
    if not identity(remote):
        return Rejection(
            remote_id=shown(found.get("name")),
            field="id",
            value=shown(remote),
            reason="No id",
            what_to_change="Every dataset needs an id that stays the same: ask the portal's steward.",
            raw=kept,
        )
    kind = found.get("type")
    if isinstance(kind, str) and kind in _OTHER:
        return Rejection(remote_id=shown(remote), field="type", value=kind, reason=_OTHER[kind], raw=kept)
    if not _has_words(found.get("title")) and not _has_words(found.get("name")):
        return Rejection(
            remote_id=shown(remote),
            identity=identity(remote),
            field="title",
            value=shown(found.get("title")),
            reason="No title",
            what_to_change="Give the dataset a title at the source.",
            raw=kept,
        )
    return None


def _has_words(value: Any) -> bool:
    if isinstance(value, str) and value.isprintable() and value.isascii():
        return bool(value.strip())
    return bool(Notes().line("", value))


def _record(found: Mapping[str, Any], raw: bytes, notes: Notes, *, site: str, print_: str) -> Record:
    fields = Fields(found, notes)
    name = notes.line("name", found.get("name"))
    title = notes.line("title", found.get("title"))
    if not title:
        title = name
        notes.warn("title", found.get("title"), "no title, the short name was taken")
    normal = identity(found.get("id"))
    notes.date("metadata_modified", found.get("metadata_modified"))
    notes.date("metadata_created", found.get("metadata_created"))
    contact_name, contact_email = _contact(fields, notes)
    distributions = _distributions(found.get("resources"), notes)
    start, end = fields.coverage()
    identifier = fields.line("identifier")
    link = notes.url("url", found.get("url"))
    return Record(
        remote_id=shown(found.get("id"), cap=500),
        identity=normal,
        aliases=tuple(a for a in dict.fromkeys(map(identity, (name, identifier))) if a and a != normal),
        title=title,
        description=notes.text("notes", found.get("notes")),
        publisher=_publisher(found.get("organization"), fields, notes),
        contact_name=contact_name,
        contact_email=contact_email,
        keywords=_tags(found.get("tags"), notes),
        themes=tuple(dict.fromkeys((*_titles("groups", found.get("groups"), notes), *fields.texts("themes")))),
        licence=_licence(found, fields, notes),
        access_right=fields.line("access_right"),
        rights=fields.text("rights"),
        is_private=notes.flag("private", found.get("private"), doubt=True),
        landing_page=link or (f"{site}/dataset/{name}" if site and name and _plain(name) else ""),
        identifier=identifier,
        issued=fields.date("issued"),
        modified=fields.date("modified") or max((d.modified for d in distributions), default=""),
        accrual_periodicity=fields.line("accrual_periodicity"),
        temporal_start=start,
        temporal_end=end,
        spatial=fields.text("spatial"),
        language=fields.texts("language"),
        conforms_to=fields.texts("conforms_to"),
        life_events=fields.texts("life_events"),
        parent=identity(fields.line("parent")),
        access_how=fields.text("access_how"),
        approver=fields.line("approver"),
        distributions=distributions,
        extras=MappingProxyType(fields.rest()),
        warnings=notes.all(),
        fingerprint=print_,
        raw=raw[:RAW],
    )


def _publisher(organization: Any, fields: Fields, notes: Notes) -> str:
    stated = fields.line("publisher")
    if isinstance(organization, dict):
        named = next((organization[key] for key in ("title", "display_name", "name") if organization.get(key)), None)
        return notes.line("organization.title", named) or stated
    return notes.line("organization", organization) or stated


def _contact(fields: Fields, notes: Notes) -> tuple[str, str]:
    name, email = fields.line("contact_name"), fields.line("contact_email").removeprefix("mailto:")
    point = fields.line("contact_point").removeprefix("mailto:")
    if "@" in point and not email:
        email = point
    elif point and "@" not in point:
        name = point
    if email and ("@" not in email or " " in email):
        notes.warn("contact_email", email, "not an e-mail address")
        email = ""
    return name, email


def _tags(tags: Any, notes: Notes) -> tuple[str, ...]:
    if isinstance(tags, str):
        notes.warn("tags", tags, "one text where a list was expected, split at commas")
        tags = tags.split(",")
    return _titles("tags", tags, notes, first="display_name")


def _titles(field: str, many: Any, notes: Notes, *, first: str = "title") -> tuple[str, ...]:
    if many is None or many == "":
        return ()
    if not isinstance(many, list):
        notes.warn(field, many, "not a list")
        many = [many] if isinstance(many, str) else []
    named: list[Any] = []
    for one in many[:FILES]:
        if isinstance(one, dict):
            said = next((one[key] for key in (first, "display_name", "name") if one.get(key)), None)
            if said is None:
                notes.warn(field, one, "an entry without a name, left out")
            named.append(said)
        elif isinstance(one, str):
            named.append(one)
        else:
            notes.warn(field, one, "an entry that is no name, left out")
    return notes.texts(field, named)


def _licence(found: Mapping[str, Any], fields: Fields, notes: Notes) -> tuple[str, ...]:
    stated = [notes.texts(key, found.get(key)) for key in ("license_id", "license_url", "license_title")]
    more = [(), fields.texts("licence_url"), fields.texts("licence")]
    return tuple(dict.fromkeys(one for pair in zip(stated, more, strict=True) for part in pair for one in part))


def _distributions(resources: Any, notes: Notes) -> tuple[Distribution, ...]:
    if resources is None or resources == "":
        return ()
    if isinstance(resources, dict):
        notes.warn("resources", resources, "an object where a list was expected")
        resources = list(resources.values())
    if not isinstance(resources, list):
        notes.warn("resources", resources, "not a list, left out")
        return ()
    if len(resources) > FILES:
        notes.warn("resources", len(resources), f"more than {FILES:,} files, the others were left out")
    return tuple(d for one in resources[:FILES] if (d := _distribution(one, notes)) is not None)


def _distribution(resource: Any, notes: Notes) -> Distribution | None:
    if isinstance(resource, str):
        notes.warn("resources", resource, "a bare address where a description was expected")
        resource = {"url": resource}
    if not isinstance(resource, dict) or not resource:
        notes.warn("resources", resource, "not the description of a file, left out")
        return None
    if str(resource.get("state") or "active").lower() != "active":
        return None
    link = notes.url("resources.url", resource.get("url"))
    download = notes.url("resources.download_url", resource.get("download_url"))
    kind = str(resource.get("resource_type") or "")
    if resource.get("url_type") == "upload" or kind.startswith("file"):
        download = download or link
    licence = next(
        (resource[key] for key in ("license", "license_id", "licence", "license_url") if resource.get(key)),
        "",
    )
    return Distribution(
        title=notes.line("resources.name", resource.get("name")),
        description=notes.text("resources.description", resource.get("description"), cap=2_000),
        access_url=notes.url("resources.access_url", resource.get("access_url")) or link,
        download_url=download,
        format=notes.line("resources.format", resource.get("format"), cap=100),
        media_type=notes.line("resources.mimetype", resource.get("mimetype"), cap=100),
        byte_size=notes.integer("resources.size", resource.get("size")),
        modified=notes.date("resources.last_modified", resource.get("last_modified")),
        licence=notes.line("resources.license", licence),
        access_right=notes.line("resources.access_rights", resource.get("access_rights")),
    )


def _plain(name: str) -> bool:
    return all(c.isalnum() or c in "-_." for c in name) and not name.startswith(".")
