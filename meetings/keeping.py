"""Figures kept as a meeting saw them: pinned with their hash, given back only where they may be kept looking at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import msgspec

from catalogue.knowing import Brief, briefs
from governance import NotFound, Visit
from governance.access import Band, Dataset, Decision, Scope, Use, Why, World, decide
from governance.access.rule import FREE
from governance.agreements.accepting import unaccepted
from governance.looks import Look, note
from governance.standing import facts
from meetings.tables import AgendaRow, MeetingRow
from reportcards import cards
from reportcards.clearing import NOT_NOTED, Clearance, held
from reportcards.report import Measurement

NOT_NOW = "A figure was shown here that you may not look at now."
CHANGED = "What is kept of this figure is not what was shown: its hash does not fit."


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A figure that was shown; `figure` is None where the viewer may not keep looking, and `withheld` says why."""

    at: datetime
    revision_id: str
    revision: int
    """As people say it, r7; 0 where nothing of it may be told."""
    hash: str
    """SHA-256 of the figure as it was shown."""
    figure: Measurement | None
    withheld: str = ""


def frozen(figure: Measurement) -> tuple[bytes, str]:
    """A figure as it is kept, and its SHA-256."""
    written = msgspec.json.encode(figure)
    return written, hashlib.sha256(written).hexdigest()


def seen(visit: Visit, meeting: MeetingRow, agenda: Sequence[AgendaRow]) -> dict[str, Seen]:
    """What was shown under each item, as far as this viewer may look at it now: of every source `retain` is asked."""
    shown = [row for row in agenda if row.seen_at is not None]
    if not shown:
        return {}
    known = briefs(visit, {each for row in shown for each in row.datasets})
    world = facts(visit, [Dataset(id=one.id, owner=one.organisation_id, band=Band(one.band)) for one in known.values()])
    purpose = _purpose(visit, meeting.card_name)
    cleared = {row.id: _cleared(visit, world, row, purpose=purpose) for row in shown}
    lost = _noted(visit, known, cleared.values(), place=f"meeting {meeting.name}")
    return {row.id: _seen(row, known, cleared[row.id], lost=lost) for row in shown}


def _purpose(visit: Visit, card_name: str) -> str:
    try:
        return cards.declared_purpose(visit, card_name)
    except NotFound:
        return ""


def _cleared(visit: Visit, world: World, row: AgendaRow, *, purpose: str) -> Clearance:
    found = {each: _decision(visit, world, row, dataset=each, purpose=purpose) for each in row.datasets}
    return Clearance(decisions=unaccepted(visit, found), purpose=purpose)


def _decision(visit: Visit, world: World, row: AgendaRow, *, dataset: str, purpose: str) -> Decision:
    """Whether the viewer may keep looking: now, or when it was shown, under an agreement that has ended since.

    To retain is to keep beyond the end; a hold that is in force now, on the agreement too, stops it all the same.
    """
    viewer, at = visit.viewer, row.seen_at
    if viewer.sees_all:
        return FREE[Why.OWN]
    ask = partial(decide, world, viewer.username, use=Use.RETAIN, dataset=dataset, purpose=purpose)
    now = ask(now=visit.now)
    if now.why is not Why.ENDED or at is None:
        return now
    then = ask(now=at)
    held_now = then.item is not None and world.held(Scope.AGREEMENT, then.item.agreement, visit.now)
    return then if then.ok and not held_now else now


def _noted(visit: Visit, known: Mapping[str, Brief], cleared: Iterable[Clearance], *, place: str) -> set[str]:
    """Tell the owners that somebody looks; those for named people of which that could not be noted."""
    looks = [
        Look(
            dataset=name,
            owner=known[name].organisation_id,
            use=Use.RETAIN,
            decision=decision,
            purpose=each.purpose,
            place=place,
        )
        for each in cleared
        for name, decision in each.items()
        if name in known
    ]
    return {each.dataset for each in note(visit, looks) if known[each.dataset].band == Band.NAMED}


def _seen(row: AgendaRow, known: Mapping[str, Brief], cleared: Clearance, *, lost: set[str]) -> Seen:
    if hashlib.sha256(row.seen).hexdigest() != row.seen_hash:
        return _withheld(row, CHANGED)
    figure = msgspec.json.decode(row.seen, type=Measurement)
    revision = next((each for each in figure.revisions if each.id == row.revision_id), None)
    protected = revision.protected if revision is not None else 0
    refused = held(row.datasets, known, cleared, protected=protected)
    if refused is None and lost & set(row.datasets):
        refused = NOT_NOTED
    if refused is not None:
        return _withheld(row, f"{NOT_NOW} {refused.reason}")
    assert row.seen_at is not None
    return Seen(
        at=row.seen_at,
        revision_id=row.revision_id,
        revision=revision.number if revision is not None else 0,
        hash=row.seen_hash,
        figure=figure,
    )


def _withheld(row: AgendaRow, why: str) -> Seen:
    assert row.seen_at is not None
    return Seen(at=row.seen_at, revision_id="", revision=0, hash=row.seen_hash, figure=None, withheld=why)
