"""Commitments: what an organisation offers or promises, by when, and whether it was kept.

    an offer:        offered -> accepted -> kept | broken (with the reason)
    everything else: open -> kept | dropped (with the reason)

Late is never stored: it is worked out from the day of the visit.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.concerns.raising import check_about
from governance.concerns.values import LONGEST, About, ShowAs
from governance.errors import Invalid, NotFound, NotPermitted
from governance.policy import Action, require
from governance.tables import CommitmentRow, ConcernRow, OrganisationRow
from governance.visit import Kind, Role, Visit

_HOSTS = frozenset({Role.STEWARD, Role.CHAIR, Role.ADMIN})


class CommitmentKind(StrEnum):
    """What sort of word is given."""

    OFFER = "offer"
    MITIGATION = "mitigation"
    ACTION = "action"
    PROMISE = "promise"
    DESTROY = "destroy"


class CommitmentState(StrEnum):
    """How far it is."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    DROPPED = "dropped"


NEXT: Mapping[CommitmentState, tuple[CommitmentState, ...]] = {
    CommitmentState.OFFERED: (CommitmentState.ACCEPTED,),
    CommitmentState.ACCEPTED: (CommitmentState.KEPT, CommitmentState.BROKEN),
    CommitmentState.OPEN: (CommitmentState.KEPT, CommitmentState.DROPPED),
}
"""What a state may become; one that is not here stays for good."""
NEEDS_A_REASON = (CommitmentState.BROKEN, CommitmentState.DROPPED)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentDraft:
    """A commitment as it is made; `organisation_id` "" is the viewer's own."""

    kind: CommitmentKind
    what: str
    about: About | None = None
    """None for what its concern is about."""
    concern_id: str = ""
    organisation_id: str = ""
    who: str = ""
    """The person who sees to it, as they are called."""
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """One commitment as the viewer may read it."""

    id: str
    kind: CommitmentKind
    about: About
    concern_id: str
    what: str
    organisation_id: str
    organisation: str
    who: str
    due: date | None
    state: CommitmentState
    state_why: str
    made_on: date
    changed_on: date
    overdue: bool
    may_become: tuple[CommitmentState, ...]
    """What the viewer may make of it now."""

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state in NEXT


def make(visit: Visit, draft: CommitmentDraft) -> str:
    """Give one's organisation's word; returns its id.

    Raises: Invalid when something is missing; NotFound when it is about what the viewer may not know of;
        NotPermitted for another organisation.
    """
    what = _checked(visit, draft)
    owner, identifier = draft.organisation_id or visit.viewer.organisation_id, secrets.token_hex(8)
    grant = require(visit, Action.COMMITMENT_MADE, f"commitment:{identifier}", organisation_id=owner, kind=draft.kind)
    with visit.change(grant) as session:
        about = _about(session, draft)
        row = CommitmentRow(
            id=identifier,
            kind=draft.kind.value,
            about_kind=about.kind,
            about_id=about.id,
            about_title=about.title,
            concern_id=draft.concern_id,
            what=what,
            organisation_id=owner,
            who=" ".join(draft.who.split())[:200],
            due=draft.due,
            state=(CommitmentState.OFFERED if draft.kind is CommitmentKind.OFFER else CommitmentState.OPEN).value,
            by=visit.viewer.username,
            made_on=visit.today,
            changed_on=visit.today,
        )
        session.add(row)
        session.flush()
        _held(session, identifier)
    return identifier


def _checked(visit: Visit, draft: CommitmentDraft) -> str:
    what = draft.what.strip()
    if not what:
        raise Invalid("Say what will be done.", field="what")
    if len(what) > LONGEST:
        raise Invalid(f"Say it in at most {LONGEST:,} characters.", field="what")
    if not (draft.organisation_id or visit.viewer.organisation_id):
        raise Invalid("Say which organisation gives its word.", field="organisation")
    if draft.due is not None and draft.due < visit.today:
        raise Invalid("The day it is due has passed already: choose a later one.", field="due")
    if draft.about is None and not draft.concern_id:
        raise Invalid("Say what it is about.", field="about")
    return what


def _about(session: Session, draft: CommitmentDraft) -> About:
    """What it is about, by its own word or by that of its concern. Raises NotFound for a concern nobody sees."""
    if draft.concern_id:
        row = session.execute(select(ConcernRow).where(ConcernRow.id == draft.concern_id)).scalar_one_or_none()
        if row is None:
            raise NotFound("There is no concern of that name here.")
        return About(kind=row.about_kind, id=row.about_id, title=row.about_title)
    about = draft.about or About(kind="")
    check_about(about)
    return about


