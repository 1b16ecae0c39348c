"""The portals, feeds and registers that are read: adding, changing, pausing and retiring them."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import func, or_, select, update

from catalogue import uploads
from catalogue.records import SourceAddress
from catalogue.tables import DatasetRow, SourceRow, SourceSecretRow
from governance import Action, Invalid, Kind, NotFound, Visit, machinery, require
from store import bulk_delete, bulk_upsert, guarded, settings


class Schedule(StrEnum):
    """How often a source is read without being asked."""

    MANUAL = "manual"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


class SourceState(StrEnum):
    """Whether a source is read."""

    ACTIVE = "active"
    PAUSED = "paused"
    RETIRED = "retired"


EVERY: Mapping[Schedule, timedelta] = {
    Schedule.HOURLY: timedelta(hours=1),
    Schedule.DAILY: timedelta(days=1),
    Schedule.WEEKLY: timedelta(weeks=1),
}
_ALLOWED = re.compile(r"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):(?P<port>\d{1,5})")
_FILE_ENDINGS = (".json", ".jsonl", ".csv", ".tsv", ".xlsx", ".gz", ".xml", ".rdf", ".ttl", ".txt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A portal, feed or register, as a steward sees it; its token is never shown again."""

    id: str
    name: str
    kind: str
    location: str
    allow: tuple[str, ...]
    organisation_id: str
    schedule: Schedule
    options: Mapping[str, str]
    state: SourceState
    created_at: datetime
    due_at: datetime | None
    """When it is read next by itself; None when it waits to be asked."""

    @property
    def is_file(self) -> bool:
        """Whether it is an uploaded or local file: its readings are whole-file snapshots."""
        return "://" not in self.location

    @property
    def shown(self) -> str:
        """Its address without secrets, or the name of its file."""
        return Path(self.location).name if self.is_file else shown(self.location)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSource:
    """What it takes to read a source."""

    name: str
    kind: str
    location: str
    """An http(s) address, or a file: an uploaded one, or for operators any on this machine."""
    allow: tuple[str, ...] = ()
    token: str = field(default="", repr=False)
    organisation_id: str = ""
    schedule: Schedule = Schedule.MANUAL
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


def sources(visit: Visit) -> list[Source]:
    """Every source the viewer may see, retired ones last, by name."""
    rows = visit.read().execute(select(SourceRow).order_by(SourceRow.state == "retired", SourceRow.name)).scalars()
    return [_source(row) for row in rows]


def source(visit: Visit, name_or_id: str) -> Source:
    """One source. Raises: NotFound."""
    return _source(_row(visit, name_or_id))


def has_token(source_id: str) -> bool:
    """Whether a source is read with a token."""
    with machinery("asks whether there is a token") as visit:
        return visit.read().get(SourceSecretRow, source_id) is not None


def add(visit: Visit, new: NewSource, *, kinds: Collection[str]) -> Source:
    """Add a source; `kinds` are those that connectors exist for.

    Raises: NotPermitted; Invalid with the field and what to change.
    """
    grant = require(visit, Action.SOURCE_ADDED, new.name.strip(), kind=new.kind, location=shown(new.location))
    values = _checked(visit, new, kinds)
    with visit.change(grant) as session:
        _refuse_taken(session, values["name"])
        row = SourceRow(
            id=uuid.uuid4().hex,
            created_at=visit.now,
            due_at=_first_due(visit, new.schedule),
            memory={},
            **values,
        )
        session.add(row)
        session.flush()
        if new.token.strip():
            _keep_token(session, row.id, new.token.strip())
        return _source(row)


