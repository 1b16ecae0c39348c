"""The ground of the tests of proposed uses: three organisations, data to ask for, and agreements between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from catalogue.spectrum import Band, Stated
from governance import Visit
from governance.access import Band as AccessBand
from governance.access import PartyRole, Use
from governance.agreements import drafting, reading, signing
from governance.agreements.checks import Subject
from governance.agreements.document import Document, PartyLine, ScheduleLine, Terms
from governance.agreements.signing import Signature
from sharing import uses
from sharing.uses import Decision, Group, Proposal, Ruling, UseCase
from tests.catalogue.made import NOW, TODAY, Collaboration, collaboration, harvested, record, source

HARBOUR, TIDEWATER, NORTHBANK = "Harbour Council", "Tidewater Homes", "Northbank Trust"
PURPOSE = "keep families warm"
STEWARDS = {HARBOUR: "priya", TIDEWATER: "jonas", NORTHBANK: "nora"}
MEMBERS = {HARBOUR: "miriam", TIDEWATER: "hanna", NORTHBANK: "nils"}
WARM = Proposal(
    title="Warm homes before winter",
    summary="We compare damp homes with visits to the doctor, street by street, to know where to go first.",
    purpose=PURPOSE,
    value="Two hundred families get a warm home a year earlier.",
    groups=(
        Group(name="Families in damp homes", benefit="Repairs come first to them", risk="They are pointed at"),
        Group(name="Landlords", risk="They are blamed", answer="No address is shown"),
    ),
    legal_basis="A public task or official duty",
)
IF_TOTALS = Ruling(conditions="Totals by ward, nothing smaller.")
NOT_NOW = Ruling(decision=Decision.NOT_NOW, reason="Nobody has time.", would_change="A helper for a month.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Who sits at it, and the data by short names."""

    people: Collaboration
    waiting: str
    """Harbour's, for a group, everybody knows of it."""
    tenancies: str
    """Tidewater's, likewise."""
    reviews: str
    """Harbour's, and Tidewater may know of it; nobody else."""
    weather: str
    """Harbour's, open."""

    def id(self, name: str) -> str:
        return self.people.organisations[name]

    def ask(self, said: Proposal, *, by: str = "nils", days_ago: int = 0) -> str:
        with self.people.as_(by, now=NOW - timedelta(days=days_ago)) as visit:
            return uses.propose(visit, said)

    def seen(self, use_id: str, *, by: str = "nils", now: datetime = NOW) -> UseCase:
        with self.people.as_(by, now=now) as visit:
            return uses.use_case(visit, use_id)

    def decide(self, use_id: str, ruling: Ruling = IF_TOTALS, *, by: str) -> None:
        with self.people.as_(by) as visit:
            uses.decide(visit, use_id, ruling, seen=uses.use_case(visit, use_id).version)

    def begin(self, use_id: str, *, by: str = "nils", now: datetime = NOW) -> None:
        with self.people.as_(by, now=now) as visit:
            uses.go_live(visit, use_id)

    def wants(self, *datasets: str, **other: object) -> Proposal:
        return replace(WARM, datasets=datasets, **other)  # type: ignore[arg-type]

    def line(self, dataset: str, owner: str, *, receiver: str, purpose: str = PURPOSE) -> ScheduleLine:
        return ScheduleLine(
            dataset=dataset,
            title="Data",
            owner=self.id(owner),
            channel="here",
            uses=(Use.VIEW, Use.PRESENT),
            purposes=(purpose,),
            receivers=(self.id(receiver),),
        )

    def agree(self, owner: str, *datasets: str, receiver: str = NORTHBANK, purpose: str = PURPOSE) -> str:
        """An agreement in force, led by the owner, by which the receiver gets these datasets; its id."""
        pair = (owner, receiver)
        document = Document(
            title="Warm homes",
            lead=self.id(owner),
            starts_on=date(2026, 11, 1),
            ends_on=date(2027, 10, 31),
            review_on=date(2027, 5, 1),
            parties=tuple(
                PartyLine(organisation=self.id(name), role=role, stakes="Nothing to add.")
                for name, role in zip(pair, (PartyRole.GIVES, PartyRole.RECEIVES), strict=True)
            ),
            terms=Terms(
                who="Two.",
                purpose="Warm homes.",
                purposes=(purpose,),
                how="A file.",
                access="Stewards.",
                privacy="Totals.",
                breach_contact="The desk.",
            ),
            schedule=tuple(self.line(each, owner, receiver=receiver, purpose=purpose) for each in datasets),
        )
        with self.people.as_(STEWARDS[owner]) as visit:
            made = drafting.draft(visit, document)
            self.sign(visit, made, reading.agreement(visit, made).version.id, pair=pair)
        return made

    def sign(self, visit: Visit, agreement: str, version: str, *, pair: tuple[str, ...]) -> None:
        """Talk a version through and let these organisations sign it."""
        drafting.for_review(visit, version)
        shown = reading.agreement(visit, agreement, version=version).document
        subjects = {
            each.dataset: Subject(id=each.dataset, title=each.title, owner=each.owner, band=AccessBand.GROUP)
            for each in shown.schedule
        }
        signing.open_for_signature(visit, version, subjects=subjects)
        visit.refresh()
        seen = reading.agreement(visit, agreement, version=version)
        signers = {each.organisation_id for each in seen.parties if each.signs}
        for name in pair:
            if self.id(name) in signers:
                with self.people.as_(STEWARDS[name]) as signer:
                    given = Signature(signatory=name)
                    signing.sign(signer, version, given, content_hash=seen.version.content_hash)
        visit.refresh()


def seated() -> Table:
    """The three organisations with a member and a steward each, and four datasets."""
    people = collaboration()
    people.organisation(NORTHBANK, contact="data@northbank.example")
    people.person("nils", NORTHBANK)
    people.person("nora", NORTHBANK, "steward")
    kept = source()
    stated = Stated(band=Band.GROUP, by="The owner", on=TODAY, reason="For partners")
    harbour, tidewater = people.organisations[HARBOUR], people.organisations[TIDEWATER]
    return Table(
        people=people,
        waiting=harvested(record("Waiting list"), source_id=kept, organisation_id=harbour, stated=stated),
        tenancies=harvested(record("Tenancies"), source_id=kept, organisation_id=tidewater, stated=stated),
        reviews=harvested(
            record("Serious reviews"),
            source_id=kept,
            organisation_id=harbour,
            stated=stated,
            listing="organisations",
            listed_for=(tidewater,),
        ),
        weather=harvested(record("Weather", licence=("CC-BY-4.0",)), source_id=kept, organisation_id=harbour),
    )
