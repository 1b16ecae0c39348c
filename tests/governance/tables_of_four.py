"""Four organisations, their stewards and an agreement between them, for the tests of agreements and holds."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec

from governance import Role, Viewer, Visit, operator
from governance import people as people_room
from governance.access import Band, Detail, PartyRole, Use
from governance.agreements import drafting, reading, signing
from governance.agreements.checks import Subject
from governance.agreements.document import Document, PartyLine, ScheduleLine, Terms
from governance.visit import Kind, of_person

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
NAMES = ("Council", "Schools", "Housing", "Trust")
ROLES = {
    "Council": PartyRole.BOTH,
    "Schools": PartyRole.GIVES,
    "Housing": PartyRole.BOTH,
    "Trust": PartyRole.RECEIVES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Who sits at it: organisation ids by name."""

    ids: Mapping[str, str]

    @contextlib.contextmanager
    def visit(self, name: str, *, now: datetime = NOW, roles: tuple[Role, ...] = (Role.STEWARD,)) -> Iterator[Visit]:
        viewer = Viewer(
            username=f"{name.lower()}-steward",
            display=f"{name} steward",
            kind=Kind.PERSON,
            organisation_id=self.ids[name],
            organisation=name,
            roles=frozenset(roles),
        )
        with of_person(viewer, now=now) as visit:
            yield visit

    def subjects(self) -> dict[str, Subject]:
        return {
            "attendance": self.subject("attendance", "Schools"),
            "tenancies": self.subject("tenancies", "Housing"),
            "jobs": self.subject("jobs", "Council", person_level="none"),
        }

    def subject(self, name: str, owner: str, **other: Any) -> Subject:
        said = {"band": Band.GROUP, "person_level": "aggregate", **other}
        return Subject(id=name, title=name.title(), owner=self.ids[owner], **said)

    def line(self, name: str, owner: str, **other: Any) -> ScheduleLine:
        said = {
            "channel": "here",
            "detail": Detail.AGGREGATE,
            "min_cell": 10,
            "uses": (Use.VIEW, Use.PRESENT),
            "purposes": ("keep in touch",),
            "receivers": tuple(self.ids[each] for each in NAMES if ROLES[each].receives and each != owner),
            **other,
        }
        return ScheduleLine(dataset=name, title=name.title(), owner=self.ids[owner], **said)

    def document(self, **other: Any) -> Document:
        parties = tuple(PartyLine(organisation=self.ids[name], role=ROLES[name]) for name in NAMES)
        said = {
            "title": "Young people's pathways",
            "lead": self.ids["Council"],
            "starts_on": date(2026, 11, 1),
            "ends_on": date(2027, 10, 31),
            "review_on": date(2027, 5, 1),
            "parties": parties,
            "terms": Terms(
                who="Four organisations.",
                purpose="To see early who loses touch.",
                purposes=("keep in touch", "report to the board"),
                how="Monthly counts.",
                access="The four see counts.",
                privacy="Small counts are hidden.",
                person_level="aggregate",
                breach_contact="The data officer of the council.",
            ),
            "schedule": (self.line("attendance", "Schools"), self.line("tenancies", "Housing", min_cell=5)),
            **other,
        }
        return Document(**said)

    def in_review(self, document: Document | None = None, *, now: datetime = NOW) -> tuple[str, str]:
        """An agreement and its version, with everything said."""
        with self.visit("Council", now=now) as visit:
            agreement = drafting.draft(visit, document or self.document())
            version = reading.agreement(visit, agreement).version.id
        self.prepare(version, now=now)
        return agreement, version

    def prepare(self, version: str, *, now: datetime = NOW) -> None:
        with self.visit("Council", now=now) as visit:
            drafting.for_review(visit, version)
            drafting.advise(visit, version, adviser="A. Adviser", comment="Counts only: fine.")
        for name in NAMES:
            with self.visit(name, now=now) as visit:
                drafting.say_stakes(visit, version, stakes=f"What {name} fears.")

    def amended(self, agreement: str, *lines: ScheduleLine, now: datetime = NOW) -> str:
        """A schedule amendment with these rows, in review."""
        with self.visit("Council", now=now) as visit:
            version = drafting.amend(visit, agreement, terms=False)
            shown = reading.agreement(visit, agreement, version=version)
            drafting.save(visit, version, changed(shown.document, schedule=lines), seen=shown.version.content_hash)
            drafting.for_review(visit, version)
            drafting.advise(visit, version, adviser="A. Adviser", comment="Still fine.")
        return version

    def open(self, version: str, *, now: datetime = NOW) -> None:
        with self.visit("Council", now=now) as visit:
            signing.open_for_signature(visit, version, subjects=self.subjects())

    def sign(self, name: str, agreement: str, version: str, *, now: datetime = NOW) -> bool:
        with self.visit(name, now=now) as visit:
            seen = reading.agreement(visit, agreement, version=version).version.content_hash
            signature = signing.Signature(signatory=f"{name} Head", title="Director")
            return signing.sign(visit, version, signature, content_hash=seen)

    def in_force(self, document: Document | None = None, *, now: datetime = NOW) -> tuple[str, str]:
        agreement, version = self.in_review(document, now=now)
        self.open(version, now=now)
        for number, name in enumerate(NAMES):
            last = self.sign(name, agreement, version, now=now + timedelta(minutes=number))
        assert last
        return agreement, version


def seated() -> Table:
    with operator("test", now=NOW) as visit:
        return Table(ids={name: people_room.save_organisation(visit, name).id for name in NAMES})


def changed(document: Document, **other: Any) -> Document:
    return msgspec.structs.replace(document, **other)
