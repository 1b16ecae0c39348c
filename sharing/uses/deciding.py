"""An owner decides for its own datasets: "yes, if", "yes", or "not now" with why and what would change it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from catalogue.knowing import briefs
from governance import Action, Invalid, NotPermitted, Visit, require
from governance.agreements.keeping import words
from governance.policy import PERMISSIONS
from sharing.tables import UseDatasetRow
from sharing.uses.keeping import Part, found
from sharing.uses.values import LONGEST, Decision, Ruling


def decide(visit: Visit, use_id: str, ruling: Ruling, *, seen: int, organisation_id: str = "") -> None:
    """Write down what the viewer's organisation decides for every dataset it owns in this request.

    It may decide again while the use has not begun. `seen` is the version of the request that was read;
    `organisation_id` "" is the viewer's own.
    Raises: Invalid for a "yes, if" without its if, a "not now" without why and what would change it, or when the
        request was changed meanwhile; NotFound; NotPermitted for who is no steward of an owner.
    """
    kept = _checked(ruling)
    owner = organisation_id or visit.viewer.organisation_id
    grant = require(
        visit,
        Action.USE_DECIDED,
        f"use:{use_id}",
        organisation_id=owner,
        decision=kept.decision.value,
        conditions=kept.conditions,
        reason=kept.reason,
        would_change=kept.would_change,
    )
    with visit.change(grant) as session:
        row = found(session, use_id)
        if row.state != "submitted":
            raise Invalid(_SETTLED.get(row.state, "It names no dataset yet: there is nothing to decide."))
        if row.version != seen:
            raise Invalid("The request was changed meanwhile: read it again, then decide.")
        asked = session.execute(select(UseDatasetRow).where(UseDatasetRow.use_id == use_id)).scalars().all()
        known = briefs(visit, [each.dataset_id for each in asked])
        parts = [Part(row=each, brief=known[each.dataset_id]) for each in asked if each.dataset_id in known]
        ours = [each for each in parts if owner and each.owner == owner and each.needs_a_word(row.organisation_id)]
        if not ours:
            raise NotPermitted(f"You may not {PERMISSIONS[Action.USE_DECIDED].says}.")
        for each in ours:
            _put(each.row, kept, by=visit.viewer.username)
            each.row.owner_id = each.row.decided_for = owner
            each.row.decided_on = visit.today


_SETTLED = {
    "live": "It has begun already: pause the data if it has to stop.",
    "finished": "It is finished: there is nothing to decide any more.",
    "withdrawn": "It was withdrawn: there is nothing to decide any more.",
}


def _checked(ruling: Ruling) -> Ruling:
    """Only the words that go with the decision are kept."""
    decision = Decision(ruling.decision)
    said = {name: words(getattr(ruling, name), field=name, most=LONGEST) for name in _WORDS}
    for name, sentence in _NEEDED.get(decision, {}).items():
        if not said[name]:
            raise Invalid(sentence, field=name)
    kept = {name: said[name] if name in _NEEDED.get(decision, {}) else "" for name in _WORDS}
    return replace(ruling, decision=decision, **kept)


_WORDS = ("conditions", "reason", "would_change")
_NEEDED = {
    Decision.GO_IF: {"conditions": "Say what has to be so: without conditions it is a plain yes."},
    Decision.NOT_NOW: {
        "reason": "Say why not: those who ask can only answer a reason.",
        "would_change": "Say what would change it: “not now” is not “never”.",
    },
}


def _put(row: UseDatasetRow, kept: Ruling, *, by: str) -> None:
    row.decision, row.decided_by = kept.decision.value, by
    row.conditions, row.reason, row.would_change = kept.conditions, kept.reason, kept.would_change
