"""The access rule as SQL gives the same lists as the rule written a second time, and leaves out what was changed."""

from __future__ import annotations

import random
from pathlib import Path

from sqlalchemy import FromClause, String, column, values

import store
from governance import Visit
from governance.access import Dataset, Use
from governance.covering import covered
from store import guarded
from tests.governance import paper_worlds as paper
from tests.governance import stored_worlds as stored
from tests.governance.stored_worlds import its
from tests.governance.test_standing import tamper

LISTS = {"sqlite": (25, 10), "postgresql": (10, 10)}
"""Worlds, and lists asked for in each; a list answers for every dataset of its world."""


def as_table(datasets: list[Dataset]) -> FromClause:
    columns = [column(name, String) for name in ("id", "owner", "band")]
    listed_here = values(*columns).data([(each.id, each.owner, each.band.value) for each in datasets])
    return listed_here.cte("listed")


def listed(
    visit: Visit, datasets: list[Dataset], *, asked: paper.World, left_out: frozenset[str] | None = None
) -> set[str]:
    table = as_table(datasets)
    wanted = covered(visit, table, use=Use(asked["use"]), purpose=asked["purpose"], left_out=left_out)
    return set(guarded(visit.read(), wanted, "a test asks for itself").scalars())


def test_a_list_names_exactly_the_datasets_that_each_look_would_allow(home: Path) -> None:
    number, lists = LISTS[store.dialect_name()]
    made = {seed: paper.made(seed) for seed in range(number)}
    stored.put(made)
    answers = {True: 0, False: 0}
    for seed, world in stored.by_zone(made):
        rng = random.Random(seed)
        maker = paper.Maker(seed)
        for _ in range(lists):
            asked = {**maker.question(), "username": rng.choice(world["people"])["username"]}
            with stored.eyes(seed, world, asked["username"], at=asked["at"]) as visit:
                found = listed(visit, stored.subjects(seed, world), asked=asked, left_out=frozenset())
            for dataset in world["datasets"]:
                expected = paper.second_opinion(world, {**asked, "dataset": dataset["id"]})["ok"]
                assert (its(seed, dataset["id"]) in found) == expected, (seed, asked, dataset)
                answers[expected] += 1
    assert sum(answers.values()) == number * lists * 3 and min(answers.values()) > number * lists // 2, answers


def test_a_list_leaves_out_what_only_a_changed_version_covers(home: Path) -> None:
    world, asked = next(
        (paper.made(seed), asked)
        for seed in range(100)
        for asked in paper.made(seed, questions=40)["questions"]
        if paper.second_opinion(paper.made(seed), asked)["why"] == "covered"
    )
    stored.put({0: world})
    for seed, _ in stored.by_zone({0: world}):
        with stored.eyes(seed, world, asked["username"], at=asked["at"]) as visit:
            datasets = stored.subjects(seed, world)
            assert its(seed, asked["dataset"]) in listed(visit, datasets, asked=asked)
            visit.refresh()
            tamper("UPDATE agreement_party SET signatory = 'Somebody else' WHERE signed_at IS NOT NULL")
            after = listed(visit, datasets, asked=asked)
            assert its(seed, asked["dataset"]) not in after
