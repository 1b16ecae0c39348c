"""Which totals of money or activity tell too much about their largest contributors."""

from __future__ import annotations

from typing import Any

from reportcards.disclosure.rules import NK, PPercent
from reportcards.methods._inputs import mapping, number, numbers
from reportcards.methods._method import Case, Method, Refused


def check(inputs: Case) -> dict[str, Any]:
    """The cells that fail the (n, k) rule and those that fail the p% rule; shares above 1 are read as per cent."""
    given = mapping(inputs, "contributions")
    n = number(inputs, "nk_n", default=2)
    nk, p_percent = NK(n=int(n or 2), k=_share(inputs, "nk_k", 0.9)), PPercent(p=_share(inputs, "p", 0.1))
    counted = {cell: [each for each in numbers(given, cell) if each is not None] for cell in given}
    return {
        "nk_fail": [cell for cell, values in counted.items() if nk.fails(values)],
        "p_fail": [cell for cell, values in counted.items() if p_percent.fails(values)],
    }


def _share(inputs: Case, name: str, default: float) -> float:
    share = number(inputs, name, default=default)
    if share is None or share <= 0:
        raise Refused(f"{name} is not a share above 0")
    return share / 100 if share > 1 else share


METHOD = Method(
    name="sdc_dominance",
    title="Dominated totals are hidden",
    what=(
        "A total of money or activity that comes nearly all from one or two contributors tells their figures, to each "
        "other exactly. Such totals are hidden however many contributors there are."
    ),
    formula="(n, k): the n largest > k of the total; p%: (total - two largest) / largest < p",
    source="Hundepool and others, Statistical Disclosure Control, Wiley 2012, section 4.2.",
    example={"contributions": {"North": [1000, 900, 8, 8, 8]}, "nk_n": 2, "nk_k": 0.9, "p": 0.1},
    check=check,
)
