"""Whether everything that was signed still is what was signed: rows against documents, seals, and the audit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import audit
from governance.agreements.keeping import Folder, folder, folders, label, target
from governance.agreements.records import misfit, signed_by, stray
from governance.tables import AuditRow, GrantRow, ItemRow, PartyRow, VersionRow
from governance.visit import Visit, machinery


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """All that is kept of one agreement."""

    folder: Folder
    items: Mapping[str, Sequence[ItemRow]] = field(default_factory=dict)
    """By version."""
    grants: Mapping[str, Sequence[GrantRow]] = field(default_factory=dict)
    events: Sequence[AuditRow] = ()
    """Its events in the audit, oldest first."""


def verify(visit: Visit) -> tuple[str, ...]:
    """A sentence for everything that does not fit; empty when all is as it was signed.

    A person is told of the agreements they may know of; the operator of all, and of the audit's chain.
    """
    if not visit.viewer.sees_all:
        known = [each.agreement.id for each in folders(visit.read())]
        return tuple(sentence for each in known for sentence in damage(visit, each))
    try:
        return _everything(visit)
    except (TypeError, ValueError) as error:
        return (f"What is kept of agreements or of the audit cannot be read any more ({error}): restore a backup.",)


def _everything(visit: Visit) -> tuple[str, ...]:
    with machinery("checks what was signed", now=visit.now) as own:
        chain, session = audit.verify(own), own.read()
        events = _events(session)
        kept = _kept(session, folders(session), events=events)
        found = [f"The audit does not fit: {chain.problem}."] if chain.problem else []
        found += [sentence for each in kept for sentence in damages(each)]
        gone = {each.object for each in events} - {target(each.folder.agreement.id) for each in kept}
        found += [f"The audit tells of {name}, which is not there any more." for name in sorted(gone)]
        return (*found, *_orphans(session, kept))


def damage(visit: Visit, agreement_id: str) -> tuple[str, ...]:
    """The same for one agreement; whether the whole audit is in order is not asked. Raises NotFound."""
    with machinery("checks what was signed", now=visit.now) as own:
        session = own.read()
        kept = _kept(session, [folder(session, agreement_id)], events=_events(session, agreement_id))
        return tuple(sentence for each in kept for sentence in damages(each))


def _events(session: Session, agreement_id: str = "") -> list[AuditRow]:
    wanted = select(AuditRow).where(AuditRow.action.startswith("agreement.")).order_by(AuditRow.seq)
    if agreement_id:
        wanted = wanted.where(AuditRow.object == target(agreement_id))
    return list(session.execute(wanted).scalars())


def _kept(session: Session, found: Sequence[Folder], *, events: Sequence[AuditRow]) -> list[Kept]:
    items: defaultdict[str, list[ItemRow]] = defaultdict(list)
    grants: defaultdict[str, list[GrantRow]] = defaultdict(list)
    ids = [each.agreement.id for each in found]
    of_one = select(VersionRow.id).where(VersionRow.agreement_id == ids[0]) if len(ids) == 1 else select(VersionRow.id)
    for item in session.execute(select(ItemRow).where(ItemRow.version_id.in_(of_one))).scalars():
        items[item.version_id].append(item)
    for grant in session.execute(select(GrantRow).where(GrantRow.version_id.in_(of_one))).scalars():
        grants[grant.version_id].append(grant)
    told: defaultdict[str, list[AuditRow]] = defaultdict(list)
    for event in events:
        told[event.object].append(event)
    return [Kept(folder=each, items=items, grants=grants, events=told[target(each.agreement.id)]) for each in found]


def _orphans(session: Session, kept: Sequence[Kept]) -> Iterator[str]:
    """Rows that belong to no agreement or version that is there."""
    versions = {version.id for each in kept for version in each.folder.versions}
    for table, key, what in (
        (VersionRow, VersionRow.id, "A version"),
        (PartyRow, PartyRow.version_id, "A party"),
        (ItemRow, ItemRow.version_id, "A schedule row"),
        (GrantRow, GrantRow.version_id, "A word of a schedule row"),
    ):
        if set(session.execute(select(key).select_from(table).distinct()).scalars()) - versions:
            yield f"{what} belongs to no agreement that is there."


def damages(kept: Kept) -> list[str]:
    """What does not fit in one agreement, a sentence each."""
    made = kept.folder
    name = f"A-{made.agreement.number} {made.agreement.title}"
    found = []
    for version in made.versions:
        found += [f"{name}, version {label(version)}: {what}." for what in _wrong(kept, version)]
    if sum(each.state == "active" for each in made.versions) > 1:
        found.append(f"{name}: two versions are in force at once.")
    if not kept.events:
        found.append(f"{name}: the audit does not know it.")
    elif kept.events[-1].detail.get("record") != made.record():
        found.append(f"{name}: something was changed past the product since event {kept.events[-1].seq}.")
    return found


def _wrong(kept: Kept, version: VersionRow) -> Iterator[str]:
    made, parties = kept.folder, kept.folder.parties.get(version.id, [])
    if what := misfit(version, parties) if version.frozen_at else "":
        yield what
        return
    if what := stray(version, kept.items.get(version.id, ()), kept.grants.get(version.id, ())):
        yield what
    stands = signed_by(version, parties, made.terms_of(version))
    if version.activated_at and stands != {each.organisation_id for each in parties}:
        yield "it is in force, yet a signature is missing"
    yield from _moments(version)
    yield from _told(kept, version)


def _moments(version: VersionRow) -> Iterator[str]:
    """Its state against its moments."""
    expected = {
        "draft": (False, False, False),
        "review": (False, False, False),
        "signing": (True, False, False),
        "active": (True, True, False),
        "closed": (True, True, True),
    }
    moments = (version.frozen_at is not None, version.activated_at is not None, version.closed_at is not None)
    fits = moments == expected.get(version.state) or (version.state == "withdrawn" and moments[1:] == (False, True))
    if not fits:
        yield f"its state, {version.state}, does not fit what was done with it"


def _told(kept: Kept, version: VersionRow) -> Iterator[str]:
    """Its moments and signatures against the events of the audit."""
    told: defaultdict[str, list[AuditRow]] = defaultdict(list)
    for event in kept.events:
        if event.detail.get("version_id") == version.id:
            told[event.action].append(event)
    ends = "agreement.withdrawn" if version.state == "withdrawn" else "agreement.closed"
    for moment, action, word in (
        (version.frozen_at, "agreement.opened_for_signature", "opening"),
        (version.activated_at, "agreement.activated", "activation"),
        (version.closed_at, ends, "end"),
    ):
        if [_at(each) for each in told[action]] != ([moment.replace(microsecond=0)] if moment else []):
            yield f"its {word} is not the one that the audit tells"
    seals = sorted(str(each.detail.get("seal")) for each in told["agreement.signed"])
    parties = kept.folder.parties.get(version.id, [])
    if seals != sorted(each.seal for each in parties if each.signed_at):
        yield "its signatures are not those that the audit tells"


def _at(event: AuditRow) -> datetime | None:
    """When the event says that it happened; None when that is no moment."""
    try:
        return datetime.fromisoformat(event.at)
    except ValueError:
        return None
