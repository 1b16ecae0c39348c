"""Whatever people do in whatever order: nothing begins uncovered, no "not now" is silent, nobody decides for others."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from governance import CommonTableError, Visit, holds, machinery
from governance.access import Band, Scope, Use, decide
from governance.access import Dataset as Subject
from governance.agreements import signing
from governance.standing import facts
from sharing import uses
from sharing.tables import UseDatasetRow, UseRow
from sharing.uses import Decision, Group, Ruling
from tests.catalogue.made import NOW
from tests.sharing.table_of_uses import HARBOUR, IF_TOTALS, MEMBERS, NORTHBANK, STEWARDS, TIDEWATER, Table, seated

pytestmark = pytest.mark.usefixtures("home")

PEOPLE = (*STEWARDS.values(), *MEMBERS.values(), "ada")
WORDS = st.sampled_from(["", " ", "Because."])
RULING = st.builds(Ruling, decision=st.sampled_from(Decision), conditions=WORDS, reason=WORDS, would_change=WORDS)
GROUPS = st.sampled_from(
    [(), (Group(name="Families", benefit="Warm", risk="Seen"),), (Group(name="Landlords", risk="Blame"),)]
)
Step = tuple[str, str, Any]
STEP = st.one_of(
    st.tuples(st.just("decide"), st.sampled_from(PEOPLE), RULING),
    st.tuples(st.just("change"), st.sampled_from(["nils", "jonas"]), st.tuples(GROUPS, st.booleans(), st.booleans())),
    st.tuples(st.just("begin"), st.sampled_from(["nils", "nils", "nils", "priya"]), st.none()),
    st.tuples(st.just("agree"), st.sampled_from([HARBOUR, TIDEWATER]), st.sampled_from(["", "", "another"])),
    st.tuples(st.just("close"), st.just(""), st.none()),
    st.tuples(st.just("hold"), st.sampled_from([HARBOUR, TIDEWATER]), st.none()),
    st.tuples(st.just("lift"), st.just(""), st.none()),
    st.tuples(st.just("finish"), st.sampled_from(["nils", "hanna"]), WORDS),
    st.tuples(st.just("withdraw"), st.sampled_from(["nils", "jonas"]), st.none()),
)


@pytest.fixture
def table() -> Table:
    return seated()


@dataclass(slots=True, kw_only=True)
class Story:
    """One use, and what people try with it."""

    table: Table
    use: str
    purpose: str
    agreed: list[tuple[str, str]] = field(default_factory=list)
    placed: list[tuple[str, str]] = field(default_factory=list)

    def take(self, step: Step) -> None:
        kind, who, what = step
        with contextlib.suppress(CommonTableError):
            getattr(self, kind)(who, what)

    def decide(self, who: str, ruling: Ruling) -> None:
        before = self.rows()
        with self.table.people.as_(who) as visit:
            ours = visit.viewer.organisation_id
            try:
                uses.decide(visit, self.use, ruling, seen=self.seen().version)
            finally:
                after = self.rows()
                changed = {each for each in after if after[each] != before.get(each)}
                owners = {self.table.waiting: self.table.id(HARBOUR), self.table.tenancies: self.table.id(TIDEWATER)}
                assert all(owners[each] == ours for each in changed), "somebody decided for another organisation"
                assert not changed or who in (*STEWARDS.values(), "ada"), "somebody decided who is no steward"

    def change(self, who: str, what: tuple[tuple[Group, ...], bool, bool]) -> None:
        groups, both, lawful = what
        datasets = [self.table.waiting, *([self.table.tenancies] if both else [])]
        basis = "A duty" if lawful else ""
        said = self.table.wants(*datasets, groups=groups, legal_basis=basis, purpose=self.purpose)
        with self.table.people.as_(who) as visit:
            uses.change(visit, self.use, said, seen=self.seen().version)

    def begin(self, who: str, _what: object) -> None:
        before = self.seen()
        with self.table.people.as_(who) as visit:
            uses.go_live(visit, self.use)
        assert self.covered() and self.seen().state == uses.State.LIVE
        assert not uses.lacks(before) and all(each.said.decision for each in before.owners)
        assert Decision.NOT_NOW not in {each.said.decision for each in before.owners}

    def agree(self, owner: str, other: str) -> None:
        dataset = self.table.waiting if owner == HARBOUR else self.table.tenancies
        self.agreed.append((owner, self.table.agree(owner, dataset, purpose=other or self.purpose)))

    def close(self, _who: str, _what: object) -> None:
        if self.agreed:
            owner, agreement = self.agreed.pop()
            with self.table.people.as_(STEWARDS[owner]) as visit:
                signing.close(visit, agreement, why="Over.", looked_back="Fine.")

    def hold(self, owner: str, _what: object) -> None:
        with self.table.people.as_(STEWARDS[owner]) as visit:
            whole = self.table.id(owner)
            hold = holds.place(visit, Scope.ORGANISATION, whole, organisation_id=whole, reason="A stop.")
        self.placed.append((owner, hold))

    def lift(self, _who: str = "", _what: object = None) -> None:
        while self.placed:
            owner, hold = self.placed.pop()
            with self.table.people.as_(STEWARDS[owner]) as visit:
                holds.lift(visit, hold)

    def finish(self, who: str, outcome: str) -> None:
        with self.table.people.as_(who) as visit:
            uses.finish(visit, self.use, outcome=outcome)

    def withdraw(self, who: str, _what: object) -> None:
        with self.table.people.as_(who) as visit:
            uses.withdraw(visit, self.use)

    def seen(self) -> uses.UseCase:
        return self.table.seen(self.use)

    def rows(self) -> dict[str, tuple[str, str, str, str]]:
        """Every decision as it is stored, by dataset."""
        with machinery("test", now=NOW) as visit:
            wanted = select(UseDatasetRow).where(UseDatasetRow.use_id == self.use)
            kept = visit.read().execute(wanted).scalars().all()
        return {each.dataset_id: (each.decision, each.conditions, each.reason, each.would_change) for each in kept}

    def covered(self) -> bool:
        """By asking the access rule itself, dataset by dataset, for the people of those who asked."""
        with machinery("test", now=NOW) as visit:
            named = self.rows()
            return bool(named) and all(self._may(visit, each) for each in named)

    def _may(self, visit: Visit, dataset: str) -> bool:
        owner = self.table.id(HARBOUR if dataset == self.table.waiting else TIDEWATER)
        known = facts(
            visit, [Subject(id=dataset, owner=owner, band=Band.GROUP)], organisations=[self.table.id(NORTHBANK)]
        )
        return any(
            all(
                decide(known, who, use=use, dataset=dataset, purpose=self.purpose, now=NOW).ok
                for use in (Use.VIEW, Use.PRESENT)
            )
            for who in ("nils", "nora")
        )

    def check(self) -> None:
        """What holds after every step."""
        for decision, conditions, reason, would_change in self.rows().values():
            assert decision != Decision.NOT_NOW or (reason.strip() and would_change.strip())
            assert decision != Decision.GO_IF or conditions.strip()
        with self.table.people.as_("hanna") as visit:
            entries = [each for each in uses.register(visit) if each.use.id == self.use]
        for each in entries:
            assert each.runs == (each.use.state is uses.State.LIVE and self.covered())
        with machinery("test", now=NOW) as visit:
            row = visit.read().execute(select(UseRow).where(UseRow.id == self.use)).scalar_one()
        assert (row.live_on is not None) == bool(entries)
        assert row.state != "finished" or row.outcome.strip()


_COUNTED = itertools.count()


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(STEP, min_size=2, max_size=6),
    groups=GROUPS,
    decided=st.booleans(),
    agreed=st.booleans(),
    eager=st.booleans(),
)
def test_no_order_of_commands_breaks_the_rules(  # each is a way to begin a story
    table: Table, steps: list[Step], groups: tuple[Group, ...], decided: bool, agreed: bool, eager: bool
) -> None:
    """A purpose of its own for each story: what another one agreed never covers it."""
    purpose = f"story {next(_COUNTED)}"
    asked = table.ask(table.wants(table.waiting, purpose=purpose, groups=groups))
    story = Story(table=table, use=asked, purpose=purpose)
    begin: Step = ("begin", "nils", None)
    before: list[Step] = [("decide", "priya", IF_TOTALS)] if decided else []
    before += [("agree", HARBOUR, "")] if agreed else []
    for step in (*before, begin, *steps):
        story.take(step)
        if eager:
            story.take(begin)
        story.check()
    story.lift()
