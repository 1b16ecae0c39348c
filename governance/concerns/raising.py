"""Raising a concern, with the organisation's name, as "a partner", or without any trace of who it was.

What remains of one without a name: its words (somebody may know whose they sound like) and its day. The row has a
random key and no row number, and the audit hears of it on a later day. Two things are out of our hands and in those
of whoever can read the server's disks: the time at which the database's files were written, and the order in which
PostgreSQL puts rows into a table's pages. A backup taken before and one taken after also say in between which two
moments it came.
"""

from __future__ import annotations

import secrets
from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.concerns import receipts
from governance.concerns.values import LONGEST, About, Raised, ShowAs, Worry
from governance.errors import Invalid, NotFound
from governance.policy import Action, Grant, Housekeeping, require
from governance.tables import ConcernRow
from governance.visit import Visit

KINDS = ("dataset", "indicator", "agreement", "meeting", "card", "collaboration")
WITHOUT_A_NAME = Housekeeping(reason="a concern without a name: the audit hears of it on a later day")


def raise_concern(visit: Visit, worry: Worry) -> Raised:
    """Write a concern down; who raises it without a name gets the code to come back with.

    Raises: Invalid when words or strength are missing; NotFound when it is about what the viewer may not know of.
    """
    words = _checked(visit, worry)
    identifier = secrets.token_hex(16)
    about = f"{worry.about.kind}:{worry.about.id}".rstrip(":")
    grant = require(visit, Action.CONCERN_RAISED, f"concern:{identifier}", about=about)
    code = receipts.new() if worry.show_as is ShowAs.NOBODY else ""
    with visit.change(leave(grant, worry.show_as)) as session:
        session.add(_row(visit, worry, identifier=identifier, words=words, code=code))
        session.flush()
        _must_be_known(session, identifier)
    return Raised(id=identifier, receipt=code)


def leave(grant: Grant, show_as: str) -> Grant | Housekeeping:
    """The grant itself, or one that leaves no event now where the event would tell who it was."""
    return grant if show_as == ShowAs.ORGANISATION else WITHOUT_A_NAME


def _row(visit: Visit, worry: Worry, *, identifier: str, words: str, code: str) -> ConcernRow:
    named, known = worry.show_as is ShowAs.ORGANISATION, worry.show_as is not ShowAs.NOBODY
    return ConcernRow(
        id=identifier,
        **{f"about_{name}": value for name, value in asdict(worry.about).items()},
        words=words,
        kind=worry.kind.value,
        loss=worry.loss.value if worry.loss else "",
        felt=worry.felt,
        evidence=worry.evidence.value,
        evidence_basis=worry.evidence_basis.strip()[:LONGEST],
        nature=worry.nature.value if worry.nature else "",
        show_as=worry.show_as.value,
        organisation_id=visit.viewer.organisation_id if named else "",
        raised_by=visit.viewer.username if known else "",
        receipt_hash=receipts.hash_of(code) if code else "",
        raised_on=visit.today,
        told=named,
    )


def _checked(visit: Visit, worry: Worry) -> str:
    """The words, when nothing is missing."""
    check_about(worry.about)
    words = worry.words.strip()
    if not words:
        raise Invalid("Say what worries you, in your own words.", field="words")
    if len(words) > LONGEST:
        raise Invalid(f"Say it in at most {LONGEST:,} characters.", field="words")
    if worry.felt not in (1, 2, 3):
        raise Invalid("Say how strongly you feel it.", field="felt")
    if worry.show_as is ShowAs.ORGANISATION and not visit.viewer.organisation_id:
        raise Invalid("You belong to no organisation here: raise it without a name.", field="show_as")
    return words


def check_about(about: About) -> None:
    """Raises Invalid unless it names one thing."""
    if about.kind not in KINDS or bool(about.id) == (about.kind == "collaboration"):
        raise Invalid("Say what it is about.", field="about")


def _must_be_known(session: Session, identifier: str) -> None:
    """The table's own rule decides: what the viewer does not see again is about something they may not know of."""
    if session.execute(select(ConcernRow.id).where(ConcernRow.id == identifier)).scalar_one_or_none() is None:
        raise NotFound("There is nothing of that name here.")
