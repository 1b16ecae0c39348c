"""Where a dataset stands from closed to open, and why.

The rules are tried in order and the first that fits decides. Each gives a sentence, the evidence it read and what
would move the dataset one step more open. Not stated is never guessed as open: `open` needs an exact match with a
licence that conforms to the Open Definition, a linked file in an open machine readable format, and no word
anywhere that limits access.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from catalogue import reasons
from catalogue.access import Hint, Level
from catalogue.licences import How, licence, resolve
from catalogue.placement import Band, Confidence, Decision, Evidence, Placement, Stated
from catalogue.reasons import cut, day, heading, names, quote
from catalogue.records import Record
from catalogue.signals import Signals, gather, is_limit, raw_licence

__all__ = [
    "RULES",
    "Band",
    "Confidence",
    "Decision",
    "Evidence",
    "Placement",
    "Rule",
    "Stated",
    "place",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    record: Record
    signals: Signals
    stated: Stated | None = None
    decision: Decision | None = None

    @property
    def reachable(self) -> bool:
        """Said to be public, or linked."""
        return bool(self.signals.public or self.signals.has_link or self.signals.has_page)

    @property
    def identifiable(self) -> bool:
        return self.record.person_level == "identifiable"

    @property
    def is_public(self) -> bool:
        return self.reachable and not self.signals.restrictive and not self.identifiable

    @property
    def access_contradicts(self) -> bool:
        """Public in one place and not in another, or open by licence and closed in running text."""
        said = self.signals.restrictive
        in_passing = self.signals.has_link and all(one.plain for one in said)
        open_otherwise = self.signals.licence.proven_open or self.signals.claims_open
        return bool(said) and (bool(self.signals.public) or (in_passing and open_otherwise))

    @property
    def hidden_in_passing(self) -> bool:
        """Private at the source, and only running text says who may have it: that does not lift the hiding."""
        return self.record.is_private and all(said.plain for said in self.signals.restrictive)

    @property
    def openly_licensed(self) -> bool:
        files = [file for file in self.signals.files if file.linked]
        return self.signals.licence.proven_open and (not files or any(file.licence.proven_open for file in files))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the spectrum, as the documentation lists it."""

    id: str
    title: str
    explains: str
    apply: Callable[[_Case], Placement | None]


def place(record: Record, *, stated: Stated | None = None, decisions: Sequence[Decision] = ()) -> Placement:
    """Where a record stands on the spectrum: the first rule that fits decides."""
    decision = next((one for one in decisions if _covers(one, record)), None)
    return _first(_Case(record=record, signals=gather(record), stated=stated, decision=decision))


def _first(case: _Case) -> Placement:
    return next(placement for rule in RULES if (placement := rule.apply(case)))


def _covers(decision: Decision, record: Record) -> bool:
    access, terms = decision.access_value, decision.licence_value
    if access is None and terms is None:
        return False
    return access in (None, record.access_right) and terms in (None, raw_licence(record))


def _c1(case: _Case) -> Placement | None:
    set_by = case.stated
    if set_by is None or (case.record.is_private and Band.PUBLIC_LIMITED.position <= set_by.band.position < 6):
        return None
    reason = set_by.reason or f"set by {set_by.by}"
    said = Evidence(field="band", value=set_by.band.value, says=f"set by {set_by.by} on {day(set_by.on)}")
    return Placement(
        band=set_by.band,
        rule="C1",
        confidence=Confidence.STATED,
        sentence=f"{heading(set_by.band)}: {reason.rstrip('.')}. Set by {set_by.by} on {day(set_by.on)}.",
        short=cut(reason, 80),
        evidence=(said, *reasons.evidence(case.record, case.signals)),
        next_step=reasons.NEXT_STEP[set_by.band],
    )


def _c2(case: _Case) -> Placement | None:
    decision = case.decision
    if decision is None:
        return None
    covered = replace(case, decision=None, signals=_signals_after(decision, case))
    found = _first(replace(covered, stated=None))
    if decision.band is not None:
        if _is_held_back(covered) or (case.record.is_private and decision.band is not Band.CLOSED):
            return None
        found = replace(found, band=decision.band, next_step=reasons.NEXT_STEP[decision.band], review=False)
    elif found.rule not in _BY_LICENCE:
        return None
    value = decision.licence_value if decision.licence_value is not None else decision.access_value
    what = f"decided for every dataset of this source {'that says ' + quote(value) if value else 'that says nothing'}"
    signed = f"by {decision.decided_by} on {day(decision.decided_on)}"
    return replace(
        found,
        rule="C2",
        confidence=Confidence.STATED,
        sentence=f"{heading(found.band)}: {what}, {signed}: {decision.reason.rstrip('.')}.",
        short=cut(decision.reason or found.short, 80),
        evidence=(Evidence(field="decision", value=value or "", says=f"{what} {signed}"), *found.evidence),
    )


