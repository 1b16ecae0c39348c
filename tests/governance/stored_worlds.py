"""Worlds on paper, written into the database as signed documents: each beside the others, with names of its own."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import store
from governance import Housekeeping, Kind, Viewer, Visit, operator
from governance.access import Band, Dataset, Detail, PartyRole, Use
from governance.agreements.document import Document, PartyLine, ScheduleLine, Terms, canonical, content_hash, terms_hash
from governance.agreements.records import rows, seal
from governance.tables import AgreementRow, GrantRow, HoldRow, ItemRow, OrganisationRow, PartyRow, PersonRow, VersionRow
from governance.visit import of_person
from store import bulk_insert
from tests.governance import paper_worlds as paper

GRANT = Housekeeping(reason="a test prepares its ground")
LONG_AGO = datetime(2010, 1, 1, tzinfo=UTC)


_PARTY = [each.key for each in PartyRow.__table__.columns if not each.key.startswith("declined")]


def its(seed: int, name: str) -> str:
    """The name of something of a world among all others."""
    return f"w{seed}-{name}"


def moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


def subjects(seed: int, world: paper.World) -> list[Dataset]:
    return [
        Dataset(id=its(seed, each["id"]), owner=its(seed, each["owner"]), band=Band(each["band"]))
        for each in world["datasets"]
    ]


def by_zone(worlds: dict[int, paper.World]) -> Iterator[tuple[int, paper.World]]:
    """Each world while its time zone is that of the collaboration."""
    zones: defaultdict[str, list[int]] = defaultdict(list)
    for seed, world in worlds.items():
        zones[world["timezone"]].append(seed)
    usual = store.settings()
    for zone, seeds in zones.items():
        store.use_settings(replace(usual, timezone=zone))
        yield from ((seed, worlds[seed]) for seed in seeds)
    store.use_settings(usual)


@contextmanager
def eyes(seed: int, world: paper.World, username: str, *, at: str) -> Iterator[Visit]:
    """A visit of somebody of a world, also of who is switched off: the rule has to find that out."""
    person = paper.only(world["people"], "username", username)
    name = its(seed, username)
    whose = its(seed, person["organisation"])
    viewer = Viewer(username=name, display=name, kind=Kind.PERSON, person_id=name, organisation_id=whose)
    with of_person(viewer, now=datetime.fromisoformat(at)) as visit:
        yield visit


def document(seed: int, world: paper.World, agreement: paper.World, version: paper.World) -> Document:
    """What a version on paper says; a row is given by whom its dataset belongs to."""
    owners = {each["id"]: each["owner"] for each in world["datasets"]}
    return Document(
        title=its(seed, agreement["id"]),
        lead=its(seed, agreement["lead"]),
        starts_on=date.fromisoformat(version["starts_on"]),
        ends_on=date.fromisoformat(version["ends_on"]),
        parties=tuple(
            PartyLine(organisation=its(seed, each["organisation"]), role=PartyRole(each["role"]))
            for each in version["parties"]
        ),
        terms=Terms(purposes=tuple(paper.PURPOSES)),
        schedule=tuple(_line(seed, each, owner=owners[each["dataset"]]) for each in version["schedule"]),
    )


def _line(seed: int, row: paper.World, *, owner: str) -> ScheduleLine:
    return ScheduleLine(
        dataset=its(seed, row["dataset"]),
        title=row["dataset"],
        owner=its(seed, owner),
        detail=Detail(row["detail"]),
        min_cell=row["min_cell"],
        uses=tuple(Use(each) for each in row["uses"]),
        purposes=tuple(row["purposes"]),
        receivers=tuple(its(seed, each) for each in row["receivers"]),
        people=tuple(its(seed, each) for each in row["people"]),
        first=date.fromisoformat(row["from"]),
        last=date.fromisoformat(row["until"]) if row.get("until") else None,
    )


def put(worlds: dict[int, paper.World]) -> None:
    """Write all of them."""
    told: defaultdict[type[Any], list[dict[str, Any]]] = defaultdict(list)
    for seed, world in worlds.items():
        _people(told, seed, world)
        for agreement in world["agreements"]:
            _agreement(told, seed, world, agreement)
        for hold in world["holds"]:
            told[HoldRow].append(_hold(seed, hold))
    order = (OrganisationRow, PersonRow, AgreementRow, VersionRow, PartyRow, ItemRow, GrantRow, HoldRow)
    with operator("test", now=LONG_AGO) as visit, visit.change(GRANT) as session:
        for table in order:
            bulk_insert(session, table, told[table])


def _people(told: defaultdict[type[Any], list[dict[str, Any]]], seed: int, world: paper.World) -> None:
    for name in world["organisations"]:
        told[OrganisationRow].append({"id": its(seed, name), "name": its(seed, name), "created_at": LONG_AGO})
    for each in world["people"]:
        name = its(seed, each["username"])
        told[PersonRow].append(
            {
                "id": name,
                "username": name,
                "display": name,
                "organisation_id": its(seed, each["organisation"]),
                "roles": ["member"],
                "active": each["active"],
                "created_at": LONG_AGO,
            }
        )


def _agreement(
    told: defaultdict[type[Any], list[dict[str, Any]]], seed: int, world: paper.World, agreement: paper.World
) -> None:
    identifier = its(seed, agreement["id"])
    told[AgreementRow].append(
        {
            "id": identifier,
            "number": len(told[AgreementRow]) + 1,
            "title": identifier,
            "kind": "standard",
            "lead_id": its(seed, agreement["lead"]),
            "by": "test",
            "created_at": LONG_AGO,
        }
    )
    for version in agreement["versions"]:
        made = document(seed, world, agreement, version)
        name = f"{identifier}-{version['minor']}"
        told[VersionRow].append(_version(name, identifier, version=version, made=made))
        told[PartyRow] += [
            _party(name, place, made=made, signed=each["signed"]) for place, each in enumerate(version["parties"])
        ]
        items, grants = rows(name, made)
        told[ItemRow] += [_within(each, made) for each in items]
        told[GrantRow] += grants


def _within(item: dict[str, Any], made: Document) -> dict[str, Any]:
    """On paper a row may last longer than its agreement; what is opened for signature may not."""
    return {**item, "first": max(item["first"], made.starts_on), "last": min(item["last"], made.ends_on)}


def _version(name: str, agreement_id: str, *, version: paper.World, made: Document) -> dict[str, Any]:
    written = canonical(made)
    closed, activated = moment(version["closed_at"]), moment(version["activated_at"])
    return {
        "id": name,
        "agreement_id": agreement_id,
        "major": version["major"],
        "minor": version["minor"],
        "state": "closed" if closed else "active" if activated else "signing",
        "document": written,
        "content_hash": content_hash(written),
        "terms_hash": terms_hash(made),
        "by": "test",
        "created_at": LONG_AGO,
        "frozen_at": LONG_AGO,
        "activated_at": activated,
        "closed_at": closed,
    }


def _party(version_id: str, position: int, *, made: Document, signed: bool) -> dict[str, Any]:
    line = made.parties[position]
    party = PartyRow(
        version_id=version_id,
        organisation_id=line.organisation,
        position=position,
        role=line.role.value,
        signs=True,
        signatory="Sam Signer" if signed else "",
        signatory_title="",
        method="typed" if signed else "",
        reference="",
        signed_at=LONG_AGO if signed else None,
        signed_by="sam" if signed else "",
        signed_hash=content_hash(canonical(made)) if signed else "",
    )
    party.seal = seal(party) if signed else ""
    return {name: getattr(party, name) for name in _PARTY}


def _hold(seed: int, hold: paper.World) -> dict[str, Any]:
    return {
        "id": secrets.token_hex(8),
        "scope": hold["scope"],
        "object_id": its(seed, hold["object"]),
        "organisation_id": its(seed, "Agency A"),
        "by": "test",
        "reason": "a test",
        "placed_at": moment(hold["placed_at"]),
        "lifted_at": moment(hold["lifted_at"]),
    }
