"""Asking for data: a wish in words, or a request that names datasets; changed while it is open, and taken back."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import cast

from sqlalchemy import Table, select, update

from catalogue.knowing import briefs
from governance import Action, Invalid, NotFound, NotPermitted, Visit, require
from governance.access import Band, Use
from sharing.tables import UseDatasetRow, UseRow
from sharing.uses.keeping import found, groups_as, groups_of, stewards, tidy
from sharing.uses.values import MOST_DATASETS, Proposal
from store import guarded
from store.sessions import GuardedSession

_OPEN = ("idea", "submitted")


def propose(visit: Visit, said: Proposal) -> str:
    """Ask for data, or write a wish down; its id. Every owner of a named dataset is asked from today.

    Raises: Invalid with one sentence; NotFound for a dataset the viewer may not know of; NotPermitted.
    """
    kept, ours, identifier = _checked(visit, said), visit.viewer.organisation_id, secrets.token_hex(8)
    if not ours:
        raise Invalid("You belong to no organisation here: an administrator can say which one is yours.")
    owners = _owners(visit, kept.datasets)
    state = "submitted" if kept.datasets else "idea"
    grant = require(visit, Action.USE_PROPOSED, f"use:{identifier}", organisation_id=ours, state=state)
    with visit.change(grant) as session:
        row = UseRow(
            id=identifier, organisation_id=ours, asked_by=visit.viewer.username, state=state, asked_on=visit.today
        )
        _write(row, kept)
        session.add(row)
        session.flush()
        _ask(session, identifier, owners=owners, today=visit.today)
    return identifier


def _checked(visit: Visit, said: Proposal) -> Proposal:
    kept = tidy(said)
    if kept.until is not None and kept.until < visit.today:
        raise Invalid("The last day has passed already: choose a later one, or none.", field="until")
    if len(kept.datasets) > MOST_DATASETS:
        raise Invalid(f"Ask for at most {MOST_DATASETS} datasets at once.", field="datasets")
    return kept


def _owners(visit: Visit, dataset_ids: Iterable[str]) -> dict[str, str]:
    """Dataset -> the organisation that is asked. Raises NotFound, Invalid."""
    wanted = list(dataset_ids)
    known = briefs(visit, wanted)
    for each in wanted:
        if each not in known:
            raise NotFound("One of the datasets is not in the catalogue: choose it again.")
        brief = known[each]
        if not brief.organisation_id and brief.band != Band.OPEN:
            whom = brief.publisher or "who publishes it"
            raise Invalid(
                f"“{brief.title}” belongs to no organisation here: ask {whom} directly, and leave it out.",
                field="datasets",
            )
    return {each: known[each].organisation_id for each in wanted}


def _write(row: UseRow, kept: Proposal) -> None:
    row.title, row.summary, row.purpose, row.value = kept.title, kept.summary, kept.purpose, kept.value
    row.groups, row.legal_basis = groups_as(kept.groups), kept.legal_basis
    row.uses, row.until = [each.value for each in kept.uses], kept.until


def _ask(session: GuardedSession, use_id: str, *, owners: Mapping[str, str], today: date) -> None:
    session.add_all(
        UseDatasetRow(use_id=use_id, dataset_id=each, owner_id=owner, asked_on=today) for each, owner in owners.items()
    )


def said_by(row: UseRow, datasets: Iterable[str] = ()) -> Proposal:
    """What a kept use says."""
    return Proposal(
        title=row.title,
        summary=row.summary,
        purpose=row.purpose,
        datasets=tuple(datasets),
        value=row.value,
        groups=groups_of(row),
        legal_basis=row.legal_basis,
        uses=tuple(Use(each) for each in row.uses),
        until=row.until,
    )


def change(visit: Visit, use_id: str, said: Proposal, *, seen: int) -> None:
    """Say it better, or complete it. When what the owners read changes they are asked anew; filling a gap is none.

    `seen` is the version that was changed. The purpose of a request stays: a new purpose is a new request.
    Raises: Invalid, also when somebody changed it meanwhile; NotFound; NotPermitted.
    """
    before = found(visit.read(), use_id)
    kept = _checked(visit, said)
    grant = require(visit, Action.USE_CHANGED, f"use:{use_id}", organisation_id=before.organisation_id)
    owners = _owners(visit, kept.datasets)
    with visit.change(grant) as session:
        row = found(session, use_id)
        _changeable(row, seen=seen)
        rows = session.execute(select(UseDatasetRow).where(UseDatasetRow.use_id == use_id)).scalars()
        there = {each.dataset_id: each for each in rows}
        if row.state == "submitted" and kept.purpose != row.purpose:
            raise Invalid("A new purpose is a new request: leave it as it was, or ask again.", field="purpose")
        anew = _differs(said_by(row), kept)
        for gone in there.keys() - owners.keys():
            session.delete(there[gone])
        if row.state == "idea" and owners:
            row.asked_on = visit.today
        row.state = "submitted" if owners or _keeps_more(session, use_id, set(there)) else "idea"
        _write(row, kept)
        row.version += 1
        session.flush()
        added = {each: owner for each, owner in owners.items() if each not in there}
        _ask(session, use_id, owners=added, today=visit.today)
        if anew:
            _ask_anew(visit, session, use_id)


def _changeable(row: UseRow, *, seen: int) -> None:
    if row.state not in _OPEN:
        raise Invalid("It cannot be changed any more: ask again, with a new request.")
    if row.version != seen:
        raise Invalid("Somebody changed this request meanwhile: open it again, and make your changes anew.")


def _keeps_more(session: GuardedSession, use_id: str, known: set[str]) -> bool:
    """Whether it names a dataset that the viewer may no longer know of: that one stays."""
    names = UseDatasetRow.__table__.c
    wanted = select(names.dataset_id).where(names.use_id == use_id)
    reason = "only whether there is one decides here, for a request of the viewer's own organisation"
    return bool(set(guarded(session, wanted, reason).scalars()) - known)


def _differs(before: Proposal, after: Proposal) -> bool:
    """Whether an owner who decided on `before` has not read what `after` says."""
    texts = [(getattr(before, name), getattr(after, name)) for name in ("title", "summary", "value", "legal_basis")]
    groups = {each.name.casefold(): each for each in after.groups}
    for each in before.groups:
        now = groups.pop(each.name.casefold(), replace(each, benefit="", risk="", answer=""))
        texts += [(getattr(each, name), getattr(now, name)) for name in ("benefit", "risk", "answer")]
    more = bool(groups) and bool(before.groups)
    widened = set(after.uses) > set(before.uses) or (before.until is not None and after.until != before.until)
    return more or widened or any(old and old != new for old, new in texts)


def _ask_anew(visit: Visit, session: GuardedSession, use_id: str) -> None:
    """Take every answer back; the audit keeps what it was."""
    table = cast(Table, UseDatasetRow.__table__)
    blank = dict.fromkeys(("decision", "conditions", "reason", "would_change", "decided_for", "decided_by"), "")
    statement = (
        update(table)
        .where(table.c.use_id == use_id, table.c.decision != "")
        .values(asked_on=visit.today, decided_on=None, agreement_id="", version_id="", **blank)
    )
    guarded(session, statement, "the owners are asked anew, whoever may know of their datasets")


def withdraw(visit: Visit, use_id: str) -> None:
    """Take a request or a running use back; by who asked, or a steward of their organisation.

    Raises: Invalid when it has ended already; NotFound; NotPermitted.
    """
    before = found(visit.read(), use_id)
    grant = require(visit, Action.USE_WITHDRAWN, f"use:{use_id}", organisation_id=before.organisation_id)
    if not may_withdraw(visit, before):
        raise NotPermitted("Only who asked may withdraw it, or a steward of their organisation.")
    with visit.change(grant) as session:
        row = found(session, use_id)
        if row.state in ("finished", "withdrawn"):
            raise Invalid(f"It is {row.state} already.")
        row.state, row.ended_on = "withdrawn", visit.today
        row.version += 1


def may_withdraw(visit: Visit, row: UseRow) -> bool:
    """Who asked, as long as they belong to the same organisation, and its stewards."""
    own = row.organisation_id == visit.viewer.organisation_id and row.asked_by == visit.viewer.username
    return own or stewards(visit, row.organisation_id)
