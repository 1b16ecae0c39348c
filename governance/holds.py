"""Pauses: any owner stops its data, its agreement, its people at once, and lifting restores exactly what was."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, true

from governance import people
from governance.access import PartyRole, Scope
from governance.errors import Invalid, NotFound, NotPermitted
from governance.policy import Action, Grant, require
from governance.tables import AgreementRow, AuditRow, HoldRow, PartyRow, VersionRow
from governance.visit import Role, Visit, machinery


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One pause."""

    id: str
    scope: Scope
    object_id: str
    """The id; of a person the username."""
    organisation_id: str
    organisation: str
    """Name of the organisation that placed it."""
    by: str
    """Username."""
    reason: str
    placed_at: datetime
    lifted_at: datetime | None
    lifted_by: str


def place(visit: Visit, scope: Scope, object_id: str, *, organisation_id: str, reason: str) -> str:
    """Pause it at once, for everybody but the data's owner; the hold's id.

    `organisation_id` is the organisation for which it is placed: of a dataset its owner (whoever calls knows it), of an
    agreement a giving party, of an organisation itself, of a person theirs; an administrator may pause any person.
    Raises: Invalid without a reason or when that organisation paused it already, NotPermitted, NotFound.
    """
    said = " ".join(reason.split())
    if not said or not said.isprintable() or len(said) > 2000:
        raise Invalid("Say why, in a sentence or two.", field="reason")
    subject = people.person(visit, object_id).username if scope is Scope.PERSON else object_id
    pause = _Pause(scope=scope, object_id=subject, organisation_id=organisation_id)
    hold_id = secrets.token_hex(8)
    grant = _leave(visit, Action.HOLD_PLACED, pause, hold=hold_id, reason=said)
    _belongs(visit, pause)
    with visit.change(grant) as session:
        if session.execute(select(HoldRow.id).where(*_same(pause), HoldRow.lifted_at.is_(None))).first():
            raise Invalid("Your organisation paused it already: leave it as it is, or lift that hold first.")
        session.add(
            HoldRow(
                id=hold_id,
                scope=scope.value,
                object_id=subject,
                organisation_id=organisation_id,
                by=visit.viewer.username,
                reason=said,
                placed_at=visit.now,
            )
        )
    return hold_id


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pause:
    scope: Scope
    object_id: str
    organisation_id: str


def _leave(visit: Visit, action: Action, pause: _Pause, **detail: str) -> Grant:
    """Leave for a steward of the organisation; of a person for an administrator too. Raises NotPermitted."""
    target = f"{pause.scope}:{pause.object_id}"
    said = {"scope": pause.scope.value, "object": pause.object_id, "for": pause.organisation_id, **detail}
    for_anybody = pause.scope is Scope.PERSON and Role.ADMIN in visit.viewer.roles
    owner = visit.viewer.organisation_id if for_anybody else pause.organisation_id
    if not owner and not visit.viewer.sees_all:
        raise NotPermitted("No organisation here owns this, so nobody can pause it: ask whoever publishes it.")
    return require(visit, action, target, organisation_id=owner, **said)


def _belongs(visit: Visit, pause: _Pause) -> None:
    """Whether it is this organisation's to pause. Raises NotFound, NotPermitted, Invalid."""
    people.organisation(visit, pause.organisation_id)
    if pause.scope is Scope.ORGANISATION and pause.object_id != pause.organisation_id:
        raise NotPermitted("An organisation pauses itself: ask one of its stewards.")
    if pause.scope is Scope.PERSON and people.person(visit, pause.object_id).organisation_id != pause.organisation_id:
        raise NotPermitted("A person is paused by their own organisation: ask one of its stewards or an administrator.")
    if pause.scope is Scope.AGREEMENT:
        _gives(visit, pause)


def _gives(visit: Visit, pause: _Pause) -> None:
    """An agreement is paused by a party that gives data in it. Raises NotFound, NotPermitted."""
    session = visit.read()
    if session.get(AgreementRow, pause.object_id) is None:
        raise NotFound("There is no such agreement here.")
    roles = session.execute(
        select(PartyRow.role)
        .join(VersionRow, VersionRow.id == PartyRow.version_id)
        .where(VersionRow.agreement_id == pause.object_id, VersionRow.frozen_at.is_not(None))
        .where(PartyRow.organisation_id == pause.organisation_id)
    ).scalars()
    if not any(PartyRole(role).gives for role in roles):
        raise NotPermitted("An agreement is paused by a party that gives data in it: ask one of them.")


