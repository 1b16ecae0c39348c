"""A use is held against the charter before it begins: each clause is answered, then whether it goes ahead.

Not who asks does it, but a facilitator, a chair or a steward who may know of the data, in their own name. What was said
counts for the words of the use and for the charter as they were then; when either changes it is said again, beginning
with the answers before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum

from sqlalchemy import select

from governance import Action, Invalid, NotPermitted, Role, Visit, may, require
from governance import people as people_room
from governance.agreements.keeping import words
from sharing.charter import Charter, Clause, in_force
from sharing.tables import UseCheckRow
from sharing.uses.keeping import found
from sharing.uses.reading import use_cases
from sharing.uses.values import LONGEST, State, UseCase


class Answer(StrEnum):
    """How a use stands to a clause."""

    MEETS = "meets"
    PARTLY = "partly"
    DOES_NOT = "does-not"
    NOT_APPLICABLE = "not-applicable"


class Outcome(StrEnum):
    """Whether it goes ahead; "go ahead, if" comes first, as for owners."""

    GO_IF = "go-if"
    GO = "go"
    DO_NOT_GO = "do-not-go"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The answer to one clause, and why; "meets" may stand alone."""

    answer: Answer
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What is said when a use is held against the charter."""

    replies: Mapping[str, Reply] = field(default_factory=dict)
    """By code of the clause."""
    heard: str = ""
    """What the people it is about say of it, and how that is known."""
    outcome: Outcome = Outcome.GO_IF
    conditions: str = ""
    """What has to be so, for "go ahead, if"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """How a use was held against the charter, the last time."""

    finding: Finding
    charter: int
    """Version of the charter."""
    by: str
    """What the person is called."""
    on: date
    of_these_words: bool
    """The use has not been changed since."""


class Standing(StrEnum):
    """What a check says about beginning now."""

    UNASKED = "unasked"
    """No charter is adopted."""
    BROKEN = "broken"
    """The charter is no longer what was adopted."""
    OPEN = "open"
    """Not held against it yet."""
    OLD_CHARTER = "old-charter"
    OLD_WORDS = "old-words"
    REFUSED = "refused"
    STANDS = "stands"

    @property
    def is_to_do(self) -> bool:
        """Whether somebody has to hold the use against the charter, or do so anew."""
        return self in (Standing.OPEN, Standing.OLD_CHARTER, Standing.OLD_WORDS)


_UNADOPTED = "No charter is adopted yet: there is nothing to hold it against."
_BROKEN = "The charter is no longer what was adopted: tell an administrator."


def check(visit: Visit, use_id: str, said: Finding, *, seen: int) -> None:
    """Write down how a use stands to the charter in force; the audit keeps every answer that was given before.

    `seen` is the version of the use that was read.
    Raises: Invalid with the first thing that is missing, or when the use was changed meanwhile; NotFound;
        NotPermitted, also for who asked.
    """
    charter = in_force(visit)
    if charter is None:
        raise Invalid(_UNADOPTED)
    if not charter.intact:
        raise Invalid(_BROKEN)
    found(visit.read(), use_id)
    kept = _checked(said, charter)
    replies = {code: asdict(each) for code, each in kept.replies.items()}
    grant = require(
        visit,
        Action.USE_CHECKED,
        f"use:{use_id}",
        charter=charter.version,
        replies=replies,
        heard=kept.heard,
        outcome=kept.outcome.value,
        conditions=kept.conditions,
    )
    with visit.change(grant) as session:
        row = found(session, use_id)
        if row.asked_by == visit.viewer.username:
            raise NotPermitted("You asked for it: somebody else holds it against the charter.")
        if row.state not in ("submitted", "live"):
            raise Invalid(_SETTLED.get(row.state, "It names no dataset yet: there is nothing to hold against it."))
        if row.version != seen:
            raise Invalid("The request was changed meanwhile: read it again, then answer.")
        session.merge(
            UseCheckRow(
                use_id=use_id,
                use_version=row.version,
                charter_version=charter.version,
                replies=replies,
                heard=kept.heard,
                outcome=kept.outcome.value,
                conditions=kept.conditions,
                checked_by=visit.viewer.username,
                checked_on=visit.today,
            )
        )


_SETTLED = {"finished": "It is finished already.", "withdrawn": "It was withdrawn."}


