"""A catalogue to search in: datasets put straight into the tables, as a harvest would leave them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from catalogue import search_index
from catalogue.tables import ChangeRow, DatasetRow, HistoryRow, ListedForRow
from governance import Role, Viewer, Visit, machinery
from governance.policy import Housekeeping
from governance.tables import OrganisationRow, PersonRow
from governance.visit import Kind, of_person
from store import bulk_delete, bulk_insert, bulk_upsert

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
ORGANISATIONS = ("council", "police", "hospital")


@contextlib.contextmanager
def _writing() -> Iterator[Any]:
    with (
        machinery("a catalogue for a test", now=NOW) as visit,
        visit.change(Housekeeping(reason="a catalogue for a test")) as session,
    ):
        yield session


@contextlib.contextmanager
def member(organisation: str = "council", *roles: Role, name: str = "") -> Iterator[Visit]:
    """A visit of somebody of this organisation."""
    viewer = Viewer(
        username=name or f"of-{organisation}",
        display="A member",
        kind=Kind.PERSON,
        person_id=name or f"person-{organisation}",
        organisation_id=organisation,
        organisation=organisation,
        roles=frozenset(roles or (Role.MEMBER,)),
    )
    with of_person(viewer, now=NOW) as visit:
        yield visit


def accounts(*organisations: str) -> None:
    """These organisations, and of each the account of the person whom `member` visits as."""
    named = [{"id": each, "name": each.title(), "created_at": NOW} for each in organisations]
    people = [
        {
            "id": f"person-{each}",
            "username": f"of-{each}",
            "display": "A member",
            "organisation_id": each,
            "roles": ["member"],
            "active": True,
            "created_at": NOW,
        }
        for each in organisations
    ]
    with _writing() as session:
        bulk_upsert(session, OrganisationRow, named, key=["id"])
        bulk_upsert(session, PersonRow, people, key=["id"])


def dataset(number: int, title: str = "A dataset", **values: Any) -> dict[str, Any]:
    """The columns of one dataset; `listed_for` names organisations."""
    return {
        "number": number,
        "id": f"d{number:06}",
        "title": title,
        "description": "",
        "publisher": "",
        "band": "open",
        "rule": "R1",
        "placement": {"short": "Open Government Licence"},
        "stated": {},
        "keywords": [],
        "themes": [],
        "formats": [],
        "life_events": [],
        "identity": f"i{number}",
        "added_at": NOW,
        "changed_at": NOW,
        "listing": "everyone",
        "organisation_id": "",
        "updated_on": None,
        "spatial": "",
        "licence": "",
        "source_name": "",
        "state": "live",
        "accrual_periodicity": "",
        "modified": values["updated_on"].isoformat() if isinstance(values.get("updated_on"), date) else "",
        **values,
    }


def put(datasets: Sequence[Mapping[str, Any]]) -> None:
    """Add these datasets, or put them in the place of those with the same numbers, and tell the index."""
    with _writing() as session:
        rows, listed = [], []
        for each in datasets:
            row = dict(each)
            for organisation in row.pop("listed_for", ()):
                listed.append({"number": row["number"], "organisation_id": organisation})
            bulk_delete(session, ListedForRow, number=row["number"])
            rows.append(row)
        bulk_upsert(session, DatasetRow, rows, key=["number"])
        bulk_insert(session, ListedForRow, listed)
        _tell(session, [row["number"] for row in rows])


def take_away(*numbers: int) -> None:
    """Delete these datasets and tell the index."""
    with _writing() as session:
        for number in numbers:
            bulk_delete(session, ListedForRow, number=number)
            bulk_delete(session, DatasetRow, number=number)
        _tell(session, numbers)


def happens(number: int, at: datetime, kind: str = "changed") -> None:
    """Write one event into a dataset's history."""
    with _writing() as session:
        row = {"number": number, "at": at, "kind": kind, "run_id": "", "by": "", "detail": {}}
        bulk_insert(session, HistoryRow, [row])


def _tell(session: Any, numbers: Sequence[int]) -> None:
    search_index.refresh(session, numbers)
    bulk_insert(session, ChangeRow, [{"number": number} for number in numbers])
