"""The audit: one row a command, in its transaction, and no tampering unseen."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

import store
from governance import Action, Invalid, audit, machinery, operator, require
from governance import people as people_room

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@pytest.fixture
def chain(home: Path) -> int:
    with operator("test", now=NOW) as visit:
        for number in range(30):
            people_room.save_organisation(visit, f"Agency {number}")
        return audit.count(visit)


def verdict(head: str = "") -> audit.Verdict:
    with machinery("test", now=NOW) as visit:
        return audit.verify(visit, head=head)


def tamper(statement: str) -> None:
    """Past our triggers, as somebody with the file in hand could."""
    with store.engine().begin() as connection:
        if store.dialect_name() == "sqlite":
            for name in ("audit_no_update", "audit_no_delete"):
                connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
        else:
            connection.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        connection.execute(text(statement))


def test_every_command_leaves_one_event_with_its_reason(chain: int) -> None:
    assert chain == 30
    with operator("test", now=NOW) as visit:
        newest = audit.events(visit, limit=1)[0]
    assert (newest.action, newest.object, newest.actor) == ("organisation.saved", "organisation:Agency 29", "operator")
    assert newest.detail["reason"] == "test"
    assert verdict().ok


def test_what_is_taken_back_leaves_no_event(chain: int) -> None:
    with operator("test", now=NOW) as visit:
        with pytest.raises(Invalid):
            people_room.save_organisation(visit, "Agency 3")
        assert audit.count(visit) == chain


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit SET actor = 'x'", "DELETE FROM audit", "INSERT OR REPLACE INTO audit SELECT * FROM audit"],
)
def test_the_database_itself_refuses_edits(chain: int, statement: str) -> None:
    if store.dialect_name() != "sqlite" and "REPLACE" in statement:
        statement = "TRUNCATE audit"
    with pytest.raises(Exception, match="append-only"), store.engine().begin() as connection:
        connection.execute(text(statement))
    assert verdict().ok


def test_every_kind_of_tampering_is_found(chain: int) -> None:
    seed = random.Random(7)
    row = seed.randrange(2, chain)
    tamper(f"UPDATE audit SET object = object || 'x' WHERE seq = {row}")
    assert verdict().broken_at == row


def test_a_removed_row_and_a_cut_tail_are_found(chain: int) -> None:
    head = verdict().head
    tamper(f"DELETE FROM audit WHERE seq = {chain}")
    assert verdict().ok, "a shorter chain is a chain"
    assert not verdict(head=head).ok, "but not the one whose latest hash was noted"
    tamper("DELETE FROM audit WHERE seq = 5")
    assert verdict().broken_at == 6


def test_a_grant_without_a_change_leaves_no_event(home: Path) -> None:
    with operator("test", now=NOW) as visit:
        require(visit, Action.SOURCE_ADDED, "x")
        assert audit.count(visit) == 0
