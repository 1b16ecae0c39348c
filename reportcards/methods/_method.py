"""What a method is: one file of this folder, saying in words, formula and code how a figure is made.

    METHOD = Method(name="wilson_proportion_ci", title="...", what="...", formula="...", source="...",
                    example={"numerator": 65, "denominator": 100}, check=check)

`check` answers a published case through the very functions the product uses. A case says what is expected; the keys
it names are compared, others are let be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

REL_TOL = 1e-7
ABS_TOL = 1e-9

Case = Mapping[str, Any]
Check = Callable[[Case], Case]
Judge = Callable[[Case, Case, Case], bool]
"""From inputs, expected and got to whether they agree."""


class Refused(ValueError):
    """Inputs no figure can be made of; the message is the sentence a caller sees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One statistic or rule, as the documentation tells it and as published cases check it."""

    name: str
    """The `method` of a file of published cases."""
    title: str
    what: str
    """What it answers and when it is used, in plain words, for an analyst."""
    formula: str
    source: str
    """The standard or paper that defines it."""
    example: Case
    """Inputs of the worked example in the documentation."""
    check: Check
    """From the inputs of a case to everything the method says about them. Raises Refused."""
    agrees: Judge | None = None
    """How got is compared with expected, where several answers are right; None compares key by key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """How one published case came out."""

    id: str
    ok: bool | None
    """None when the case expects nothing: it is only computed."""
    got: Case


def answered(method: Method, inputs: Case) -> dict[str, Any]:
    """What the method says about the inputs: {"error": sentence} where it refuses them; what is not finite is None."""
    try:
        return {key: _finite(value) for key, value in method.check(inputs).items()}
    except Refused as refused:
        return {"error": str(refused)}


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _finite(each) for key, each in value.items()}
    if _listed(value):
        return [_finite(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def checked(method: Method, case: Case) -> Checked:
    """Compute a case and compare; `got` has the keys of `expected`, a refused case having None for its figures."""
    got, expected = answered(method, case["inputs"]), case.get("expected")
    if expected is None:
        return Checked(id=case["id"], ok=None, got=got)
    refused = set(got) == {"error"}
    told = {key: got.get(key) for key in expected if key in got or refused}
    if method.agrees is not None and not refused:
        ok = method.agrees(case["inputs"], expected, got)
        return Checked(id=case["id"], ok=ok, got={key: got.get(key) for key in expected if key in got} or got)
    return Checked(id=case["id"], ok=same(expected, told, rel_tol=case.get("rel_tol", REL_TOL)), got=told)


def same(expected: Any, got: Any, *, rel_tol: float = REL_TOL) -> bool:
    """Whether two values are equal: numbers within the tolerance, words and None exactly, lists and mappings inside."""
    if isinstance(expected, Mapping):
        return isinstance(got, Mapping) and all(
            key in got and same(value, got[key], rel_tol=rel_tol) for key, value in expected.items()
        )
    if _listed(expected):
        return (
            _listed(got)
            and len(expected) == len(got)
            and all(same(one, other, rel_tol=rel_tol) for one, other in zip(expected, got, strict=True))
        )
    if _number(expected) and _number(got):
        return math.isclose(expected, got, rel_tol=rel_tol, abs_tol=ABS_TOL)
    if isinstance(expected, str) and isinstance(got, str):
        return str(expected) == str(got)
    return type(expected) is type(got) and bool(expected == got)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _listed(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
