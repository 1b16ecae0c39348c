"""Writing the next version of the charter, and adopting it: from then on nothing of it changes."""

from __future__ import annotations

import hashlib
import json
import secrets
import tomllib
from dataclasses import asdict, replace
from datetime import date
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance import Action, Invalid, NotFound, Visit, audit, require
from governance import people as people_room
from governance.agreements.keeping import line, words
from sharing.charter.values import LONGEST, LONGEST_LINE, MOST_CLAUSES, Charter, Clause, Wording
from sharing.tables import CharterRow
from store import take_turns

_MOST_VERSIONS = 1_000
"""Of which it is told that they are gone."""
_TURN = 7_204_106
"""In which the draft is written, so that two who begin it at once do not make two of it."""
_STARTER = Path(__file__).with_name("starter.toml")


@cache
def starter() -> Wording:
    """A wording to begin with, meant to be changed."""
    told = tomllib.loads(_STARTER.read_text(encoding="utf-8"))["clause"]
    return Wording(clauses=tuple(Clause(**each) for each in told))


def charters(visit: Visit) -> tuple[Charter, ...]:
    """Every version that was adopted, the newest first."""
    wanted = select(CharterRow).where(CharterRow.adopted_on.is_not(None)).order_by(CharterRow.version.desc())
    rows = visit.read().execute(wanted).scalars().all()
    names = {each.username: each.display for each in people_room.people(visit)} if rows else {}
    return tuple(_charter(each, by=names.get(each.adopted_by, each.adopted_by)) for each in rows)


def verify(visit: Visit) -> tuple[str, ...]:
    """What is wrong with the adopted versions, a sentence each; empty when nothing is."""
    adopted = charters(visit)
    wrong = [f"Version {each.version} of the charter is not what was adopted." for each in adopted if not each.intact]
    there = {_target(each.version): each.hash for each in adopted}
    told = audit.events(visit, action=Action.CHARTER_ADOPTED.value, limit=_MOST_VERSIONS)
    lost = [each.object for each in told if each.object not in there]
    gone = [f"The audit tells of {each}, which is not there any more." for each in lost]
    other = [
        f"{each.object}: the audit tells of other words."
        for each in told
        if there.get(each.object, each.detail["hash"]) != each.detail["hash"]
    ]
    return (*wrong, *gone, *other)


def _target(version: int) -> str:
    return f"charter:{version}"


def in_force(visit: Visit) -> Charter | None:
    """The newest version that was adopted; None as long as there is none."""
    return next(iter(charters(visit)), None)


def draft(visit: Visit) -> Charter | None:
    """The next version as far as it is written; None for those who do not write it."""
    row = _draft(visit.read())
    return _charter(row, by="") if row is not None else None


def write(visit: Visit, wording: Wording, *, seen: int = 0) -> Charter:
    """Keep the next version as a draft. `seen` is the edition of the draft that was changed, 0 for a new one.

    Raises: Invalid for a clause without its title, text or question, or when somebody changed the draft meanwhile;
        NotPermitted.
    """
    kept = _tidy(wording)
    grant = require(visit, Action.CHARTER_WRITTEN, "charter")
    with visit.change(grant) as session:
        take_turns(session, _TURN)
        row = _draft(session)
        if (row.edition if row else 0) != seen:
            raise Invalid("Somebody changed the draft meanwhile: open it again, and make your changes anew.")
        if row is None:
            row = CharterRow(version=_newest(session) + 1, edition=0)
            session.add(row)
        row.clauses = [asdict(each) for each in kept.clauses]
        row.note, row.agreed_by, row.review_on = kept.note, kept.agreed_by, kept.review_on
        row.edition += 1
        session.flush()
        return _charter(row, by="")


def adopt(visit: Visit, *, seen: int) -> int:
    """Put the draft in force, as it was read in edition `seen`; its version.

    Raises: Invalid when it has no clause, or does not say who agreed or what changed; NotFound without a draft;
        NotPermitted.
    """
    before = _draft(visit.read())
    if before is None:
        raise NotFound("There is no draft to adopt.")
    by, on = visit.viewer.username, visit.today
    made = fingerprint(before, by=by, on=on)
    grant = require(visit, Action.CHARTER_ADOPTED, _target(before.version), hash=made)
    _complete(before, today=on)
    with visit.change(grant) as session:
        row = _draft(session)
        if row is None or row.edition != seen or fingerprint(row, by=by, on=on) != made:
            raise Invalid("Somebody changed the draft meanwhile: read it again, then adopt it.")
        row.adopted_by, row.adopted_on, row.hash = by, on, made
        return row.version


