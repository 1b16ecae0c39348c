"""Candidates: the datasets that could be shared next, each in its place, gathered from what is stored.

Every line of the ranking has one source. Counted: indicators and meetings to come (`Demand`, by the rooms that know
them) and the organisations that proposed a use. From the catalogue: how closely the data tell of people, who can say
yes, in which format. From the owner's signed screening: permission, surprise, small numbers, a decision that waits,
what the community asked for. From concerns and the screening together: the worst risk with what is agreed.

What others see of the owner's comfort
    The band follows from it, so a band would tell it. Others therefore see a band that is worked out without it, and
    that is never A: "not ready", "with conditions", "ready" and "nothing said" give them the same row, letter by
    letter and in the same place. A dataset comes to A for others only when its owner is ready or happy and chose to
    tell them so; of the two words they read "ready". The owner's own people see the band that follows from everything.

A dataset that the viewer may not know of is not read at all: it is in no list, no count and no sum.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from catalogue.unopened import Unopened, unopened, unopened_one
from governance import Visit
from governance.concerns import Concern, ConcernKind, concerns
from governance.people import organisations
from sharing.barriers import Standing, barriers
from sharing.questions import Answer, questions
from sharing.ranking import Barrier, Candidate, People, Permission, Ranked, rank
from sharing.readiness import Readiness, readiness
from sharing.risks import Weight, listed, weights
from sharing.screening import Screened, Screening, screened
from sharing.tables import UseDatasetRow, UseRow

_ASKS = ("idea", "submitted", "live")
_FELT_VERY_STRONGLY = 3
_PERMISSIONS = tuple(Permission)
"""From the best to the worst."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What rooms beside and above this one know of datasets, by id."""

    needed: Mapping[str, int] = field(default_factory=dict)
    """How many indicators are made with it."""
    waiting: Collection[str] = ()
    """Those on the agenda of a meeting to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One candidate for one reader."""

    dataset: Unopened
    ranked: Ranked
    own: bool
    """The reader belongs to the owner."""
    screening: Screened
    readiness: Readiness | None
    """What the reader may know of it."""
    barriers: Mapping[Barrier, Standing]
    asked_by: tuple[str, ...]
    """Names of the organisations that proposed a use."""
    concerns: int
    """How many are open: beside the sum, not in it."""

    @property
    def is_green(self) -> bool:
        """Whether every answer about a risk is the fine one, in a screening that counts, and no concern is open."""
        counting = self.screening.counting
        asked = [each for each in questions().values() if not each.counts.is_value]
        fine = counting is not None and all(counting.answers.get(each.code) is each.fine for each in asked)
        return fine and not self.concerns


def candidates(visit: Visit, demand: Demand) -> tuple[Entry, ...]:
    """Every candidate that the viewer may know of, the best first."""
    return _ranked(visit, unopened(visit), demand)


