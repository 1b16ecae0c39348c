"""What happened to a registration, the newest first."""

from __future__ import annotations

from catalogue import registering
from catalogue.registering import Registration
from governance import Action, Visit, audit
from pages.share import _words
from pages.shell import widgets as w

_DONE = {Action.DATASET_REGISTERED.value: "Drafted", Action.DATASET_SUBMITTED.value: "Handed in"}
_OUTCOMES = {
    registering.APPROVED: "Approved",
    registering.CHANGES_ASKED: "Changes asked for",
    registering.DECLINED: "Declined",
}
_MOST = 200


def block(visit: Visit, found: Registration) -> w.Markup:
    """Each step with who and when; for those who may not read the audit, what the registration itself says."""
    steps = _audited(visit, found) or _known(visit, found)
    lines = [w.Markup("{}: {}").format(word, w.muted(f"{who}, {when}")) for word, who, when in steps]
    return w.aside_block("History", *lines)


def _audited(visit: Visit, found: Registration) -> list[tuple[str, str, str]]:
    steps: list[tuple[str, str, str]] = []
    for event in audit.events(visit, target=f"registration:{found.id}", limit=_MOST):
        word = _DONE.get(event.action) or _OUTCOMES.get(str(event.detail.get("outcome", "")), "")
        step = (word, _words.name_of(visit, event.actor), w.day(event.at))
        # A draft is kept after every answer: that is one step to a reader.
        if word and (not steps or steps[-1] != step):
            steps.append(step)
    return steps


def _known(visit: Visit, found: Registration) -> list[tuple[str, str, str]]:
    drafted = ("Drafted", _words.name_of(visit, found.by), w.day(found.created_at))
    changed = w.day(found.changed_at)
    if found.state in _OUTCOMES:
        return [(_OUTCOMES[found.state], _words.name_of(visit, found.decided_by), changed), drafted]
    return [("Handed in", drafted[1], changed), drafted] if found.state == registering.SUBMITTED else [drafted]
