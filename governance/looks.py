"""Who looked at whose data, and who may: every look at data that are neither open nor one's own is noted, once an hour.

Allowed or refused, a look is one event of the audit for a person, a dataset, a use, a place and an hour.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from governance import audit
from governance.access import Band, Dataset, Decision, Detail, Item, Scope, Use, Why, World
from governance.errors import NotPermitted, OutOfSpace
from governance.people import organisations
from governance.policy import Action, Housekeeping
from governance.standing import facts, labels
from governance.tables import AuditRow, LookRow
from governance.visit import Visit, machinery
from store import dialect_name, engine

_LOG = logging.getLogger(__name__)
_ACTIONS = {Use.PRESENT: Action.DATA_PRESENTED, Use.DOWNLOAD: Action.DATA_DOWNLOADED}
_TOLD_AS = (Action.DATA_VIEWED, Action.DATA_PRESENTED, Action.DATA_DOWNLOADED, Action.DATA_REFUSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look of the viewer at one dataset, as it was answered."""

    dataset: str
    """Id."""
    owner: str
    """Id of the organisation that owns it."""
    use: Use
    decision: Decision
    purpose: str = ""
    place: str
    """Where: "card children", "meeting board-2026-11"."""

    @property
    def what(self) -> str:
        """The use, and whether it was refused."""
        return self.use.value if self.decision.ok else f"{self.use.value} refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One event of the audit about a dataset, for the people who own it."""

    seq: int
    at: datetime
    username: str
    organisation_id: str
    use: str
    ok: bool
    why: str
    purpose: str
    place: str
    agreement_id: str
    version: str
    """"2.1", "" without an agreement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class May:
    """One organisation that a signed agreement lets use a dataset, now or from a later day."""

    organisation_id: str
    organisation: str = ""
    """Its name."""
    people: tuple[str, ...]
    """Usernames, where only named people may; () for everybody of the organisation."""
    uses: tuple[Use, ...]
    purposes: tuple[str, ...]
    detail: Detail
    min_cell: int
    agreement_id: str
    agreement: str = ""
    """"A-7 Title"."""
    version: str
    since: date
    until: date
    """The last day, included."""
    in_force: bool
    """False before its first day and while a hold pauses it."""
    paused: bool


_NOTED: WeakKeyDictionary[Engine, dict[datetime, set[tuple[str, str, str, str]]]] = WeakKeyDictionary()
"""What this process noted in the hour that runs, by database: no decision, only that nothing is left to write."""
_TURN = threading.Lock()
_HOURS = 3


def note(visit: Visit, looks: Iterable[Look]) -> tuple[Look, ...]:
    """Tell the audit of these looks, but for open and own data; those that could not be noted, usually none."""
    hour = visit.now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    known = _known(hour)
    fresh = {key: each for each in looks if not _is_free(each) and (key := _key(visit, each)) not in known}
    if not fresh:
        return ()
    try:
        _write(visit, hour, fresh)
    except (OutOfSpace, DBAPIError):
        _LOG.exception("looks could not be noted")
        return tuple(fresh.values())
    with _TURN:
        known.update(fresh)
    return ()


def _known(hour: datetime) -> set[tuple[str, str, str, str]]:
    with _TURN:
        noted = _NOTED.setdefault(engine(), {})
        for old in [each for each in noted if each < hour][: max(0, len(noted) - _HOURS)]:
            del noted[old]
        return noted.setdefault(hour, set())


def _is_free(look: Look) -> bool:
    return look.decision.ok and look.decision.why in (Why.OWN, Why.OPEN)


def _key(visit: Visit, look: Look) -> tuple[str, str, str, str]:
    return visit.viewer.username, look.dataset, look.what, look.place[:120]


def _write(visit: Visit, hour: datetime, fresh: Mapping[tuple[str, str, str, str], Look]) -> None:
    columns = ("username", "dataset_id", "what", "place")
    rows = [{**dict(zip(columns, key, strict=True)), "hour": hour} for key in sorted(fresh)]
    insert = sqlite.insert if dialect_name() == "sqlite" else postgresql.insert
    wanted = insert(LookRow).values(rows).on_conflict_do_nothing()
    returned = [getattr(LookRow, name) for name in columns]
    with visit.change(Housekeeping(reason="each look that is new is told to the audit with it")) as session:
        for row in sorted(tuple(found) for found in session.execute(wanted.returning(*returned))):
            audit.append(session, visit, _told(fresh[row]))
    visit.refresh()


def _told(look: Look) -> audit.Told:
    decision = look.decision
    item = decision.item
    action = _ACTIONS.get(look.use, Action.DATA_VIEWED) if decision.ok else Action.DATA_REFUSED
    detail = {
        "owner": look.owner,
        "use": look.use.value,
        "ok": decision.ok,
        "why": decision.why.value,
        "agreement": item.agreement if item else "",
        "version": item.version.label if item else "",
        "purpose": look.purpose,
        "place": look.place,
    }
    return audit.Told(action=action.value, target=look.dataset, detail=detail)


def who_looked(visit: Visit, dataset_id: str, *, limit: int = 200) -> tuple[Looked, ...]:
    """Who looked at a dataset that the viewer's organisation owned then, newest first; () for all others."""
    organisation = visit.viewer.organisation_id
    if not organisation and not visit.viewer.sees_all:
        return ()
    wanted = (
        select(AuditRow)
        .where(AuditRow.object == dataset_id, AuditRow.action.in_([each.value for each in _TOLD_AS]))
        .order_by(AuditRow.seq.desc())
    )
    if not visit.viewer.sees_all:
        wanted = wanted.where(AuditRow.detail["owner"].as_string() == organisation)
    with machinery("tells an owner who looked", now=visit.now) as own:
        return tuple(_looked(row) for row in own.read().execute(wanted.limit(limit)).scalars())


