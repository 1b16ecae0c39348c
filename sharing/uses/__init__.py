"""Proposed uses: asked for, decided by each owner, brought into an agreement, begun, finished; and their register.

idea -> submitted -> live -> finished            withdrawn from any, by who asked
submitted: waiting | go | go-if | not-now        follows from what each owner said of its datasets
submitted -> live needs the charter, too          where one is adopted: held against it, and it may go ahead
live: runs | is stopped                          follows from the agreements in force at each look
"""

from sharing.uses.checking import (
    LACKS,
    Answer,
    Check,
    Finding,
    Outcome,
    Reply,
    Standing,
    check,
    checks,
    standing,
    to_check,
)
from sharing.uses.deciding import decide
from sharing.uses.living import finish, go_live, in_the_way
from sharing.uses.proposing import change, propose, withdraw
from sharing.uses.reading import use_case, use_cases, waiting
from sharing.uses.register import Entry, register, standing_of
from sharing.uses.scheduling import Drafted, Next, next_steps, schedule
from sharing.uses.values import (
    LONGEST,
    LONGEST_TITLE,
    MOST_DATASETS,
    MOST_GROUPS,
    Asked,
    Coverage,
    Decision,
    Group,
    Owner,
    Proposal,
    Ruling,
    State,
    UseCase,
    lacks,
)

__all__ = [
    "LACKS",
    "LONGEST",
    "LONGEST_TITLE",
    "MOST_DATASETS",
    "MOST_GROUPS",
    "Answer",
    "Asked",
    "Check",
    "Coverage",
    "Decision",
    "Drafted",
    "Entry",
    "Finding",
    "Group",
    "Next",
    "Outcome",
    "Owner",
    "Proposal",
    "Reply",
    "Ruling",
    "Standing",
    "State",
    "UseCase",
    "change",
    "check",
    "checks",
    "decide",
    "finish",
    "go_live",
    "in_the_way",
    "lacks",
    "next_steps",
    "propose",
    "register",
    "schedule",
    "standing",
    "standing_of",
    "to_check",
    "use_case",
    "use_cases",
    "waiting",
    "withdraw",
]
