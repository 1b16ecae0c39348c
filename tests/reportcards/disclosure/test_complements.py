"""Those who are not counted are protected as those who are, also where they are nobody's row and among a few."""

from __future__ import annotations

import polars as pl

from reportcards.disclosure import Ledger, Protected, Rule, protect
from reportcards.disclosure.complements import OF, beside
from reportcards.disclosure.relations import cells_of, relations_of
from tests.reportcards.disclosure.test_relations import KEY, frame, group, named

RULE = Rule(threshold=10, complement=True)


def shares(of: dict[str, tuple[int, int]]) -> pl.DataFrame:
    """Everybody under "", and groups."""
    rows = [
        group(name, count, denominator=whole) if name else {"count": count, "denominator": whole}
        for name, (count, whole) in of.items()
    ]
    return frame(*rows)


def released(data: pl.DataFrame, ledger: Ledger | None = None) -> Protected:
    structure = relations_of(data, complement=True)
    counted = (*cells_of(data), *structure.implied)
    others = beside(counted, structure.relations, RULE)
    sums = (*structure.relations, *others.relations)
    return protect((*counted, *others.cells), sums, RULE, key=KEY, released=ledger or Ledger())


def shown(found: Protected) -> set[str]:
    return {name.split("|")[3] for name in found.shown if name.startswith("i|") and not name.endswith(OF)}


def test_a_few_in_no_group_who_are_not_counted_are_protected() -> None:
    """10 of 14 are in no group: 4 of them are not counted."""
    data = shares({"": (110, 300), "x": (60, 140), "y": (40, 146)})
    assert "" in shown(protect(cells_of(data), (), RULE, key=KEY)), "row by row nothing is small"
    assert len(shown(released(data))) < 3


def test_a_few_in_no_group_of_whom_nobody_is_counted_are_protected() -> None:
    data = shares({"": (100, 300), "x": (60, 140), "y": (40, 155)})
    assert len(shown(released(data))) < 3


def test_the_few_people_of_a_group_are_not_told_by_the_denominators_of_the_others() -> None:
    """3 of 7: shown denominators of the rest would leave 8 values."""
    data = shares({"": (198, 1000), "x": (100, 500), "y": (95, 493), "z": (3, 7)})
    found = released(data)
    assert len(shown(found)) <= 2 and "z" not in shown(found)
    span = found.intervals[named(breakdown="ethnicity", group="z")]
    assert (span.values or 99) >= 10


def test_a_denominator_shown_before_counts_though_its_count_was_revised() -> None:
    first = released(shares({"": (250, 1000), "x": (100, 500), "y": (95, 400), "z": (55, 100)}))
    assert len(shown(first)) == 4
    ledger = Ledger().after(first.release)
    again = released(shares({"": (170, 907), "x": (100, 500), "y": (67, 400), "z": (3, 7)}), ledger)
    span = again.intervals[named(breakdown="ethnicity", group="z")]
    assert "" not in shown(again) and (span.values or 99) >= 10, "907 - 500 - 400 is 7, whatever is hidden of y"


def test_a_denominator_is_hidden_with_its_count_and_by_itself_never() -> None:
    found = released(shares({"": (198, 1000), "x": (100, 500), "y": (95, 493), "z": (3, 7)}))
    owners = {name for name in found.shown if not name.endswith(OF)}
    assert {name.removesuffix(OF) for name in found.shown if name.endswith(OF)} <= owners


def test_denominators_that_do_not_add_up_are_no_table() -> None:
    """Shares of the same population by cause: each is of everybody."""
    data = shares({"": (198, 1000), "x": (100, 1000), "y": (95, 1000), "z": (3, 7)})
    structure = relations_of(data, complement=True)
    found = beside((*cells_of(data), *structure.implied), structure.relations, RULE)
    assert {len(each.parts) for each in found.relations} == {2}, "counts and others are the denominator, no more"
    adding = shares({"": (198, 1000), "x": (100, 500), "y": (95, 493), "z": (3, 7)})
    structure = relations_of(adding, complement=True)
    found = beside((*cells_of(adding), *structure.implied), structure.relations, RULE)
    assert {len(each.parts) for each in found.relations} == {2, 3}
