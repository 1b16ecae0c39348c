"""Which cells of a table are too small to be shown by themselves."""

from __future__ import annotations

from typing import Any

from reportcards.disclosure.rules import Rule
from reportcards.methods._inputs import mapping
from reportcards.methods._method import Case, Method
from reportcards.methods._tables import threshold, whole


def check(inputs: Case) -> dict[str, Any]:
    """The small cells of a table of rows and columns, in its order."""
    given = mapping(inputs, "table")
    rule = Rule(threshold=threshold(inputs), zeros_disclosive=bool(inputs.get("zeros_are_disclosive", False)))
    counts = [(row, column, whole(count)) for row in given for column, count in mapping(given, row).items()]
    return {"primary": [[row, column] for row, column, count in counts if count is not None and rule.small(count)]}


METHOD = Method(
    name="sdc_primary_threshold",
    title="Small counts are hidden",
    what=(
        "A count below the threshold tells of so few people that one might be recognised. It is hidden with its rate, "
        "interval, trend and rank. Zero is hidden only where the rule says that none is telling too. A missing count "
        "is not small."
    ),
    formula="1 ≤ count < threshold, or 0 ≤ count < threshold where zeros are disclosive",
    source="Hundepool and others, Statistical Disclosure Control, Wiley 2012, chapter 5.",
    example={"table": {"North": {"A": 25, "B": 9}, "South": {"A": 12, "B": 0}}, "threshold": 10},
    check=check,
)
