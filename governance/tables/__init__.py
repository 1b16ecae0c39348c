"""The tables of people, sessions, the audit, agreements, holds, concerns and mails: imported by this room alone."""

from governance.tables.agreements import (
    AcceptanceRow,
    AgreementRow,
    GrantRow,
    HoldRow,
    ItemRow,
    LookRow,
    PartyRow,
    VersionRow,
)
from governance.tables.concerns import CommitmentRow, ConcernRow, about_known
from governance.tables.notices import DeliveryRow, MailChoiceRow, ToldRow
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
    "AcceptanceRow",
    "AgreementRow",
    "AttemptRow",
    "AuditRow",
    "CommitmentRow",
    "ConcernRow",
    "CredentialRow",
    "DeliveryRow",
    "GrantRow",
    "HoldRow",
    "InvitationRow",
    "ItemRow",
    "LookRow",
    "MailChoiceRow",
    "OrganisationRow",
    "PartyRow",
    "PersonRow",
    "SessionRow",
    "TicketRow",
    "ToldRow",
    "VersionRow",
    "about_known",
]
