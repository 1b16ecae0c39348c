"""What waits by this room: agreements to sign, to speak on, to review, that end; promises that are late; pauses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import select

from governance.access import Scope
from governance.agreements import accepting, reading
from governance.agreements.reading import Wait, Waiting
from governance.commitments import commitments
from governance.holds import Hold, holds
from governance.notices import Kind, Notice, day, offered
from governance.policy import Action, may
from governance.tables import AgreementRow
from governance.visit import Visit, machinery

_ASKED: Mapping[Wait, tuple[Kind, str, str]] = {
    Wait.SIGNATURE: (Kind.SIGNATURE, "{} waits for your signature", "Read and sign"),
    Wait.STAKES: (Kind.STAKES, "{} asks what is at stake for you", "Say it"),
    Wait.REVIEW: (Kind.REVIEW, "{} is due for its review", "Look"),
    Wait.ENDING: (Kind.ENDING, "{} ends", "Look"),
}
_NEXT: Mapping[Wait, str] = {
    Wait.SIGNATURE: "Version {} is open for signature: read it, then sign it or say why not.",
    Wait.STAKES: "Version {} is being talked through; it is signed when every party has said it.",
    Wait.REVIEW: "The day of its review has come: look at it again together.",
    Wait.ENDING: "What it covers is hidden afterwards: look back, then renew it or let it end.",
}


@offered
def asked_by_agreements(visit: Visit) -> Iterator[Notice]:
    """Signatures, stakes, reviews and endings; all but stakes are for those who may sign."""
    ours = visit.viewer.organisation_id
    if not ours:
        return
    signs = may(visit, Action.AGREEMENT_SIGNED, organisation_id=ours)
    for each in reading.waiting(visit):
        if each.kind is Wait.STAKES or signs:
            yield _asked(visit, each)


def _asked(visit: Visit, each: Waiting) -> Notice:
    kind, words, action = _ASKED[each.kind]
    return Notice(
        kind=kind,
        key=f"{kind}:{each.version_id}",
        words=f"{words} {_when(visit, each)}" if each.kind is Wait.ENDING else words,
        subject=f"{each.name}, {each.title}",
        detail=_NEXT[each.kind].format(each.label),
        action=action,
        page="agreement",
        query={"id": each.agreement_id, "version": each.version_id},
        due=each.due,
    )


def _when(visit: Visit, each: Waiting) -> str:
    days = (each.due - visit.today).days if each.due else 0
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


@offered
def words_to_accept(visit: Visit) -> Iterator[Notice]:
    """What agreements in force ask of the viewer before the first look."""
    open_words = [each for each in accepting.asked(visit) if each.accepted_at is None]
    for each in {one.agreement_id: one for one in reversed(open_words)}.values():
        yield Notice(
            kind=Kind.WORDS,
            key=f"{Kind.WORDS}:{each.agreement_id}",
            words="{} asks for your word before the first look",
            subject=each.agreement,
            detail=f"It stands before {each.titles[0]}{' and others' if len(each.titles) > 1 else ''}.",
            action="Read it",
            page="agreement",
            query={"id": each.agreement_id},
        )


@offered
def late_promises(visit: Visit) -> Iterator[Notice]:
    """What one's organisation promised and is late with."""
    ours = visit.viewer.organisation_id
    for each in commitments(visit, open_only=True):
        if not (each.overdue and each.due and ours and each.organisation_id == ours):
            continue
        who = f"{each.who}, " if each.who else ""
        yield Notice(
            kind=Kind.OVERDUE,
            key=f"{Kind.OVERDUE}:{each.id}",
            words="Promised and late: {}",
            subject=each.what,
            detail=f"{who}due {day(each.due)}. It is about {each.about.title or 'the collaboration'}.",
            action="Say what became of it",
            page="concern" if each.concern_id else "concerns",
            query={"id": each.concern_id},
            due=each.due,
        )


@offered
def paused(visit: Visit) -> Iterator[Notice]:
    """What is paused and not a dataset, for those who can lift it or are a party: agreements, people, all of ours."""
    ours = visit.viewer.organisation_id
    if not ours or not may(visit, Action.HOLD_LIFTED, organisation_id=ours):
        return
    titles = {row.id: f"A-{row.number}, {row.title}" for row in visit.read().execute(select(AgreementRow)).scalars()}
    for each in holds(visit, open_only=True):
        if each.organisation_id == ours and each.scope is not Scope.DATASET:
            yield _paused(each, titles, words="Your organisation has paused {}", page="holds")
    for each in _by_others(visit, ours=ours):
        if each.object_id in titles:
            yield _paused(each, titles, words="{} is paused by " + each.organisation, page="agreement")


def _paused(each: Hold, titles: Mapping[str, str], *, words: str, page: str) -> Notice:
    named = {
        Scope.AGREEMENT: titles.get(each.object_id, "an agreement"),
        Scope.ORGANISATION: "everything it shares",
        Scope.PERSON: f"the access of {each.object_id}",
    }
    return Notice(
        kind=Kind.HELD,
        key=f"{Kind.HELD}:{each.id}",
        words=words,
        subject=named.get(each.scope, "a dataset"),
        detail=f"Since {day(each.placed_at)}: “{each.reason}”",
        page=page,
        query={"id": each.object_id} if page == "agreement" else {},
    )


def _by_others(visit: Visit, *, ours: str) -> tuple[Hold, ...]:
    """The open holds of other organisations on agreements; whoever calls leaves out what the viewer is no party of."""
    with machinery("tells the parties of an agreement that it is paused", now=visit.now) as all_seeing:
        found = holds(all_seeing, open_only=True)
    return tuple(each for each in found if each.scope is Scope.AGREEMENT and each.organisation_id != ours)
