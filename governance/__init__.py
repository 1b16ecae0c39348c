"""Who may do what, and on what footing: visits, the policy, people, sessions, the audit."""

from governance.errors import (
    Busy,
    CommonTableError,
    Invalid,
    NotFound,
    NotPermitted,
    SourceError,
    SourceRefused,
    SourceUnreachable,
    SourceUnreadable,
)
from governance.policy import Action, Grant, Housekeeping, may, require
from governance.sign_in import visiting
from governance.visit import Kind, Role, Viewer, Visit, machinery, operator

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
    "Role",
    "SourceError",
    "SourceRefused",
    "SourceUnreachable",
    "SourceUnreadable",
    "Viewer",
    "Visit",
    "machinery",
    "may",
    "operator",
    "require",
    "visiting",
]