def candidate(visit: Visit, dataset_id: str, demand: Demand) -> Entry:
    """One of them. Raises NotFound for what is open, hidden or not there."""
    return _ranked(visit, [unopened_one(visit, dataset_id)], demand)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What is stored about one dataset."""

    dataset: Unopened
    own: bool
    screening: Screened
    readiness: Readiness | None
    barriers: Mapping[Barrier, Standing]
    weights: Mapping[str, Weight]
    concerns: Sequence[Concern]
    asked: frozenset[str]
    """Ids of organisations."""


def _ranked(visit: Visit, datasets: Sequence[Unopened], demand: Demand) -> tuple[Entry, ...]:
    found = {each.dataset.id: each for each in _facts(visit, datasets)}
    names = {each.id: each.name for each in organisations(visit)}
    places = rank(_candidate(each, demand) for each in found.values())
    return tuple(_entry(found[each.candidate.id], each, names) for each in places)


def _facts(visit: Visit, datasets: Sequence[Unopened]) -> Iterator[_Facts]:
    """One statement for each kind of fact, whatever the number of datasets."""
    one = datasets[0].id if len(datasets) == 1 else ""
    answers, ready, weighed = screened(visit, one), readiness(visit, one), weights(visit, one)
    standing, feared, asked = barriers(visit, datasets), _concerns(visit, one), _asked(visit, one)
    for each in datasets:
        yield _Facts(
            dataset=each,
            own=visit.viewer.sees_all or visit.viewer.organisation_id == each.organisation_id,
            screening=_of_owner(answers.get(each.id), each),
            readiness=_ready(ready.get(each.id), each),
            barriers=standing[each.id],
            weights=weighed.get(each.id, {}),
            concerns=feared.get(each.id, ()),
            asked=frozenset(asked.get(each.id, set()) - {each.organisation_id}),
        )


def _entry(facts: _Facts, ranked: Ranked, names: Mapping[str, str]) -> Entry:
    return Entry(
        dataset=facts.dataset,
        ranked=ranked,
        own=facts.own,
        screening=facts.screening,
        readiness=facts.readiness,
        barriers=facts.barriers,
        asked_by=tuple(sorted((names[each] for each in facts.asked if each in names), key=str.casefold)),
        concerns=sum(each.is_open for each in facts.concerns),
    )


def _of_owner(found: Screened | None, dataset: Unopened) -> Screened:
    """Without what an earlier owner answered."""

    def kept(each: Screening | None) -> Screening | None:
        return each if each is not None and each.organisation_id == dataset.organisation_id else None

    return Screened(signed=kept(found.signed), draft=kept(found.draft)) if found else Screened()


def _ready(found: Readiness | None, dataset: Unopened) -> Readiness | None:
    return found if found is not None and found.organisation_id == dataset.organisation_id else None


def _candidate(facts: _Facts, demand: Demand) -> Candidate:
    dataset, counting, ready = facts.dataset, facts.screening.counting, facts.readiness
    return Candidate(
        id=dataset.id,
        name=dataset.title,
        needed=demand.needed.get(dataset.id, 0),
        asked=len(facts.asked),
        decision=True if dataset.id in demand.waiting else _yes(counting, "decision"),
        finding=_yes(counting, "finding"),
        people=_people(dataset, counting),
        worst=_worst(facts),
        permission=_permission(counting, facts.concerns),
        surprise=_not_no(counting, "surprise"),
        barriers={each: found.stands for each, found in facts.barriers.items()},
        comfort=ready.comfort if ready else None,
        comfort_told=ready is not None or facts.own,
        serious=any(each.is_open and each.felt == _FELT_VERY_STRONGLY for each in facts.concerns),
    )


def _said(counting: Screening | None, code: str) -> Answer | None:
    return counting.answers.get(code) if counting else None


def _yes(counting: Screening | None, code: str) -> bool | None:
    """Value needs a yes: uncertain is none."""
    said = _said(counting, code)
    return None if said is None else said is Answer.YES


def _not_no(counting: Screening | None, code: str) -> bool | None:
    """Risk ends with a no: uncertain is one."""
    said = _said(counting, code)
    return None if said is None else said is not Answer.NO


def _people(dataset: Unopened, counting: Screening | None) -> People | None:
    """As its owner states; counts are taken for small ones until the screening says that they are not."""
    if dataset.person_level not in set(People):
        return None
    level = People(dataset.person_level)
    if level is not People.AGGREGATE:
        return level
    return People.AGGREGATE if _said(counting, "small") is Answer.NO else People.SMALL


def _worst(facts: _Facts) -> int | None:
    """None without a screening that counts, or while a risk is not weighed."""
    if facts.screening.counting is None:
        return None
    found = listed(facts.screening.counting, facts.concerns, facts.weights)
    if any(each.weight is None for each in found):
        return None
    return max((each.left for each in found), default=0)


def _permission(counting: Screening | None, about: Sequence[Concern]) -> Permission | None:
    """The worst of what the law, others' rights and an open legal concern say; a yes counts with its citation."""
    law = _said(counting, "law")
    if counting is None or law is None:
        return None
    said = {Answer.NO: Permission.REFUSED, Answer.UNCERTAIN: Permission.UNSURE}
    cited = Permission.CLEAR if counting.notes.get("law") else Permission.UNSURE
    rights = {Answer.NO: Permission.CLEAR, Answer.UNCERTAIN: Permission.UNSURE}
    found = [
        said.get(law, cited),
        rights.get(_said(counting, "rights") or Answer.YES, Permission.CONTESTED),
        *(Permission.CONTESTED for each in about if each.is_open and each.kind is ConcernKind.LEGAL),
    ]
    return max(found, key=_PERMISSIONS.index)


def _concerns(visit: Visit, dataset_id: str) -> Mapping[str, Sequence[Concern]]:
    found: dict[str, list[Concern]] = {}
    for each in concerns(visit, about_kind="dataset", about_id=dataset_id):
        found.setdefault(each.about.id, []).append(each)
    return found


def _asked(visit: Visit, dataset_id: str) -> Mapping[str, set[str]]:
    """The organisations that proposed a use of each dataset, as far as the viewer may know of the use."""
    wanted = (
        select(UseDatasetRow.dataset_id, UseRow.organisation_id)
        .join(UseRow, UseRow.id == UseDatasetRow.use_id)
        .where(UseRow.state.in_(_ASKS))
    )
    if dataset_id:
        wanted = wanted.where(UseDatasetRow.dataset_id == dataset_id)
    found: dict[str, set[str]] = {}
    for row in visit.read().execute(wanted):
        found.setdefault(row[0], set()).add(row[1])
    return found
