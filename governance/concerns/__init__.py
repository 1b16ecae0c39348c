"""Concerns: what somebody fears, in their words; said back, answered by a named person, closed by who raised it.

    raised -> restated (by somebody else) -> agreed (by who raised it) -> answered -> eased | carried | closed

Nothing is rejected, and nothing is answered before who raised it said "yes, that is it". Only who raised it eases,
carries or closes: by their own name, or by the receipt code when it was raised without one.
"""

from governance.concerns.answering import agree, answer, not_quite, restate, settle
from governance.concerns.raising import raise_concern
from governance.concerns.reading import concern, concerns, of_receipt
from governance.concerns.telling import tell
from governance.concerns.values import (
    LONGEST,
    About,
    Concern,
    ConcernKind,
    Evidence,
    Loss,
    Nature,
    Raised,
    ShowAs,
    State,
    Worry,
)
from governance.tables import about_known

__all__ = [
    "LONGEST",
    "About",
    "Concern",
    "ConcernKind",
    "Evidence",
    "Loss",
    "Nature",
    "Raised",
    "ShowAs",
    "State",
    "Worry",
    "about_known",
    "agree",
    "answer",
    "concern",
    "concerns",
    "not_quite",
    "of_receipt",
    "raise_concern",
    "restate",
    "settle",
    "tell",
]
