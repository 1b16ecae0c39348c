"""A use begins when all is said, every owner agreed, the charter is met and an agreement covers it; it ends with an
outcome."""

from __future__ import annotations

from governance import Action, Invalid, Visit, require
from governance.access import Why
from governance.agreements.keeping import words
from sharing.uses.checking import charter_lacks
from sharing.uses.covering import coverage
from sharing.uses.keeping import Whole, found, wholes
from sharing.uses.proposing import said_by
from sharing.uses.values import LONGEST, State, lacks

_SAYS_NO = {
    State.IDEA: "It names no dataset yet: choose which data it needs.",
    State.WAITING: "Not every owner has decided yet.",
    State.NOT_NOW: "An owner said “not now”: what would change it stands beside.",
    State.LIVE: "It has begun already.",
    State.FINISHED: "It is finished already.",
    State.WITHDRAWN: "It was withdrawn.",
}

_NOT_COVERED = {
    Why.NO_AGREEMENT: "No agreement covers all of it yet: its row has to be drafted and signed.",
    Why.NOT_SIGNED: "The agreement that covers it is not signed by everybody yet.",
    Why.NOT_STARTED: "The agreement that covers it has not begun yet.",
    Why.PAUSED: "It is paused: ask whoever placed the hold.",
    Why.USE: "The agreement does not allow all that it does with the data.",
    Why.PURPOSE: "No agreement in force allows this purpose.",
}


def in_the_way(visit: Visit, use_id: str) -> tuple[str, ...]:
    """Why this use may not begin now, in sentences, for those who asked; empty when it may.

    Raises: NotFound; NotPermitted.
    """
    row = found(visit.read(), use_id)
    require(visit, Action.USE_WENT_LIVE, organisation_id=row.organisation_id)
    return _in_the_way(visit, wholes(visit, [use_id])[use_id])


def _in_the_way(visit: Visit, whole: Whole) -> tuple[str, ...]:
    sentences = [_SAYS_NO[whole.state]] if whole.state in _SAYS_NO else []
    sentences += lacks(said_by(whole.row))
    if whole.state.is_open and whole.parts and (unmet := charter_lacks(visit, whole.row.id, whole.row.version)):
        sentences.append(unmet)
    if whole.state in (State.GO, State.GO_IF) and not (covered := coverage(visit, whole)).ok:
        sentences.append(_NOT_COVERED.get(covered.why, covered.why.sentence))
    return tuple(sentences)


def go_live(visit: Visit, use_id: str) -> None:
    """Let a use begin; from then on everybody signed in finds it in the register.

    Raises: Invalid with the first thing in its way; NotFound; NotPermitted for another organisation than asked.
    """
    before = found(visit.read(), use_id)
    grant = require(visit, Action.USE_WENT_LIVE, f"use:{use_id}", organisation_id=before.organisation_id)
    with visit.change(grant) as session:
        row = found(session, use_id)
        if wrong := _in_the_way(visit, wholes(visit, [use_id])[use_id]):
            raise Invalid(wrong[0])
        row.state, row.live_on = "live", visit.today
        row.version += 1


def finish(visit: Visit, use_id: str, *, outcome: str, unexpected: str = "") -> None:
    """Say what came of a use, and what happened that nobody expected ("" for nothing).

    Raises: Invalid without an outcome or when it does not run; NotFound; NotPermitted.
    """
    kept = words(outcome, field="outcome", most=LONGEST)
    if not kept:
        raise Invalid("Say what came of it: others learn from it, also when it was little.", field="outcome")
    surprise = words(unexpected, field="unexpected", most=LONGEST)
    before = found(visit.read(), use_id)
    grant = require(visit, Action.USE_FINISHED, f"use:{use_id}", organisation_id=before.organisation_id)
    with visit.change(grant) as session:
        row = found(session, use_id)
        if row.state != "live":
            raise Invalid("It does not run: only a use that has begun is finished.")
        row.state, row.ended_on = "finished", visit.today
        row.outcome, row.unexpected = kept, surprise
        row.version += 1
