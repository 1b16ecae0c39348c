"""Numbers and signs: what a cell says of a value, and of why there is none."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportcards.codes import ConfStatus, ObsStatus
from reportcards.formats._statuses import multiplier, obs_status
from reportcards.formats._values import cell, decimal_mark, numbers

FREE_OF_PROBLEMS = [
    ("12", 12.0, "", ""),
    ("-1.5", -1.5, "", ""),
    ("\u22121.5", -1.5, "", ""),
    ("1,234,567.8", 1234567.8, "", ""),
    ("1 234 567", 1234567.0, "", ""),
    ("1.2e-05", 1.2e-05, "", ""),
    (".5", 0.5, "", ""),
    ("0", 0.0, "", ""),
    ("12.5%", 12.5, "", ""),
    ("\u00a31,234", 1234.0, "", ""),
    ("12.3p", 12.3, "P", ""),
    ("12.3 [p]", 12.3, "P", ""),
    ("12.3 (provisional)", 12.3, "P", ""),
    ("12.3 e", 12.3, "E", ""),
    ("12.3r", 12.3, "", ""),
    ("12.3 b", 12.3, "B", ""),
    ("12.3u", 12.3, "U", ""),
    ("", None, "O", ""),
    ("NA", None, "O", ""),
    ("n/a", None, "O", ""),
    ("-", None, "O", ""),
    ("..", None, "O", ""),
    (":", None, "O", ""),
    ("[x]", None, "O", ""),
    ("#N/A", None, "O", ""),
    ("[low]", None, "O", ""),
    ("z", None, "M", ""),
    ("[z]", None, "M", ""),
    ("c", None, "Q", "C"),
    ("[c]", None, "Q", "C"),
    ("*", None, "Q", "C"),
    ("Suppressed", None, "Q", "C"),
    ("<5", None, "Q", "C"),
    ("fewer than 10", None, "Q", "C"),
]


@pytest.mark.parametrize(("said", "value", "status", "conf"), FREE_OF_PROBLEMS)
def test_a_cell_is_read_as_its_publisher_means_it(said: str, value: float | None, status: str, conf: str) -> None:
    found = cell(said)
    assert (found.value, found.status, found.conf, found.problem) == (value, status, conf, "")


@pytest.mark.parametrize(
    "said", ["abc", "12.3*", "12.3 q", "1,23", "1.2.3", "(5)", "inf", "1,2345", "12 apples", "#REF!", "--5", "0x10"]
)
def test_what_could_be_misread_is_refused(said: str) -> None:
    assert cell(said).problem


@settings(max_examples=200, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_that_a_program_writes_is_read_back(number: float) -> None:
    assert numbers(pl.Series([repr(number)]))["value"][0] == number


@settings(max_examples=200, deadline=None)
@given(st.integers(-(10**12), 10**12))
def test_thousands_are_read_in_either_notation(number: int) -> None:
    assert cell(f"{number:,}").value == number
    assert cell(f"{number:,}".replace(",", "."), decimal=",").value == number or abs(number) < 1000


@pytest.mark.parametrize(
    ("said", "value"),
    [("٣", 3.0), ("１２.５", 12.5), ("-४२", -42.0), ("9" * 300, 1e300), ("1e308", 1e308), ("2.e5", 2e5)],
)
def test_digits_of_any_script_and_any_length_are_a_number(said: str, value: float) -> None:
    assert numbers(pl.Series([said])).to_dicts()[0] | {"value": 0.0} == numbers(pl.Series(["0"])).to_dicts()[0]
    assert numbers(pl.Series([said]))["value"][0] == pytest.approx(value)


@pytest.mark.parametrize("said", ["1e309", "-1e309", "9" * 400, "9" * 400 + "%", "£" + "9" * 400, "1e999999999"])
def test_a_number_that_no_number_can_hold_is_refused(said: str) -> None:
    read = numbers(pl.Series(["5", said]))
    assert read["problem"].to_list() == ["", "is a larger number than can be kept"]
    assert read["value"].to_list() == [5.0, None]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text("0123456789.,-+eE%£*[]() ٣１४½²\u00a0xcp", max_size=9), max_size=8))
def test_a_column_is_read_as_its_cells_are(texts: list[str]) -> None:
    for text, read in zip(texts, numbers(pl.Series(texts, dtype=pl.String)).to_dicts(), strict=True):
        found = cell(text)
        assert read == {name: getattr(found, name) for name in read}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=12))
def test_no_text_becomes_zero_by_being_missing(said: str) -> None:
    found = cell(said)
    assert found.value is None or any(character.isdigit() for character in said)
    assert found.value is not None or found.problem or ObsStatus(found.status).is_missing


@pytest.mark.parametrize(
    ("texts", "delimiter", "mark"),
    [
        (["1,5", "2,25"], ";", ","),
        (["1.234,5", "2"], ";", ","),
        (["1,234", "2.5"], ";", "."),
        (["1,234,567"], ";", "."),
        (["1,234"], ";", ""),
        (["1,234"], ",", "."),
        (["1.5"], ";", "."),
        (["c", "12"], "\t", "."),
    ],
)
def test_the_decimal_mark_is_found_or_asked_for(texts: list[str], delimiter: str, mark: str) -> None:
    assert decimal_mark(pl.Series(texts), delimiter=delimiter) == mark


def test_every_code_has_its_meaning_and_is_found_by_it() -> None:
    for status in ObsStatus:
        assert obs_status(status.value) is status
        assert obs_status(status.meaning) is status
    assert all(status.meaning for status in ConfStatus)
    assert obs_status("P: Provisional value") is ObsStatus.PROVISIONAL
    assert obs_status("Green") is None


@pytest.mark.parametrize(
    ("said", "times"), [("Units", 1.0), ("0", 1.0), ("3", 1000.0), ("Millions", 1e6), ("-2", 0.01), ("dozens", None)]
)
def test_a_multiplier_is_a_word_or_a_power_of_ten(said: str, times: float | None) -> None:
    assert multiplier(said) == times
