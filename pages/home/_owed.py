"""What agreements and promises ask of the viewer's organisation, and what it has paused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from governance import Action, Visit, holds, may
from governance.agreements import reading
from governance.agreements.reading import Wait, Waiting
from governance.commitments import commitments
from pages.home._tasks import MOST, Task
from pages.shell import widgets as w

_AGREEMENTS: Mapping[Wait, tuple[str, str, str]] = {
    Wait.SIGNATURE: ("stylus_note", "{} waits for your signature", "Read and sign"),
    Wait.STAKES: ("forum", "{} asks what is at stake for you", "Say it"),
    Wait.REVIEW: ("event_repeat", "{} is due for its review", "Look"),
    Wait.ENDING: ("hourglass_bottom", "{} ends {}", "Look"),
}
"""Symbol, words, button."""
_NEXT: Mapping[Wait, str] = {
    Wait.SIGNATURE: "Version {} is open for signature: read it, then sign it or say why not.",
    Wait.STAKES: "Version {} is being talked through; it is signed when every party has said it.",
    Wait.REVIEW: "The day of its review has come: look at it again together.",
    Wait.ENDING: "What it covers is hidden afterwards: look back, then renew it or let it end.",
}


def asked_by_agreements(visit: Visit) -> Iterator[Task]:
    """Signatures, stakes, reviews and endings; signing and ending are for those who may sign."""
    if not visit.viewer.organisation_id:
        return
    signs = may(visit, Action.AGREEMENT_SIGNED, organisation_id=visit.viewer.organisation_id)
    for each in reading.waiting(visit):
        if each.kind is not Wait.STAKES and not signs:
            continue
        symbol, words, action = _AGREEMENTS[each.kind]
        yield Task(
            symbol=symbol,
            words=w.Markup(words).format(w.strong(f"{each.name}, {each.title}"), _when(visit, each)),
            detail=_NEXT[each.kind].format(each.label),
            action=action,
            address=w.href("agreement", id=each.agreement_id, version=each.version_id),
        )


def _when(visit: Visit, each: Waiting) -> str:
    days = (each.due - visit.today).days if each.due else 0
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def late_promises(visit: Visit) -> Iterator[Task]:
    """What one's organisation promised and is late with."""
    ours = visit.viewer.organisation_id
    late = [
        each for each in commitments(visit, open_only=True) if each.overdue and ours and each.organisation_id == ours
    ]
    for each in late[:MOST]:
        who = f"{each.who}, " if each.who else ""
        yield Task(
            symbol="assignment_late",
            words=w.Markup("Promised and late: {}").format(w.strong(w.plain(each.what, 120))),
            detail=f"{who}due {w.day(each.due)}. It is about {each.about.title or 'the collaboration'}.",
            action="Say what became of it",
            address=w.href("concern", id=each.concern_id) if each.concern_id else w.href("concerns"),
        )


def paused(visit: Visit) -> Iterator[Task]:
    """A reminder of what one's organisation holds back, for those who can lift it."""
    ours = visit.viewer.organisation_id
    if not ours or not may(visit, Action.HOLD_LIFTED, organisation_id=ours):
        return
    open_now = [each for each in holds.holds(visit, open_only=True) if each.organisation_id == ours]
    if open_now:
        first = open_now[-1]
        yield Task(
            symbol="pause_circle",
            words=w.Markup("Your organisation has paused {}").format(w.strong(w.count(len(open_now), "thing"))),
            detail=f"The longest since {w.day(first.placed_at)}: “{w.plain(first.reason, 160)}”",
            action="Look",
            address=w.href("holds"),
        )
