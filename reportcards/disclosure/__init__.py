"""Disclosure control: what of its numbers an audience may see, proven over all that it has been shown.

protected = protect(cells, relations, Rule(threshold=10), key=key, released=ledger)
ledger = ledger.after(protected.release)
"""

from reportcards.disclosure.cells import Cell, Relation, Span
from reportcards.disclosure.ledger import Ledger, Need, Release
from reportcards.disclosure.protecting import Protected, protect
from reportcards.disclosure.rules import NK, OPEN, PPercent, Reason, Rounding, Rule, round_count
from reportcards.disclosure.words import MARK, explain, explain_to_steward

__all__ = [
    "MARK",
    "NK",
    "OPEN",
    "Cell",
    "Ledger",
    "Need",
    "PPercent",
    "Protected",
    "Reason",
    "Relation",
    "Release",
    "Rounding",
    "Rule",
    "Span",
    "explain",
    "explain_to_steward",
    "protect",
    "round_count",
]
