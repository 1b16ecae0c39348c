"""One measured figure: what it is, what was aimed at, and how busy the machine was meanwhile."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field

MARK = "figure"
"""Lines of a benchmark that begin with an object of this name are read by `python -m benchmarks`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number of one benchmark, as it is printed and as the docs state it."""

    benchmark: str
    what: str
    value: float
    unit: str
    """"times" (a ratio to the peer named in `what`), "ms CPU", "s CPU", "s", "MB" or "datasets/s"."""
    aim: str = ""
    """"<= 3" or ">= 100", "" when the figure is only told."""
    quick: bool = False
    """Measured on the small data: says nothing about the aim."""
    load: float = field(default_factory=lambda: round(os.getloadavg()[0], 1))

    @property
    def reached(self) -> bool | None:
        """Whether the aim is met; None without one, and of a quick run."""
        if not self.aim or self.quick:
            return None
        sign, _, bound = self.aim.partition(" ")
        return self.value <= float(bound) if sign == "<=" else self.value >= float(bound)


def say(figure: Figure) -> None:
    """Print it as one JSON line."""
    print(json.dumps({MARK: asdict(figure), "reached": figure.reached}), flush=True)


def heard(line: str) -> Figure | None:
    """The figure of a printed line, None for any other line."""
    if not line.startswith(f'{{"{MARK}"'):
        return None
    return Figure(**json.loads(line)[MARK])


def table(figures: list[Figure]) -> str:
    """The figures as people read them."""
    verdicts = {True: "reached", False: "NOT REACHED", None: ""}
    lines = [f"{'benchmark':<15}{'what':<70}{'figure':>12}  {'unit':<12}{'aim':<9}{'load':>6}  "]
    lines += [
        f"{each.benchmark:<15}{each.what:<70}{each.value:>12,}  {each.unit:<12}{each.aim:<9}{each.load:>6}  "
        f"{verdicts[each.reached]}"
        for each in figures
    ]
    return "\n".join(line.rstrip() for line in lines)
