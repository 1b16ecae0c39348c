"""`commontable methods`: what there is, and published cases compared."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from entrypoints.cli_methods import methods
from reportcards.methods import registry


def run(*arguments: str) -> Result:
    return CliRunner().invoke(methods, arguments)


def cases(folder: Path, content: object) -> str:
    path = folder / "cases.json"
    path.write_text(
        content if isinstance(content, str) else json.dumps(content), encoding="utf-8", errors="surrogateescape"
    )
    return str(path)


def test_every_method_is_listed() -> None:
    lines = [json.loads(line) for line in run("list", "--json").output.splitlines()]
    assert [each["name"] for each in lines] == list(registry())
    assert all(name in run("list").output for name in registry())


def test_each_case_has_a_line_and_the_last_line_counts(tmp_path: Path) -> None:
    content = {
        "method": "small_number_flag",
        "cases": [
            {"id": "a", "inputs": {"count": 3}, "expected": {"flag": True}},
            {"id": "b", "inputs": {"count": 30}, "expected": {"flag": True}},
            {"id": "c", "inputs": {"count": 30}},
        ],
    }
    result = run("check", cases(tmp_path, content), "--json")
    assert [json.loads(line) for line in result.output.splitlines()] == [
        {"id": "a", "ok": True, "got": {"flag": True}},
        {"id": "b", "ok": False, "got": {"flag": False}},
        {"id": "c", "ok": None, "got": {"flag": False}},
        {"method": "small_number_flag", "passed": 1, "failed": 1},
    ]
    assert result.exit_code == 1


def test_cases_that_pass_end_with_nought(tmp_path: Path) -> None:
    content = {
        "method": "byars_count_ci",
        "cases": [{"id": "a", "inputs": {"count": -1}, "expected": {"error": "negative count"}}],
    }
    result = run("check", cases(tmp_path, content))
    assert result.exit_code == 0
    assert "1 passed, 0 failed" in result.output


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "is not a JSON file of cases: line 1, column 2 is not JSON."),
        ("[" * 100_000, "its brackets are too deep."),
        ("9" * 5_000, "a number in it is too long."),
        ("\udcff", "it is not text in UTF-8."),
        ("[1]", "has no cases"),
        ({"method": "astrology", "cases": []}, "There is no method called 'astrology'"),
        ({"method": "mean_ci", "cases": [{"id": "a"}]}, "Case 1 of cases.json has no inputs"),
        ({"method": "mean_ci", "cases": [{"inputs": {}}]}, "Case 1 of cases.json has no id"),
        ({"method": "mean_ci", "cases": [{"id": "a", "inputs": {}, "expected": 5}]}, "not an object"),
        ({"method": "mean_ci", "cases": [{"id": "a", "inputs": {}, "rel_tol": "close"}]}, "rel_tol"),
    ],
)
def test_a_file_that_is_not_cases_is_refused_in_one_sentence(tmp_path: Path, content: object, sentence: str) -> None:
    result = run("check", cases(tmp_path, content))
    assert result.exit_code == 2
    assert sentence in result.output
    assert len(result.output.strip().splitlines()) == 1
