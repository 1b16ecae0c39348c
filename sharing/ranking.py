"""Which datasets to start with: whole points that a person can add up on paper, bands first, then value. Pure.

    value V, 0 to 10:    needed by indicators 0-3, organisations that asked 0-3, a dated decision waits 2,
                         a finding of the community asks for it 2
    risk R, 0 to 10:     people 0-4, the worst risk with what is agreed 0-3, permission 0-2, surprise 0-1
    barriers B, 0 to 5:  one each for availability, format, technology, approver, cost

    A  start here        R at most 3, the owner is ready or happy, no stop sign
    B  next              R at most 6, no stop sign
    C  with care         R of 7 and more, or a stop sign

What is not known counts as the worst: no value, full risk, a barrier, an owner who is not ready. So skipping a question
never helps. A single score (V - R - B) was weighed and left: it puts datasets on top that nobody should begin with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class People(StrEnum):
    """How closely the data tell of people, the least first."""

    NONE = "none"
    AGGREGATE = "aggregate"
    """Counts, none of them small."""
    SMALL = "small"
    """Counts of small areas or groups."""
    DE_IDENTIFIED = "de-identified"
    IDENTIFIABLE = "identifiable"


class Permission(StrEnum):
    """Whether it may be shared at all."""

    CLEAR = "clear"
    """With the law, the contract or the permission named."""
    UNSURE = "unsure"
    CONTESTED = "contested"
    """Somebody else holds rights in it, or says that it is not lawful."""
    REFUSED = "refused"


class Comfort(StrEnum):
    """How ready the owner is, the least first."""

    NOT_READY = "not-ready"
    CONDITIONS = "conditions"
    READY = "ready"
    HAPPY = "happy"


class Barrier(StrEnum):
    """What can stand in the way; those of `COUNTED` are points, the others are talked about."""

    AVAILABILITY = "availability"
    FORMAT = "format"
    TECHNOLOGY = "technology"
    APPROVER = "approver"
    COST = "cost"
    CULTURE = "culture"
    LAW = "law"
    SECURITY = "security"


class Band(StrEnum):
    """Where to begin."""

    START = "A"
    NEXT = "B"
    CARE = "C"


COUNTED = (Barrier.AVAILABILITY, Barrier.FORMAT, Barrier.TECHNOLOGY, Barrier.APPROVER, Barrier.COST)
QUESTIONS = 8 + len(COUNTED)
"""What can be answered: four of value, four of risk, the barriers that count."""
_LOW, _MIDDLE = 3, 6
_PEOPLE = {each: points for points, each in enumerate(People)}
_PERMISSION = {Permission.CLEAR: 0, Permission.UNSURE: 1, Permission.CONTESTED: 2, Permission.REFUSED: 2}
_FINE = (Comfort.READY, Comfort.HAPPY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What is known of one dataset; None for what nobody has answered."""

    id: str
    name: str
    needed: int | None = None
    """How many indicators are made with it."""
    asked: int | None = None
    """How many organisations asked for it."""
    decision: bool | None = None
    """A decision with a date waits for it."""
    finding: bool | None = None
    """The community asked for what it can tell."""
    people: People | None = None
    worst: int | None = None
    """Likelihood times impact (1 to 9) of the worst risk with everything that is agreed; 0 for none."""
    permission: Permission | None = None
    surprise: bool | None = None
    """Somebody would be surprised, or may be."""
    barriers: Mapping[Barrier, bool] = field(default_factory=dict)
    """What is known of each: whether it stands in the way."""
    comfort: Comfort | None = None
    comfort_told: bool = True
    """False where the reader may not know how ready the owner is: it is then no stop sign, and never band A."""
    serious: bool = False
    """An open concern is felt very strongly."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One line of the sum."""

    name: str
    """What is asked, as a person reads it."""
    term: str
    """The word of the sum: "needed", "small areas"."""
    said: str
    """What is known, in words: "2", "Yes", "Counts of small areas"; "" for nothing."""
    points: int
    most: int

    @property
    def known(self) -> bool:
        """Whether anybody has answered; where not, it counts as the worst."""
        return bool(self.said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One dataset in its place."""

    candidate: Candidate
    band: Band
    value: tuple[Point, ...]
    risk: tuple[Point, ...]
    barriers: tuple[Point, ...]
    stops: tuple[str, ...]
    """Stop signs in words."""

    @property
    def v(self) -> int:
        """0 to 10."""
        return sum(each.points for each in self.value)

    @property
    def r(self) -> int:
        """0 to 10."""
        return sum(each.points for each in self.risk)

    @property
    def b(self) -> int:
        """0 to 5."""
        return sum(each.points for each in self.barriers)

    @property
    def answered(self) -> int:
        """How many of `QUESTIONS` are answered."""
        return sum(each.known for each in (*self.value, *self.risk, *self.barriers))

    @property
    def sum(self) -> str:
        """The whole sum in one line, to be added up on paper.

        "A: V 4 = 2 needed + 2 decision; R 1 = 1 aggregate; B 1 = 1 format; owner: ready; 13 of 13 answered"; what is
        not known is one term: "R 8 = 2 small areas + 6 not known".
        """
        parts = [
            f"{self.band.value}: {_added('V', self.v, self.value)}",
            _added("R", self.r, self.risk),
            _added("B", self.b, self.barriers),
        ]
        if self.candidate.comfort_told:
            parts.append(f"owner: {_comfort(self.candidate.comfort)}")
        if self.stops:
            parts.append(f"stop: {', '.join(self.stops)}")
        return "; ".join([*parts, f"{self.answered} of {QUESTIONS} answered"])


def rank(candidates: Iterable[Candidate]) -> tuple[Ranked, ...]:
    """Every candidate in its place: by band, then value from high to low, risk, barriers and name."""
    return tuple(sorted((ranked(each) for each in candidates), key=order))


def ranked(candidate: Candidate) -> Ranked:
    """One dataset with its points and its band."""
    value, risk = _value(candidate), _risk(candidate)
    stops = tuple(_stops(candidate))
    band = _band(sum(each.points for each in risk), candidate, stopped=bool(stops))
    return Ranked(candidate=candidate, band=band, value=value, risk=risk, barriers=_barriers(candidate), stops=stops)


def order(each: Ranked) -> tuple[str, int, int, int, str, str]:
    """What the list is sorted by; the smallest stands first."""
    name = each.candidate.name
    return each.band.value, -each.v, each.r, each.b, name.casefold(), each.candidate.id


def _band(risk: int, candidate: Candidate, *, stopped: bool) -> Band:
    if stopped or risk > _MIDDLE:
        return Band.CARE
    fine = candidate.comfort_told and candidate.comfort in _FINE
    return Band.START if fine and risk <= _LOW else Band.NEXT


def _stops(candidate: Candidate) -> Iterable[str]:
    """Known ones first, then what nobody has answered: it counts as if it were one."""
    asked = [candidate.people, candidate.permission, *([candidate.comfort] if candidate.comfort_told else [])]
    if candidate.people is People.IDENTIFIABLE:
        yield "people can be recognised"
    if candidate.permission is Permission.REFUSED:
        yield "not permitted"
    if candidate.serious:
        yield "a concern felt very strongly"
    if candidate.comfort_told and candidate.comfort is Comfort.NOT_READY:
        yield "the owner is not ready"
    if None in asked:
        yield "too little is known"


def _value(of: Candidate) -> tuple[Point, ...]:
    return (
        _counted("Indicators made with it", "needed", of.needed, points=_needed(of.needed)),
        _counted("Organisations that asked for it", "asked", of.asked, points=min(of.asked or 0, 3)),
        _wanted("A decision with a date waits for it", "decision", of.decision),
        _wanted("People in the community asked for what it can tell", "finding", of.finding),
    )


def _counted(name: str, term: str, count: int | None, *, points: int) -> Point:
    return Point(name=name, term=term, said="" if count is None else str(count), points=points, most=3)


def _needed(count: int | None) -> int:
    """0 for none, 1 for one, 2 for two or three, 3 for more."""
    return min(count or 0, 2) if (count or 0) <= 3 else 3


def _wanted(name: str, term: str, said: bool | None) -> Point:
    return Point(name=name, term=term, said=_yes_or_no(said), points=2 if said else 0, most=2)


def _risk(of: Candidate) -> tuple[Point, ...]:
    term, closely = _TERMS_OF_PEOPLE[of.people] if of.people else ("", "")
    allowed, said = _TERMS_OF_PERMISSION[of.permission] if of.permission else ("", "")
    return (
        Point(
            name="How closely it tells of people",
            term=term,
            said=closely,
            points=_PEOPLE[of.people] if of.people else 4,
            most=4,
        ),
        Point(
            name="The worst risk, with what is agreed",
            term="worst risk",
            said="" if of.worst is None else f"{of.worst} of 9" if of.worst else "None",
            points=_left(of.worst),
            most=3,
        ),
        Point(
            name="Whether it may be shared",
            term=allowed,
            said=said,
            points=_PERMISSION[of.permission] if of.permission else 2,
            most=2,
        ),
        Point(
            name="Whether somebody would be surprised",
            term="surprise",
            said="Yes, or maybe" if of.surprise else _yes_or_no(of.surprise),
            points=0 if of.surprise is False else 1,
            most=1,
        ),
    )


def _left(product: int | None) -> int:
    """Likelihood times impact as points: 0 for none, 1 up to 2, 2 up to 4, 3 beyond and where nobody knows."""
    if product is None:
        return 3
    return next((points for points, most in enumerate((0, 2, 4)) if product <= most), 3)


def _barriers(of: Candidate) -> tuple[Point, ...]:
    known = {each: of.barriers.get(each) for each in COUNTED}
    return tuple(
        Point(name=_BARRIERS[each], term=each.value, said=_yes_or_no(said), points=0 if said is False else 1, most=1)
        for each, said in known.items()
    )


def _yes_or_no(said: bool | None) -> str:
    return "" if said is None else "Yes" if said else "No"


def _added(letter: str, total: int, points: Sequence[Point]) -> str:
    terms = [f"{each.points} {each.term}" for each in points if each.points and each.known]
    unknown = sum(each.points for each in points if not each.known)
    terms += [f"{unknown} not known"] if unknown else []
    return f"{letter} {total} = {' + '.join(terms)}" if terms else f"{letter} {total}"


def _comfort(said: Comfort | None) -> str:
    return WORDS_OF_COMFORT[said].lower() if said else "not said"


WORDS_OF_COMFORT: Mapping[Comfort, str] = {
    Comfort.NOT_READY: "Not ready",
    Comfort.CONDITIONS: "With conditions",
    Comfort.READY: "Ready",
    Comfort.HAPPY: "Happy to",
}
_TERMS_OF_PEOPLE: Mapping[People, tuple[str, str]] = {
    People.NONE: ("no people", "Nobody is in it"),
    People.AGGREGATE: ("aggregate", "Counts, none of them small"),
    People.SMALL: ("small areas", "Counts that may be small"),
    People.DE_IDENTIFIED: ("de-identified", "One row each, without names"),
    People.IDENTIFIABLE: ("identifiable", "People can be recognised"),
}
"""The term of the sum, and what it says."""
_TERMS_OF_PERMISSION: Mapping[Permission, tuple[str, str]] = {
    Permission.CLEAR: ("permission", "Clear, and named"),
    Permission.UNSURE: ("permission unsure", "Unsure, or not named"),
    Permission.CONTESTED: ("others’ rights", "Contested, or others hold rights"),
    Permission.REFUSED: ("not permitted", "No"),
}
_BARRIERS: Mapping[Barrier, str] = {
    Barrier.AVAILABILITY: "It is not there, or not now",
    Barrier.FORMAT: "Its format is in the way",
    Barrier.TECHNOLOGY: "The system it is kept in is in the way",
    Barrier.APPROVER: "Nobody is named who can say yes",
    Barrier.COST: "Cost or staff time is in the way",
}
