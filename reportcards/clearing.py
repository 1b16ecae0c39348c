"""Which figures may be seen, asked anew at every look: by this viewer, and by everybody in a room; all sources must."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from catalogue.knowing import Brief
from governance import Visit
from governance.access import Band, Dataset, Decision, Detail, Scope, Use, Why, World, decide, strictest
from governance.access import room as in_room
from governance.access.rule import FREE
from governance.agreements.accepting import unaccepted
from governance.people import organisations
from governance.standing import facts, labels, paused_by
from reportcards.report import Audience, Held

UNKNOWN_ORIGIN = Held(
    reason="Its source is not known.",
    what_changes_it="A steward says which dataset the numbers come from.",
    symbol="question_mark",
)
NOT_NOTED = Held(
    reason="It could not be noted who looks.",
    what_changes_it="These data are for named people: tell an administrator, then try again.",
    symbol="edit_off",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Who looks at one screen."""

    organisations: tuple[str, ...]
    """Ids of those that are there."""
    public: bool
    place: str = ""
    """Where, as the audit tells it: "meeting board-2026-11"; "" for the card."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearance(Mapping[str, Decision]):
    """The decision on each dataset, by its id; it holds for this moment and is kept nowhere."""

    decisions: Mapping[str, Decision]
    uncovered: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Dataset that the room may not be shown, though the viewer may present it -> the organisations not covered."""
    is_empty_room: bool = False
    leads: Mapping[str, str] = field(default_factory=dict)
    """Organisation -> name, of those that lead the agreements a refusal is about."""
    pauses: Mapping[str, str] = field(default_factory=dict)
    """Dataset -> what of it is paused, in words."""
    agreements: Mapping[str, str] = field(default_factory=dict)
    """Agreement -> its number and title, of those that allow it or whose words are not accepted."""
    purpose: str = ""

    def __getitem__(self, dataset_id: str) -> Decision:
        """The decision. Raises KeyError for a dataset that was not asked about."""
        return self.decisions[dataset_id]

    def __iter__(self) -> Iterator[str]:
        """The ids."""
        return iter(self.decisions)

    def __len__(self) -> int:
        """How many."""
        return len(self.decisions)


def clearance(
    visit: Visit, datasets: Iterable[Brief], *, use: Use = Use.VIEW, purpose: str = "", room: Room | None = None
) -> Clearance:
    """Whether the viewer may use each dataset so, and with a `room` whether everybody in it may be shown it too.

    In a room the viewer needs to be allowed to present: who says who is there opens nothing for themselves by that.
    """
    asked = [Dataset(id=each.id, owner=each.organisation_id, band=Band(each.band)) for each in datasets]
    there = room.organisations if room is not None else ()
    known = facts(visit, asked, organisations=there)
    wanted = use if room is None else Use.PRESENT
    allowed = {each.id: _own(visit, known, each.id, use=wanted, purpose=purpose) for each in asked}
    decisions = unaccepted(visit, allowed)
    uncovered: dict[str, frozenset[str]] = {}
    for name in [name for name, each in decisions.items() if each.ok] if room is not None else ():
        assert room is not None
        shown, refused = _in_room(visit, known, name, room=room, purpose=purpose)
        decisions[name] = strictest([decisions[name], shown])
        if not shown.ok:
            uncovered[name] = refused
    return Clearance(
        decisions=decisions,
        uncovered=uncovered,
        is_empty_room=room is not None and not there and not room.public,
        leads=_leads(visit, decisions.values()),
        pauses=_pauses(visit, known, decisions),
        agreements=_agreements(visit, decisions.values()),
        purpose=purpose,
    )


def _own(visit: Visit, known: World, dataset: str, *, use: Use, purpose: str) -> Decision:
    if visit.viewer.sees_all:
        return FREE[Why.OWN]
    return decide(known, visit.viewer.username, use=use, dataset=dataset, purpose=purpose, now=visit.now)


def _in_room(visit: Visit, known: World, dataset: str, *, room: Room, purpose: str) -> tuple[Decision, frozenset[str]]:
    """What everybody may see, and which organisations may not see it even without the public."""
    shown = in_room(known, room.organisations, public=room.public, dataset=dataset, purpose=purpose, now=visit.now)
    decision = Decision(ok=shown.ok, why=shown.why, detail=shown.detail, min_cell=shown.min_cell)
    if shown.ok:
        return decision, frozenset()
    alone = {
        each: in_room(known, (each,), public=False, dataset=dataset, purpose=purpose, now=visit.now).ok
        for each in room.organisations
    }
    return decision, frozenset(each for each, ok in alone.items() if not ok)


def _agreements(visit: Visit, decisions: Iterable[Decision]) -> Mapping[str, str]:
    told = {each.item.agreement for each in decisions if each.item and (each.ok or each.why is Why.TERMS)}
    return labels(visit, sorted(told)) if told else {}


def _leads(visit: Visit, decisions: Iterable[Decision]) -> Mapping[str, str]:
    asked = {each.item.lead for each in decisions if not each.ok and each.item is not None}
    return {each.id: each.name for each in organisations(visit) if each.id in asked} if asked else {}


def _pauses(visit: Visit, known: World, decisions: Mapping[str, Decision]) -> Mapping[str, str]:
    paused = {dataset: each for dataset, each in decisions.items() if each.why is Why.PAUSED}
    if not paused:
        return {}
    viewer = visit.viewer
    if known.held(Scope.PERSON, viewer.username, visit.now):
        return dict.fromkeys(paused, "Your access is paused.")
    if known.held(Scope.ORGANISATION, viewer.organisation_id, visit.now):
        return dict.fromkeys(paused, "The access of your organisation is paused.")
    placed = paused_by(visit, [each.item.agreement for each in paused.values() if each.item is not None])
    return {
        dataset: "Paused by its owner."
        if each.item is None or known.dataset(dataset).owner in placed.get(each.item.agreement, ())
        else "The agreement that shares it is paused."
        for dataset, each in paused.items()
    }