def _signals_after(decision: Decision, case: _Case) -> Signals:
    named = licence(decision.licence) if decision.licence else None
    if decision.licence and named is None:
        named = resolve((decision.licence,)).licence
    return gather(case.record, licence=named, without_access=decision.access_value)


def _is_held_back(case: _Case) -> bool:
    """What the decision does not cover still says that the data are not public."""
    return bool(case.signals.restrictive) or (case.identifiable and case.reachable)


def _placed(case: _Case, rule: str, band: Band, *words: str, confidence: Confidence = Confidence.STATED) -> Placement:
    why, short = words
    steps = reasons.STEP_AFTER_RULE.get(rule, reasons.NEXT_STEP[band])
    return Placement(
        band=band,
        rule=rule,
        confidence=confidence,
        sentence=f"{heading(band)}: {why}.",
        short=cut(short, 90),
        evidence=reasons.evidence(case.record, case.signals),
        next_step=steps,
    )


def _restricted_band(case: _Case) -> Band:
    hints = {said.access.hint for said in case.signals.restrictive}
    if any(said.access.level is Level.NON_PUBLIC for said in case.signals.deciding):
        return Band.NAMED if case.signals.asks and Hint.FINAL not in hints else Band.CLOSED
    return Band.GROUP if Hint.GROUP in hints and Hint.ASK not in hints else Band.NAMED


def _open_but_for_files(case: _Case) -> bool:
    return case.is_public and case.openly_licensed and not case.signals.limits


def _r1(case: _Case) -> Placement | None:
    closed = [said for said in case.signals.deciding if said.access.level is Level.NON_PUBLIC]
    if not closed or case.access_contradicts or case.hidden_in_passing:
        return None
    band, sure = _restricted_band(case), _sure_of(case)
    why = f"the source marks it {quote(closed[0].value)}"
    if band is Band.NAMED:
        return _placed(
            case, "R1", band, f"{why}, and says how to ask", "Not public, but it can be asked for", confidence=sure
        )
    return _placed(case, "R1", band, why, f"The source marks it {quote(closed[0].value, 48)}", confidence=sure)


def _r2(case: _Case) -> Placement | None:
    if not case.signals.restrictive or case.access_contradicts or case.hidden_in_passing:
        return None
    said = case.signals.deciding[0]
    if any(one.access.level is Level.NON_PUBLIC for one in case.signals.deciding):
        return None
    band, why = _restricted_band(case), f"access is limited ({quote(said.value)})"
    short = "On request or by agreement" if case.signals.asks else f"The source marks it {quote(said.value, 48)}"
    short = "For registered users or partner organisations" if band is Band.GROUP else short
    return _placed(case, "R2", band, why, short, confidence=_sure_of(case))


def _sure_of(case: _Case) -> Confidence:
    """Running text about access was understood, not stated in a field made for it."""
    in_passing = all(said.plain for said in case.signals.restrictive)
    return Confidence.INFERRED if in_passing else Confidence.STATED


def _r3(case: _Case) -> Placement | None:
    if not case.record.is_private:
        return None
    why = "the source shows it only to the organisation that owns it"
    return _placed(
        case, "R3", Band.CLOSED, why, "The source shows it only to its owner", confidence=Confidence.INFERRED
    )


def _r4(case: _Case) -> Placement | None:
    terms, limits = case.signals.licence, case.signals.limits
    if not case.is_public or case.openly_licensed:
        return None
    if terms.limits_use and terms.licence:
        words = terms.licence.short if terms.how in (How.NAME, How.ADDRESS) else quote(terms.matched, 60)
        return _placed(case, "R4", Band.PUBLIC_LIMITED, f"its terms limit use ({words})", f"Public, but {words}")
    real = [limit for limit in limits if is_limit(limit.value)]
    if not real or case.signals.claims_open:
        return None
    words = quote(real[0].value, 60)
    return _placed(case, "R4", Band.PUBLIC_LIMITED, f"its {real[0].field} limit use: {words}", f"Public, but {words}")


def _r5(case: _Case) -> Placement | None:
    if not case.is_public or case.openly_licensed or (case.signals.claims_open and case.signals.limits):
        return None
    why, short = reasons.licence_gap(case.signals)
    return _placed(case, "R5", Band.PUBLIC_UNCLEAR, why, short, confidence=Confidence.DERIVED)


def _r6(case: _Case) -> Placement | None:
    open_files, terms = case.signals.open_files, case.signals.licence.licence
    if not _open_but_for_files(case) or not open_files or case.signals.needs_account or terms is None:
        return None
    formats = names(tuple(file.format.name for file in open_files if file.format))
    stated = Confidence.STATED if case.signals.public else Confidence.DERIVED
    return _placed(
        case,
        "R6",
        Band.OPEN,
        f"{terms.short}, as {formats}, with no limit on access",
        terms.short,
        confidence=stated,
    )


