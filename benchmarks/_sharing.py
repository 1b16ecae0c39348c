"""A made-up collaboration: organisations with a person each, and agreements signed by all their parties."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from benchmarks._made_up import NOW
from governance import Housekeeping, Visit
from governance.agreements.document import Document, canonical, content_hash, terms_hash
from governance.agreements.records import rows, seal
from governance.tables import AgreementRow, GrantRow, ItemRow, OrganisationRow, PartyRow, PersonRow, VersionRow
from store import bulk_insert

_GRANT = Housekeeping(reason="a made-up collaboration")


def organisation(number: int) -> str:
    """Id of a member."""
    return uuid.UUID(int=10_000 + number).hex


def person(number: int) -> str:
    """Username of somebody of that member."""
    return f"person-{number}"


def members(visit: Visit, number: int) -> None:
    """So many organisations, and a person of each."""
    named = [{"id": organisation(each), "name": f"Member {each}", "created_at": NOW} for each in range(number)]
    people = [
        {
            "id": person(each),
            "username": person(each),
            "display": f"Person {each}",
            "organisation_id": organisation(each),
            "roles": ["member"],
            "active": True,
            "created_at": NOW,
        }
        for each in range(number)
    ]
    with visit.change(_GRANT) as session:
        bulk_insert(session, OrganisationRow, named)
        bulk_insert(session, PersonRow, people)


def agree(visit: Visit, documents: Iterable[Document]) -> None:
    """An agreement of each, signed by everybody and in force since the day before `NOW`."""
    told: defaultdict[type[Any], list[dict[str, Any]]] = defaultdict(list)
    for number, made in enumerate(documents, start=1):
        identifier = uuid.UUID(int=50_000 + number).hex
        items, grants = rows(identifier, made)
        told[AgreementRow].append(_agreement(identifier, number, made))
        told[VersionRow].append(_version(identifier, made))
        told[PartyRow] += [_party(identifier, place, made) for place in range(len(made.parties))]
        told[ItemRow] += items
        told[GrantRow] += grants
    with visit.change(_GRANT) as session:
        for table, values in told.items():
            bulk_insert(session, table, values)


def _agreement(identifier: str, number: int, made: Document) -> dict[str, Any]:
    said = {"title": made.title, "kind": made.kind, "lead_id": made.lead, "by": "bench", "created_at": NOW}
    return {"id": identifier, "number": number, **said}


def _version(identifier: str, made: Document) -> dict[str, Any]:
    written = canonical(made)
    return {
        "id": identifier,
        "agreement_id": identifier,
        "major": 1,
        "minor": 0,
        "state": "active",
        "document": written,
        "content_hash": content_hash(written),
        "terms_hash": terms_hash(made),
        "by": "bench",
        "created_at": NOW - timedelta(days=3),
        "frozen_at": NOW - timedelta(days=2),
        "activated_at": NOW - timedelta(days=1),
    }


def _party(identifier: str, place: int, made: Document) -> dict[str, Any]:
    line = made.parties[place]
    party = PartyRow(
        version_id=identifier,
        organisation_id=line.organisation,
        position=place,
        role=line.role.value,
        signs=True,
        signatory="Sam Signer",
        signatory_title="Director",
        method="typed",
        reference="",
        signed_at=NOW - timedelta(days=1),
        signed_by="sam",
        signed_hash=content_hash(canonical(made)),
    )
    party.seal = seal(party)
    return {each.key: getattr(party, each.key) for each in PartyRow.__table__.columns if "declined" not in each.key}
