"""The shape of a world written down in a file: its fields, their types, which may be left out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from governance.access.values import Band, Detail, PartyRole, Scope, Use

Name = Annotated[str, Meta(min_length=1, pattern=r"\A[^\x00-\x1f\x7f-\x9f\ud800-\udfff]*\Z")]
"""No control characters, which a terminal would obey, and no halves of characters, which cannot be written."""
Count = Annotated[int, Meta(ge=0)]
Moment = Annotated[datetime, Meta(tz=True)]


class PersonWritten(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person with an account."""

    username: Name
    organisation: Name
    active: bool


class DatasetWritten(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A dataset, its owner and its place on the spectrum."""

    id: Name
    owner: Name
    band: Band


class PartyWritten(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An organisation in a version."""

    organisation: Name
    role: PartyRole
    signed: bool


class RowWritten(
    Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"first": "from", "last": "until"}
):
    """A schedule row; without `until` it lasts as long as its version."""

    dataset: Name
    receivers: tuple[Name, ...]
    people: tuple[Name, ...]
    uses: tuple[Use, ...]
    purposes: tuple[Name, ...]
    detail: Detail
    min_cell: Count
    first: date
    last: date | None = None


class VersionWritten(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A version; a draft has null in `activated_at`, and that is written, not left out."""

    major: Count
    minor: Count
    starts_on: date
    ends_on: date
    activated_at: Moment | None
    closed_at: Moment | None = None
    parties: tuple[PartyWritten, ...]
    schedule: tuple[RowWritten, ...]


class AgreementWritten(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An agreement with its versions."""

    id: Name
    lead: Name
    versions: tuple[VersionWritten, ...]


class HoldWritten(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pause; without `lifted_at` it is still there."""

    scope: Scope
    object: Name
    placed_at: Moment
    lifted_at: Moment | None = None


class Question(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One look: would this person be let in for this use and purpose at this moment?"""

    username: Name
    use: Use
    dataset: Name
    purpose: Name
    at: Moment


class RoomQuestion(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One screen: may it be shown to these organisations, and to the public when it is there?"""

    organisations: tuple[Name, ...]
    public: bool
    dataset: Name
    purpose: Name
    at: Moment


class WorldWritten(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    timezone: Name
    organisations: tuple[Name, ...]
    people: tuple[PersonWritten, ...]
    datasets: tuple[DatasetWritten, ...]
    agreements: tuple[AgreementWritten, ...]
    holds: tuple[HoldWritten, ...]
    questions: tuple[Question, ...]
    rooms: tuple[RoomQuestion, ...]

    def versions(self) -> list[tuple[str, VersionWritten]]:
        """Every version, with its place in the file."""
        return [
            (f"agreements[{number}].versions[{n}]", version)
            for number, agreement in enumerate(self.agreements)
            for n, version in enumerate(agreement.versions)
        ]
