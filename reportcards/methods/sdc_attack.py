"""What a reader can work out about the hidden cells of a table from the ones shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportcards.disclosure.attack import audit
from reportcards.disclosure.cells import ANY, Relation, Span
from reportcards.disclosure.ledger import Need
from reportcards.disclosure.system import system
from reportcards.methods._method import Case, Method, Refused
from reportcards.methods._tables import Table, chosen, name, table, whole

_ASKED = Need(values=2)


def check(inputs: Case) -> dict[str, Any]:
    """The interval of each hidden cell, and which are known exactly; an endless interval ends with None."""
    given = table(inputs)
    hidden = dict.fromkeys(chosen(inputs, "suppressed", given))
    hidden.update(dict.fromkeys(pair for pair, count in given.counts.items() if count is None))
    limits = {pair: _limits(inputs, pair) for pair in hidden}
    spans = intervals(given, limits, margins=bool(inputs.get("margins_published", True)))
    return {
        "exactly_recoverable": ["".join(pair) for pair, span in spans.items() if span.exact],
        "intervals": {
            "".join(pair): [float(span.low), None if span.high is None else float(span.high)]
            for pair, span in spans.items()
        },
    }


def intervals(given: Table, hidden: dict[tuple[str, str], Span], *, margins: bool) -> dict[tuple[str, str], Span]:
    """The attack interval of each hidden cell, whose own limits are public. Raises Refused when nothing fits them."""
    ranges = {name(pair): span for pair, span in hidden.items()}
    for cell in given.cells(margins=margins):
        if cell.id not in ranges:
            told = cell.published and cell.count is not None
            ranges[cell.id] = Span(low=cell.count or 0, high=cell.count) if told else ANY
    relations: list[Relation] = given.relations()
    found = audit(system(ranges, relations), {name(pair): _ASKED for pair in hidden})
    spans = {pair: found[name(pair)].span for pair in hidden}
    if any(span.high is not None and span.high < span.low for span in spans.values()):
        raise Refused("no counts fit the limits and the totals")
    return spans


def _limits(inputs: Case, pair: tuple[str, str]) -> Span:
    """What everybody knows of the cell before looking: `bounds` of one cell or of all, else any count."""
    bounds: Any = inputs.get("bounds")
    if isinstance(bounds, dict):
        bounds = bounds.get("".join(pair), bounds.get("|".join(pair)))
    if bounds is None:
        low, high = whole(inputs.get("lower")), whole(inputs.get("upper"))
        return Span(low=low or 0, high=high)
    if not isinstance(bounds, Sequence) or len(bounds) != 2:
        raise Refused("bounds are not a lower and an upper limit")
    return Span(low=whole(bounds[0]) or 0, high=whole(bounds[1]))


METHOD = Method(
    name="sdc_attack_intervals",
    title="What can be worked out about hidden counts",
    what=(
        "A hidden count lies somewhere between a smallest and a largest value that the shown counts and totals allow. "
        "An interval of one value means that the count is not hidden at all; two hidden cells in each row and column "
        "are no protection against that. In an import readers are taken to draw every sum: groups along each dimension "
        "of a crossed breakdown, margins and cells without a row included, areas within areas, ages and periods within "
        "those that contain them, and each of these along all the others. They are taken to know every population, so "
        "that those not counted in a share are known as closely as those counted; a population below the threshold is "
        "protected like a count, and denominators, counts and those not counted then are three tables that add up."
    ),
    formula="min and max of each hidden cell, subject to all sums, every cell a whole number from 0",
    source="Fischetti and Salazar, Management Science 47 (2001): the attacker's problem. Solved with HiGHS.",
    example={
        "rows": ["a", "b"],
        "cols": ["x", "y"],
        "counts": [[4, 16], [20, 30]],
        "suppressed": [["a", "x"], ["a", "y"], ["b", "x"], ["b", "y"]],
    },
    check=check,
)
