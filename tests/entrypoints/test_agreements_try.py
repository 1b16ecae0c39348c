"""`agreements try`: the contract's answers, a second opinion on them, and everything malformed refused by its place."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from entrypoints.cli_agreements import agreements
from tests.governance import paper_worlds as paper

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")
SHOWN, ANSWERED = re.findall(r"```json\n(.*?)```", DOCUMENT, re.DOTALL)
EXAMPLE: dict[str, Any] = json.loads(SHOWN)


def tried(written: object, *words: str) -> Result:
    content = written if isinstance(written, bytes) else json.dumps(written).encode()
    return CliRunner().invoke(agreements, ["try", "-", *words], input=content, catch_exceptions=False)


def lines(written: object) -> list[dict[str, Any]]:
    done = tried(written, "--json")
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def refused(written: object) -> str:
    done = tried(written, "--json")
    assert done.exit_code == 2 and done.stdout == "", done.output
    assert re.fullmatch(r"Error: The world cannot be used: [^\n]+\.\n", done.stderr), done.stderr
    return done.stderr.removeprefix("Error: The world cannot be used: ").rstrip(".\n")


def changed(change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    written = copy.deepcopy(EXAMPLE)
    change(written)
    return written


def test_the_documents_example_is_answered_as_it_says() -> None:
    assert tried(EXAMPLE, "--json").stdout == ANSWERED


def test_people_read_the_same_answers_in_words() -> None:
    told = tried(EXAMPLE).stdout.splitlines()
    assert [line.split(":")[0] for line in told] == [f"question {n}" for n in (1, 2, 3, 4)] + ["room 1"]
    assert [re.search(r": (yes|no)\.", line)[1] for line in told] == ["yes", "no", "no", "no", "yes"]  # type: ignore[index]
    assert "Agreement: schools, version 1.0. Detail: aggregate; smallest count: 5." in told[0]
    assert "ask its lead" in told[1]
    alone = changed(lambda world: world["rooms"][0].update(public=True))
    assert "For Saltmarsh Trust: The agreement does not allow this use" in tried(alone).stdout


def test_the_command_agrees_with_a_second_opinion_on_whole_worlds() -> None:
    for seed in range(10_000, 10_060):
        written = paper.made(seed, questions=50, rooms=10)
        expected = [
            {"question": number, **paper.second_opinion(written, each)}
            for number, each in enumerate(written["questions"], 1)
        ] + [
            {"room": number, "ok": paper.second_opinion_of_a_room(written, each)}
            for number, each in enumerate(written["rooms"], 1)
        ]
        assert lines(written) == expected, seed


def test_it_touches_no_data_folder(tmp_path: Path) -> None:
    path, home = tmp_path / "world.json", tmp_path / "home"
    path.write_text(json.dumps(EXAMPLE), encoding="utf-8")
    code = "from entrypoints.cli_agreements import agreements; agreements()"
    done = subprocess.run(
        [sys.executable, "-c", code, "try", str(path), "--json"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COMMONTABLE_HOME": str(home)},
    )
    assert (done.returncode, done.stdout) == (0, ANSWERED), done.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["world.json"]


def test_what_may_be_left_out_is_open_ended_whether_null_or_missing() -> None:
    def leave_out(world: dict[str, Any]) -> None:
        version = world["agreements"][0]["versions"][0]
        del version["closed_at"], version["schedule"][0]["until"], world["holds"][0]["lifted_at"]

    def give_null(world: dict[str, Any]) -> None:
        version = world["agreements"][0]["versions"][0]
        version["closed_at"] = version["schedule"][0]["until"] = world["holds"][0]["lifted_at"] = None

    assert lines(changed(leave_out)) == lines(changed(give_null))
    assert [each["ok"] for each in lines(changed(leave_out))] == [False] * 5


def test_a_draft_that_nobody_activated_can_be_tried() -> None:
    draft = changed(lambda world: world["agreements"][0]["versions"][0].update(activated_at=None))
    assert {each.get("why", "room") for each in lines(draft)} == {"not-signed", "room"}


def places(value: object, path: str = "") -> list[tuple[str, Any, Any]]:
    """Every place in the example: its name, what holds it, its key there."""
    found: list[tuple[str, Any, Any]] = []
    if isinstance(value, dict):
        for key, inner in value.items():
            here = f"{path}.{key}".lstrip(".")
            found += [(here, value, key), *places(inner, here)]
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            here = f"{path}[{number}]"
            found += [(here, value, number), *places(inner, here)]
    return found


PLACES = [name for name, _holder, _key in places(EXAMPLE)]
OPEN_ENDED = ("until", "closed_at", "lifted_at")


def spoiled(name: str, value: object) -> dict[str, Any]:
    written = copy.deepcopy(EXAMPLE)
    ((holder, key),) = [(holder, key) for place, holder, key in places(written) if place == name]
    holder[key] = value
    return written


@pytest.mark.parametrize("name", PLACES)
def test_a_wrong_type_anywhere_is_refused_by_its_place(name: str) -> None:
    ((holder, key),) = [(holder, key) for place, holder, key in places(copy.deepcopy(EXAMPLE)) if place == name]
    spoils: tuple[object, ...] = (7.5, "", -1, True, [[]], {"x": 1}, None, "\u001b[2J")
    for wrong in spoils:
        may_stay = (wrong is None and name.endswith((*OPEN_ENDED, "activated_at"))) or (
            wrong is True and isinstance(holder[key], bool)
        )
        if not may_stay:
            assert refused(spoiled(name, wrong)).startswith(name), (name, wrong)


@pytest.mark.parametrize("name", [name for name in PLACES if not name.endswith("]")])
def test_a_missing_field_is_refused_unless_it_may_be_open_ended(name: str) -> None:
    written = copy.deepcopy(EXAMPLE)
    ((holder, key),) = [(holder, key) for place, holder, key in places(written) if place == name]
    del holder[key]
    if name.endswith(OPEN_ENDED):
        assert lines(written)
    else:
        assert f'the field "{key}" is missing' in refused(written)


def test_an_unknown_field_anywhere_is_refused() -> None:
    for name, holder, key in [("", {"": EXAMPLE}, ""), *places(EXAMPLE)]:
        if isinstance(holder[key], dict):
            written = spoiled(name, {**holder[key], "surprise": 1}) if name else {**EXAMPLE, "surprise": 1}
            assert 'the field "surprise" is not known' in refused(written)


NAMES = [
    "people[1].organisation", "datasets[0].owner", "agreements[0].lead", "holds[0].object", "questions[2].username",
    "questions[1].dataset", "rooms[0].dataset", "rooms[0].organisations[1]",
    "agreements[0].versions[0].parties[1].organisation", "agreements[0].versions[0].schedule[0].dataset",
    "agreements[0].versions[0].schedule[0].receivers[0]",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_that_nobody_has_is_refused(name: str) -> None:
    assert re.fullmatch(rf"{re.escape(name)}: there is no [a-z]+ \"Nobody\"", refused(spoiled(name, "Nobody")))


def test_a_person_listed_in_a_row_must_be_known() -> None:
    place = "agreements[0].versions[0].schedule[0].people"
    assert refused(spoiled(place, ["ben", "bem"])) == f'{place}[1]: there is no person "bem"'


@pytest.mark.parametrize("name", ["people", "datasets", "agreements", "agreements[0].versions"])
def test_what_stands_there_twice_is_refused(name: str) -> None:
    ((holder, key),) = [(holder, key) for place, holder, key in places(EXAMPLE) if place == name]
    assert re.fullmatch(
        rf"{re.escape(name)}\[{len(holder[key])}\]: the [a-z]+ \"[^\"]+\" stands there twice",
        refused(spoiled(name, holder[key] * 2)),
    )


def test_an_organisation_or_a_party_twice_is_refused() -> None:
    twice = changed(lambda world: world["organisations"].append("Harbour Council"))
    assert refused(twice) == 'organisations[2]: the organisation "Harbour Council" stands there twice'
    parties = "agreements[0].versions[0].parties"
    again = changed(lambda world: world["agreements"][0]["versions"][0]["parties"].append(
        {"organisation": "Harbour Council", "role": "receives", "signed": True}
    ))  # fmt: skip
    assert refused(again) == f'{parties}[2]: the party "Harbour Council" stands there twice'


MOMENTS = [name for name in PLACES if name.endswith(("_at", ".at"))]


@pytest.mark.parametrize("name", MOMENTS)
@pytest.mark.parametrize(
    "wrong",
    [
        "2026-03-03T09:00:00",
        "2026-03-03T09:00:00+13:00",
        "2026-03-03",
        "2026-02-30T09:00:00Z",
        "2026-03-03T24:00:00Z",
        "3 March 2026",
        1772528400,
    ],
)
def test_a_time_that_is_no_time_in_utc_is_refused(name: str, wrong: object) -> None:
    assert refused(spoiled(name, wrong)).startswith(f"{name}: ")


@pytest.mark.parametrize("name", [name for name in PLACES if name.endswith(("_on", "from", "until"))])
@pytest.mark.parametrize("wrong", ["2026-02-29", "30.6.2026", "2026-6-30", "2026-06-30T00:00:00Z", 20260630])
def test_a_day_that_is_no_day_is_refused(name: str, wrong: object) -> None:
    assert refused(spoiled(name, wrong)).startswith(f"{name}: ")


@pytest.mark.parametrize(
    ("name", "value", "beginning"),
    [
        ("agreements[0].versions[0].ends_on", "2025-12-31", "starts_on"),
        ("agreements[0].versions[0].schedule[0].until", "2025-12-31", "from"),
        ("agreements[0].versions[0].closed_at", "2025-12-12T09:59:59Z", "activated_at"),
        ("holds[0].lifted_at", "2026-03-02T08:59:59Z", "placed_at"),
    ],
)
def test_an_end_before_its_beginning_is_refused_and_one_at_it_is_not(name: str, value: str, beginning: str) -> None:
    assert refused(spoiled(name, value)) == f"{name}: it lies before {beginning}"
    start = name.rpartition(".")[0] + f".{beginning}"
    ((holder, key),) = [(holder, key) for place, holder, key in places(EXAMPLE) if place == start]
    assert lines(spoiled(name, holder[key]))


@pytest.mark.parametrize("zone", ["Europe", "europe/nowhere", "../UTC", "/etc/localtime", "+01:00", "GMT\\0"])
def test_a_time_zone_that_does_not_exist_is_refused(zone: str) -> None:
    assert refused(spoiled("timezone", zone)).startswith("timezone: ")


def test_a_time_at_the_edge_of_the_calendar_is_refused_not_broken() -> None:
    far = spoiled("questions[0].at", "9999-12-31T23:59:59Z")
    far["timezone"] = "Pacific/Auckland"
    assert refused(far) == "questions[0].at: this time is too far away to tell its day"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        json.dumps(EXAMPLE).encode() + b"{}",
        json.dumps(EXAMPLE).replace('"holds"', '"holds": [], "holds"', 1).encode(),
        json.dumps(EXAMPLE).replace('"min_cell": 5', '"min_cell": NaN').encode(),
        json.dumps(EXAMPLE).replace('"min_cell": 5', '"min_cell": 5.0').encode(),
        json.dumps(EXAMPLE).replace('"min_cell": 5', f'"min_cell": {"9" * 5000}').encode(),
        b"[" * 100_000,
    ],
    ids=range(11),
)
def test_what_is_no_world_is_refused_in_one_sentence(content: bytes) -> None:
    assert refused(content)


def test_nothing_is_answered_when_only_the_last_question_is_wrong() -> None:
    assert refused(spoiled("rooms[0].organisations[1]", "Nobody"))


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = CliRunner().invoke(agreements, ["try", str(tmp_path / "none.json")])
    assert done.exit_code == 2 and "none.json" in done.stderr
