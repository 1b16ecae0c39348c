"""Read the inputs of a case, refusing what no figure can be made of, and compute expressions on them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from reportcards.methods._method import Case, Refused

Number = float | None
NUMBER = pl.Float64


def number(inputs: Case, name: str, *, default: Number = None) -> Number:
    """A number or None. Raises Refused for anything else."""
    return _number(name, inputs.get(name, default))


def numbers(inputs: Case, name: str) -> list[Number]:
    """A list of numbers and None; a single number is a list of one. Raises Refused."""
    given = inputs.get(name)
    if given is None:
        raise Refused(f"{name} is missing")
    if isinstance(given, int | float):
        given = [given]
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise Refused(f"{name} is not a list of numbers")
    return [_number(name, each) for each in given]


def _number(name: str, value: Any) -> Number:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(f"{name} is not a number")
    try:
        known = float(value)
    except OverflowError:
        known = math.inf
    if math.isinf(known):
        raise Refused(f"{name} is beyond all bounds")
    return known


def whole(inputs: Case, name: str, *, default: int, within: range) -> int:
    """A whole number in a range. Raises Refused."""
    found = number(inputs, name, default=default)
    if found is None or found != int(found) or int(found) not in within:
        raise Refused(f"{name} is not a whole number from {within[0]} to {within[-1]}")
    return int(found)


def word(inputs: Case, name: str, *, default: str = "") -> str:
    """A word, "" when none is given. Raises Refused for anything else."""
    given = inputs.get(name, default)
    if given is None:
        return default
    if not isinstance(given, str):
        raise Refused(f"{name} is not a word")
    return given


def items(inputs: Case, name: str) -> list[Any]:
    """A list of anything, empty when none is given. Raises Refused."""
    given = inputs.get(name)
    if given is None:
        return []
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise Refused(f"{name} is not a list")
    return list(given)


def mapping(inputs: Case, name: str) -> Mapping[str, Any]:
    """Names and what stands for each. Raises Refused for anything else."""
    given = inputs.get(name)
    if given is None:
        raise Refused(f"{name} is missing")
    if not isinstance(given, Mapping):
        raise Refused(f"{name} does not say what stands for each of its names")
    return given


def not_negative(name: str, values: Number | Sequence[Number]) -> None:
    """Raises Refused when one of them is below zero."""
    if any(each is not None and each < 0 for each in _each(values)):
        raise Refused(f"negative {name}")


def positive(name: str, values: Number | Sequence[Number]) -> None:
    """Raises Refused when one of them is zero or below."""
    if any(each is not None and each <= 0 for each in _each(values)):
        raise Refused(f"{name} not positive")


def equally_long(**lists: Sequence[Number]) -> None:
    """Raises Refused when lists that go together differ in length."""
    if len({len(each) for each in lists.values()}) > 1:
        raise Refused(f"{' and '.join(name.replace('_', ' ') for name in lists)} differ in length")


def _each(values: Number | Sequence[Number]) -> Sequence[Number]:
    return values if isinstance(values, Sequence) else [values]


def computed(columns: Mapping[str, Number | Sequence[Number]], expressions: Mapping[str, pl.Expr]) -> dict[str, Any]:
    """The first row of expressions over columns of numbers, as a product's frame would compute them."""
    frame = pl.DataFrame({name: pl.Series(name, list(_each(values)), NUMBER) for name, values in columns.items()})
    row = frame.select(**expressions).row(0, named=True)
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value for name, value in row.items()
    }