def change(visit: Visit, commitment_id: str, state: CommitmentState, *, why: str = "") -> None:
    """Accept an offer, or say that a commitment was kept, broken or dropped.

    The organisation that gave its word says what became of it, or a steward or chair; an offer is accepted by others:
    by who raised its concern under their organisation's name, a steward or a chair.

    Raises: Invalid for a step that is not the next, or without its reason; NotPermitted.
    """
    state, reason = CommitmentState(state), why.strip()[:LONGEST]
    grant = require(visit, Action.COMMITMENT_CHANGED, f"commitment:{commitment_id}", state=state.value)
    with visit.change(grant) as session:
        row = _held(session, commitment_id)
        if state not in NEXT.get(CommitmentState(row.state), ()):
            raise Invalid(f"It is {row.state}: it cannot become {state.value}.", field="state")
        if state not in _may_become(visit, row, mine=_raised_by_viewer(session, visit, [row.concern_id])):
            raise NotPermitted(_refusal(state))
        if state in NEEDS_A_REASON and not reason:
            raise Invalid("Say why.", field="why")
        row.state, row.state_why, row.changed_on = state.value, reason, visit.today


def _refusal(state: CommitmentState) -> str:
    if state is CommitmentState.ACCEPTED:
        return "You may not accept this offer: ask who raised the concern, a steward or a chair."
    return "You may not say what became of it: ask the organisation that gave its word, a steward or a chair."


def _may_become(visit: Visit, row: CommitmentRow, *, mine: set[str]) -> tuple[CommitmentState, ...]:
    """`mine`: the concerns that the viewer raised by name."""
    viewer, after = visit.viewer, NEXT.get(CommitmentState(row.state), ())
    hosts = viewer.kind is not Kind.PERSON or bool(viewer.roles & _HOSTS)
    own = bool(viewer.organisation_id) and viewer.organisation_id == row.organisation_id
    if row.state == CommitmentState.OFFERED:
        return after if hosts or row.concern_id in mine else ()
    return after if hosts or own else ()


def _raised_by_viewer(session: Session, visit: Visit, concern_ids: list[str]) -> set[str]:
    """Of these concerns those under the viewer's own name: accepting as "a partner" would say who that is."""
    wanted = select(ConcernRow.id).where(
        ConcernRow.id.in_([each for each in concern_ids if each]),
        ConcernRow.show_as == ShowAs.ORGANISATION.value,
        ConcernRow.raised_by == visit.viewer.username,
    )
    return set(session.execute(wanted).scalars())


def _held(session: Session, commitment_id: str) -> CommitmentRow:
    """To be changed. Raises NotFound, also for one about what the viewer may not know of."""
    wanted = select(CommitmentRow).where(CommitmentRow.id == commitment_id).with_for_update()
    row = session.execute(wanted).scalar_one_or_none()
    if row is None:
        raise NotFound("There is no commitment of that name here.")
    return row


def commitments(
    visit: Visit, *, about_kind: str = "", about_id: str = "", concern_id: str = "", open_only: bool = False
) -> tuple[Commitment, ...]:
    """Those that are late first, then by the day they are due; what is settled last."""
    wanted = select(CommitmentRow)
    asked = {"about_kind": about_kind, "about_id": about_id, "concern_id": concern_id}
    for name, value in asked.items():
        if value:
            wanted = wanted.where(getattr(CommitmentRow, name) == value)
    if open_only:
        wanted = wanted.where(CommitmentRow.state.in_([state.value for state in NEXT]))
    rows = visit.read().execute(wanted).scalars().all()
    names = {row.id: row.name for row in visit.read().execute(select(OrganisationRow)).scalars()}
    mine = _raised_by_viewer(visit.read(), visit, [row.concern_id for row in rows])
    found = [_commitment(visit, row, name=names.get(row.organisation_id, ""), mine=mine) for row in rows]
    return tuple(sorted(found, key=lambda one: (not one.is_open, not one.overdue, one.due or date.max, one.id)))


def _commitment(visit: Visit, row: CommitmentRow, *, name: str, mine: set[str]) -> Commitment:
    given = row.state in (CommitmentState.ACCEPTED, CommitmentState.OPEN)
    return Commitment(
        id=row.id,
        kind=CommitmentKind(row.kind),
        about=About(kind=row.about_kind, id=row.about_id, title=row.about_title),
        concern_id=row.concern_id,
        what=row.what,
        organisation_id=row.organisation_id,
        organisation=name,
        who=row.who,
        due=row.due,
        state=CommitmentState(row.state),
        state_why=row.state_why,
        made_on=row.made_on,
        changed_on=row.changed_on,
        overdue=given and row.due is not None and row.due < visit.today,
        may_become=_may_become(visit, row, mine=mine),
    )
