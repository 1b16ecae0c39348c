"""Every method agrees with every published case, and says what it is."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reportcards.methods import Refused, answered, checked, registry
from reportcards.methods.document import PAGE, page


def test_every_file_of_published_cases_agrees(shared: Path) -> None:
    files = sorted((shared / "vectors").glob("*.json"))
    wrong = [
        f"{content['method']} {case['id']}: {result.got}"
        for content in (json.loads(file.read_text(encoding="utf-8")) for file in files)
        for case in content["cases"]
        if not (result := checked(registry()[content["method"]], case)).ok
    ]
    assert len(files) == 24
    assert wrong == []


@pytest.mark.parametrize("name", list(registry()))
def test_a_method_tells_what_it_is_and_its_example_can_be_computed_or_is_refused_in_words(name: str) -> None:
    method = registry()[name]
    assert all((method.title, method.what, method.formula, method.source))
    assert method.what.endswith(".")
    got = answered(method, method.example)
    assert got
    assert ("error" in got) == (name == "input_validation")


def test_the_page_of_methods_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m reportcards.methods.document"


def test_a_case_that_differs_by_more_than_its_tolerance_fails() -> None:
    method = registry()["wilson_proportion_ci"]
    inputs = {"numerator": 65, "denominator": 100}
    near, far = {"value": 0.6500003}, {"value": 0.6501}
    assert checked(method, {"id": "near", "inputs": inputs, "expected": near, "rel_tol": 1e-6}).ok
    assert not checked(method, {"id": "near", "inputs": inputs, "expected": near}).ok
    assert not checked(method, {"id": "far", "inputs": inputs, "expected": far, "rel_tol": 1e-6}).ok


def test_a_key_the_method_does_not_know_fails() -> None:
    case = {"id": "a", "inputs": {"numerator": 65, "denominator": 100}, "expected": {"median": None}}
    assert checked(registry()["wilson_proportion_ci"], case).ok is False


def test_a_case_without_an_expectation_is_computed() -> None:
    result = checked(registry()["byars_count_ci"], {"id": "a", "inputs": {"count": 20}})
    assert result.ok is None
    assert set(result.got) == {"value", "lower", "upper"}


def test_refused_inputs_answer_an_error_and_no_figure() -> None:
    method, inputs = registry()["wilson_proportion_ci"], {"numerator": 5, "denominator": 0}
    assert answered(method, inputs) == {"error": "denominator not positive"}
    figures = {"value": None, "lower": None}
    assert checked(method, {"id": "a", "inputs": inputs, "expected": figures}).ok
    assert not checked(method, {"id": "a", "inputs": inputs, "expected": {"value": 0.0}}).ok


REFUSED = {
    "negative numerator": {"method": "wilson", "numerator": -1, "denominator": 10},
    "denominator not positive": {"method": "wilson", "numerator": 0, "denominator": -1},
    "numerator greater than denominator": {"method": "wilson", "numerator": 11, "denominator": 10},
    "negative count": {"method": "byars", "count": -0.5},
    "population not positive": {"method": "rate", "count": 4, "population": 0},
    "negative standard population": {
        "method": "dsr",
        "count": [9, 9],
        "population": [100, 100],
        "standard_population": [10, -1],
    },
    "count and population and standard differ in length": {
        "method": "dsr",
        "count": [9],
        "population": [100, 100],
        "standard_population": [10, 10],
    },
    "numerator is not a number": {"method": "wilson", "numerator": "many", "denominator": 10},
}


@pytest.mark.parametrize(("sentence", "inputs"), list(REFUSED.items()), ids=lambda each: str(each)[:30])
def test_what_cannot_be_true_is_refused_in_words(sentence: str, inputs: dict[str, object]) -> None:
    assert answered(registry()["input_validation"], inputs) == {"error": sentence}


@pytest.mark.parametrize("confidence", [0.7, 0.89, 1.1, 14, 89.9, 100.1, None, float("nan")])
@pytest.mark.parametrize("method", ["wilson", "byars", "dsr", "rate", "mean", "isr"])
def test_a_confidence_level_outside_its_two_ranges_is_refused(method: str, confidence: float | None) -> None:
    inputs = {
        "method": method,
        "numerator": 1,
        "denominator": 2,
        "count": 1,
        "values": [1, 2],
        "population": 3,
        "standard_population": 1,
        "observed": 1,
        "reference_count": 1,
        "reference_population": 1,
        "confidence": confidence,
    }
    assert answered(registry()["input_validation"], inputs)["error"] == "confidence out of range (0.9-1 or 90-100)"


@pytest.mark.parametrize(("percent", "fraction"), [(90, 0.9), (95, 0.95), (99.8, 0.998), (100, 1)])
def test_a_confidence_level_may_be_given_in_per_cent(percent: float, fraction: float) -> None:
    method = registry()["wilson_proportion_ci"]
    case = {"numerator": 3, "denominator": 9}
    assert method.check(case | {"confidence": percent}) == method.check(case | {"confidence": fraction})


JUNK: tuple[object, ...] = (
    None,
    "",
    "x",
    [],
    {},
    -1,
    0,
    10**400,
    True,
    [None],
    [[]],
    ["a"],
    [{}],
    float("nan"),
    float("inf"),
)


@pytest.mark.parametrize("name", [each for each in registry() if not each.startswith("sdc_") and each != "rounding"])
def test_junk_is_answered_or_refused_and_never_crashes(name: str) -> None:
    method = registry()[name]
    for key in method.example:
        for junk in JUNK:
            try:
                got = method.check({**method.example, key: junk})
            except Refused as refused:
                assert str(refused)
            else:
                json.dumps(got, allow_nan=False)
