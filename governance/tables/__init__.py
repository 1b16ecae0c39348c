"""The tables of people, sessions, the audit, agreements, holds and concerns: imported by this room alone."""

from governance.tables.agreements import (
    AgreementRow,
    GrantRow,
    HoldRow,
    ItemRow,
    LookRow,
    PartyRow,
    VersionRow,
)
from governance.tables.concerns import CommitmentRow, ConcernRow, about_known
from governance.tables.people import (
    AttemptRow,
    AuditRow,
    CredentialRow,
    InvitationRow,
    OrganisationRow,
    PersonRow,
    SessionRow,
    TicketRow,
)

__all__ = [
    "AgreementRow",
    "AttemptRow",
    "AuditRow",
    "CommitmentRow",
    "ConcernRow",
    "CredentialRow",
    "GrantRow",
    "HoldRow",
    "InvitationRow",
    "ItemRow",
    "LookRow",
    "OrganisationRow",
    "PartyRow",
    "PersonRow",
    "SessionRow",
    "TicketRow",
    "VersionRow",
    "about_known",
]
