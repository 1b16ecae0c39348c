"""The charter: what a collaboration promises about the use of data, clause by clause, in versions.

    draft (one at most) -> adopted, and fixed for good; the newest one adopted is in force

As long as none was adopted nothing is held against one. How a use is held against it: `sharing.uses.checking`.
"""

from sharing.charter.adopting import adopt, charters, discard, draft, in_force, starter, verify, write
from sharing.charter.values import LONGEST, LONGEST_LINE, MOST_CLAUSES, Change, Charter, Clause, Wording, changes

__all__ = [
    "LONGEST",
    "LONGEST_LINE",
    "MOST_CLAUSES",
    "Change",
    "Charter",
    "Clause",
    "Wording",
    "adopt",
    "changes",
    "charters",
    "discard",
    "draft",
    "in_force",
    "starter",
    "verify",
    "write",
]
