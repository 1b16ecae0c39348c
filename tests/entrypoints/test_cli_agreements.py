"""`agreements list|show|export` and `holds place|lift|list`: the rooms' answers, in words and in JSON."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from entrypoints.cli_agreements import agreements, holds
from governance import Invalid, NotFound, operator
from governance import people as people_room
from tests.governance.tables_of_four import NOW, Table, seated


@pytest.fixture
def table(home: Path) -> Table:
    return seated()


def said(group: Any, *words: str) -> Result:
    return CliRunner().invoke(group, list(words), catch_exceptions=False)


def lines(group: Any, *words: str) -> list[dict[str, Any]]:
    done = said(group, *words, "--json")
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_agreements_are_listed_with_the_version_that_counts(table: Table) -> None:
    agreement, _version = table.in_force()
    (told,) = lines(agreements, "list")
    assert {
        key: told[key] for key in ("id", "name", "version", "lead", "signed", "to_sign", "datasets", "ends_on")
    } == {
        "id": agreement,
        "name": "A-1",
        "version": "1.0",
        "lead": "Council",
        "signed": 4,
        "to_sign": 4,
        "datasets": 2,
        "ends_on": "2027-10-31",
    }
    assert "A-1  Young people's pathways" in said(agreements, "list").stdout


def test_one_agreement_is_shown_with_its_signatures(table: Table) -> None:
    table.in_force()
    (told,) = lines(agreements, "show", "A-1")
    assert [(each["name"], each["signatory"]) for each in told["parties"]][:2] == [
        ("Council", "Council Head"),
        ("Schools", "Schools Head"),
    ]
    assert told["document"]["schedule"][0]["dataset"] == "attendance" and told["damage"] == []
    words = said(agreements, "show", "A-1", "--version", "1.0").stdout
    assert "Trust (receives): signed by Trust Head" in words
    with pytest.raises(NotFound):
        said(agreements, "show", "A-9")
    with pytest.raises(NotFound):
        said(agreements, "show", "A-1", "--version", "7.0")


def test_an_export_has_the_hash_that_was_signed(table: Table, tmp_path: Path) -> None:
    table.in_force()
    out = tmp_path / "agreement.json"
    (told,) = lines(agreements, "export", "A-1", "--out", str(out))
    assert hashlib.sha256(out.read_bytes()).hexdigest() == told["content_hash"]
    assert json.loads(out.read_bytes())["title"] == "Young people's pathways"
    assert told["content_hash"] in said(agreements, "export", "A-1", "--out", str(out)).stdout


def test_a_hold_is_placed_listed_and_lifted(table: Table) -> None:
    table.in_force()
    with operator("test", now=NOW) as visit:
        people_room.invite(visit, people_room.Newcomer(username="rosa", organisation_id=table.ids["Trust"]))
    why = ("--reason", "Codes are checked.")
    placed = [
        lines(holds, "place", "agreement", "a-1", "--organisation", "Schools", *why)[0]["id"],
        lines(holds, "place", "person", "rosa", *why)[0]["id"],
        lines(holds, "place", "organisation", "Housing", *why)[0]["id"],
    ]
    assert {each["id"] for each in lines(holds, "list", "--open")} == set(placed)
    assert lines(holds, "lift", placed[0]) == [{"id": placed[0], "lifted": True}]
    assert {each["id"] for each in lines(holds, "list", "--open")} == set(placed[1:])
    assert "organisation " + table.ids["Housing"] in said(holds, "list").stdout
    assert len(lines(holds, "list")) == 3


def test_what_cannot_be_paused_is_told(table: Table) -> None:
    table.in_force()
    with pytest.raises(Invalid, match="for which giving party"):
        said(holds, "place", "agreement", "A-1", "--reason", "Because.")
    with pytest.raises(Invalid, match="no organisation called"):
        said(holds, "place", "person", "rosa", "--organisation", "Nobody", "--reason", "Because.")
    with pytest.raises(NotFound):
        said(holds, "place", "dataset", "gone", "--reason", "Because.")
    assert said(holds, "place", "planet", "earth", "--reason", "Because.").exit_code == 2
