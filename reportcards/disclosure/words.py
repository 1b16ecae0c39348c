"""What people are told in the place of a hidden number."""

from __future__ import annotations

from reportcards.disclosure.rules import Reason, Rule

MARK = "[c]"
"""Stands in tables and files where a number is hidden, never 0 or an empty cell."""


def explain(rule: Rule) -> str:
    """The words in place of any hidden number.

    They are the same for all of them: to tell a small number from one that covers it would help to work it out.
    """
    small = explain_to_steward(Reason.PRIMARY, rule)
    return f"{small}, or because it would give such a number away"


def explain_to_steward(reason: Reason, rule: Rule) -> str:
    """Why exactly this number is hidden, for those who may see it."""
    match reason:
        case Reason.PRIMARY:
            return f"{MARK} suppressed to protect people (fewer than {rule.threshold})"
        case Reason.DOMINANCE:
            return f"{MARK} suppressed because one or two contributors make up nearly all of it"
        case Reason.WITHHELD:
            return f"{MARK} withheld by its source"
        case Reason.SECONDARY:
            return f"{MARK} suppressed because with it a small number could be worked out"
