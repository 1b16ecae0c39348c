"""Who may plan, hold and record meetings: what the pages offer; the rooms decide."""

from __future__ import annotations

from governance import Action, Role, Visit, may

HOSTS = frozenset({Role.CHAIR, Role.FACILITATOR, Role.STEWARD, Role.ADMIN})


def may_plan(visit: Visit) -> bool:
    """Whether to offer planning a meeting and changing its agenda."""
    return may(visit, Action.MEETING_PLANNED)


def may_open(visit: Visit) -> bool:
    """Whether to offer beginning a meeting and saying who is here."""
    return may(visit, Action.MEETING_OPENED)


def may_record(visit: Visit) -> bool:
    """Whether to offer decisions, actions and notes."""
    return may(visit, Action.MEETING_RECORDED)


def may_close(visit: Visit) -> bool:
    """Whether to offer closing a meeting."""
    return may(visit, Action.MEETING_CLOSED)