def change(
    visit: Visit, name_or_id: str, new: NewSource, *, kinds: Collection[str], drop_token: bool = False
) -> Source:
    """Change everything about a source but its records; an empty token keeps the one it has, on the same host only.

    Raises: NotFound; NotPermitted; Invalid with the field and what to change.
    """
    found = _row(visit, name_or_id)
    grant = require(visit, Action.SOURCE_CHANGED, found.name, location=shown(new.location), schedule=new.schedule)
    values = _checked(visit, new, kinds, had=found.location)
    if values["kind"] != found.kind:
        raise Invalid("The kind of a source stays: add a new source instead.", field="kind")
    with visit.change(grant) as session:
        row = session.get_one(SourceRow, found.id)
        if values["name"] != row.name:
            _refuse_taken(session, values["name"])
            session.execute(
                update(DatasetRow)
                .where(DatasetRow.source_id == row.id)
                .values(source_name=values["name"])
                .execution_options(synchronize_session=False)
            )
        if new.schedule != row.schedule:
            row.due_at = _first_due(visit, new.schedule)
        if values["location"] != row.location:
            row.memory = {}
        for name, value in values.items():
            setattr(row, name, value)
        if new.token.strip() and not drop_token:
            _keep_token(session, row.id, new.token.strip())
        elif drop_token or not _same_host(found.location, values["location"]):
            bulk_delete(session, SourceSecretRow, source_id=row.id)
        return _source(row)


def pause(visit: Visit, name_or_id: str) -> Source:
    """Stop reading a source by schedule; its datasets stay as they are."""
    return _set_state(visit, name_or_id, SourceState.PAUSED)


def resume(visit: Visit, name_or_id: str) -> Source:
    """Read a paused source by its schedule again."""
    return _set_state(visit, name_or_id, SourceState.ACTIVE)


def address_of(source_id: str) -> SourceAddress:
    """Everything a connector needs, the secret token included: for the harvest only, never for a page."""
    with machinery("reads a source") as visit:
        row = visit.read().get_one(SourceRow, source_id)
        secret = visit.read().get(SourceSecretRow, source_id)
        return SourceAddress(
            name=row.name,
            kind=row.kind,
            location=uploads.opened_as(row.location),
            allow=tuple(row.allow),
            token=secret.token if secret else "",
            options=MappingProxyType(dict(row.options)),
            memory=MappingProxyType(dict(row.memory)),
        )


def address_to_try(visit: Visit, new: NewSource, *, kinds: Collection[str], of: str = "") -> SourceAddress:
    """What a reading of this source would use, without adding it; `of` is the source whose token it may use.

    Raises: NotPermitted; NotFound; Invalid with the field and what to change.
    """
    require(visit, Action.SOURCE_ADDED)
    had = _row(visit, of).location if of else ""
    values = _checked(visit, replace(new, name=new.name.strip() or "A source to try"), kinds, had=had)
    kept = address_of(of).token if of and _same_host(had, values["location"]) else ""
    return SourceAddress(
        name=values["name"],
        kind=values["kind"],
        location=uploads.opened_as(values["location"]),
        allow=tuple(values["allow"]),
        token=new.token.strip() or kept,
        options=MappingProxyType(values["options"]),
    )


def due(visit: Visit) -> list[Source]:
    """The active sources whose time has come, the longest waiting first."""
    wanted = (
        select(SourceRow).where(SourceRow.state == "active", SourceRow.due_at <= visit.now).order_by(SourceRow.due_at)
    )
    return [_source(row) for row in visit.read().execute(wanted).scalars()]


def next_due(visit: Visit, schedule: str, *, not_before: datetime | None = None) -> datetime | None:
    """When a source with this schedule is read next, None when only on request."""
    if (every := EVERY.get(Schedule(schedule))) is None:
        return None
    return max(visit.now + every, not_before) if not_before else visit.now + every


def pace() -> float:
    """Requests a second to one host, at most."""
    return settings().harvest_pace


def shown(location: str) -> str:
    """An address without anything that may be a secret: no user, password, query or fragment."""
    try:
        parts = urlsplit(location)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "an address that cannot be read"
    if not parts.hostname:
        return location
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}{parts.path}"


def _source(row: SourceRow) -> Source:
    values: dict[str, Any] = {one.name: getattr(row, one.name) for one in fields(Source)}
    values["allow"] = tuple(row.allow)
    values["options"] = MappingProxyType(dict(row.options))
    values["schedule"], values["state"] = Schedule(row.schedule), SourceState(row.state)
    return Source(**values)


def _row(visit: Visit, name_or_id: str) -> SourceRow:
    wanted = select(SourceRow).where(or_(SourceRow.name == name_or_id, SourceRow.id == name_or_id))
    found = visit.read().execute(wanted.order_by(SourceRow.name != name_or_id)).scalars().first()
    if found is None:
        raise NotFound(f"There is no source called {name_or_id}.")
    return found


