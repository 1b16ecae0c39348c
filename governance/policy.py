"""Who may do what: one table of permissions, asked by `may`, enforced by `require`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from governance import audit
from governance.errors import NotPermitted
from governance.visit import Kind, Role, Visit

EVERYONE = frozenset(Role)
STEWARDS = frozenset({Role.STEWARD, Role.ADMIN})
COMPOSERS = STEWARDS | {Role.CHAIR}
HOSTS = COMPOSERS | {Role.FACILITATOR}
ADMINS = frozenset({Role.ADMIN})
FACILITATORS = ADMINS | {Role.FACILITATOR}


class Action(StrEnum):
    """Everything that can be changed; the value is the event's name in the audit."""

    SET_UP = "product.set_up"
    ORGANISATION_SAVED = "organisation.saved"
    PERSON_INVITED = "person.invited"
    PERSON_CHANGED = "person.changed"
    PERSON_DISABLED = "person.disabled"
    PASSWORD_SET = "person.password_set"  # noqa: S105
    SOURCE_ADDED = "source.added"
    SOURCE_CHANGED = "source.changed"
    RUN_STARTED = "run.started"
    RUN_APPLIED = "run.applied"
    RUN_HELD = "run.held"
    RUN_FAILED = "run.failed"
    RUN_RELEASED = "run.released"
    RUN_REJECTED = "run.rejected"
    RUN_CANCELLED = "run.cancelled"
    DATASET_REGISTERED = "dataset.registered"
    DATASET_SUBMITTED = "dataset.submitted"
    DATASET_DECIDED = "dataset.decided"
    DATASET_CHANGED = "dataset.changed"
    DATASET_CORRECTED = "dataset.corrected"
    CORRECTION_SUGGESTED = "dataset.correction_suggested"
    DATASET_PLACED = "dataset.placed"
    LISTING_CHANGED = "dataset.listing_changed"
    SOURCE_DECIDED = "source.licence_decided"
    SYNONYMS_CHANGED = "search.synonyms_changed"
    SEARCH_SAVED = "search.saved"
    FOLLOWED = "dataset.followed"
    PUBLISHED = "catalogue.published"
    INDICATOR_SAVED = "indicator.saved"
    NUMBERS_IMPORTED = "indicator.numbers_imported"
    SERIES_NOTED = "indicator.series_noted"
    CARD_SAVED = "card.saved"
    CARD_WORDED = "card.worded"
    CARD_ACTION_CHANGED = "card.action_changed"
    WARNING_RAISED = "card.warning_raised"
    WARNING_ANSWERED = "card.warning_answered"
    CARD_EXPORTED = "card.exported"
    AGREEMENT_DRAFTED = "agreement.drafted"
    AGREEMENT_CHANGED = "agreement.changed"
    STAKES_SAID = "agreement.stakes_said"
    AGREEMENT_ADVISED = "agreement.advised"
    AGREEMENT_OPENED = "agreement.opened_for_signature"
    AGREEMENT_SIGNED = "agreement.signed"
    AGREEMENT_DECLINED = "agreement.declined"
    AGREEMENT_ACTIVATED = "agreement.activated"
    AGREEMENT_WITHDRAWN = "agreement.withdrawn"
    AGREEMENT_CLOSED = "agreement.closed"
    WORDS_ACCEPTED = "agreement.words_accepted"
    HOLD_PLACED = "hold.placed"
    HOLD_LIFTED = "hold.lifted"
    DATA_VIEWED = "data.viewed"
    DATA_PRESENTED = "data.presented"
    DATA_DOWNLOADED = "data.downloaded"
    DATA_REFUSED = "data.refused"
    CONCERN_RAISED = "concern.raised"
    CONCERN_RESTATED = "concern.restated"
    CONCERN_AGREED = "concern.restatement_agreed"
    CONCERN_ANSWERED = "concern.answered"
    CONCERN_SETTLED = "concern.settled"
    COMMITMENT_MADE = "commitment.made"
    COMMITMENT_CHANGED = "commitment.changed"
    USE_PROPOSED = "use.proposed"
    USE_CHANGED = "use.changed"
    USE_DECIDED = "use.decided"
    USE_SCHEDULED = "use.scheduled"
    USE_WENT_LIVE = "use.went_live"
    USE_FINISHED = "use.finished"
    USE_WITHDRAWN = "use.withdrawn"
    USE_CHECKED = "use.held_against_charter"
    CHARTER_WRITTEN = "charter.written"
    CHARTER_ADOPTED = "charter.adopted"
    SCREENING_ANSWERED = "screening.answered"
    SCREENING_SIGNED = "screening.signed"
    READINESS_SAID = "readiness.said"
    BARRIER_NOTED = "barrier.noted"
    RISK_WEIGHED = "risk.weighed"
    DIAGNOSIS_SAID = "diagnosis.said"
    MEETING_PLANNED = "meeting.planned"
    MEETING_OPENED = "meeting.opened"
    MEETING_RECORDED = "meeting.recorded"
    MEETING_CLOSED = "meeting.closed"
    BACKED_UP = "product.backed_up"
    RESTORED = "product.restored"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """Which roles may do it, and whether only for what their own organisation owns."""

    roles: frozenset[Role]
    own: bool = False
    says: str
    """Completes "You may not ... " and names who can."""


