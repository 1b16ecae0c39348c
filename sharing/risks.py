"""What could go wrong with sharing a dataset, and what is left of it with everything that is agreed.

A risk is an answer of the screening that asks for more, or a concern about the dataset that is not eased or closed. The
owner's steward weighs each: how likely, how bad, both from 1 to 3, for twelve months, as long as a screening counts. A
risk that nobody has weighed counts as the worst.
How strongly a concern is felt is no part of it: a feeling is shown beside the number, not put into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from catalogue.unopened import unopened_one
from governance import Action, Invalid, NotFound, Visit, require
from governance.concerns import Concern, State, concerns
from sharing.questions import Counts, questions
from sharing.screening import Screening, last_day, screened
from sharing.tables import WeighingRow

LONGEST = 1000
WORST = 9
"""3 times 3."""
_SETTLED = (State.EASED, State.CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """How likely and how bad, from 1 to 3, and what was agreed that makes it so."""

    risk: str
    """Its key."""
    likelihood: int
    impact: int
    agreed: str = ""

    @property
    def product(self) -> int:
        """1 to 9."""
        return self.likelihood * self.impact


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """One thing that could go wrong."""

    key: str
    """question:CODE or concern:ID"""
    words: str
    """The question, or the concern in the words of who raised it."""
    helps: str = ""
    """What would help, of a question."""
    concern: Concern | None = None
    weight: Weight | None = None
    """None until somebody weighs it."""

    @property
    def left(self) -> int:
        """1 to 9; a risk that nobody weighed is the worst."""
        return self.weight.product if self.weight else WORST


def weigh(visit: Visit, dataset_id: str, weight: Weight) -> None:
    """Say what is left of one risk. Raises: Invalid, NotFound for what is no risk of it, NotPermitted."""
    owner = unopened_one(visit, dataset_id).organisation_id
    if not {weight.likelihood, weight.impact} <= {1, 2, 3}:
        raise Invalid("Say how likely it is and how bad it would be.", field="likelihood")
    agreed = weight.agreed.strip()
    if len(agreed) > LONGEST:
        raise Invalid(f"Say what is agreed in at most {LONGEST:,} characters.", field="agreed")
    grant = require(visit, Action.RISK_WEIGHED, f"dataset:{dataset_id}", organisation_id=owner, risk=weight.risk)
    if weight.risk not in {each.key for each in risks(visit, dataset_id)}:
        raise NotFound("This is not among its risks any more: load the page again.")
    with visit.change(grant) as session:
        row = session.get(WeighingRow, (dataset_id, weight.risk))
        if row is None:
            row = WeighingRow(dataset_id=dataset_id, risk=weight.risk)
            session.add(row)
        row.likelihood, row.impact, row.agreed = weight.likelihood, weight.impact, agreed
        row.by, row.changed_on = visit.viewer.username, visit.today


def risks(visit: Visit, dataset_id: str) -> tuple[Risk, ...]:
    """The risks of one dataset, the worst first: of the answers that count now, or are drafted, and of its concerns."""
    found = screened(visit, dataset_id).get(dataset_id)
    said = (found.draft or found.counting) if found else None
    about = concerns(visit, about_kind="dataset", about_id=dataset_id)
    return listed(said, about, weights(visit, dataset_id).get(dataset_id, {}))


def listed(said: Screening | None, about: Sequence[Concern], weighed: Mapping[str, Weight]) -> tuple[Risk, ...]:
    """The risks that these answers and concerns make, the worst first."""
    found = [*_of_answers(said), *_of_concerns(about)]
    made = [
        Risk(key=each.key, words=each.words, helps=each.helps, concern=each.concern, weight=weighed.get(each.key))
        for each in found
    ]
    return tuple(sorted(made, key=lambda each: -each.left))


def weights(visit: Visit, dataset_id: str = "") -> Mapping[str, Mapping[str, Weight]]:
    """By dataset and risk, those of the last twelve months."""
    wanted = select(WeighingRow)
    if dataset_id:
        wanted = wanted.where(WeighingRow.dataset_id == dataset_id)
    found: dict[str, dict[str, Weight]] = {}
    for row in visit.read().execute(wanted).scalars():
        weight = Weight(risk=row.risk, likelihood=row.likelihood, impact=row.impact, agreed=row.agreed)
        if visit.today <= last_day(row.changed_on):
            found.setdefault(row.dataset_id, {})[row.risk] = weight
    return found


def _of_answers(said: Screening | None) -> Iterable[Risk]:
    for code, each in questions().items():
        answered = said.answers.get(code) if said else None
        if each.counts is Counts.RISK and answered is not None and answered is not each.fine:
            yield Risk(key=f"question:{code}", words=each.words, helps=each.helps)


def _of_concerns(about: Iterable[Concern]) -> Iterable[Risk]:
    for each in about:
        if each.state not in _SETTLED:
            yield Risk(key=f"concern:{each.id}", words=each.words, concern=each)
