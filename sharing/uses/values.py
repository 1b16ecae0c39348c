"""What a proposed use is made of, as it is asked for, as it is decided and as it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from governance.access import Band, Use, Why

LONGEST = 4_000
"""Characters of what somebody may write in one field."""
LONGEST_TITLE = 200
MOST_GROUPS = 12
MOST_DATASETS = 20


class Decision(StrEnum):
    """What an owner says; "yes, if" comes first, as most things can be done somehow."""

    GO_IF = "go-if"
    GO = "go"
    NOT_NOW = "not-now"


class State(StrEnum):
    """How far a use is; `waiting`, `go`, `go-if` and `not-now` follow from what the owners said."""

    IDEA = "idea"
    """A wish in words: nobody knows yet which data it needs."""
    WAITING = "waiting"
    GO = "go"
    GO_IF = "go-if"
    NOT_NOW = "not-now"
    LIVE = "live"
    FINISHED = "finished"
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """Whether it has neither begun nor ended."""
        return self not in (State.LIVE, State.FINISHED, State.WITHDRAWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """What a use may mean for one group of people."""

    name: str
    benefit: str = ""
    risk: str = ""
    answer: str = ""
    """What is done about the risk."""

    @property
    def is_unanswered(self) -> bool:
        """A risk without a benefit, and nobody has said what is done about it."""
        return bool(self.risk) and not (self.benefit or self.answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Seven answers: title, why and how, purpose, data, value, who benefits and carries the risk, legal basis."""

    title: str
    summary: str
    purpose: str = ""
    datasets: tuple[str, ...] = ()
    """Ids; none for an idea."""
    value: str = ""
    groups: tuple[Group, ...] = ()
    legal_basis: str = ""
    uses: tuple[Use, ...] = (Use.VIEW, Use.PRESENT)
    until: date | None = None
    """The last day, included; None as long as the agreement lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """An owner's decision: "yes, if" needs its conditions, "not now" its reason and what would change it."""

    decision: Decision = Decision.GO_IF
    conditions: str = ""
    reason: str = ""
    would_change: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Whether signed agreements let those who ask use every dataset for this purpose, at this moment."""

    ok: bool
    why: Why
    """Of a refusal the first reason found."""
    agreements: tuple[str, ...] = ()
    """Ids of those that cover it; none where all the data are open or the asking organisation's own."""
    last_day: date | None = None
    """Included; None without an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One dataset that is asked for, as far as the viewer may know of it."""

    dataset_id: str
    title: str
    owner_id: str
    """ "" for what nobody here owns."""
    owner: str
    band: Band
    approver: str
    asked_on: date
    needs_a_word: bool
    """False for open data and for those of the asking organisation itself."""
    decision: Decision | None
    conditions: str
    reason: str
    would_change: str
    decided_by: str
    """What the person is called."""
    decided_on: date | None
    agreement_id: str
    version_id: str

    @property
    def is_waiting(self) -> bool:
        """Whether its owner has not said anything yet."""
        return self.needs_a_word and self.decision is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """One organisation that is asked, for the datasets it owns."""

    organisation_id: str
    name: str
    datasets: tuple[Asked, ...]
    approvers: tuple[str, ...]
    """Whom the datasets name as deciding."""
    stewards: tuple[str, ...]
    """Who can write the decision down here."""
    days: int
    """Since it was asked."""

    @property
    def is_waiting(self) -> bool:
        """Whether one of its datasets waits still."""
        return any(each.is_waiting for each in self.datasets)

    @property
    def said(self) -> Asked:
        """The dataset whose decision stands for all: the one that waits, else a no, else the first."""
        order = (None, Decision.NOT_NOW, Decision.GO_IF, Decision.GO)
        return min(self.datasets, key=lambda each: order.index(each.decision))


@dataclass(frozen=True, slots=True, kw_only=True)
class UseCase:
    """One proposed use as the viewer may read it: nothing of datasets they may not know of."""

    id: str
    title: str
    summary: str
    purpose: str
    value: str
    groups: tuple[Group, ...]
    legal_basis: str
    uses: tuple[Use, ...]
    until: date | None
    organisation_id: str
    organisation: str
    asked_by: str
    """What the person is called."""
    state: State
    version: int
    datasets: tuple[Asked, ...]
    owners: tuple[Owner, ...]
    """Those whose word is needed, the one that has waited longest first."""
    asked_on: date
    live_on: date | None
    ended_on: date | None
    outcome: str
    unexpected: str
    is_ours: bool
    """The viewer's organisation asks."""
    may_withdraw: bool
    may_decide: bool
    """The viewer decides for one of the owners."""
    may_check: bool
    """The viewer may hold it against the charter: not who asked."""

    @property
    def waiting(self) -> tuple[Owner, ...]:
        """The owners that have not answered."""
        return tuple(each for each in self.owners if each.is_waiting) if self.state.is_open else ()

    @property
    def days(self) -> int:
        """How long the slowest answer is waited for; 0 when none is."""
        return max((each.days for each in self.waiting), default=0)


LACKS: Mapping[str, str] = {
    "summary": "Say in plain words why and how the data are used.",
    "purpose": "Name the purpose.",
    "value": "Say what it is worth, and to whom.",
    "benefit": "Say who benefits.",
    "risk": "Say who carries a risk; “Nobody that we know of.” is an answer too.",
    "legal_basis": "Name the legal basis.",
}


def lacks(said: Proposal | UseCase) -> tuple[str, ...]:
    """What is still to be said before the use may begin, in sentences; empty when everything is."""
    answered = {
        "summary": bool(said.summary),
        "purpose": bool(said.purpose),
        "value": bool(said.value),
        "benefit": any(each.benefit for each in said.groups),
        "risk": any(each.risk for each in said.groups),
        "legal_basis": bool(said.legal_basis),
    }
    missing = [LACKS[name] for name, there in answered.items() if not there]
    missing += [
        f"{each.name} would carry a risk and have no benefit: say what is done about it."
        for each in said.groups
        if each.is_unanswered
    ]
    return tuple(missing)