PERMISSIONS: Mapping[Action, Permission] = {
    Action.SET_UP: Permission(roles=frozenset(), says="set the product up: that is done at the command line"),
    Action.ORGANISATION_SAVED: Permission(roles=ADMINS, says="change organisations: ask an administrator"),
    Action.PERSON_INVITED: Permission(roles=ADMINS, says="invite people: ask an administrator"),
    Action.PERSON_CHANGED: Permission(roles=ADMINS, says="change people: ask an administrator"),
    Action.PERSON_DISABLED: Permission(roles=ADMINS, says="disable people: ask an administrator"),
    Action.PASSWORD_SET: Permission(roles=ADMINS, says="make a new password link: ask an administrator"),
    Action.SOURCE_ADDED: Permission(roles=STEWARDS, says="add sources: ask a steward"),
    Action.SOURCE_CHANGED: Permission(roles=STEWARDS, says="change sources: ask a steward"),
    Action.RUN_STARTED: Permission(roles=STEWARDS, says="read sources: ask a steward"),
    Action.RUN_APPLIED: Permission(roles=STEWARDS, says="apply runs: ask a steward"),
    Action.RUN_HELD: Permission(roles=STEWARDS, says="hold runs: ask a steward"),
    Action.RUN_FAILED: Permission(roles=STEWARDS, says="end runs: ask a steward"),
    Action.RUN_RELEASED: Permission(roles=STEWARDS, says="release held runs: ask a steward"),
    Action.RUN_REJECTED: Permission(roles=STEWARDS, says="reject held runs: ask a steward"),
    Action.RUN_CANCELLED: Permission(roles=STEWARDS, says="cancel runs: ask a steward"),
    Action.DATASET_REGISTERED: Permission(roles=EVERYONE, own=True, says="register for another organisation"),
    Action.DATASET_SUBMITTED: Permission(roles=EVERYONE, own=True, says="submit for another organisation"),
    Action.DATASET_DECIDED: Permission(
        roles=STEWARDS, own=True, says="decide on this registration: ask a steward of the organisation"
    ),
    Action.DATASET_CHANGED: Permission(
        roles=STEWARDS, own=True, says="change this dataset: ask a steward of its organisation"
    ),
    Action.DATASET_CORRECTED: Permission(roles=STEWARDS, says="correct harvested fields: ask a steward"),
    Action.CORRECTION_SUGGESTED: Permission(roles=EVERYONE, says="suggest corrections"),
    Action.DATASET_PLACED: Permission(roles=STEWARDS, says="place datasets on the spectrum: ask a steward"),
    Action.LISTING_CHANGED: Permission(
        roles=STEWARDS,
        own=True,
        says="decide who may know of this dataset: ask a steward of its organisation",
    ),
    Action.SOURCE_DECIDED: Permission(roles=STEWARDS, says="decide on licences: ask a steward"),
    Action.SYNONYMS_CHANGED: Permission(roles=STEWARDS, says="change synonyms: ask a steward"),
    Action.SEARCH_SAVED: Permission(roles=EVERYONE, says="save searches"),
    Action.FOLLOWED: Permission(roles=EVERYONE, says="follow datasets"),
    Action.PUBLISHED: Permission(roles=ADMINS, says="publish the catalogue: ask an administrator"),
    Action.INDICATOR_SAVED: Permission(roles=STEWARDS, says="change indicators: ask a steward"),
    Action.NUMBERS_IMPORTED: Permission(roles=STEWARDS, says="import numbers: ask a steward"),
    Action.SERIES_NOTED: Permission(roles=COMPOSERS, says="write on a series: ask a chair or a steward"),
    Action.CARD_SAVED: Permission(roles=COMPOSERS, says="compose report cards: ask a chair or a steward"),
    Action.CARD_WORDED: Permission(roles=COMPOSERS, says="write on report cards: ask a chair or a steward"),
    Action.CARD_ACTION_CHANGED: Permission(roles=EVERYONE, says="note actions"),
    Action.WARNING_RAISED: Permission(roles=STEWARDS, says="raise warnings: ask a steward"),
    Action.WARNING_ANSWERED: Permission(roles=COMPOSERS, says="answer warnings: ask a chair or a steward"),
    Action.CARD_EXPORTED: Permission(roles=EVERYONE, says="export report cards"),
    Action.AGREEMENT_DRAFTED: Permission(
        roles=STEWARDS, own=True, says="draft agreements for another organisation: ask one of its stewards"
    ),
    Action.AGREEMENT_CHANGED: Permission(
        roles=STEWARDS, own=True, says="change this agreement: ask a steward of the organisation that leads it"
    ),
    Action.STAKES_SAID: Permission(roles=EVERYONE, own=True, says="say what is at stake for another organisation"),
    Action.AGREEMENT_ADVISED: Permission(
        roles=STEWARDS | {Role.FACILITATOR}, says="comment as privacy adviser: ask a steward or a facilitator"
    ),
    Action.AGREEMENT_OPENED: Permission(
        roles=STEWARDS, own=True, says="open this for signature: ask a steward of the organisation that leads it"
    ),
    Action.AGREEMENT_SIGNED: Permission(
        roles=STEWARDS, own=True, says="sign for this organisation: ask one of its stewards"
    ),
    Action.AGREEMENT_DECLINED: Permission(
        roles=STEWARDS, own=True, says="decline for this organisation: ask one of its stewards"
    ),
    Action.AGREEMENT_ACTIVATED: Permission(
        roles=STEWARDS, says="put agreements into force: that happens with the last signature"
    ),
    Action.AGREEMENT_WITHDRAWN: Permission(
        roles=STEWARDS, own=True, says="take this back: ask a steward of the organisation that leads it"
    ),
    Action.AGREEMENT_CLOSED: Permission(
        roles=STEWARDS, own=True, says="end this agreement: ask a steward of one of its parties"
    ),
    Action.WORDS_ACCEPTED: Permission(roles=EVERYONE, says="accept the words of an agreement"),
    Action.HOLD_PLACED: Permission(roles=STEWARDS, own=True, says="pause this: ask a steward of its organisation"),
    Action.HOLD_LIFTED: Permission(
        roles=STEWARDS, own=True, says="lift this hold: ask a steward of the organisation that placed it"
    ),
    Action.DATA_VIEWED: Permission(roles=EVERYONE, says="look at data"),
    Action.DATA_PRESENTED: Permission(roles=EVERYONE, says="present data"),
    Action.DATA_DOWNLOADED: Permission(roles=EVERYONE, says="download data"),
    Action.DATA_REFUSED: Permission(roles=EVERYONE, says="look at data"),
    Action.CONCERN_RAISED: Permission(roles=EVERYONE, says="raise concerns"),
    Action.CONCERN_RESTATED: Permission(roles=EVERYONE, says="say a concern back"),
    Action.CONCERN_AGREED: Permission(roles=EVERYONE, says="agree for somebody else: only who raised it does"),
    Action.CONCERN_ANSWERED: Permission(roles=EVERYONE, says="answer concerns"),
    Action.CONCERN_SETTLED: Permission(
        roles=EVERYONE, says="close a concern of somebody else: only who raised it does"
    ),
    Action.COMMITMENT_MADE: Permission(roles=EVERYONE, own=True, says="promise for another organisation"),
    Action.COMMITMENT_CHANGED: Permission(roles=EVERYONE, says="change commitments"),
    Action.USE_PROPOSED: Permission(roles=EVERYONE, own=True, says="ask for data for another organisation"),
    Action.USE_CHANGED: Permission(
        roles=EVERYONE, own=True, says="change this request: ask the organisation that made it"
    ),
    Action.USE_DECIDED: Permission(
        roles=STEWARDS, own=True, says="decide on this request: ask a steward of the organisation that owns the data"
    ),
    Action.USE_SCHEDULED: Permission(
        roles=STEWARDS, own=True, says="draft its row of an agreement: ask a steward of one of the organisations"
    ),
    Action.USE_WENT_LIVE: Permission(
        roles=EVERYONE, own=True, says="let this use begin: ask the organisation that asked for it"
    ),
    Action.USE_FINISHED: Permission(
        roles=EVERYONE, own=True, says="finish this use: ask the organisation that asked for it"
    ),
    Action.USE_WITHDRAWN: Permission(
        roles=EVERYONE, own=True, says="withdraw this request: ask the organisation that made it"
    ),
    Action.USE_CHECKED: Permission(
        roles=HOSTS, says="hold a use against the charter: ask a facilitator, a chair or a steward"
    ),
    Action.CHARTER_WRITTEN: Permission(roles=FACILITATORS, says="write the charter: ask a facilitator"),
    Action.CHARTER_ADOPTED: Permission(roles=FACILITATORS, says="adopt the charter: ask a facilitator"),
    Action.SCREENING_ANSWERED: Permission(
        roles=EVERYONE, own=True, says="screen this dataset: ask the organisation that owns it"
    ),
    Action.SCREENING_SIGNED: Permission(
        roles=STEWARDS, own=True, says="sign this screening: ask a steward of the organisation that owns the dataset"
    ),
    Action.READINESS_SAID: Permission(
        roles=STEWARDS, own=True, says="say how ready the owner is: ask a steward of the organisation that owns it"
    ),
    Action.BARRIER_NOTED: Permission(
        roles=EVERYONE, own=True, says="say what stands in the way of it: ask the organisation that owns it"
    ),
    Action.RISK_WEIGHED: Permission(
        roles=STEWARDS, own=True, says="weigh this risk: ask a steward of the organisation that owns the dataset"
    ),
    Action.DIAGNOSIS_SAID: Permission(roles=EVERYONE, own=True, says="answer for another organisation"),
    Action.MEETING_PLANNED: Permission(roles=HOSTS, says="plan meetings: ask a chair, a facilitator or a steward"),
    Action.MEETING_OPENED: Permission(roles=HOSTS, says="open meetings: ask a chair, a facilitator or a steward"),
    Action.MEETING_RECORDED: Permission(
        roles=HOSTS, says="record in meetings: ask a chair, a facilitator or a steward"
    ),
    Action.MEETING_CLOSED: Permission(roles=HOSTS, says="close meetings: ask a chair, a facilitator or a steward"),
    Action.BACKED_UP: Permission(roles=ADMINS, says="make backups: ask an administrator"),
    Action.RESTORED: Permission(roles=frozenset(), says="restore: that is done at the command line"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """Leave to make one change; writes the audit row when the change is made."""

    visit: Visit
    action: str
    target: str
    detail: Mapping[str, Any] = field(default_factory=dict)

    def witness(self, session: Session) -> None:
        """Append the event to the audit, in the change's own transaction."""
        told = audit.Told(action=self.action, target=self.target, detail=self.detail)
        audit.append(session, self.visit, told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Housekeeping:
    """Leave for writes that change nothing anybody sees (a session's last use): no audit row, but a reason."""

    reason: str

    def witness(self, _session: Session) -> None:
        """Housekeeping leaves no event."""


def may(visit: Visit, action: Action, *, organisation_id: str = "") -> bool:
    """Whether `require` would grant it; `organisation_id` is the owner of what would change."""
    viewer = visit.viewer
    if viewer.kind in (Kind.OPERATOR, Kind.MACHINERY):
        return True
    permission = PERMISSIONS[action]
    if not viewer.roles & permission.roles:
        return False
    if not permission.own or organisation_id == viewer.organisation_id:
        return True
    return not organisation_id and Role.ADMIN in viewer.roles


def require(visit: Visit, action: Action, target: str = "", *, organisation_id: str = "", **detail: Any) -> Grant:
    """Leave for this change. Raises NotPermitted with what is missing and whom to ask."""
    if not may(visit, action, organisation_id=organisation_id):
        raise NotPermitted(f"You may not {PERMISSIONS[action].says}.")
    return Grant(visit=visit, action=action.value, target=target, detail=detail)
