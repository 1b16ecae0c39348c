"""Which figures this viewer may see, asked anew at every look; of several datasets all must allow it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from catalogue.knowing import Brief
from governance import Visit
from governance.access import Band, Dataset, Decision, Member, Use, Why, decide, strictest, world
from reportcards.report import Audience, Held
from store import settings

_SYMBOLS = {Why.PAUSED: "pause_circle", Why.ENDED: "event_busy", Why.NOT_STARTED: "schedule"}
UNKNOWN_ORIGIN = Held(
    reason="Its source is not known.",
    what_changes_it="A steward says which dataset the numbers come from.",
    symbol="question_mark",
)


def clearance(
    visit: Visit, datasets: Iterable[Brief], *, use: Use = Use.VIEW, purpose: str = ""
) -> Mapping[str, Decision]:
    """Whether the viewer may use each dataset so, by its id: the access rule, decided now and kept nowhere."""
    asked = list(datasets)
    viewer = visit.viewer
    facts = world(
        zone=settings().zone,
        people=[Member(username=viewer.username, organisation=viewer.organisation_id)],
        datasets=[Dataset(id=each.id, owner=each.organisation_id, band=Band(each.band)) for each in asked],
    )
    if viewer.sees_all:
        free = Decision(ok=True, why=Why.OWN, min_cell=0)
        return {each.id: free for each in asked}
    return {
        each.id: decide(facts, viewer.username, use=use, dataset=each.id, purpose=purpose, now=visit.now)
        for each in asked
    }


def held(sources: Sequence[str], known: Mapping[str, Brief], cleared: Mapping[str, Decision]) -> Held | None:
    """Why a figure made of these datasets is not shown; None when it may be. A hidden dataset has no name here."""
    if any(each not in known for each in sources):
        return Held(reason="Not shared with you.", what_changes_it="Ask whoever keeps this card.", symbol="lock")
    answer = strictest([cleared[each] for each in sources])
    if answer.ok:
        return None
    refused = next(known[each] for each in sources if not cleared[each].ok)
    asked = refused.approver or refused.publisher
    return Held(
        reason=_REASONS.get(answer.why, "Not shared with your organisation."),
        what_changes_it=f"Ask {asked}." if asked else "Ask a steward.",
        symbol=_SYMBOLS.get(answer.why, "lock"),
    )


_REASONS = {
    Why.PAUSED: "Paused by its owner.",
    Why.ENDED: "The agreement that shared it has ended.",
    Why.NOT_STARTED: "The agreement that shares it has not begun.",
    Why.NOT_SIGNED: "The agreement that shares it is not signed yet.",
    Why.USE: "Shared with your organisation, but not for this use.",
    Why.PURPOSE: "Shared with your organisation, but not for this purpose.",
}


_ORDER = ("unknown", "closed", "named", "group", "public-limited", "public-unclear", "open")
_AUDIENCES = {
    "open": ("Open.", "Every figure comes from open data."),
    "public-unclear": ("Licence unclear.", "Anyone can see the data, but not every licence says what may be done."),
    "public-limited": ("Public, with limits.", "Not every source lets its data be passed on."),
    "group": ("Partners only.", "Some figures are shared within the collaboration only."),
    "named": ("Named people only.", "Some figures are for named people only."),
    "closed": ("Its owners only.", "Some figures are for the people of the organisation that owns the data."),
    "unknown": ("Its owners only.", "Of some figures nobody has said yet who may see them."),
}


def audience(bands: Iterable[str]) -> Audience:
    """For whom a whole card is: as closed as its most closed figure."""
    found = set(bands) or {"open"}
    band = next(each for each in _ORDER if each in found)
    word, why = _AUDIENCES[band]
    return Audience(band=band, word=word, why=why)
