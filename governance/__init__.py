"""Who may do what, and on what footing: visits, the policy, people, sessions, the audit."""

from governance.demonstration import demo, demo_people
from governance.errors import (
    Busy,
    CommonTableError,
    Invalid,
    NotFound,
    NotPermitted,
    OutOfSpace,
    SourceError,
    SourceRefused,
    SourceUnreachable,
    SourceUnreadable,
)
from governance.policy import Action, Grant, Housekeeping, may, require
from governance.sign_in import visiting
from governance.space import enough_space
from governance.visit import Kind, Role, Viewer, Visit, clock, machinery, operator

__all__ = [
    "Action",
    "Busy",
    "CommonTableError",
    "Grant",
    "Housekeeping",
    "Invalid",
    "Kind",
    "NotFound",
    "NotPermitted",
    "OutOfSpace",
    "Role",
    "SourceError",
    "SourceRefused",
    "SourceUnreachable",
    "SourceUnreadable",
    "Viewer",
    "Visit",
    "clock",
    "demo",
    "demo_people",
    "enough_space",
    "machinery",
    "may",
    "operator",
    "require",
    "visiting",
]
