"""The diagnosis of a change: what is changing, and where the conflict lies, as each organisation sees it.

Two questions, answered for an agreement or a proposed use by the organisations it concerns, and read side by side. No
answer is right: where two organisations see it in different places, they have something to talk about before terms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import select

from governance import Action, Invalid, NotFound, NotPermitted, Visit, machinery, require
from governance.agreements import reading
from governance.people import organisations
from sharing.tables import DiagnosisRow, UseDatasetRow, UseRow

LONGEST = 1000


class Kind(StrEnum):
    """What a diagnosis can be about."""

    AGREEMENT = "agreement"
    USE = "use"


class Changing(StrEnum):
    """What is changing."""

    INSIDE = "inside"
    """Our values and priorities."""
    OUTSIDE = "outside"
    """The conditions around us."""


class Place(StrEnum):
    """Where the conflict lies, from what we believe to who does what."""

    VALUES = "values"
    OBJECTIVES = "objectives"
    STRATEGY = "strategy"
    TASKS = "tasks"
    ROLES = "roles"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The agreement or the proposed use."""

    kind: Kind
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """How one organisation sees it."""

    organisation_id: str
    organisation: str
    changing: Changing
    place: Place
    note: str
    changed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """How everybody sees it, as far as they have said."""

    said: tuple[Diagnosis, ...]
    """By the name of the organisation."""
    may_say: bool
    """The viewer's organisation is one of those it concerns."""

    @property
    def differs(self) -> bool:
        """Whether organisations see the conflict in different places, or another change."""
        return len({each.place for each in self.said}) > 1 or len({each.changing for each in self.said}) > 1

    @property
    def by_place(self) -> Mapping[Place, tuple[Diagnosis, ...]]:
        """Every place, with those who see it there."""
        return {place: tuple(each for each in self.said if each.place is place) for place in Place}


def say(visit: Visit, about: Subject, *, changing: Changing, place: Place, note: str = "") -> None:
    """Answer for one's own organisation; a further answer takes the place of the one before.

    Raises: NotFound for what the viewer may not read, NotPermitted where it does not concern their organisation,
        Invalid for a note that is too long.
    """
    ours = visit.viewer.organisation_id
    if ours not in _concerned(visit, about):
        raise NotPermitted("You may not answer here: your organisation takes no part in this.")
    words = note.strip()
    if len(words) > LONGEST:
        raise Invalid(f"Say it in at most {LONGEST:,} characters.", field="note")
    grant = require(visit, Action.DIAGNOSIS_SAID, f"{about.kind}:{about.id}", organisation_id=ours)
    with visit.change(grant) as session:
        row = session.get(DiagnosisRow, (about.kind.value, about.id, ours))
        if row is None:
            row = DiagnosisRow(about_kind=about.kind.value, about_id=about.id, organisation_id=ours)
            session.add(row)
        row.changing, row.place, row.note = Changing(changing).value, Place(place).value, words
        row.by, row.changed_on = visit.viewer.username, visit.today


def diagnoses(visit: Visit, about: Subject) -> SideBySide:
    """What each organisation said. Raises NotFound for what the viewer may not read.

    Of a proposed use that everybody may read in the register, only those whom it concerns read this.
    """
    concerned = _concerned(visit, about)
    ours = visit.viewer.organisation_id
    if about.kind is Kind.USE and ours not in concerned and not visit.viewer.sees_all:
        return SideBySide(said=(), may_say=False)
    with machinery("reads how each organisation sees it, for who may read what it is about", now=visit.now) as own:
        wanted = select(DiagnosisRow).where(
            DiagnosisRow.about_kind == about.kind.value, DiagnosisRow.about_id == about.id
        )
        rows = own.read().execute(wanted).scalars().all()
    return SideBySide(said=_named(visit, rows), may_say=bool(ours) and ours in concerned)


def _named(visit: Visit, rows: Sequence[DiagnosisRow]) -> tuple[Diagnosis, ...]:
    names = {each.id: each.name for each in organisations(visit)}
    found = [
        Diagnosis(
            organisation_id=row.organisation_id,
            organisation=names[row.organisation_id],
            changing=Changing(row.changing),
            place=Place(row.place),
            note=row.note,
            changed_on=row.changed_on,
        )
        for row in rows
        if row.organisation_id in names
    ]
    return tuple(sorted(found, key=lambda each: each.organisation.casefold()))


def _concerned(visit: Visit, about: Subject) -> frozenset[str]:
    """The organisations that it concerns, as far as the viewer may know. Raises NotFound."""
    if about.kind is Kind.AGREEMENT:
        return frozenset(each.organisation_id for each in reading.agreement(visit, about.id).parties)
    asks = visit.read().execute(select(UseRow.organisation_id).where(UseRow.id == about.id)).scalar_one_or_none()
    if asks is None:
        raise NotFound("There is no such proposed use here.")
    owners = visit.read().execute(select(UseDatasetRow.owner_id).where(UseDatasetRow.use_id == about.id)).scalars()
    return frozenset({asks, *owners} - {""})
