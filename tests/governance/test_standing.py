"""The world of the database is the world on paper, and what is not what was signed covers nothing."""

from __future__ import annotations

import logging
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

import store
from governance import access, operator, standing
from governance.access import Use, Why
from tests.governance import paper_worlds as paper
from tests.governance import stored_worlds as stored
from tests.governance.stored_worlds import its

QUESTIONS = {"sqlite": (90, 260), "postgresql": (15, 80)}
"""Worlds, and questions in each."""


def worlds() -> dict[int, paper.World]:
    number, questions = QUESTIONS[store.dialect_name()]
    return {seed: paper.made(seed, questions=questions) for seed in range(number)}


def told(decision: access.Decision) -> paper.Answer:
    return {name: getattr(decision, name) for name in ("ok", "why", "agreement", "detail", "min_cell")}


def test_decisions_from_the_database_are_those_of_the_rule_written_a_second_time(home: Path) -> None:
    made = worlds()
    stored.put(made)
    reasons: Counter[str] = Counter()
    for seed, world in stored.by_zone(made):
        datasets = stored.subjects(seed, world)
        whole = {its(seed, each) for each in world["organisations"]}
        for at in sorted({each["at"] for each in world["questions"]}):
            with stored.eyes(seed, world, "p0", at=at) as visit:
                facts = standing.facts(visit, datasets, organisations=whole)
                for asked in (each for each in world["questions"] if each["at"] == at):
                    found = access.decide(
                        facts,
                        its(seed, asked["username"]),
                        use=Use(asked["use"]),
                        dataset=its(seed, asked["dataset"]),
                        purpose=asked["purpose"],
                        now=visit.now,
                    )
                    expected = paper.second_opinion(world, asked)
                    if expected["agreement"]:
                        expected["agreement"] = its(seed, expected["agreement"])
                    assert told(found) == expected, (seed, asked)
                    reasons[expected["why"]] += 1
    assert set(reasons) == set(Why) - {Why.TERMS}, reasons
    assert reasons.total() == len(made) * QUESTIONS[store.dialect_name()][1]


def _covering() -> tuple[int, paper.World, paper.World]:
    """The first world in which somebody is covered, and the question."""
    for seed in range(100):
        world = paper.made(seed, questions=60)
        for asked in world["questions"]:
            if paper.second_opinion(world, asked)["why"] == "covered":
                return seed, world, asked
    raise AssertionError("no world covers anybody")


def _ask(seed: int, world: paper.World, asked: paper.World) -> access.Decision:
    with stored.eyes(seed, world, asked["username"], at=asked["at"]) as visit:
        facts = standing.facts(visit, stored.subjects(seed, world))
        return access.decide(
            facts,
            visit.viewer.username,
            use=Use(asked["use"]),
            dataset=its(seed, asked["dataset"]),
            purpose=asked["purpose"],
            now=visit.now,
        )


def test_a_row_covers_only_while_its_dataset_belongs_to_who_gave_it(home: Path) -> None:
    seed, world, asked = _covering()
    stored.put({seed: world})
    for _ in stored.by_zone({seed: world}):
        assert _ask(seed, world, asked).ok
        theirs = paper.only(world["datasets"], "id", asked["dataset"])
        for name in set(world["organisations"]) - {theirs["owner"]}:
            changed = [{**each, "owner": name} if each is theirs else each for each in world["datasets"]]
            assert _ask(seed, {**world, "datasets": changed}, asked).why in (Why.OWN, Why.NO_AGREEMENT, Why.PAUSED)


def tamper(*statements: str, **values: Any) -> None:
    """Past the triggers, as somebody with the file in hand could."""
    with store.engine().begin() as connection:
        for table in ("agreement_version", "agreement_party"):
            if store.dialect_name() == "sqlite":
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_keeps_update"))
                connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_keeps_delete"))
            else:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        for statement in statements:
            connection.execute(text(statement), values)


TAMPERINGS = {
    "a document with another purpose": (
        "UPDATE agreement_version SET document = :document",
        "The document is not the one that was put up for signature.",
    ),
    "a document and its hash": (
        "UPDATE agreement_version SET document = :document, content_hash = :hash",
        "A signature is not the one that was given.",
    ),
    "another hash of the terms": (
        "UPDATE agreement_version SET terms_hash = 'f'",
        "The terms are not those that were put up for signature.",
    ),
    "a party less": (
        "DELETE FROM agreement_party WHERE position = 1",
        "The parties noted beside the document are not those in it.",
    ),
    "a role": (
        "UPDATE agreement_party SET role = 'both' WHERE role <> 'both'",
        "The parties noted beside the document are not those in it.",
    ),
    "a signature for another document": (
        "UPDATE agreement_party SET signed_hash = 'f' WHERE signed_at IS NOT NULL",
        "A signature is not the one that was given.",
    ),
    "another signatory": (
        "UPDATE agreement_party SET signatory = 'Somebody else' WHERE signed_at IS NOT NULL",
        "A signature is not the one that was given.",
    ),
    "no document at all": (
        "UPDATE agreement_version SET document = :nothing, content_hash = :hash_of_nothing",
        "The document cannot be read.",
    ),
}


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_what_is_not_what_was_signed_covers_nothing_and_is_told_once(
    home: Path, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    seed, world, asked = _covering()
    stored.put({seed: world})
    for _ in stored.by_zone({seed: world}):
        assert _ask(seed, world, asked).ok
        agreement = world["agreements"][0]
        other = stored.canonical(stored.document(seed, world, agreement, agreement["versions"][0])) + b" "
        statement, sentence = TAMPERINGS[kind]
        values = {
            "document": other,
            "hash": stored.content_hash(other),
            "nothing": b"{}",
            "hash_of_nothing": stored.content_hash(b"{}"),
        }
        used = {name: value for name, value in values.items() if f":{name}" in statement.replace(",", " ").split()}
        tamper(statement, **used)
        standing._TOLD.clear()
        caplog.clear()
        with caplog.at_level(logging.CRITICAL, logger="governance.standing"):
            for _again in range(2):
                refused = _ask(seed, world, asked)
                assert (refused.ok, refused.why) == (False, Why.NO_AGREEMENT)
        assert len({record.getMessage() for record in caplog.records}) == len(caplog.records) > 0
        with operator("test") as visit:
            assert sentence in {each.what for each in standing.alarms(visit)}
            assert {each.agreement_id for each in standing.alarms(visit)} <= {
                its(seed, each["id"]) for each in world["agreements"]
            }


def test_alarms_are_for_the_parties_only(home: Path) -> None:
    seed, world, _asked = _covering()
    stored.put({seed: world})
    tamper("UPDATE agreement_version SET terms_hash = 'f'")
    stranger = {**world["people"][0], "username": "px", "organisation": "Agency X"}
    outside = {**world, "people": [stranger]}
    with stored.eyes(seed, outside, "px", at=world["questions"][0]["at"]) as visit:
        assert standing.alarms(visit) == ()
    seen = 0
    for person in world["people"][:4]:
        with stored.eyes(seed, world, person["username"], at=world["questions"][0]["at"]) as visit:
            seen += len(standing.alarms(visit))
    assert seen