def _same(pause: _Pause) -> tuple[ColumnElement[bool], ...]:
    return (
        HoldRow.scope == pause.scope.value,
        HoldRow.object_id == pause.object_id,
        HoldRow.organisation_id == pause.organisation_id,
    )


def lift(visit: Visit, hold_id: str) -> None:
    """End a hold; everything is as it was before. Raises: Invalid when it was lifted, NotPermitted, NotFound."""
    found = visit.read().get(HoldRow, hold_id)
    if found is None:
        raise NotFound("There is no such hold here.")
    pause = _Pause(scope=Scope(found.scope), object_id=found.object_id, organisation_id=found.organisation_id)
    grant = _leave(visit, Action.HOLD_LIFTED, pause, hold=hold_id)
    with visit.change(grant) as session:
        row = session.execute(select(HoldRow).where(HoldRow.id == hold_id).with_for_update()).scalar_one()
        if row.lifted_at is not None:
            raise Invalid("This hold was lifted already.")
        row.lifted_at, row.lifted_by = visit.now, visit.viewer.username


def _hold(row: HoldRow, names: dict[str, str]) -> Hold:
    return Hold(
        id=row.id,
        scope=Scope(row.scope),
        object_id=row.object_id,
        organisation_id=row.organisation_id,
        organisation=names.get(row.organisation_id, ""),
        by=row.by,
        reason=row.reason,
        placed_at=row.placed_at,
        lifted_at=row.lifted_at,
        lifted_by=row.lifted_by,
    )


def _names(visit: Visit) -> dict[str, str]:
    return {each.id: each.name for each in people.organisations(visit)}


def holds(visit: Visit, *, open_only: bool = False) -> tuple[Hold, ...]:
    """The holds the viewer may know of, newest first."""
    wanted = select(HoldRow).where(HoldRow.lifted_at.is_(None) if open_only else true())
    names = _names(visit)
    rows = visit.read().execute(wanted.order_by(HoldRow.placed_at.desc(), HoldRow.id)).scalars()
    return tuple(_hold(row, names) for row in rows)


def on(visit: Visit, scope: Scope, object_id: str) -> Hold | None:
    """The hold in force on this, whoever placed it, the viewer's own first; None when there is none.

    Ask only about what the viewer may know of: the answer tells that, by whom and why it is paused.
    """
    wanted = select(HoldRow).where(
        HoldRow.scope == scope.value, HoldRow.object_id == object_id, HoldRow.lifted_at.is_(None)
    )
    with machinery("tells who meets a hold of it", now=visit.now) as all_seeing:
        found = list(all_seeing.read().execute(wanted.order_by(HoldRow.placed_at, HoldRow.id)).scalars())
    found.sort(key=lambda row: row.organisation_id != visit.viewer.organisation_id)
    return _hold(found[0], _names(visit)) if found else None


def verify(visit: Visit) -> tuple[str, ...]:
    """A sentence for every hold that is not as the audit tells it; empty when all are. For the operator.

    Raises NotPermitted for anybody else.
    """
    if not visit.viewer.sees_all:
        raise NotPermitted("Only the operator of the server checks all holds.")
    events = select(AuditRow).where(AuditRow.action.in_((Action.HOLD_PLACED.value, Action.HOLD_LIFTED.value)))
    told: dict[str, dict[str, tuple[object, ...]]] = {}
    for event in visit.read().execute(events.order_by(AuditRow.seq)).scalars():
        found = told.setdefault(str(event.detail.get("hold", "")), {})
        said = (event.detail.get("scope"), event.detail.get("object"), event.detail.get("for"))
        why = event.detail.get("reason") if event.action == Action.HOLD_PLACED else None
        found[event.action] = (*said, why, event.actor, event.at)
    kept = {row.id: _as_told(row) for row in visit.read().execute(select(HoldRow)).scalars()}
    wrong = sorted(each for each in told.keys() | kept.keys() if told.get(each) != kept.get(each))
    return tuple(f"The hold {each} is not as the audit tells it." for each in wrong)


def _as_told(row: HoldRow) -> dict[str, tuple[object, ...]]:
    """The events that the audit should have of this hold."""
    said = (row.scope, row.object_id, row.organisation_id)
    found: dict[str, tuple[object, ...]] = {
        Action.HOLD_PLACED.value: (*said, row.reason, row.by, row.placed_at.isoformat(timespec="seconds"))
    }
    if row.lifted_at is not None:
        lifted = row.lifted_at.isoformat(timespec="seconds")
        found[Action.HOLD_LIFTED.value] = (*said, None, row.lifted_by, lifted)
    return found
