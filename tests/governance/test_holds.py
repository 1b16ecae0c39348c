"""Holds: at once, with a reason, by whose it is; lifting restores exactly what was."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

import store
from governance import Invalid, NotFound, NotPermitted, Role, audit, holds, operator, standing
from governance import people as people_room
from governance.access import Band, Dataset, Decision, Scope, Use, decide
from tests.governance.tables_of_four import NOW, Table, seated


@pytest.fixture
def table(home: Path) -> Table:
    made = seated()
    with operator("test", now=NOW) as visit:
        people_room.invite(visit, people_room.Newcomer(username="rosa", organisation_id=made.ids["Trust"]))
    return made


def answer(table: Table, *, minutes: int = 5) -> Decision:
    """What Rosa of the Trust is answered when she looks at the schools' attendance."""
    dataset = Dataset(id="attendance", owner=table.ids["Schools"], band=Band.GROUP)
    with operator("test", now=NOW + timedelta(minutes=minutes)) as visit:
        world = standing.facts(visit, [dataset], organisations=[table.ids["Trust"]])
        return decide(world, "rosa", use=Use.VIEW, dataset="attendance", purpose="keep in touch", now=visit.now)


def paused(table: Table, name: str, scope: Scope, object_id: str, *, minutes: int = 5, **other: str) -> str:
    with table.visit(name, now=NOW + timedelta(minutes=minutes)) as visit:
        owner = other.get("organisation_id", table.ids[name])
        return holds.place(visit, scope, object_id, organisation_id=owner, reason="Codes are checked.")


def test_a_hold_counts_from_its_moment_and_lifting_restores_exactly(table: Table) -> None:
    agreement, _version = table.in_force()
    before = answer(table)
    assert before.ok
    ways = (
        (Scope.DATASET, "Schools", "attendance"),
        (Scope.AGREEMENT, "Housing", agreement),
        (Scope.ORGANISATION, "Schools", table.ids["Schools"]),
        (Scope.ORGANISATION, "Trust", table.ids["Trust"]),
        (Scope.PERSON, "Trust", "rosa"),
    )
    for number, (scope, name, object_id) in enumerate(ways):
        placed = paused(table, name, scope, object_id, minutes=10 + number)
        assert answer(table, minutes=10 + number).why == "paused"
        with table.visit(name, now=NOW + timedelta(minutes=11 + number)) as visit:
            met = holds.on(visit, scope, object_id)
            assert met is not None and (met.id, met.reason, met.organisation) == (placed, "Codes are checked.", name)
            holds.lift(visit, placed)
            assert holds.on(visit, scope, object_id) is None
            assert holds.holds(visit)[0].lifted_at == visit.now
            assert holds.holds(visit, open_only=True) == ()
        assert answer(table, minutes=12 + number) == before


def test_whatever_the_order_what_was_is_there_again_when_all_are_lifted(table: Table) -> None:
    agreement, _version = table.in_force()
    before, chance = answer(table), random.Random(5)
    ways = [
        (Scope.DATASET, "Schools", "attendance"),
        (Scope.AGREEMENT, "Schools", agreement),
        (Scope.AGREEMENT, "Housing", agreement),
        (Scope.PERSON, "Trust", "rosa"),
    ]
    here: dict[tuple[Scope, str, str], str] = {}
    for minutes in range(10, 34):
        way = chance.choice(ways)
        scope, name, object_id = way
        if way in here:
            with table.visit(name, now=NOW + timedelta(minutes=minutes)) as visit:
                holds.lift(visit, here.pop(way))
        else:
            here[way] = paused(table, name, scope, object_id, minutes=minutes)
        assert (answer(table, minutes=minutes) == before) == (not here)


def test_each_hold_and_its_end_is_in_the_audit(table: Table) -> None:
    placed = paused(table, "Schools", Scope.DATASET, "attendance")
    with table.visit("Schools") as visit:
        holds.lift(visit, placed)
        told = audit.events(visit, target="dataset:attendance")
    assert [each.action for each in told] == ["hold.lifted", "hold.placed"]
    assert told[1].detail["scope"] == "dataset" and told[1].detail["object"] == "attendance"
    assert told[1].detail["reason"] == "Codes are checked."


