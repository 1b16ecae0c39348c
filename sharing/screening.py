"""The screening of a dataset: twelve answers, signed by its owner, good for twelve months.

    draft -> signed by the owner -> lapsed (twelve months later, worked out from the day)

Anybody of the owner's people answers, one of its stewards signs. Until then the answers count for nothing, and nobody
else reads them. Answers given after a signature are a new draft: what was signed counts until the draft is signed too.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from catalogue.unopened import unopened_one
from governance import Action, Invalid, NotFound, Visit, require
from sharing.questions import Answer, question_set, questions
from sharing.tables import ScreeningRow

LONGEST = 400
"""Characters of what is said besides an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """One set of answers."""

    id: str
    dataset_id: str
    organisation_id: str
    """The owner for which the answers were given."""
    answers: Mapping[str, Answer]
    notes: Mapping[str, str]
    by: str
    """Username of who answered last."""
    changed_on: date
    signed_by: str
    signed_on: date | None
    """None for a draft."""
    last_day: date | None
    """The last day on which it counts; None for a draft."""
    lapsed: bool
    earlier_questions: bool
    """The questions have changed since."""

    @property
    def missing(self) -> int:
        """How many of the questions have no answer."""
        return len(questions()) - len(self.answers)

    @property
    def counts(self) -> bool:
        """Whether it is signed and has not lapsed."""
        return self.signed_on is not None and not self.lapsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Screened:
    """How far the screening of one dataset is, for one reader."""

    signed: Screening | None = None
    """The newest that its owner signed, lapsed or not."""
    draft: Screening | None = None
    """Answers on their way; None for other organisations."""

    @property
    def counting(self) -> Screening | None:
        """What the ranking reads."""
        return self.signed if self.signed is not None and self.signed.counts else None


def last_day(signed_on: date) -> date:
    """The day twelve months later; for 29 February the last day of that month."""
    later = signed_on.replace(day=1, year=signed_on.year + 1)
    leap_day = signed_on.month == 2 and signed_on.day == 29
    return later.replace(day=28 if leap_day else signed_on.day)


def answer(visit: Visit, dataset_id: str, answers: Mapping[str, str], *, notes: Mapping[str, str] | None = None) -> str:
    """Keep answers as a draft; an empty answer takes one back. Returns the screening's id.

    Raises: Invalid for what is not an answer, NotPermitted for another organisation's dataset, NotFound.
    """
    owner = unopened_one(visit, dataset_id).organisation_id
    grant = require(visit, Action.SCREENING_ANSWERED, f"dataset:{dataset_id}", organisation_id=owner)
    said, besides = _said(answers), _besides(notes or {})
    with visit.change(grant) as session:
        row = _draft(session, dataset_id, owner)
        if row is None:
            row = ScreeningRow(
                id=secrets.token_hex(8),
                dataset_id=dataset_id,
                round=_rounds(session, dataset_id) + 1,
                organisation_id=owner,
                question_set="",
                answers={},
                notes={},
                by="",
                changed_on=visit.today,
            )
            session.add(row)
        row.answers, row.notes = said, besides
        row.question_set, row.by, row.changed_on = question_set(), visit.viewer.username, visit.today
        identifier = row.id
    return identifier


def sign(visit: Visit, dataset_id: str) -> None:
    """The owner stands by the draft: from now on it counts.

    Raises: Invalid while a question has no answer, NotPermitted, NotFound.
    """
    owner = unopened_one(visit, dataset_id).organisation_id
    grant = require(visit, Action.SCREENING_SIGNED, f"dataset:{dataset_id}", organisation_id=owner)
    with visit.change(grant) as session:
        row = _draft(session, dataset_id, owner)
        if row is None:
            raise NotFound("There are no new answers to sign.")
        missing = [each for each in questions() if each not in row.answers]
        if missing:
            left = "1 question has" if len(missing) == 1 else f"{len(missing)} questions have"
            raise Invalid(f"{left} no answer yet: “uncertain” is one.", field=missing[0])
        if row.question_set != question_set():
            raise Invalid("The questions have changed since they were answered: look at the answers once more.")
        row.signed_by, row.signed_on = visit.viewer.username, visit.today


def screened(visit: Visit, dataset_id: str = "") -> Mapping[str, Screened]:
    """By dataset; those that were never screened are left out."""
    wanted = select(ScreeningRow).order_by(ScreeningRow.dataset_id, ScreeningRow.round)
    if dataset_id:
        wanted = wanted.where(ScreeningRow.dataset_id == dataset_id)
    found: dict[str, dict[str, Screening]] = {}
    for row in visit.read().execute(wanted).scalars():
        kind = "draft" if row.signed_on is None else "signed"
        found.setdefault(row.dataset_id, {})[kind] = _screening(visit, row)
    return {key: Screened(**kinds) for key, kinds in found.items()}


def _draft(session: Session, dataset_id: str, owner: str) -> ScreeningRow | None:
    wanted = select(ScreeningRow).where(
        ScreeningRow.dataset_id == dataset_id,
        ScreeningRow.organisation_id == owner,
        ScreeningRow.signed_on.is_(None),
    )
    return session.execute(wanted.with_for_update()).scalars().first()


def _rounds(session: Session, dataset_id: str) -> int:
    """How many there were, those of an earlier owner included."""
    wanted = select(func.max(ScreeningRow.round)).where(ScreeningRow.dataset_id == dataset_id)
    return session.execute(wanted).scalar_one() or 0


def _screening(visit: Visit, row: ScreeningRow) -> Screening:
    last = last_day(row.signed_on) if row.signed_on else None
    asked = questions()
    return Screening(
        id=row.id,
        dataset_id=row.dataset_id,
        organisation_id=row.organisation_id,
        answers={code: Answer(said) for code, said in row.answers.items() if code in asked},
        notes={code: str(said) for code, said in row.notes.items() if code in asked},
        by=row.by,
        changed_on=row.changed_on,
        signed_by=row.signed_by,
        signed_on=row.signed_on,
        last_day=last,
        lapsed=last is not None and visit.today > last,
        earlier_questions=row.question_set != question_set(),
    )


def _said(answers: Mapping[str, str]) -> dict[str, str]:
    asked, known = questions(), set(Answer)
    for code, said in answers.items():
        if code not in asked:
            raise Invalid("The questions have changed: load the page again.", field=code)
        if said and said not in known:
            raise Invalid("Answer yes, no or uncertain.", field=code)
    return {code: str(Answer(answers[code])) for code in asked if answers.get(code)}


def _besides(notes: Mapping[str, str]) -> dict[str, str]:
    """What was said besides the questions that ask for it."""
    kept = {code: " ".join(str(notes.get(code, "")).split()) for code, each in questions().items() if each.asks}
    for code, said in kept.items():
        if len(said) > LONGEST:
            raise Invalid(f"Say it in at most {LONGEST} characters.", field=code)
    return {code: said for code, said in kept.items() if said}
