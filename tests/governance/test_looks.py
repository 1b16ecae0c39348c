"""Looks are noted once for a person, dataset, use, place and hour; owners are told of theirs, and of who may look."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from governance import NotPermitted, OutOfSpace, Visit, access, audit, looks, operator, standing
from governance.access import Band, Dataset, Decision, Use, Why
from governance.looks import Look, note, who_looked, who_may
from tests.governance import paper_worlds as paper
from tests.governance import stored_worlds as stored
from tests.governance.stored_worlds import its

NOON = "2026-06-15T12:20:00Z"
ROW: paper.World = {
    "dataset": "visits",
    "receivers": ["Agency B"],
    "people": ["tom"],
    "uses": ["view", "present"],
    "purposes": ["health"],
    "detail": "aggregate",
    "min_cell": 5,
    "from": "2026-01-01",
    "until": "2026-06-30",
}
WORLD: paper.World = {
    "timezone": "Europe/London",
    "organisations": ["Agency A", "Agency B", "Agency C"],
    "people": [
        {"username": "ann", "organisation": "Agency A", "active": True},
        {"username": "tom", "organisation": "Agency B", "active": True},
        {"username": "tina", "organisation": "Agency B", "active": True},
        {"username": "zoe", "organisation": "Agency C", "active": True},
    ],
    "datasets": [{"id": "visits", "owner": "Agency A", "band": "group"}],
    "agreements": [
        {
            "id": "g0",
            "lead": "Agency A",
            "versions": [
                {
                    "major": 1,
                    "minor": 0,
                    "starts_on": "2026-01-01",
                    "ends_on": "2026-12-31",
                    "activated_at": "2026-01-01T00:00:00Z",
                    "closed_at": None,
                    "parties": [
                        {"organisation": "Agency A", "role": "gives", "signed": True},
                        {"organisation": "Agency B", "role": "receives", "signed": True},
                    ],
                    "schedule": [ROW],
                }
            ],
        }
    ],
    "holds": [],
}
VISITS = its(1, "visits")
GROUP = Dataset(id=VISITS, owner=its(1, "Agency A"), band=Band.GROUP)


@pytest.fixture
def world(home: Path) -> paper.World:
    stored.put({1: WORLD})
    return WORLD


@contextmanager
def eyes(username: str, at: str = NOON) -> Iterator[Visit]:
    with stored.eyes(1, WORLD, username, at=at) as visit:
        yield visit


def look(visit: Visit, use: Use = Use.VIEW, place: str = "card health") -> Look:
    facts = standing.facts(visit, [GROUP])
    answer = access.decide(facts, visit.viewer.username, use=use, dataset=VISITS, purpose="health", now=visit.now)
    return Look(dataset=VISITS, owner=GROUP.owner, use=use, decision=answer, purpose="health", place=place)


def events(action: str = "data.") -> list[audit.Event]:
    with operator("test") as visit:
        return audit.events(visit, action=action)


def test_a_look_is_noted_once_an_hour_also_by_another_process(world: paper.World) -> None:
    with eyes("tom") as visit:
        for _ in range(3):
            assert note(visit, [look(visit)] * 2) == ()
            looks._NOTED.clear()
    assert [each.action for each in events()] == ["data.viewed"]
    with eyes("tom", "2026-06-15T12:59:59Z") as visit:
        note(visit, [look(visit)])
    assert len(events()) == 1
    with eyes("tom", "2026-06-15T13:00:00Z") as visit:
        note(visit, [look(visit)])
        note(visit, [look(visit, place="card other"), look(visit, Use.PRESENT), look(visit, Use.DOWNLOAD)])
    assert sorted(each.action for each in events()) == [
        "data.presented", "data.refused", "data.viewed", "data.viewed", "data.viewed",
    ]  # fmt: skip


def test_an_event_tells_the_owner_who_did_what_where_and_on_which_footing(world: paper.World) -> None:
    with eyes("tom") as visit:
        note(visit, [look(visit)])
    (event,) = events()
    assert (event.action, event.object, event.actor) == ("data.viewed", VISITS, its(1, "tom"))
    assert event.detail == {
        "owner": its(1, "Agency A"),
        "use": "view",
        "ok": True,
        "why": "covered",
        "agreement": its(1, "g0"),
        "version": "1.0",
        "purpose": "health",
        "place": "card health",
    }


def test_own_and_open_data_are_not_noted(world: paper.World) -> None:
    with eyes("ann") as visit:
        found = look(visit)
        assert found.decision.why is Why.OWN
        free = Decision(ok=True, why=Why.OPEN)
        assert note(visit, [found, replace(found, decision=free)]) == ()
    assert events() == []


def test_an_owner_reads_of_its_data_what_the_audit_has_of_them_and_nobody_else_does(world: paper.World) -> None:
    for username in ("tom", "tina", "zoe"):
        with eyes(username) as visit:
            note(visit, [look(visit), look(visit, Use.DOWNLOAD)])
    with eyes("ann") as visit:
        told = who_looked(visit, VISITS)
    assert [each.seq for each in told] == [each.seq for each in events() if each.object == VISITS]
    assert {(each.username, each.use, each.ok, each.why) for each in told} == {
        *((its(1, name), "view", True, "covered") for name in ("tom", "tina")),
        *((its(1, name), "download", False, "use") for name in ("tom", "tina")),
        *((its(1, "zoe"), use, False, "no-agreement") for use in ("view", "download")),
    }
    for username in ("tom", "zoe"):
        with eyes(username) as visit:
            assert who_looked(visit, VISITS) == ()


@pytest.mark.parametrize("wrong", [OutOfSpace(), OperationalError("x", {}, Exception("database is locked"))])
def test_what_could_not_be_noted_is_told_and_noted_the_next_time(
    world: paper.World, wrong: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object) -> None:
        raise wrong

    with eyes("tom") as visit:
        with monkeypatch.context() as full:
            full.setattr(looks.audit, "append", refuse)
            assert [each.dataset for each in note(visit, [look(visit)])] == [VISITS]
        assert events() == []
        assert note(visit, [look(visit)]) == ()
    assert len(events()) == 1


def test_who_may_is_for_the_owner_and_says_what_each_look_would_be_answered(world: paper.World) -> None:
    with eyes("ann") as visit:
        (may,) = who_may(visit, GROUP)
    assert (may.organisation, may.uses, may.purposes) == (its(1, "Agency B"), (Use.VIEW, Use.PRESENT), ("health",))
    assert (str(may.since), str(may.until), may.in_force, may.people) == ("2026-01-01", "2026-06-30", True, ())
    assert may.agreement == f"A-1 {its(1, 'g0')}"
    with eyes("tom") as visit:
        for use in Use:
            assert look(visit, use).decision.ok is (use in may.uses)
        with pytest.raises(NotPermitted):
            who_may(visit, GROUP)
    with eyes("ann") as visit:
        assert who_may(visit, replace(GROUP, band=Band.NAMED))[0].people == (its(1, "tom"),)
    with eyes("ann", "2026-06-30T22:59:59Z") as visit:
        assert len(who_may(visit, GROUP)) == 1, "the last day counts whole"
    with eyes("ann", "2026-06-30T23:00:00Z") as visit:
        assert who_may(visit, GROUP) == ()


def test_a_hold_is_told_with_who_may(world: paper.World) -> None:
    hold = {"scope": "agreement", "object": "g0", "placed_at": NOON, "lifted_at": None}
    empty = {"organisations": [], "people": [], "agreements": [], "holds": [hold]}
    stored.put({1: empty})
    with eyes("ann") as visit:
        (may,) = who_may(visit, GROUP)
    assert may.paused and not may.in_force
    with eyes("tom") as visit:
        assert look(visit).decision.why is Why.PAUSED


def test_a_thousand_looks_that_are_noted_already_cost_next_to_nothing(world: paper.World) -> None:
    with eyes("tom") as visit:
        found = [look(visit)] * 20
        note(visit, found)
        began = time.process_time()
        for _ in range(50):
            note(visit, found)
        assert (time.process_time() - began) / 50 < 0.002
