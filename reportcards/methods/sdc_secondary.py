"""Which further cells of a table to hide, so that its small ones cannot be worked out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from reportcards.disclosure.cells import ANY, Span
from reportcards.disclosure.ledger import Ledger, Release, unknown
from reportcards.disclosure.protecting import NOTHING, Protected, protect
from reportcards.disclosure.rules import Rule
from reportcards.methods._method import Case, Method
from reportcards.methods._tables import TOTAL, Pair, Table, chosen, name, table, threshold
from reportcards.methods.sdc_attack import intervals

_KEY = b"published cases hold no secrets"
_EXPLAINED = "No choice of cells protects the small ones beside all totals, so the totals listed are hidden too."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    table: Table
    rule: Rule
    primary: tuple[Pair, ...]
    named: bool
    """Whether the case names the primary cells; the others are then harmless whatever their counts."""
    margins: bool


def check(inputs: Case) -> dict[str, Any]:
    """All hidden cells, hidden totals, what can be worked out about each primary cell, and why totals had to go."""
    task = _task(inputs)
    found = _protected(task)
    away = {*found.hidden, *found.refused}
    cells = [pair for pair in task.table.pairs() if name(pair) in away]
    totals = [pair for pair in _margins(task.table) if task.margins and name(pair) in away]
    spans = intervals(task.table, dict.fromkeys((*cells, *totals), ANY), margins=task.margins)
    return {
        "suppressed": [list(pair) for pair in cells],
        "margins_suppressed": [list(pair) for pair in totals],
        "primary": [list(pair) for pair in task.primary],
        "intervals": {"".join(pair): [spans[pair].low, spans[pair].high] for pair in task.primary},
        "protected": all(_wide(spans[pair], task.rule.threshold) for pair in task.primary),
        "explanation": _EXPLAINED if totals else "",
    }


def _task(inputs: Case) -> _Task:
    given = table(inputs)
    zeros = bool(inputs.get("zeros_are_disclosive", False))
    rule = Rule(threshold=threshold(inputs), zeros_disclosive=zeros, wide_covers=False)
    named = inputs.get("primary") is not None
    small = [pair for pair, count in given.counts.items() if count is None or rule.small(count)]
    primary = tuple(dict.fromkeys(chosen(inputs, "primary", given))) if named else tuple(small)
    margins = bool(inputs.get("margins_published", True))
    return _Task(table=given, rule=rule, primary=primary, named=named, margins=margins)


def _protected(task: _Task) -> Protected:
    """With all totals standing where that is possible at all, else with those hidden that have to be."""
    first = _with(task, ledger=_standing(task) if task.margins else NOTHING, small_totals=False)
    return _with(task, ledger=NOTHING, small_totals=not task.named) if first.refused or first.exposed else first


def _with(task: _Task, *, ledger: Ledger, small_totals: bool) -> Protected:
    primary, totals = {name(pair) for pair in task.primary}, {name(pair) for pair in _margins(task.table)}
    cells = [
        cell if cell.id in totals and small_totals else replace(cell, sensitive=cell.id in primary)
        for cell in task.table.cells(margins=task.margins)
    ]
    return protect(cells, task.table.relations(), task.rule, key=_KEY, released=ledger)


def _standing(task: _Task) -> Ledger:
    """The totals as shown before, so that they cannot be hidden any more."""
    counts = {name(pair): task.table.total(pair) for pair in _margins(task.table)}
    shown = {
        unknown(_KEY, cell_id, count): Span(low=count, high=count)
        for cell_id, count in counts.items()
        if count is not None
    }
    return Ledger.of([Release(shown=shown, hidden={}, relations=())])


def _margins(given: Table) -> Iterable[Pair]:
    yield from ((row, TOTAL) for row in given.rows)
    yield from ((TOTAL, column) for column in given.columns)
    yield TOTAL, TOTAL


def _wide(span: Span, values: int) -> bool:
    return span.values is None or span.values >= values


def _agrees(inputs: Case, expected: Case, got: Case) -> bool:
    """Any pattern is right that hides the primary cells and leaves each of them wide enough; few cells are better."""
    if not got["protected"] or not all(pair in got["suppressed"] for pair in got["primary"]):
        return False
    least = expected.get("min_secondary", 0)
    hidden = len(got["suppressed"]) + len(got["margins_suppressed"])
    return bool(hidden - len(got["primary"]) >= least or got["suppressed"] in expected.get("accepted_patterns", []))


METHOD = Method(
    name="sdc_secondary_suppression",
    title="Cells hidden to cover small ones",
    what=(
        "A small count that is hidden can be worked out from the total and the other counts of its row or column. "
        "Further cells are hidden, as little as possible and totals last, until at least as many values as the "
        "threshold stay possible for each small one. Several patterns can be right."
    ),
    formula="least loss such that max - min + 1 ≥ threshold for each primary cell, given everything shown",
    source="Kelly, Golden and Assad, Networks 22 (1992); Fischetti and Salazar, Management Science 47 (2001).",
    example={
        "rows": ["a", "b", "c"],
        "cols": ["x", "y"],
        "counts": [[4, 16], [20, 30], [40, 50]],
        "threshold": 10,
        "margins_published": True,
    },
    check=check,
    agrees=_agrees,
)