def held(
    sources: Sequence[str], known: Mapping[str, Brief], cleared: Clearance, *, protected: int | None = None
) -> Held | None:
    """Why a figure made of these datasets is not shown; None when it may be. A hidden dataset has no name here.

    `protected` is the threshold below which its counts are hidden, None where no counts are shown at all.
    """
    if any(each not in known for each in sources):
        return Held(reason="Not shared with you.", what_changes_it="Ask whoever keeps this card.", symbol="lock")
    answer = strictest([cleared[each] for each in sources])
    if not answer.ok:
        refused = next(each for each in sources if not cleared[each].ok)
        return _refusal(known[refused], cleared, sources)
    if answer.detail is Detail.METADATA:
        return Held(
            reason="Only the description is shared, no numbers.",
            what_changes_it=_ask(known[sources[0]], "whether figures could be shared"),
            symbol="lock",
        )
    if protected is not None and (answer.min_cell or 0) > protected:
        return _too_fine(answer.min_cell or 0, protected)
    return None


def _too_fine(needed: int, protected: int) -> Held:
    so_far = f"these numbers were protected for {protected}" if protected else "these numbers were not protected"
    return Held(
        reason=f"Its agreement needs counts of {needed} or more; {so_far}.",
        what_changes_it=f"A steward sets the indicator to hide counts below {needed} and imports the numbers again.",
        symbol="lock",
    )


def _refusal(dataset: Brief, cleared: Clearance, sources: Sequence[str]) -> Held:
    decision = cleared[dataset.id]
    symbol = _SYMBOLS.get(decision.why, "lock")
    if dataset.id in cleared.uncovered:
        return _not_for_the_room(cleared, sources)
    if decision.why is Why.PURPOSE and not cleared.purpose:
        return Held(
            reason="Shared for some purposes, and this card does not say what it is for.",
            what_changes_it="Whoever keeps the card says its purpose.",
            symbol=symbol,
        )
    if decision.why is Why.TERMS and decision.item is not None:
        under = cleared.agreements.get(decision.item.agreement, "its agreement")
        return Held(
            reason="You have not accepted the words it is shared under.",
            what_changes_it=f"Read and accept them on the page of {under}.",
            symbol="contract_edit",
        )
    lead = cleared.leads.get(decision.item.lead, "") if decision.item is not None else ""
    asks_lead = decision.why in (Why.NOT_SIGNED, Why.NOT_STARTED, Why.ENDED)
    return Held(
        reason=cleared.pauses.get(dataset.id) or _REASONS.get(decision.why, "Not shared with your organisation."),
        what_changes_it=_WHOM.get(decision.why, "") or (f"Ask {lead}." if lead and asks_lead else _ask(dataset)),
        symbol=symbol,
    )


def _not_for_the_room(cleared: Clearance, sources: Sequence[str]) -> Held:
    """How many are not covered, never who, nor by what: the others in the room may not know of it."""
    uncovered = frozenset[str]().union(*(cleared.uncovered.get(each, frozenset()) for each in sources))
    if uncovered:
        number = "1 organisation" if len(uncovered) == 1 else f"{len(uncovered)} organisations"
        reason, changes = f"Not covered for {number} here.", "Show it when other people are in the room."
    elif cleared.is_empty_room:
        reason, changes = "Nobody is noted as present.", "Say who is here."
    else:
        reason, changes = "Not covered for the public that is here.", "Show it without the public."
    return Held(reason=reason, what_changes_it=changes, symbol="lock")


def _ask(dataset: Brief, what: str = "") -> str:
    asked = dataset.approver or dataset.publisher
    return f"Ask {asked or 'a steward'}{f' {what}' if what else ''}."


_SYMBOLS = {Why.PAUSED: "pause_circle", Why.ENDED: "event_busy", Why.NOT_STARTED: "schedule"}
_WHOM = {Why.ACCOUNT: "Ask an administrator."}
_REASONS = {
    Why.ACCOUNT: "Your account is switched off.",
    Why.ENDED: "The agreement that shared it has ended.",
    Why.NOT_STARTED: "The agreement that shares it has not begun.",
    Why.NOT_SIGNED: "The agreement that shares it is not signed yet.",
    Why.USE: "Shared with your organisation, but not for this use.",
    Why.PURPOSE: "Shared with your organisation, but not for this purpose.",
}


_ORDER = ("unknown", "closed", "named", "group", "public-limited", "public-unclear", "open")
_OWNERS = "Its owners, and by agreement."
_AUDIENCES = {
    "open": ("Open.", "Every figure comes from open data."),
    "public-unclear": ("Licence unclear.", "Anyone can see the data, but not every licence says what may be done."),
    "public-limited": ("Public, with limits.", "Not every source lets its data be passed on."),
    "group": ("Partners only.", "Some figures are shared within the collaboration only."),
    "named": ("Named people only.", "Some figures are for named people only."),
    "closed": (_OWNERS, "Some figures are for the organisation that owns the data, and whom a signed agreement names."),
    "unknown": (_OWNERS, "Of some figures nobody has said yet who else may see them."),
}


def audience(bands: Iterable[str]) -> Audience:
    """For whom a whole card is: as closed as its most closed figure."""
    found = set(bands) or {"open"}
    band = next(each for each in _ORDER if each in found)
    word, why = _AUDIENCES[band]
    return Audience(band=band, word=word, why=why)
