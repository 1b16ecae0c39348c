"""What may stand on a screen that several organisations look at: what each of them may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from governance.access.rule import FREE, STAGES, Decision, decide, paused, strictest
from governance.access.values import Band, Detail, Use, Why
from governance.access.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomDecision:
    """The answer for a room; every organisation and the public, when they are there, must be allowed."""

    ok: bool
    why: Why
    organisation: str | None = None
    """The first organisation, in the order given, that is not covered; None when all are, or nobody is there."""
    detail: Detail | None = None
    """The coarsest detail of all that are there; None when refused."""
    min_cell: int | None = None
    """The largest minimum cell of all that are there; None when refused."""


def _rank(decision: Decision) -> tuple[int, int]:
    """Best last: the furthest refusal, then what is allowed with finest detail and the larger minimum cell."""
    if decision.detail is None or decision.min_cell is None:
        return (STAGES.index(decision.why) - len(STAGES), 0)
    return (decision.detail.fineness, decision.min_cell)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Screen:
    world: World
    uses: tuple[Use, ...]
    dataset: str
    purpose: str
    now: datetime

    def member(self, username: str) -> Decision:
        """What one person allows: every use of this screen, as they alone would be answered."""
        return strictest(
            [
                decide(self.world, username, use=use, dataset=self.dataset, purpose=self.purpose, now=self.now)
                for use in self.uses
            ]
        )

    def is_open_to(self, organisation: str) -> bool:
        """Open data need no account, yet a hold stops them too."""
        dataset = self.world.dataset(self.dataset)
        return dataset.band == Band.OPEN and not paused(self.world, dataset, organisation=organisation, now=self.now)

    def organisation(self, name: str) -> Decision:
        """What its best-placed member may see."""
        answers = [self.member(each.username) for each in self.world.members.get(name, ())]
        if self.is_open_to(name):
            answers.append(FREE[Why.OPEN])
        return max(answers, key=_rank, default=Decision(ok=False, why=Why.ACCOUNT))


def room(
    world: World, organisations: Sequence[str], *, public: bool, dataset: str, purpose: str, now: datetime
) -> RoomDecision:
    """Whether a dataset may be presented to these organisations, and to the public when it is there.

    Of each organisation an active member must be allowed `present`, and `publish` too with the public there. Open data
    may be shown to anybody unless they are paused. Where nobody is noted as present, only open data are shown.
    Raises ValueError when `now` has no time zone.
    """
    world.today(now)
    uses = (Use.PRESENT, Use.PUBLISH) if public else (Use.PRESENT,)
    screen = _Screen(world=world, uses=uses, dataset=dataset, purpose=purpose, now=now)
    answers = [screen.organisation(name) for name in organisations]
    if not answers and screen.is_open_to(""):
        answers.append(FREE[Why.OPEN])
    shown = strictest(answers)
    refused = next((name for name, answer in zip(organisations, answers, strict=False) if not answer.ok), None)
    return RoomDecision(ok=shown.ok, why=shown.why, organisation=refused, detail=shown.detail, min_cell=shown.min_cell)
