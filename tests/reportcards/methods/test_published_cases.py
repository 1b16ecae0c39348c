"""Every method agrees with every published case, and says what it is."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportcards.methods import Method, answered, checked, registry
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


@pytest.mark.parametrize("name", registry())
def test_junk_is_answered_or_refused_and_never_crashes(name: str) -> None:
    method = registry()[name]
    for key in method.example:
        for junk in JUNK:
            _answered_or_refused(method, {**method.example, key: junk})


@settings(max_examples=60, deadline=None)
@given(st.data())
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", registry())
def test_junk_at_any_depth_is_answered_or_refused_and_never_crashes(name: str, data: st.DataObject) -> None:
    inputs = copy.deepcopy(dict(registry()[name].example))
    places = [place for place in _places(inputs) if place]
    for place in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=3)):
        inside: Any = inputs
        for step in place[:-1]:
            inside = inside[step] if isinstance(inside, dict | list) and _has(inside, step) else None
        if isinstance(inside, dict | list) and _has(inside, place[-1]):
            inside[place[-1]] = copy.deepcopy(data.draw(st.sampled_from((*JUNK, 1e308, -1e308, 5e-324, "<5"))))
    _answered_or_refused(registry()[name], inputs)


def _answered_or_refused(method: Method, inputs: dict[str, Any]) -> None:
    got = answered(method, inputs)
    json.dumps(got, allow_nan=False)
    assert set(got) != {"error"} or got["error"]


def _places(inside: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield place
    steps = inside.items() if isinstance(inside, dict) else enumerate(inside) if isinstance(inside, list) else ()
    for step, each in steps:
        yield from _places(each, (*place, step))


def _has(inside: dict[Any, Any] | list[Any], step: Any) -> bool:
    return step in inside if isinstance(inside, dict) else isinstance(step, int) and step < len(inside)
