"""The disclosure methods answer the published cases and others of their kind; another solver is the judge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from reportcards.methods import answered, checked, registry

METHODS = (
    "rounding",
    "sdc_attack_intervals",
    "sdc_cross_card_differencing",
    "sdc_dominance",
    "sdc_primary_threshold",
    "sdc_secondary_suppression",
)
few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def said(method: str, **inputs: Any) -> dict[str, Any]:
    return answered(registry()[method], inputs)


@pytest.mark.parametrize("method", METHODS)
def test_the_published_cases_come_out(shared: Path, method: str) -> None:
    cases = json.loads((shared / "vectors" / f"{method}.json").read_text(encoding="utf-8"))["cases"]
    assert cases
    for case in cases:
        outcome = checked(registry()[method], case)
        assert outcome.ok, outcome


@pytest.mark.parametrize("method", METHODS)
def test_a_wrong_answer_would_be_seen(shared: Path, method: str) -> None:
    for case in json.loads((shared / "vectors" / f"{method}.json").read_text(encoding="utf-8"))["cases"]:
        wrong = {key: _other(value) for key, value in case["expected"].items()}
        assert not checked(registry()[method], {**case, "expected": wrong}).ok


def _other(value: Any) -> Any:
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 99
    return [*value, "more"] if isinstance(value, list) else {**value, "more": 1} if isinstance(value, dict) else "more"


def attacked(
    counts: list[list[int]], hidden: set[tuple[int, int]], *, margins: bool
) -> dict[tuple[int, int], tuple[float, float]]:
    """Bounds by linear programming over inner cells only: rows and columns keep their sums where these are public."""
    shape = len(counts), len(counts[0])
    places = {cell: at for at, cell in enumerate(sorted(hidden))}
    sums, totals = [], []
    lines = [[(row, column) for column in range(shape[1])] for row in range(shape[0])]
    lines += [[(row, column) for row in range(shape[0])] for column in range(shape[1])]
    for line in lines if margins else []:
        sums.append([1.0 if places.get(cell) == at and cell in line else 0.0 for cell, at in places.items()])
        totals.append(float(sum(counts[row][column] for row, column in line if (row, column) in hidden)))
    found = {}
    for cell, at in places.items():
        goal = np.zeros(len(places))
        goal[at] = 1
        low, high = (linprog(sign * goal, A_eq=sums or None, b_eq=totals or None, method="highs") for sign in (1, -1))
        found[cell] = (low.fun, -high.fun if high.status == 0 else np.inf)
    return found


tables = st.tuples(st.integers(1, 6), st.integers(1, 6)).flatmap(
    lambda shape: st.lists(
        st.lists(st.one_of(st.integers(0, 14), st.integers(10, 99)), min_size=shape[1], max_size=shape[1]),
        min_size=shape[0],
        max_size=shape[0],
    )
)


def labelled(counts: list[list[int]]) -> dict[str, Any]:
    rows, columns = [f"r{row}" for row in range(len(counts))], [f"c{column}" for column in range(len(counts[0]))]
    return {"rows": rows, "cols": columns, "counts": counts}


def places(pairs: list[list[str]]) -> set[tuple[int, int]]:
    return {(int(row[1:]), int(column[1:])) for row, column in pairs}


@few
@given(tables, st.integers(2, 12), st.booleans(), st.data())
def test_primary_cells_keep_as_many_values_as_the_threshold(
    counts: list[list[int]], threshold: int, margins: bool, data: st.DataObject
) -> None:
    inputs = {**labelled(counts), "threshold": threshold, "margins_published": margins}
    cells = [[row, column] for row in inputs["rows"] for column in inputs["cols"]]
    if data.draw(st.booleans()):
        inputs["primary"] = data.draw(st.lists(st.sampled_from(cells), max_size=3, unique_by=tuple))
    got = said("sdc_secondary_suppression", **inputs)
    small = {cell for cell in places(cells) if 0 < counts[cell[0]][cell[1]] < threshold}
    primary = places(inputs["primary"]) if "primary" in inputs else small
    hidden = places(got["suppressed"])
    assert primary <= hidden
    assert got["protected"]
    assert bool(got["margins_suppressed"]) == bool(got["explanation"])
    if got["margins_suppressed"]:
        everything = attacked(counts, set(places(cells)), margins=True)
        assert any(everything[cell][1] - everything[cell][0] + 1 < threshold for cell in primary), (
            "totals went for nothing"
        )
        return
    found = attacked(counts, hidden, margins=margins)
    for cell in primary:
        assert found[cell][1] - found[cell][0] + 1 >= threshold - 1e-6


@few
@given(tables, st.data())
def test_attack_intervals_are_those_of_another_solver(counts: list[list[int]], data: st.DataObject) -> None:
    cells = [[f"r{row}", f"c{column}"] for row in range(len(counts)) for column in range(len(counts[0]))]
    hidden = data.draw(st.lists(st.sampled_from(cells), min_size=1, max_size=9, unique_by=tuple))
    got = said("sdc_attack_intervals", **labelled(counts), suppressed=hidden)
    expected = attacked(counts, places(hidden), margins=True)
    for row, column in hidden:
        low, high = got["intervals"][row + column]
        assert (low, high) == pytest.approx(expected[int(row[1:]), int(column[1:])], abs=1e-6)
        assert (row + column in got["exactly_recoverable"]) == (low == high)


def test_without_totals_nothing_bounds_a_hidden_cell() -> None:
    got = said("sdc_attack_intervals", **labelled([[3, 4], [5, 6]]), suppressed=[["r0", "c0"]], margins_published=False)
    assert got["intervals"] == {"r0c0": [0.0, None]}


def test_public_limits_narrow_the_intervals() -> None:
    square = [["r0", "c0"], ["r0", "c1"], ["r1", "c0"], ["r1", "c1"]]
    got = said("sdc_attack_intervals", **labelled([[3, 4], [5, 6]]), suppressed=square, bounds=[1, 6])
    assert got["intervals"]["r0c0"] == [2.0, 3.0]


def test_the_smallest_total_decides_between_hiding_cells_and_hiding_totals() -> None:
    got = said("sdc_secondary_suppression", **labelled([[3, 20, 15]]), threshold=10)
    assert got["protected"]
    assert got["margins_suppressed"], "in a single row each column total is the cell"


def test_a_table_of_thirty_by_thirty_is_quick_enough_to_do_at_import() -> None:
    rng = np.random.default_rng(11)
    counts = rng.integers(10, 200, (30, 30))
    counts[rng.random((30, 30)) < 0.03] = 4
    got = said("sdc_secondary_suppression", **labelled(counts.tolist()), threshold=10)
    assert got["protected"]
    assert not got["margins_suppressed"]
    found = attacked(counts.tolist(), places(got["suppressed"]), margins=True)
    assert all(found[cell][1] - found[cell][0] >= 9 - 1e-6 for cell in places(got["primary"]))


@pytest.mark.parametrize(
    ("relation", "counts", "disclosed"),
    [
        ("A = B + W3", {"A": 112, "B": 109}, {"W3": 3}),
        ("A - B = W3", {"A": 112, "B": 109}, {"W3": 3}),
        ("A=B+C+W3", {"A": 112, "B": 60, "C": 45}, {"W3": 7}),
        ("Q1 = All 2025 − Q2 − Q3 - Q4", {"All 2025": 100, "Q2": 30, "Q3": 30, "Q4": 36}, {"Q1": 4}),
        ("A = B + W3", {"A": 112, "B": 80}, {}),
        ("A = B + W3 + W4", {"A": 200, "B": 109}, {}),
        ("under-18s = B + W3", {"under-18s": 112, "B": 109}, {"W3": 3}),
        ("A = B + W3 + 100", {"A": 112, "B": 9}, {"W3": 3}),
    ],
)
def test_cards_with_a_relation_tell_what_is_left_over(
    relation: str, counts: dict[str, int], disclosed: dict[str, int]
) -> None:
    cards = [{"card": card, "count": count} for card, count in counts.items()]
    got = said("sdc_cross_card_differencing", cards=cards, relation=relation, threshold=10)
    assert got == {"disclosed": disclosed, "must_block": bool(disclosed)}


def test_two_small_numbers_that_are_told_nearly_block_as_well() -> None:
    cards = [{"card": "A", "count": 112}, {"card": "B", "count": 109}]
    got = said("sdc_cross_card_differencing", cards=cards, relation="A = B + W3 + W4", threshold=10)
    assert got == {"disclosed": {}, "must_block": True}


def test_cards_that_contradict_each_other_are_refused() -> None:
    cards = [{"card": "A", "count": 100}, {"card": "B", "count": 109}]
    assert "error" in said("sdc_cross_card_differencing", cards=cards, relation="A = B + W3", threshold=10)


@pytest.mark.parametrize(
    ("value", "multiplier", "population", "count"),
    [(1.25, 1000, 3200, 4), (12.5, 100, 48, 6), (1.3, 1000, 320000, None)],
)
def test_a_rate_and_its_population_tell_the_count(
    value: float, multiplier: int, population: int, count: int | None
) -> None:
    got = said(
        "sdc_cross_card_differencing",
        suppressed_count=True,
        value=value,
        multiplier=multiplier,
        population=population,
        threshold=10,
    )
    assert got == {"recovered_count": count, "must_block": count is not None}


def test_two_hidden_groups_cover_each_other_only_when_enough_is_left_for_both() -> None:
    groups = {"a": 20, "b": None, "c": None, "d": 11}
    wide = said("sdc_cross_card_differencing", total=60, groups=groups, threshold=10)
    tight = said("sdc_cross_card_differencing", total=36, groups=groups, threshold=10)
    assert wide == {"recovered": {}, "needs_secondary": False}
    assert tight == {"recovered": {}, "needs_secondary": True}


@pytest.mark.parametrize(
    ("method", "inputs"),
    [
        ("rounding", {"values": [1, 2], "base": 0}),
        ("rounding", {"values": [-1], "base": 3}),
        ("rounding", {"values": [1], "base": 3, "mode": "upwards"}),
        ("sdc_attack_intervals", {"rows": ["a"], "cols": ["x"], "counts": [[1, 2]]}),
        ("sdc_attack_intervals", {"rows": ["a"], "cols": ["x"], "counts": [[1]], "suppressed": [["b", "x"]]}),
        ("sdc_secondary_suppression", {"rows": ["a"], "cols": ["x"], "counts": [[1.5]]}),
        ("sdc_cross_card_differencing", {"threshold": 10}),
        ("sdc_dominance", {}),
        ("sdc_primary_threshold", {"threshold": 10}),
    ],
)
def test_inputs_that_make_no_sense_are_refused(method: str, inputs: dict[str, Any]) -> None:
    assert set(said(method, **inputs)) == {"error"}


def test_rounding_at_random_is_fixed_by_key_and_cell() -> None:
    inputs = {"values": [10] * 40, "base": 3, "mode": "random", "cells": [str(cell) for cell in range(40)]}
    one, again, other = (said("rounding", **inputs, key=key)["values"] for key in ("k", "k", "l"))
    assert one == again != other
    assert set(one) == {9, 12}