def _complete(row: CharterRow, *, today: date) -> None:
    """Raises Invalid with the first thing that is missing before it can be adopted."""
    if not row.clauses:
        raise Invalid("Write at least one clause.", field="clauses")
    if not row.agreed_by:
        raise Invalid("Say who agreed to it: a panel, a meeting, with the day.", field="agreed_by")
    if row.version > 1 and not row.note:
        raise Invalid("Say what changed and why.", field="note")
    if row.review_on is not None and row.review_on <= today:
        raise Invalid("Choose a later day on which it is looked at again.", field="review_on")


def discard(visit: Visit, *, seen: int) -> None:
    """Throw the draft away. Raises: Invalid when somebody changed it meanwhile; NotFound; NotPermitted."""
    grant = require(visit, Action.CHARTER_WRITTEN, "charter", discarded=True)
    with visit.change(grant) as session:
        row = _draft(session)
        if row is None:
            raise NotFound("There is no draft.")
        if row.edition != seen:
            raise Invalid("Somebody changed the draft meanwhile: read it again first.")
        session.delete(row)


def fingerprint(row: CharterRow, *, by: str, on: date) -> str:
    """SHA-256 of everything that is adopted, by whom and when, as 64 hex digits."""
    review = row.review_on.isoformat() if row.review_on else ""
    said = [row.version, row.clauses, row.note, row.agreed_by, review, by, on.isoformat()]
    told = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def _draft(session: Session) -> CharterRow | None:
    wanted = select(CharterRow).where(CharterRow.adopted_on.is_(None))
    return session.execute(wanted.with_for_update() if session.info["grant"] else wanted).scalar_one_or_none()


def _newest(session: Session) -> int:
    return max(session.execute(select(CharterRow.version)).scalars(), default=0)


def _charter(row: CharterRow, *, by: str) -> Charter:
    return Charter(
        version=row.version,
        edition=row.edition,
        wording=Wording(
            clauses=tuple(Clause(**each) for each in row.clauses),
            note=row.note,
            agreed_by=row.agreed_by,
            review_on=row.review_on,
        ),
        adopted_by=by,
        adopted_on=row.adopted_on,
        hash=row.hash,
        intact=row.adopted_on is None or row.hash == fingerprint(row, by=row.adopted_by, on=row.adopted_on),
    )


def _tidy(wording: Wording) -> Wording:
    """As it is kept; a clause that was emptied is taken out. Raises Invalid with the first that cannot be kept."""
    clauses = [each for each in map(_clause, wording.clauses) if each is not None]
    if len(clauses) > MOST_CLAUSES:
        raise Invalid(f"Write at most {MOST_CLAUSES} clauses: put some together.", field="clauses")
    titles = [each.title.casefold() for each in clauses]
    if len(set(titles)) != len(titles):
        raise Invalid("Two clauses have the same title.", field="clauses")
    return replace(
        wording,
        clauses=tuple(clauses),
        note=words(wording.note, field="note", most=LONGEST),
        agreed_by=line(wording.agreed_by, field="agreed_by", most=LONGEST_LINE),
    )


def _clause(said: Clause) -> Clause | None:
    title = line(said.title, field="clauses", most=LONGEST_LINE)
    text = words(said.text, field="clauses", most=LONGEST)
    question = line(said.question, field="clauses", most=LONGEST_LINE)
    if not (title or text or question):
        return None
    if not title:
        raise Invalid("Give every clause a title.", field="clauses")
    if not text:
        raise Invalid(f"Say what “{title}” promises.", field="clauses")
    if not question:
        raise Invalid(f"Ask a question by which a use is held against “{title}”.", field="clauses")
    return Clause(code=said.code or secrets.token_hex(4), title=title, text=text, question=question)