def _first_due(visit: Visit, schedule: Schedule) -> datetime | None:
    return visit.now if schedule in EVERY else None


def _refuse_taken(session: Any, name: str) -> None:
    counted = (
        select(func.count())
        .select_from(SourceRow.__table__)
        .where(func.lower(SourceRow.__table__.c.name) == name.lower())
    )
    if guarded(session, counted, "a name is taken whoever may see its source").scalar_one():
        raise Invalid(f"There is a source called {name} already: choose another name.", field="name")


def _keep_token(session: Any, source_id: str, token: str) -> None:
    bulk_upsert(session, SourceSecretRow, [{"source_id": source_id, "token": token}], key=["source_id"])


def _set_state(visit: Visit, name_or_id: str, state: SourceState) -> Source:
    found = _row(visit, name_or_id)
    grant = require(visit, Action.SOURCE_CHANGED, found.name, state=state)
    if found.state == SourceState.RETIRED:
        raise Invalid(f"{found.name} is retired: bring it back first.", field="state")
    with visit.change(grant) as session:
        row = session.get_one(SourceRow, found.id)
        row.state = state
        return _source(row)


def _same_host(one: str, other: str) -> bool:
    """Whether a secret given for one address may be sent to the other."""
    return urlsplit(one).netloc.lower() == urlsplit(other).netloc.lower()


def _checked(visit: Visit, new: NewSource, kinds: Collection[str], *, had: str = "") -> dict[str, Any]:
    """The values of the row; `had` is the location that a source has, which needs no check again."""
    name = " ".join(new.name.split())
    if not 1 <= len(name) <= 120 or not name.isprintable():
        raise Invalid("Give the source a name of 1 to 120 characters.", field="name")
    if new.kind not in kinds:
        raise Invalid(f"There is no kind of source called {new.kind}: choose {', '.join(sorted(kinds))}.", field="kind")
    return {
        "name": name,
        "kind": new.kind,
        "location": had if had and new.location.strip() == had else _location(visit, new.location.strip()),
        "allow": [_allowed(one.strip().lower()) for one in new.allow if one.strip()],
        "organisation_id": new.organisation_id,
        "schedule": Schedule(new.schedule).value,
        "options": dict(new.options),
    }


def _location(visit: Visit, location: str) -> str:
    if "://" in location or re.match(r"[a-z][a-z0-9+.-]+:", location, re.IGNORECASE):
        return _address(location)
    path = _file(location, is_operator=visit.viewer.kind is not Kind.PERSON) if location else None
    if path is None:
        raise Invalid("Enter an address that begins with https:// or http://, or upload a file.", field="location")
    if not path.name.lower().endswith(_FILE_ENDINGS):
        raise Invalid(f"A file called {path.suffix or path.name} cannot be read as a source.", field="location")
    return uploads.kept_as(path)


def _file(location: str, *, is_operator: bool) -> Path | None:
    """An uploaded file; for operators any other of this machine too. None for what is none."""
    try:
        given = Path(location).expanduser()
        return given if is_operator and given.is_file() else uploads.within(given)
    except (OSError, ValueError, RuntimeError):
        # A name that is too long, that holds what no name may hold, or that begins in nobody's home.
        return None


def _address(location: str) -> str:
    try:
        parts = urlsplit(location)
        port = parts.port
    except ValueError:
        raise Invalid("That is no web address: check it for typing errors.", field="location") from None
    if parts.scheme.lower() not in ("http", "https"):
        raise Invalid("Enter an address that begins with https:// or http://.", field="location")
    if not parts.hostname or port == 0 or len(location) > 2000 or re.search(r"[\s\x00-\x1f\x7f\\]", location):
        raise Invalid("That is no web address: check it for typing errors.", field="location")
    if parts.username or parts.password:
        raise Invalid("Leave the user name out of the address and give a token instead.", field="location")
    return location


def _allowed(pair: str) -> str:
    match = _ALLOWED.fullmatch(pair)
    if match is None or not 1 <= int(match["port"]) <= 65_535:
        raise Invalid(f"“{pair[:80]}” is not of the form host:port.", field="allow")
    return pair
