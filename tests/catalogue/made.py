"""A small collaboration for the tests of the catalogue: two organisations, their people, a source, some datasets."""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from catalogue import effective
from catalogue.records import Distribution, Record
from catalogue.spectrum import Stated
from catalogue.standing import decisions_of, stated_as
from catalogue.tables import DatasetRow, DocumentRow, HistoryRow, ListedForRow, SourceRow
from governance import Housekeeping, Kind, Role, Viewer, Visit, operator
from governance.people import Newcomer, invite, save_organisation
from governance.visit import of_person

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
GRANT = Housekeeping(reason="a test prepares its ground")
CSV = Distribution(title="The file", download_url="https://data.example/file.csv", format="CSV")


@dataclass
class Collaboration:
    """Ids and viewers by name."""

    organisations: dict[str, str] = field(default_factory=dict)
    viewers: dict[str, Viewer] = field(default_factory=dict)

    def organisation(self, name: str, **more: str) -> str:
        """Add an organisation; returns its id."""
        with operator("test", now=NOW) as visit:
            self.organisations[name] = save_organisation(visit, name, **more).id
        return self.organisations[name]

    def person(self, username: str, organisation: str, *roles: str) -> None:
        """Add a person of an organisation."""
        newcomer = Newcomer(
            username=username,
            organisation_id=self.organisations[organisation],
            display=username.title(),
            roles=roles,
            contact=f"{username}@{organisation.split()[0].lower()}.example",
        )
        with operator("test", now=NOW) as visit:
            made, _ = invite(visit, newcomer)
        self.viewers[username] = Viewer(
            username=made.username,
            display=made.display,
            kind=Kind.PERSON,
            person_id=made.id,
            organisation_id=made.organisation_id,
            organisation=organisation,
            roles=frozenset(Role(role) for role in made.roles),
        )

    def as_(self, username: str, *, now: datetime = NOW) -> contextlib.AbstractContextManager[Visit]:
        """A visit of that person."""
        return of_person(self.viewers[username], now=now)


def collaboration() -> Collaboration:
    """Harbour Council with a member, a steward and an administrator; Tidewater Homes with a member and a steward."""
    made = Collaboration()
    made.organisation("Harbour Council", contact="data@harbour.example", how_to_ask="Write to the data desk.")
    made.organisation("Tidewater Homes", contact="data@tidewater.example")
    made.person("miriam", "Harbour Council")
    made.person("priya", "Harbour Council", "steward")
    made.person("ada", "Harbour Council", "admin")
    made.person("hanna", "Tidewater Homes")
    made.person("jonas", "Tidewater Homes", "steward")
    return made


def source(name: str = "Harbour Open Data", *, organisation_id: str = "") -> str:
    """Add a source; returns its id."""
    identifier = secrets.token_hex(8)
    with operator("test", now=NOW) as visit, visit.change(GRANT) as session:
        session.add(
            SourceRow(
                id=identifier,
                name=name,
                kind="data_json",
                location="https://data.example/data.json",
                allow=[],
                options={},
                memory={},
                organisation_id=organisation_id,
                created_at=NOW,
            )
        )
    return identifier


def record(title: str = "Air quality", **more: object) -> Record:
    """A record as a connector might hand it over: public, one CSV file, no licence."""
    identity = str(more.pop("identity", "") or title.lower().replace(" ", "-"))
    values: dict[str, object] = {
        "description": f"About {title.lower()}.",
        "publisher": "Harbour Council",
        "distributions": (CSV,),
        "modified": "2026-10-01",
        **more,
    }
    return Record(remote_id=identity, identity=identity, title=title, **values)  # type: ignore[arg-type]


def harvested(
    said: Record,
    *,
    source_id: str,
    listing: str = "everyone",
    organisation_id: str = "",
    listed_for: tuple[str, ...] = (),
    state: str = "live",
    stated: Stated | None = None,
    identifier: str = "",
) -> str:
    """Put one record into the catalogue as a harvest does; returns the dataset's id."""
    identifier = identifier or secrets.token_hex(8)
    with operator("test", now=NOW) as visit, visit.change(GRANT) as session:
        held = session.get_one(SourceRow, source_id)
        decisions = decisions_of(session, [source_id]).get(source_id, [])
        row = DatasetRow(
            id=identifier,
            source_id=source_id,
            source_name=held.name,
            identity=said.identity,
            state=state,
            listing=listing,
            organisation_id=organisation_id,
            stated=stated_as(stated) if stated else {},
            content_hash=effective.content_hash(said),
            added_at=NOW,
            changed_at=NOW,
            **effective.columns(said, corrections={}, stated=stated, decisions=decisions),
        )
        session.add(row)
        session.flush()
        session.add(
            DocumentRow(number=row.number, record=effective.encode(said), raw=effective.pack(said.raw), read_at=NOW)
        )
        session.add(HistoryRow(number=row.number, at=NOW, kind="added", detail={}))
        session.add_all(ListedForRow(number=row.number, organisation_id=each) for each in listed_for)
        session.flush()
        effective.changed(session, [row.number])
    return identifier


def harvested_again(dataset_id: str, said: Record) -> None:
    """What the apply of a later run does: the new record, corrections and decisions kept."""
    from catalogue.standing import stand

    with operator("test", now=NOW) as visit, visit.change(GRANT) as session:
        row = session.query(DatasetRow).filter(DatasetRow.id == dataset_id).one()
        session.get_one(DocumentRow, row.number).record = effective.encode(said)
        session.flush()
        stand(session, [row])


TODAY = date(2026, 11, 21)
