"""What the methods refuse, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from reportcards.methods import byars, crude_rate, dsr, funnel, indirect, mean, quantiles, wilson
from reportcards.methods._inputs import word
from reportcards.methods._method import Case, Method, Refused

CHECKS: dict[str, Callable[[Case], Case]] = {
    "wilson": wilson.check,
    "proportion": wilson.check,
    "byars": byars.check,
    "rate": crude_rate.check,
    "crude_rate": crude_rate.check,
    "mean": mean.check,
    "dsr": dsr.check,
    "isr": indirect.check,
    "smr": indirect.check,
    "indirect": indirect.check,
    "quantile": quantiles.check,
    "funnel": funnel.check,
}
"""The methods by the short name a case gives."""


def check(inputs: Case) -> dict[str, Any]:
    """The refusal of the `method` named as {"error": sentence}; {"error": None} and its figures when accepted."""
    named = word(inputs, "method")
    if named not in CHECKS:
        raise Refused(f"there is no method called {named}: {', '.join(CHECKS)}")
    return {"error": None} | dict(CHECKS[named](inputs))


METHOD = Method(
    name="input_validation",
    title="Inputs that are refused",
    what=(
        "A figure is only made of inputs that can be true: no negative events, no population of zero, no share above "
        "the whole, and a confidence level between 90 and 100 %. Anything else is refused in a sentence. In an import "
        "the row stays without a figure, and never becomes 0."
    ),
    formula="0 ≤ numerator ≤ denominator, denominator > 0, count ≥ 0, population > 0, weights ≥ 0, 0.9 ≤ c ≤ 1",
    source="Public Health England technical guide on confidence intervals.",
    example={"method": "wilson", "numerator": 12, "denominator": 0, "confidence": 0.95},
    check=check,
)
