"""Who may put cards together and look after numbers: what the pages offer; the rooms decide."""

from __future__ import annotations

from governance import Action, Role, Visit, may

COMPOSERS = frozenset({Role.CHAIR, Role.STEWARD, Role.ADMIN})
STEWARDS = frozenset({Role.STEWARD, Role.ADMIN})


def may_compose(visit: Visit) -> bool:
    """Whether to offer putting a card together."""
    return may(visit, Action.CARD_SAVED)


def may_word(visit: Visit) -> bool:
    """Whether to offer headlines and stories."""
    return may(visit, Action.CARD_WORDED)


def may_note(visit: Visit) -> bool:
    """Whether to offer notes on the chart and new beginnings of the usual range."""
    return may(visit, Action.SERIES_NOTED)


def may_act(visit: Visit) -> bool:
    """Whether to offer actions."""
    return may(visit, Action.CARD_ACTION_CHANGED)


def may_answer(visit: Visit) -> bool:
    """Whether to offer an answer to a warning."""
    return may(visit, Action.WARNING_ANSWERED)


def may_import(visit: Visit) -> bool:
    """Whether to offer imports and the settings of indicators."""
    return may(visit, Action.INDICATOR_SAVED)
