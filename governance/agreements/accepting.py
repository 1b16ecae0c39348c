"""Words that a person accepts before the first look at what a schedule row shares: once for each text, by each person.

The access rule does not ask for them: they are asked for at every door behind it (`unaccepted`).
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from governance.access import Decision, Why
from governance.agreements.document import read
from governance.errors import Invalid
from governance.policy import Action, require
from governance.tables import AcceptanceRow, AgreementRow, PartyRow, VersionRow
from governance.visit import Kind, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Words that one agreement in force asks of the viewer."""

    agreement_id: str
    agreement: str
    """Its number and title, "A-7 Title"."""
    words: str
    titles: tuple[str, ...]
    """Of the datasets they stand before."""
    accepted_at: datetime | None


def asked(visit: Visit, agreement_id: str = "") -> tuple[Asked, ...]:
    """What agreements in force ask of the viewer, accepted or not; of one of them with an id."""
    viewer = visit.viewer
    if viewer.kind is not Kind.PERSON or not viewer.organisation_id:
        return ()
    wanted = (
        select(VersionRow, AgreementRow)
        .join(PartyRow, PartyRow.version_id == VersionRow.id)
        .join(AgreementRow, AgreementRow.id == VersionRow.agreement_id)
        .where(PartyRow.organisation_id == viewer.organisation_id, VersionRow.state == "active")
        .order_by(AgreementRow.number)
    )
    if agreement_id:
        wanted = wanted.where(VersionRow.agreement_id == agreement_id)
    done = _accepted(visit)
    found: list[Asked] = []
    for version, agreement in visit.read().execute(wanted):
        for words, titles in _of(visit, version).items():
            found.append(
                Asked(
                    agreement_id=agreement.id,
                    agreement=f"A-{agreement.number} {agreement.title}",
                    words=words,
                    titles=tuple(titles),
                    accepted_at=done.get((agreement.id, _hash(words))),
                )
            )
    return tuple(found)


def _of(visit: Visit, version: VersionRow) -> dict[str, list[str]]:
    """Words -> titles, of the rows that are for the viewer today."""
    try:
        document = read(version.document)
    except ValueError:
        return {}
    viewer, found = visit.viewer, defaultdict[str, list[str]](list)
    if not document.starts_on <= visit.today <= document.ends_on:
        return {}
    for line in document.schedule:
        mine = viewer.organisation_id in line.receivers and (not line.people or viewer.username in line.people)
        if line.acknowledgement and mine and visit.today <= (line.last or document.ends_on):
            found[line.acknowledgement].append(line.title)
    return dict(found)


def accept(visit: Visit, agreement_id: str, words: str) -> None:
    """Accept these very words for oneself. Raises Invalid when no agreement asks for them now, NotPermitted."""
    grant = require(visit, Action.WORDS_ACCEPTED, f"agreement:{agreement_id}", words=words)
    known = next((each for each in asked(visit, agreement_id) if each.words == words), None)
    if known is None:
        raise Invalid("These words are not asked of you any more: read the agreement again.")
    if known.accepted_at is not None:
        return
    with visit.change(grant) as session:
        session.add(
            AcceptanceRow(
                username=visit.viewer.username,
                agreement_id=agreement_id,
                words_hash=_hash(words),
                accepted_at=visit.now,
            )
        )
    visit.refresh()


def unaccepted(visit: Visit, decisions: Mapping[str, Decision]) -> dict[str, Decision]:
    """The same decisions, but refused where a row asks for words that the viewer has not accepted."""
    if not any(each.ok and each.item is not None and each.item.row.accepts for each in decisions.values()):
        return dict(decisions)
    done = _accepted(visit)
    return {name: each if _stands(each, done) else _refused(each) for name, each in decisions.items()}


def _stands(decision: Decision, done: Mapping[tuple[str, str], datetime]) -> bool:
    item = decision.item
    if not decision.ok or item is None or not item.row.accepts:
        return True
    return (item.agreement, _hash(item.row.accepts)) in done


def _refused(decision: Decision) -> Decision:
    return replace(decision, ok=False, why=Why.TERMS, agreement=None, detail=None, min_cell=None)


def _accepted(visit: Visit) -> dict[tuple[str, str], datetime]:
    rows = visit.read().execute(select(AcceptanceRow).where(AcceptanceRow.username == visit.viewer.username)).scalars()
    return {(row.agreement_id, row.words_hash): row.accepted_at for row in rows}


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
