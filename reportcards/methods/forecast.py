"""A line carried on from the last figures: what comes if nothing changes. Never judged, never a target."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scipy import stats

from reportcards.methods._inputs import Number, number, numbers, whole
from reportcards.methods._limits import level
from reportcards.methods._method import Case, Method
from reportcards.methods.xmr import RUN, Rule, xmr

FEWEST, MOST = 5, 8
"""Figures the line is laid through."""
FURTHEST = 8
"""Periods ahead at the most: not further than the line was looked at."""


class Withheld(StrEnum):
    """Why there is no forecast, as a sentence for the card."""

    TOO_FEW = "A forecast needs the last five figures without a gap."
    SHIFT = "There is no forecast while a shift in the series is unexplained."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """One forecast figure with its prediction interval."""

    steps: int
    """Periods after the last figure."""
    value: float
    lower: float
    upper: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What comes if nothing changes; observation status F in SDMX."""

    ahead: tuple[Ahead, ...] = ()
    points: int = 0
    """Figures the line was laid through."""
    withheld: Withheld | None = None


def if_nothing_changes(
    values: Sequence[Number], ahead: int = 1, *, rebases: Sequence[int] = (), confidence: float = 0.95
) -> Forecast:
    """Lay a line through the last five to eight figures and carry it on with its prediction interval.

    Only figures since the last gap and the last rebase are used. Withheld with a reason under five of them, and
    while seven on one side of the mean say that the process moved and nobody has said why.
    """
    used = _last_run(values, rebases)
    if len(used) < FEWEST:
        return Forecast(withheld=Withheld.TOO_FEW)
    if any(signal and signal.rule is Rule.SHIFT for signal in xmr(values, rebases=rebases).signals[-RUN:]):
        return Forecast(withheld=Withheld.SHIFT)
    return Forecast(ahead=_carried_on(used, ahead, confidence), points=len(used))


def _last_run(values: Sequence[Number], rebases: Sequence[int]) -> list[float]:
    run: list[float] = []
    for value in reversed(values[max(rebases, default=0) :]):
        if value is None or len(run) == MOST:
            break
        run.append(value)
    return run[::-1]


def _carried_on(values: Sequence[float], ahead: int, confidence: float) -> tuple[Ahead, ...]:
    n, middle = len(values), (len(values) - 1) / 2
    mean = math.fsum(values) / n
    spread = math.fsum((t - middle) ** 2 for t in range(n))
    slope = math.fsum((t - middle) * y for t, y in enumerate(values)) / spread
    fitted = [mean + slope * (t - middle) for t in range(n)]
    error = math.sqrt(math.fsum((y - f) ** 2 for y, f in zip(values, fitted, strict=True)) / (n - 2))
    quantile = float(stats.t.ppf(1 - (1 - level(confidence)) / 2, n - 2))

    def at(steps: int) -> Ahead:
        distance = n - 1 + steps - middle
        value, half = mean + slope * distance, quantile * error * math.sqrt(1 + 1 / n + distance**2 / spread)
        return Ahead(steps=steps, value=value, lower=value - half, upper=value + half)

    return tuple(at(steps) for steps in range(1, min(ahead, FURTHEST) + 1))


def check(inputs: Case) -> dict[str, Any]:
    """The forecast of one series."""
    forecast = if_nothing_changes(
        numbers(inputs, "values"),
        whole(inputs, "ahead", default=1, within=range(1, FURTHEST + 1)),
        rebases=[int(each) for each in numbers(inputs, "rebases") if each is not None] if "rebases" in inputs else (),
        confidence=level(number(inputs, "confidence", default=0.95)),
    )
    return {
        "value": [each.value for each in forecast.ahead],
        "lower": [each.lower for each in forecast.ahead],
        "upper": [each.upper for each in forecast.ahead],
        "points": forecast.points,
        "withheld": forecast.withheld,
    }


METHOD = Method(
    name="forecast_if_nothing_changes",
    title="Forecast if nothing changes",
    what=(
        "Carries the line of the last five to eight figures on, with the interval the next figure should fall in. It "
        "is the question to a meeting, what comes if we do nothing new, not a prediction and not a target: it is "
        "labelled a forecast and never called better or worse. It is withheld under five figures, across a gap, and "
        "while a shift in the series is unexplained."
    ),
    formula="least squares; interval ŷ ∓ t(1 − α/2; n − 2) s √(1 + 1/n + (t₀ − t̄)²/Σ(t − t̄)²)",
    source="Draper NR, Smith H (1998), Applied Regression Analysis, 3rd edition, section 1.4.",
    example={"values": [8.1, 8.4, 8.2, 8.9, 9.1, 9.0], "ahead": 2, "confidence": 0.95},
    check=check,
)