def _looked(row: AuditRow) -> Looked:
    told = row.detail
    return Looked(
        seq=row.seq,
        at=datetime.fromisoformat(row.at),
        username=row.actor,
        organisation_id=row.organisation_id,
        use=told["use"],
        ok=told["ok"],
        why=told["why"],
        purpose=told["purpose"],
        place=told["place"],
        agreement_id=told["agreement"],
        version=told["version"],
    )


def who_may(visit: Visit, dataset: Dataset) -> tuple[May, ...]:
    """Who may use a dataset under signed agreements that have not ended, by organisation and agreement.

    Raises: NotPermitted for all but its owner's people.
    """
    viewer = visit.viewer
    if not viewer.sees_all and (not dataset.owner or dataset.owner != viewer.organisation_id):
        raise NotPermitted("Who may use these data is told to the people of the organisation that owns them.")
    known = facts(visit, [dataset])
    items = [each for each in known.items.get(dataset.id, ()) if known.stands(each, visit.now)]
    names = {each.id: each.name for each in organisations(visit)}
    called = labels(visit, [each.agreement for each in items])
    found = [_may(known, each, visit.now, receiver=receiver) for each in items for receiver in each.takers]
    told = [
        replace(each, organisation=names.get(each.organisation_id, ""), agreement=called.get(each.agreement_id, ""))
        for each in found
    ]
    return tuple(sorted(told, key=lambda each: (each.organisation.casefold(), each.agreement_id, each.since)))


def _may(known: World, item: Item, now: datetime, *, receiver: str) -> May:
    row, dataset = item.row, known.dataset(item.row.dataset)
    since = max(item.version.starts_on, row.first)
    pausing = (
        (Scope.AGREEMENT, item.agreement),
        (Scope.DATASET, dataset.id),
        (Scope.ORGANISATION, dataset.owner),
        (Scope.ORGANISATION, receiver),
    )
    paused = any(known.held(scope, name, now) for scope, name in pausing)
    return May(
        organisation_id=receiver,
        people=tuple(sorted(row.people)) if dataset.band == Band.NAMED else (),
        uses=tuple(each for each in Use if each in row.uses),
        purposes=tuple(sorted(row.purposes)),
        detail=row.detail,
        min_cell=row.min_cell,
        agreement_id=item.agreement,
        version=item.version.label,
        since=since,
        until=item.last_day,
        in_force=not paused and known.today(now) >= since,
        paused=paused,
    )