def test_one_of_two_holds_still_pauses(table: Table) -> None:
    agreement, _version = table.in_force()
    first = paused(table, "Schools", Scope.AGREEMENT, agreement)
    paused(table, "Housing", Scope.AGREEMENT, agreement)
    with table.visit("Schools") as visit:
        with pytest.raises(Invalid, match="paused it already"):
            holds.place(visit, Scope.AGREEMENT, agreement, organisation_id=table.ids["Schools"], reason="Again.")
        holds.lift(visit, first)
        with pytest.raises(Invalid, match="lifted already"):
            holds.lift(visit, first)
    assert answer(table, minutes=9).why == "paused"


@pytest.mark.parametrize(
    ("who", "scope", "what", "owner"),
    [
        ("Trust", Scope.DATASET, "attendance", "Schools"),
        ("Trust", Scope.AGREEMENT, "", "Trust"),
        ("Trust", Scope.AGREEMENT, "", "Schools"),
        ("Trust", Scope.ORGANISATION, "Schools", "Schools"),
        ("Trust", Scope.ORGANISATION, "Schools", "Trust"),
        ("Schools", Scope.PERSON, "rosa", "Schools"),
        ("Schools", Scope.PERSON, "rosa", "Trust"),
    ],
)
def test_nobody_pauses_what_is_not_theirs(table: Table, who: str, scope: Scope, what: str, owner: str) -> None:
    agreement, _version = table.in_force()
    object_id = table.ids.get(what, what) or agreement
    with table.visit(who) as visit, pytest.raises(NotPermitted):
        holds.place(visit, scope, object_id, organisation_id=table.ids[owner], reason="Because.")


def test_a_member_pauses_nothing_and_an_administrator_any_person(table: Table) -> None:
    with table.visit("Schools", roles=(Role.MEMBER,)) as visit, pytest.raises(NotPermitted):
        holds.place(visit, Scope.DATASET, "attendance", organisation_id=table.ids["Schools"], reason="Because.")
    with table.visit("Schools", roles=(Role.ADMIN,)) as visit:
        placed = holds.place(visit, Scope.PERSON, "Rosa", organisation_id=table.ids["Trust"], reason="A lost laptop.")
        holds.lift(visit, placed)


def test_a_reason_is_needed_and_what_is_not_there_is_not_paused(table: Table) -> None:
    with table.visit("Schools") as visit:
        ours = table.ids["Schools"]
        for reason in ("", "  ", "a\x00b", "x" * 2001):
            with pytest.raises(Invalid):
                holds.place(visit, Scope.DATASET, "attendance", organisation_id=ours, reason=reason)
        for scope in (Scope.AGREEMENT, Scope.PERSON):
            with pytest.raises(NotFound):
                holds.place(visit, scope, "nothing", organisation_id=ours, reason="Because.")
        with pytest.raises(NotFound):
            holds.lift(visit, "nothing")


def test_others_see_no_list_of_holds_yet_meet_the_one_before_them(table: Table) -> None:
    placed = paused(table, "Schools", Scope.DATASET, "attendance")
    with table.visit("Trust") as visit:
        assert holds.holds(visit) == ()
        met = holds.on(visit, Scope.DATASET, "attendance")
        assert met is not None and met.organisation == "Schools"
        with pytest.raises(NotFound):
            holds.lift(visit, placed)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM hold",
        "UPDATE hold SET lifted_at = placed_at WHERE lifted_at IS NULL",
        "UPDATE hold SET lifted_at = NULL WHERE lifted_at IS NOT NULL",
        "UPDATE hold SET object_id = 'tenancies'",
        "UPDATE hold SET reason = 'x'",
        "UPDATE hold SET scope = 'agreement'",
        "UPDATE hold SET id = id || 'x' WHERE lifted_at IS NULL",
    ],
)
def test_a_hold_that_is_changed_past_the_product_is_found(table: Table, statement: str) -> None:
    lifted = paused(table, "Schools", Scope.DATASET, "attendance")
    with table.visit("Schools") as visit:
        holds.lift(visit, lifted)
    paused(table, "Schools", Scope.DATASET, "attendance")
    with operator("test", now=NOW) as visit:
        assert holds.verify(visit) == ()
    with store.engine().execution_options(writes=True).begin() as connection:
        connection.execute(text(statement))
    with operator("test", now=NOW) as visit:
        assert holds.verify(visit)
    with table.visit("Trust") as visit, pytest.raises(NotPermitted):
        holds.verify(visit)
