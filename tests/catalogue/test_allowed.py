"""What a list says the viewer may look at is what the rule decides of each dataset, anew at every look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import store
from catalogue import arrays, search
from catalogue.allowed import Access
from catalogue.search import Query
from governance import Visit, holds, machinery, operator, people
from governance.access import Scope
from governance.tables import AgreementRow
from tests.catalogue import shelf
from tests.governance import paper_worlds as paper
from tests.governance import stored_worlds as stored
from tests.governance.stored_worlds import its
from tests.governance.tables_of_four import NOW, Table, seated
from tests.governance.test_standing import tamper

WORLDS = {"sqlite": 10, "postgresql": 4}
ACCESS = {"own": Access.OWN, "open": Access.OPEN, "covered": Access.COVERED}


def put(worlds: dict[int, paper.World]) -> None:
    """The worlds with their datasets in the catalogue."""
    stored.put(worlds)
    made = [each for seed, world in worlds.items() for each in stored.subjects(seed, world)]
    rows = [
        shelf.dataset(number, id=each.id, organisation_id=each.owner, band=each.band.value)
        for number, each in enumerate(made, start=1)
    ]
    shelf.put(rows)


def expected(world: paper.World, username: str, at: str, dataset: paper.World) -> Access:
    """What the rule written a second time says, for one purpose or another."""
    asked = {"username": username, "use": "view", "dataset": dataset["id"], "at": at}
    whys = {paper.second_opinion(world, {**asked, "purpose": each})["why"] for each in paper.PURPOSES}
    refused = paper.second_opinion({**world, "agreements": []}, {**asked, "purpose": ""})["why"]
    is_public = refused == "no-agreement" and dataset["band"].startswith("public-")
    return next((access for why, access in ACCESS.items() if why in whys), Access.PUBLIC if is_public else Access.ASK)


def found(visit: Visit, **filters: tuple[str, ...]) -> search.Found:
    return search.find(visit, Query(size=500, with_access=True, filters=filters))


def test_a_list_tells_of_each_dataset_what_the_rule_decides_and_counts_and_filters_by_it(home: Path) -> None:
    made = {seed: paper.made(seed, questions=4) for seed in range(WORLDS[store.dialect_name()])}
    put(made)
    told: Counter[Access] = Counter()
    for seed, world in stored.by_zone(made):
        for asked in world["questions"]:
            with stored.eyes(seed, world, asked["username"], at=asked["at"]) as visit:
                whole = found(visit)
                by_id = {hit.id: hit.access for hit in whole.hits}
                for each in world["datasets"]:
                    should = expected(world, asked["username"], asked["at"], each)
                    assert by_id[its(seed, each["id"])] is should, (seed, asked, each)
                    told[should] += 1
                counts = {each.value: each.count for each in whole.facets["access"] if each.count}
                assert counts == Counter(by_id.values())
                for way in Access:
                    narrowed = found(visit, access=(way.value,))
                    assert {hit.id for hit in narrowed.hits} == {name for name, each in by_id.items() if each is way}
                    assert {each.value: each.count for each in narrowed.facets["access"] if each.count} == counts
    assert set(told) == set(Access), told


@pytest.fixture
def table(home: Path) -> Table:
    """Rosa of the Trust may look at what the Schools and Housing share; the Council shares nothing with her."""
    made = seated()
    with operator("test", now=NOW) as visit:
        people.invite(visit, people.Newcomer(username="trust-steward", organisation_id=made.ids["Trust"]))
    made.in_force()
    shared = [("attendance", "Schools", "group"), ("tenancies", "Housing", "group"), ("jobs", "Council", "group")]
    shared += [("air", "Council", "open"), ("gifts", "Trust", "closed")]
    shared += [("roads", "Council", "public-limited")]
    shelf.put(
        [
            shelf.dataset(number, id=name, title=name, organisation_id=made.ids[owner], band=band)
            for number, (name, owner, band) in enumerate(shared, start=1)
        ]
    )
    return made


def look(table: Table, *, after: timedelta = timedelta(minutes=9), **filters: tuple[str, ...]) -> dict[str, str]:
    """What a list tells Rosa of each dataset, in the process that told her before."""
    with table.visit("Trust", now=NOW + after) as visit:
        return {hit.id: str(hit.access) for hit in found(visit, **filters).hits}


USUAL = {
    "attendance": "covered",
    "tenancies": "covered",
    "jobs": "ask",
    "air": "open",
    "gifts": "own",
    "roads": "public",
}
PAUSED = {"tenancies": "ask", "attendance": "ask"}


def pause(table: Table, name: str, scope: Scope, object_id: str) -> None:
    with table.visit(name, now=NOW + timedelta(minutes=5)) as visit:
        holds.place(visit, scope, object_id, organisation_id=table.ids[name], reason="Codes are checked.")


def agreement() -> str:
    with machinery("test", now=NOW) as visit:
        return str(visit.read().execute(select(AgreementRow.id)).scalar_one())


CHANGES: dict[str, tuple[Callable[[Table], None], dict[str, str]]] = {
    "a dataset is paused": (lambda of: pause(of, "Schools", Scope.DATASET, "attendance"), {"attendance": "ask"}),
    "an owner is paused": (
        lambda of: pause(of, "Housing", Scope.ORGANISATION, of.ids["Housing"]),
        {"tenancies": "ask"},
    ),
    "open data are paused": (lambda of: pause(of, "Council", Scope.DATASET, "air"), {"air": "ask"}),
    "an agreement is paused": (lambda of: pause(of, "Schools", Scope.AGREEMENT, agreement()), PAUSED),
    "the account is off": (lambda _: tamper("UPDATE person SET active = false"), dict.fromkeys(USUAL, "ask")),
    "a signature is another": (lambda _: tamper("UPDATE agreement_party SET signatory = 'X'"), PAUSED),
    "the document is another": (lambda _: tamper("UPDATE agreement_version SET document = document || ' '"), PAUSED),
    "it is closed": (lambda _: tamper("UPDATE agreement_version SET closed_at = activated_at"), PAUSED),
}


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_of_a_decision_is_kept_between_two_looks(table: Table, change: str) -> None:
    happens, told = CHANGES[change]
    assert look(table) == USUAL
    assert set(look(table, access=("covered",))) == {"attendance", "tenancies"}
    kept = arrays._held[store.engine()].snapshot
    happens(table)
    assert look(table) == {**USUAL, **told}
    covered = {name for name, way in {**USUAL, **told}.items() if way == "covered"}
    assert set(look(table, access=("covered",))) == covered
    assert arrays._held[store.engine()].snapshot is kept


def test_a_list_follows_the_days_of_an_agreement(table: Table) -> None:
    assert look(table) == USUAL
    assert look(table, after=timedelta(days=344)) == {**USUAL, **PAUSED}
    assert look(table, after=timedelta(days=343)) == USUAL


def test_the_arrays_keep_the_same_answers_whether_anybody_asks_for_access_or_not(table: Table) -> None:
    """What they keep holds as long as the catalogue does: an answer made of a decision would outlive it."""
    with table.visit("Trust") as visit:
        snapshot = arrays.current(visit.read())
        for text in ("", "attendance"):
            search.find(visit, Query(text=text))
        facts = {"owner and band"}
        kept, recent = set(snapshot.kept), set(snapshot.recent)
        for text in ("", "attendance"):
            for filters in ({}, *({"access": (each.value,)} for each in Access)):
                search.find(visit, Query(text=text, with_access=True, filters=filters))
        assert (set(snapshot.kept) - facts, set(snapshot.recent)) == (kept, recent)


def test_a_list_never_tells_of_a_dataset_that_the_viewer_may_not_know_of(table: Table) -> None:
    shelf.put([shelf.dataset(1, id="attendance", organisation_id=table.ids["Schools"], band="group", listing="owner")])
    with table.visit("Trust", now=NOW + timedelta(minutes=9)) as visit:
        whole, covered = found(visit), found(visit, access=("covered",))
    assert {hit.id for hit in whole.hits} == set(USUAL) - {"attendance"}
    assert {hit.id for hit in covered.hits} == {"tenancies"}
    assert {each.value: each.count for each in whole.facets["access"]} == dict.fromkeys(Access, 1)


def test_operators_have_no_access_of_their_own_and_nobody_is_asked_unasked(table: Table) -> None:
    with operator("test", now=NOW) as visit:
        whole = found(visit, access=("covered",))
        assert (whole.total, whole.facets["access"]) == (len(USUAL), ())
        assert {hit.access for hit in whole.hits} == {None}
    with table.visit("Trust") as visit:
        unasked = search.find(visit, Query())
        assert unasked.facets["access"] == () and {hit.access for hit in unasked.hits} == {None}