def _checked(said: Finding, charter: Charter) -> Finding:
    """As it is kept. Raises Invalid."""
    replies = {each.code: _reply(each, said.replies.get(each.code)) for each in charter.clauses}
    outcome = Outcome(said.outcome)
    conditions = words(said.conditions, field="conditions", most=LONGEST) if outcome is Outcome.GO_IF else ""
    answers = {each.answer for each in replies.values()}
    if outcome is Outcome.GO_IF and not conditions:
        raise Invalid("Say what has to be so: without conditions it simply goes ahead.", field="conditions")
    if outcome is Outcome.GO and Answer.DOES_NOT in answers:
        raise Invalid(
            "It does not meet every clause: say under which conditions it goes ahead, or that it does not.",
            field="outcome",
        )
    if outcome is Outcome.DO_NOT_GO and answers <= {Answer.MEETS, Answer.NOT_APPLICABLE}:
        raise Invalid("Say which clause it does not meet: otherwise nothing speaks against it.", field="outcome")
    heard = words(said.heard, field="heard", most=LONGEST)
    return Finding(replies=replies, heard=heard, outcome=outcome, conditions=conditions)


def _reply(clause: Clause, said: Reply | None) -> Reply:
    if said is None:
        raise Invalid(f"Answer “{clause.title}” too: “not applicable” is an answer.", field=clause.code)
    why = words(said.why, field=clause.code, most=LONGEST)
    if said.answer is not Answer.MEETS and not why:
        raise Invalid(f"Say why, at “{clause.title}”.", field=clause.code)
    return Reply(answer=Answer(said.answer), why=why)


def checks(visit: Visit, uses: Mapping[str, int]) -> dict[str, Check]:
    """How uses (id -> version of their words) were held against the charter; those that never were are left out."""
    wanted = select(UseCheckRow).where(UseCheckRow.use_id.in_(list(uses)))
    rows = visit.read().execute(wanted).scalars().all()
    names = {each.username: each.display for each in people_room.people(visit)} if rows else {}
    return {
        row.use_id: Check(
            finding=Finding(
                replies={
                    code: Reply(answer=Answer(each["answer"]), why=each["why"]) for code, each in row.replies.items()
                },
                heard=row.heard,
                outcome=Outcome(row.outcome),
                conditions=row.conditions,
            ),
            charter=row.charter_version,
            by=names.get(row.checked_by, row.checked_by),
            on=row.checked_on,
            of_these_words=row.use_version == uses[row.use_id],
        )
        for row in rows
    }


def standing(made: Check | None, charter: Charter | None) -> Standing:
    """What the last check says about beginning now."""
    if charter is None:
        return Standing.UNASKED
    if not charter.intact:
        return Standing.BROKEN
    if made is None:
        return Standing.OPEN
    if made.charter != charter.version:
        return Standing.OLD_CHARTER
    if not made.of_these_words:
        return Standing.OLD_WORDS
    return Standing.REFUSED if made.finding.outcome is Outcome.DO_NOT_GO else Standing.STANDS


_WHO = "a facilitator, a chair or a steward who may know of the data"
LACKS: Mapping[Standing, str] = {
    Standing.BROKEN: _BROKEN,
    Standing.OPEN: f"It was not held against the charter yet: {_WHO} does that.",
    Standing.OLD_CHARTER: f"The charter has changed since it was held against it: {_WHO} looks again.",
    Standing.OLD_WORDS: f"Its words have changed since it was held against the charter: {_WHO} looks again.",
    Standing.REFUSED: "Held against the charter it does not go ahead as it is: the answers say what would change it.",
}


def charter_lacks(visit: Visit, use_id: str, version: int) -> str:
    """Why, as far as the charter goes, a use may not begin now, in a sentence; "" when it may."""
    return LACKS.get(standing(checks(visit, {use_id: version}).get(use_id), in_force(visit)), "")


def to_check(visit: Visit) -> tuple[UseCase, ...]:
    """What every owner agreed to and waits to be held against the charter, the longest asked first.

    For facilitators and chairs, and for the stewards of its owners.
    """
    charter = in_force(visit) if may(visit, Action.USE_CHECKED) else None
    if charter is None:
        return ()
    asked = not visit.viewer.roles.isdisjoint({Role.FACILITATOR, Role.CHAIR})
    agreed = [each for each in use_cases(visit) if each.state in (State.GO, State.GO_IF) and each.may_check]
    ours = {each.id: each for each in agreed if asked or each.may_decide}
    made = checks(visit, {each.id: each.version for each in ours.values()})
    left = [each for each in ours.values() if standing(made.get(each.id), charter).is_to_do]
    return tuple(sorted(left, key=lambda each: (each.asked_on, each.id)))