def _r7(case: _Case) -> Placement | None:
    if not _open_but_for_files(case) or case.signals.open_files:
        return None
    why, short = reasons.file_gap(case.signals)
    return _placed(
        case,
        "R7",
        Band.PUBLIC_LIMITED,
        f"the licence is open, but {why}",
        short,
        confidence=Confidence.DERIVED,
    )


def _r8(case: _Case) -> Placement | None:
    wall = case.signals.needs_account
    if not _open_but_for_files(case) or wall is None:
        return None
    why = f"the licence is open, but {wall.access.words} ({quote(wall.value)})"
    return _placed(
        case,
        "R8",
        Band.PUBLIC_LIMITED,
        why,
        "Openly licensed, but an account is needed",
        confidence=Confidence.DERIVED,
    )


def _r9(case: _Case) -> Placement | None:
    if case.access_contradicts:
        band, closed = _restricted_band(case), case.signals.restrictive[0]
        openly = f"says {quote(case.signals.public[0].value)}" if case.signals.public else "gives an open licence"
        why = f"the source {openly}, and also says {quote(closed.value)}; the more closed one counts"
    elif case.identifiable and case.reachable:
        band = Band.NAMED if case.signals.asks else Band.CLOSED
        why = "it is linked or called public, yet holds data about identifiable people"
    elif case.reachable and case.signals.limits and not case.signals.restrictive:
        limit, band = case.signals.limits[0], Band.PUBLIC_LIMITED
        why = f"it is called open, yet its {limit.field} says {quote(limit.value)}; the more closed one counts"
    else:
        return None
    placed = _placed(case, "R9", band, why, "The source contradicts itself", confidence=Confidence.DERIVED)
    return replace(placed, review=True)


def _r10(case: _Case) -> Placement:
    terms = case.signals.licence.licence
    if terms and not case.reachable:
        why = f"its licence is given ({terms.short}), but no link and not who may have it"
        return _placed(
            case, "R10", Band.UNKNOWN, why, "A licence, but no link and no access", confidence=Confidence.NONE
        )
    why = "the source says neither who may have it, nor under which licence, nor where it is"
    return _placed(
        case, "R10", Band.UNKNOWN, why, "The source does not say who may have it", confidence=Confidence.NONE
    )


RULES: tuple[Rule, ...] = (
    Rule(
        id="C1",
        title="Set by a person",
        explains="A curator or the owner set the band of this dataset; what its source hides is never made public.",
        apply=_c1,
    ),
    Rule(
        id="C2",
        title="Decided for the source",
        explains="A steward decided what one raw access or licence value of a source means; nothing else "
        "the record says about access is overruled.",
        apply=_c2,
    ),
    Rule(
        id="R1",
        title="Not public",
        explains="The source says it is not public, sensitive, confidential or closed: closed, or named "
        "when it also says how to ask.",
        apply=_r1,
    ),
    Rule(
        id="R2",
        title="Restricted",
        explains="The source restricts access: named when it is given on request or by agreement, group "
        "when registered users or partners may have it.",
        apply=_r2,
    ),
    Rule(
        id="R3",
        title="Private at the source",
        explains="It was seen only with a key: closed, whatever its licence.",
        apply=_r3,
    ),
    Rule(
        id="R4",
        title="Terms that limit use",
        explains="It is public, but its licence limits use (non-commercial, no changes, end users only, payment).",
        apply=_r4,
    ),
    Rule(
        id="R5",
        title="Licence not proven",
        explains="It is public, but no licence is stated, or none that can be checked by exact name or address.",
        apply=_r5,
    ),
    Rule(
        id="R6",
        title="Open",
        explains="An open licence by exact match, a linked file in an open machine readable format, no limits.",
        apply=_r6,
    ),
    Rule(
        id="R7",
        title="Openly licensed, not machine readable",
        explains="The licence is open, but no linked file is in an open machine readable format.",
        apply=_r7,
    ),
    Rule(
        id="R8",
        title="Openly licensed, behind an account",
        explains="The licence is open, but an account, a registration or a payment is needed.",
        apply=_r8,
    ),
    Rule(
        id="R9",
        title="Contradiction",
        explains="The source says two things that cannot both be true: the more closed one counts and a person looks.",
        apply=_r9,
    ),
    Rule(
        id="R10",
        title="Not stated",
        explains="The record gives no access statement, no usable licence or no link: it is not placed.",
        apply=_r10,
    ),
)
"""In the order they are tried."""

_BY_LICENCE = ("R4", "R5", "R6", "R7", "R8")
