"""The access rule as SQL calls covered what the rule written a second time does, and leaves out what was changed."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import FromClause, String, column, values

import store
from governance import Visit, operator, people, standing
from governance.access import Band, Dataset, Use, decide
from governance.covering import covered
from governance.people import Newcomer
from store import guarded
from tests.governance import paper_worlds as paper
from tests.governance import stored_worlds as stored
from tests.governance.stored_worlds import its
from tests.governance.tables_of_four import NOW, seated
from tests.governance.test_standing import tamper

LISTS = {"sqlite": (25, 10), "postgresql": (10, 10)}
"""Worlds, and lists asked for in each; a list answers for every dataset of its world."""


def as_table(datasets: list[Dataset]) -> FromClause:
    columns = [column(name, String) for name in ("id", "owner", "band")]
    listed_here = values(*columns).data([(each.id, each.owner, each.band.value) for each in datasets])
    return listed_here.cte("listed")


def listed(visit: Visit, datasets: list[Dataset], *, use: str, purpose: str | None) -> set[str]:
    table = as_table(datasets)
    wanted = covered(visit, table, use=Use(use), purpose=purpose).with_only_columns(table.c.id)
    return set(guarded(visit.read(), wanted, "a test asks for itself").scalars())


def expected(world: paper.World, asked: paper.World, *, purposes: list[str]) -> set[str]:
    """What the rule written a second time calls covered, for one of these purposes."""
    return {
        dataset["id"]
        for dataset in world["datasets"]
        for purpose in purposes
        if paper.second_opinion(world, {**asked, "dataset": dataset["id"], "purpose": purpose})["why"] == "covered"
    }


def test_a_list_names_exactly_the_datasets_that_each_look_would_find_covered(home: Path) -> None:
    number, lists = LISTS[store.dialect_name()]
    made = {seed: paper.made(seed) for seed in range(number)}
    stored.put(made)
    answers = {True: 0, False: 0}
    for seed, world in stored.by_zone(made):
        rng = random.Random(seed)
        maker = paper.Maker(seed)
        for _ in range(lists):
            asked = {**maker.question(), "username": rng.choice(world["people"])["username"]}
            purpose = asked["purpose"] if rng.random() < 0.5 else None
            with stored.eyes(seed, world, asked["username"], at=asked["at"]) as visit:
                found = listed(visit, stored.subjects(seed, world), use=asked["use"], purpose=purpose)
            named = expected(world, asked, purposes=paper.PURPOSES if purpose is None else [purpose])
            assert found == {its(seed, each) for each in named}, (seed, asked, purpose)
            answers[True] += len(named)
            answers[False] += 3 - len(named)
    assert min(answers.values()) > number * lists // 4, answers


def _seen(world: paper.World, asked: paper.World) -> bool:
    with stored.eyes(0, world, asked["username"], at=asked["at"]) as visit:
        found = listed(visit, stored.subjects(0, world), use=asked["use"], purpose=asked["purpose"])
    return its(0, asked["dataset"]) in found


STRAYS = (
    "UPDATE agreement_party SET signatory = 'Somebody else' WHERE signed_at IS NOT NULL",
    "INSERT INTO agreement_grant (version_id, position, kind, value) SELECT version_id, position, kind, 'more'"
    " FROM agreement_grant WHERE kind = 'purpose' GROUP BY version_id, position, kind",
    "INSERT INTO agreement_item (version_id, position, dataset_id, owner_id, detail, min_cell, first, last)"
    " SELECT version_id, 99, dataset_id, owner_id, detail, 0, first, last FROM agreement_item WHERE position = 0",
)


@pytest.mark.parametrize("statement", STRAYS)
def test_at_the_next_look_a_list_leaves_out_what_only_a_changed_version_covers(home: Path, statement: str) -> None:
    world, asked = next(
        (paper.made(seed), asked)
        for seed in range(100)
        for asked in paper.made(seed, questions=40)["questions"]
        if paper.second_opinion(paper.made(seed), asked)["why"] == "covered"
    )
    stored.put({0: world})
    for _ in stored.by_zone({0: world}):
        assert _seen(world, asked)
        tamper(statement)
        assert not _seen(world, asked)


def test_an_amendment_is_listed_while_the_terms_under_it_are_what_was_signed(home: Path) -> None:
    table = seated()
    agreement, terms = table.in_force()
    more = (table.line("tenancies", "Housing", min_cell=5), table.line("jobs", "Council"))
    version = table.amended(agreement, table.line("attendance", "Schools"), *more)
    table.open(version)
    assert table.sign("Council", agreement, version)
    with operator("test", now=NOW) as visit:
        newcomer = Newcomer(username="trust-steward", display="T", organisation_id=table.ids["Trust"], roles=())
        people.invite(visit, newcomer)
    subjects = [
        Dataset(id=name, owner=table.ids[owner], band=Band.GROUP)
        for name, owner in (("attendance", "Schools"), ("tenancies", "Housing"), ("jobs", "Council"))
    ]

    def seen() -> tuple[set[str], set[str]]:
        """By the list, and by the rule itself."""
        with table.visit("Trust", now=NOW + timedelta(hours=1)) as visit:
            facts, who = standing.facts(visit, subjects), visit.viewer.username
            asks = {"use": Use.VIEW, "purpose": "keep in touch", "now": visit.now}
            by_rule = {each.id for each in subjects if decide(facts, who, dataset=each.id, **asks).ok}
            return listed(visit, subjects, use="view", purpose="keep in touch"), by_rule

    everything = {"attendance", "tenancies", "jobs"}
    assert seen() == (everything, everything)
    tamper("UPDATE agreement_party SET signatory = 'X' WHERE version_id = :terms AND position = 3", terms=terms)
    assert seen() == (set(), set())
