"""Whether signed agreements let those who asked use the data: asked of the access rule at every look, kept nowhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from governance import Visit, standing
from governance.access import Dataset, Decision, Use, Why, World, decide, strictest
from governance.access.rule import STAGES
from sharing.uses.keeping import Part, Whole
from sharing.uses.values import Coverage


def coverages(visit: Visit, wholes: Collection[Whole]) -> dict[str, Coverage]:
    """Of each use, by id. It is covered when for every dataset somebody of those who asked may do all it names.

    Open data and the asking organisation's own need no agreement; the purpose has to be the very one.
    """
    subjects = {_subject(part) for whole in wholes for part in whole.parts}
    asking = {whole.row.organisation_id for whole in wholes}
    world = standing.facts(visit, subjects, organisations=asking)
    return {whole.row.id: _coverage(visit, world, whole) for whole in wholes}


def coverage(visit: Visit, whole: Whole) -> Coverage:
    """Of one use."""
    return coverages(visit, [whole])[whole.row.id]


def _subject(part: Part) -> Dataset:
    return Dataset(id=part.brief.id, owner=part.owner, band=part.band)


def _coverage(visit: Visit, world: World, whole: Whole) -> Coverage:
    if not whole.parts:
        return Coverage(ok=False, why=Why.NO_AGREEMENT)
    found = [_best(world, whole, part.brief.id, now=visit.now) for part in whole.parts]
    last = [each.item.last_day for each in found if each.ok and each.item is not None]
    last_day = min([*last, *([whole.row.until] if whole.row.until else [])], default=None)
    refused = next((each.why for each in found if not each.ok), None)
    if refused is None and last_day is not None and visit.today > last_day:
        refused = Why.ENDED
    whys = {each.why for each in found}
    return Coverage(
        ok=refused is None,
        why=refused or next(why for why in (Why.COVERED, Why.OPEN, Why.OWN) if why in whys),
        agreements=tuple(dict.fromkeys(each.agreement for each in found if each.agreement)),
        last_day=last_day,
    )


def _best(world: World, whole: Whole, dataset: str, *, now: datetime) -> Decision:
    """What the member of the asking organisation that may do most may do with this dataset."""
    people = world.members.get(whole.row.organisation_id, ())
    uses, purpose = [Use(each) for each in whole.row.uses], whole.row.purpose
    found = [
        _for_all([decide(world, one.username, use=use, dataset=dataset, purpose=purpose, now=now) for use in uses])
        for one in people
    ]
    return max(found, key=_rank, default=Decision(ok=False, why=Why.ACCOUNT))


def _for_all(each: Sequence[Decision]) -> Decision:
    """The strictest answer over the uses; where rows allow all of them, the row that ends first."""
    answer = strictest(each)
    if not answer.ok or any(one.item is None for one in each):
        return answer
    return min(each, key=_last_day)


def _last_day(decision: Decision) -> date:
    return decision.item.last_day if decision.item is not None else date.max


def _rank(decision: Decision) -> tuple[bool, date, int]:
    """Best last: allowed, for longest; of refusals the one that came furthest."""
    stage = STAGES.index(decision.why) if decision.why in STAGES else len(STAGES)
    return (decision.ok, _last_day(decision) if decision.ok else date.min, stage)
