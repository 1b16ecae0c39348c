"""What one may do with an agreement just now, by its state and the person's role."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from governance import Action, Visit, may
from governance.agreements import drafting
from governance.agreements.reading import AgreementView, PartyView, State
from governance.holds import Hold
from pages.share import _agreement_ending as ending
from pages.share import _agreement_saying as saying
from pages.share import _agreement_signing as signing
from pages.shell.again import do

PREPARED = (State.DRAFT, State.REVIEW)
_SIGNED = (State.NOT_STARTED, State.ACTIVE, State.EXPIRED)
Act = tuple[str, str, Callable[[], None]]
"""Words, symbol, what the button does."""


def _own(visit: Visit, found: AgreementView) -> PartyView | None:
    ours = visit.viewer.organisation_id
    return next((each for each in found.parties if each.organisation_id == ours and ours), None)


def first(visit: Visit, found: AgreementView) -> Iterator[Act]:
    """What is next for this person, the most pressing first."""
    version, mine, lead = found.version, _own(visit, found), found.lead_id
    if version.state is State.SIGNING and _owes_signature(visit, mine):
        yield "Read and sign", "draw", lambda: signing.sign(found.id, version.id, version.content_hash)
    if version.state in PREPARED and mine is not None and not mine.stakes.strip() and _terms(found):
        yield "Say what is at stake", "chat_bubble", lambda: saying.stakes(found.id, version.id)
    if version.state is State.DRAFT and may(visit, Action.AGREEMENT_CHANGED, organisation_id=lead):
        said = "The parties talk it through now."
        yield "Send to review", "forum", lambda: do(lambda: drafting.for_review(visit, version.id), said)
    if version.state is State.REVIEW and may(visit, Action.AGREEMENT_OPENED, organisation_id=lead):
        yield "Open for signature", "draw", lambda: signing.open_it(found.id, version.id)


def _owes_signature(visit: Visit, mine: PartyView | None) -> bool:
    waits = mine is not None and mine.signs and not mine.signed_at
    return waits and may(visit, Action.AGREEMENT_SIGNED, organisation_id=visit.viewer.organisation_id)


def _terms(found: AgreementView) -> bool:
    """Whether this version is about the terms, and not the schedule alone."""
    return found.version.label.endswith(".0")


def others(visit: Visit, found: AgreementView, hold: Hold | None) -> Iterator[Act]:
    """Everything that may be done by a button."""
    yield from _preparing(visit, found)
    yield from _signing(visit, found)
    yield from _living(visit, found, hold)


def _preparing(visit: Visit, found: AgreementView) -> Iterator[Act]:
    version, mine, lead = found.version, _own(visit, found), found.lead_id
    if version.state not in PREPARED:
        return
    if mine is not None and _terms(found):
        words = "Change what you said is at stake" if mine.stakes.strip() else "Say what is at stake"
        yield words, "chat_bubble", lambda: saying.stakes(found.id, version.id)
    if may(visit, Action.AGREEMENT_ADVISED):
        yield "Privacy adviser’s comment", "policy", lambda: saying.advice(found.id, version.id)
    if may(visit, Action.AGREEMENT_CHANGED, organisation_id=lead) and version.state is State.REVIEW:
        back = drafting.back_to_draft
        yield "Back to the draft", "undo", lambda: do(lambda: back(visit, version.id), "It is a draft again.")
    if may(visit, Action.AGREEMENT_WITHDRAWN, organisation_id=lead):
        yield "Give it up", "delete", lambda: ending.take_back(version.id)


def _signing(visit: Visit, found: AgreementView) -> Iterator[Act]:
    version, mine = found.version, _own(visit, found)
    if version.state is not State.SIGNING:
        return
    ours = visit.viewer.organisation_id
    open_answer = mine is not None and mine.signs and not mine.signed_at and not mine.declined_at
    if open_answer and may(visit, Action.AGREEMENT_DECLINED, organisation_id=ours):
        yield "Decline", "block", lambda: signing.decline(version.id)
    if may(visit, Action.AGREEMENT_WITHDRAWN, organisation_id=found.lead_id):
        yield "Take it back", "undo", lambda: ending.take_back(version.id)


def _living(visit: Visit, found: AgreementView, hold: Hold | None) -> Iterator[Act]:
    state, ours, mine = found.version.state, visit.viewer.organisation_id, _own(visit, found)
    prepared = any(each.state in (*PREPARED, State.SIGNING) for each in found.versions)
    if not prepared and may(visit, Action.AGREEMENT_CHANGED, organisation_id=found.lead_id):
        if state in _SIGNED:
            yield "Amend it", "edit_note", lambda: ending.amend(found.id)
        elif state is State.WITHDRAWN:
            yield "Begin again from it", "content_copy", lambda: ending.begin_again(found.id, found.version.id)
    if hold is not None and may(visit, Action.HOLD_LIFTED, organisation_id=hold.organisation_id):
        yield "Lift the pause", "play_circle", lambda: ending.lift(found.id)
    if state not in _SIGNED or mine is None:
        return
    if hold is None and mine.role.gives and may(visit, Action.HOLD_PLACED, organisation_id=ours):
        yield "Pause it", "pause_circle", lambda: ending.pause(found.id)
    if may(visit, Action.AGREEMENT_CLOSED, organisation_id=ours):
        yield "End it", "event_busy", lambda: ending.end(found.id)
