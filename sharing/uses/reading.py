"""Uses as the viewer may read them: one, the list, and what waits for the viewer's organisation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from governance import Action, Visit, may
from governance import people as people_room
from governance.access import Use
from governance.people import Person
from sharing.tables import UseDatasetRow, UseRow
from sharing.uses.keeping import Part, found, groups_of, parts, state, stewards
from sharing.uses.proposing import may_withdraw
from sharing.uses.values import Asked, Owner, State, UseCase

_STEWARDING = frozenset({"steward", "admin"})
_UNCHECKED = (State.IDEA, State.FINISHED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    organisations: Mapping[str, str]
    people: Mapping[str, Person]

    def person(self, username: str) -> str:
        return self.people[username].display if username in self.people else username

    def stewards(self, organisation_id: str) -> tuple[str, ...]:
        return tuple(
            each.display
            for each in self.people.values()
            if each.active and each.organisation_id == organisation_id and each.roles & _STEWARDING
        )


def use_case(visit: Visit, use_id: str) -> UseCase:
    """One use. Raises NotFound, also for one that names what the viewer may not know of."""
    return _read(visit, [found(visit.read(), use_id)])[0]


def use_cases(visit: Visit, *, dataset_id: str = "", lived: bool = False) -> tuple[UseCase, ...]:
    """Those the viewer may know of, newest first; of one dataset; with `lived` only those that went live."""
    wanted = select(UseRow)
    if dataset_id:
        about = select(UseDatasetRow.use_id).where(UseDatasetRow.dataset_id == dataset_id)
        wanted = wanted.where(UseRow.id.in_(about))
    if lived:
        wanted = wanted.where(UseRow.live_on.is_not(None))
    rows = visit.read().execute(wanted.order_by(UseRow.asked_on.desc(), UseRow.id)).scalars().all()
    return _read(visit, rows)


def waiting(visit: Visit) -> tuple[UseCase, ...]:
    """What waits for the viewer's decision, the longest first."""
    ours = visit.viewer.organisation_id
    if not stewards(visit, ours):
        return ()
    rows = visit.read().execute(select(UseRow).where(UseRow.state == "submitted")).scalars().all()
    mine = [each for each in _read(visit, rows) if any(one.organisation_id == ours for one in each.waiting)]
    return tuple(sorted(mine, key=lambda each: (-each.days, each.id)))


def _read(visit: Visit, rows: Iterable[UseRow]) -> tuple[UseCase, ...]:
    these = list(rows)
    if not these:
        return ()
    names = _Names(
        organisations={each.id: each.name for each in people_room.organisations(visit)},
        people={each.username: each for each in people_room.people(visit)},
    )
    named = parts(visit, [each.id for each in these])
    return tuple(_use(visit, each, named[each.id], names=names) for each in these)


def _use(visit: Visit, row: UseRow, named: list[Part], *, names: _Names) -> UseCase:
    now = state(row, named)
    asked = tuple(_asked(row, each, names=names) for each in named)
    owners = _owners(visit, asked, names=names)
    ours = visit.viewer.organisation_id
    decides = any(stewards(visit, each.organisation_id) for each in owners)
    return UseCase(
        id=row.id,
        title=row.title,
        summary=row.summary,
        purpose=row.purpose,
        value=row.value,
        groups=groups_of(row),
        legal_basis=row.legal_basis,
        uses=tuple(Use(each) for each in row.uses),
        until=row.until,
        organisation_id=row.organisation_id,
        organisation=names.organisations.get(row.organisation_id, ""),
        asked_by=names.person(row.asked_by),
        state=now,
        version=row.version,
        datasets=asked,
        owners=owners,
        asked_on=row.asked_on,
        live_on=row.live_on,
        ended_on=row.ended_on,
        outcome=row.outcome,
        unexpected=row.unexpected,
        is_ours=bool(ours) and ours == row.organisation_id,
        may_withdraw=now not in (State.FINISHED, State.WITHDRAWN) and may_withdraw(visit, row),
        may_decide=now.is_open and decides,
        may_check=now not in _UNCHECKED and may(visit, Action.USE_CHECKED) and row.asked_by != visit.viewer.username,
    )


def _asked(row: UseRow, part: Part, *, names: _Names) -> Asked:
    kept, decision = part.row, part.decision
    return Asked(
        dataset_id=kept.dataset_id,
        title=part.brief.title,
        owner_id=part.owner,
        owner=names.organisations.get(part.owner, part.brief.publisher),
        band=part.band,
        approver=part.brief.approver,
        asked_on=kept.asked_on,
        needs_a_word=part.needs_a_word(row.organisation_id),
        decision=decision,
        conditions=kept.conditions if decision else "",
        reason=kept.reason if decision else "",
        would_change=kept.would_change if decision else "",
        decided_by=names.person(kept.decided_by) if decision else "",
        decided_on=kept.decided_on if decision else None,
        agreement_id=kept.agreement_id,
        version_id=kept.version_id,
    )


def _owners(visit: Visit, asked: Iterable[Asked], *, names: _Names) -> tuple[Owner, ...]:
    theirs: dict[str, list[Asked]] = {}
    for each in asked:
        if each.needs_a_word:
            theirs.setdefault(each.owner_id, []).append(each)
    found = [
        Owner(
            organisation_id=owner,
            name=these[0].owner,
            datasets=tuple(these),
            approvers=tuple(dict.fromkeys(each.approver for each in these if each.approver)),
            stewards=names.stewards(owner),
            days=max((visit.today - each.asked_on).days for each in these),
        )
        for owner, these in theirs.items()
    ]
    return tuple(sorted(found, key=lambda each: (not each.is_waiting, -each.days, each.name)))
