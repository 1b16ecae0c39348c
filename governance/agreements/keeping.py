"""One change of one agreement: its rows loaded under a lock, the events written with what the rows say in the end."""

from __future__ import annotations

import contextlib
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session

from governance import audit
from governance.agreements.document import Document, canonical, content_hash, read, terms_hash
from governance.agreements.purposes import purpose
from governance.agreements.records import record
from governance.errors import Invalid, NotFound
from governance.policy import Grant
from governance.tables import AgreementRow, OrganisationRow, PartyRow, VersionRow
from governance.visit import Visit
from store import guarded, take_turns

OPEN = ("draft", "review", "signing")
"""States of a version that is still being prepared."""
_TURN = 7_204_103
"""In which agreements get their numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Later:
    """The leave for a change whose event is written at its end, in the same transaction."""

    grant: Grant

    def witness(self, _session: Session) -> None:
        """`changing` writes it."""


@dataclass(slots=True, kw_only=True)
class Folder:
    """An agreement with its versions and their parties, as rows of the running transaction."""

    session: Session
    agreement: AgreementRow
    versions: list[VersionRow]
    parties: dict[str, list[PartyRow]]
    """By version, in the order of the document."""
    grants: list[Grant] = field(default_factory=list)
    """What is told at the end, in this order."""

    @property
    def in_force(self) -> VersionRow | None:
        """The version that was activated and not closed, whatever its dates say."""
        return next((each for each in self.versions if each.state == "active"), None)

    def version(self, version_id: str) -> VersionRow:
        """One of its versions. Raises NotFound."""
        found = next((each for each in self.versions if each.id == version_id), None)
        if found is None:
            raise NotFound("There is no such version of an agreement here.")
        return found

    def party(self, version_id: str, organisation_id: str) -> PartyRow | None:
        """An organisation's row in one version; None when it is no party."""
        found = self.parties.get(version_id, [])
        return next((each for each in found if each.organisation_id == organisation_id), None)

    def terms_of(self, version: VersionRow) -> list[PartyRow]:
        """The parties, with their signatures, of the version n.0 whose terms this one has."""
        found = (each for each in self.versions if each.major == version.major and each.minor == 0)
        return next((self.parties.get(each.id, []) for each in found), [])

    def tells(self, **detail: str) -> None:
        """Add to what the command's own event says."""
        self.grants[0] = replace(self.grants[0], detail={**self.grants[0].detail, **detail})

    def record(self) -> str:
        """The hash of what the rows say now."""
        return record(self.agreement, self.versions, [each for found in self.parties.values() for each in found])


def label(version: VersionRow) -> str:
    """As people say it: 2.1."""
    return f"{version.major}.{version.minor}"


def new_id() -> str:
    """Of an agreement or a version."""
    return secrets.token_hex(8)


def target(agreement_id: str) -> str:
    """How the audit names an agreement."""
    return f"agreement:{agreement_id}"


def folder(session: Session, agreement_id: str) -> Folder:
    """Load it; in a writing transaction of PostgreSQL others wait for their turn. Raises NotFound."""
    wanted = select(AgreementRow).where(AgreementRow.id == agreement_id)
    found = session.execute(wanted.with_for_update() if session.info["grant"] else wanted).scalar_one_or_none()
    if found is None:
        raise NotFound("There is no such agreement here.")
    return _filled(session, [found], VersionRow.agreement_id == agreement_id)[0]


def folders(session: Session) -> list[Folder]:
    """Those of every agreement the viewer may know of, newest first."""
    found = session.execute(select(AgreementRow).order_by(AgreementRow.number.desc())).scalars()
    return _filled(session, list(found), true())


def _filled(session: Session, found: list[AgreementRow], these: ColumnElement[bool]) -> list[Folder]:
    made = {each.id: Folder(session=session, agreement=each, versions=[], parties={}) for each in found}
    order = (VersionRow.major, VersionRow.minor, VersionRow.created_at)
    version_of: dict[str, str] = {}
    for version in session.execute(select(VersionRow).where(these).order_by(*order)).scalars():
        if version.agreement_id in made:
            made[version.agreement_id].versions.append(version)
            version_of[version.id] = version.agreement_id
    ids = select(VersionRow.id).where(these)
    parties = select(PartyRow).where(PartyRow.version_id.in_(ids)).order_by(PartyRow.version_id, PartyRow.position)
    for party in session.execute(parties).scalars():
        if party.version_id in version_of:
            made[version_of[party.version_id]].parties.setdefault(party.version_id, []).append(party)
    return list(made.values())


def agreement_of(visit: Visit, version_id: str) -> VersionRow:
    """A version as it is read outside a change, to know its agreement. Raises NotFound."""
    found = visit.read().get(VersionRow, version_id)
    if found is None:
        raise NotFound("There is no such version of an agreement here.")
    return found


@contextlib.contextmanager
def changing(visit: Visit, grant: Grant, agreement_id: str) -> Iterator[Folder]:
    """Change what is in an agreement's folder; the events follow with the record of what the rows say then."""
    with visit.change(_Later(grant=grant)) as session:
        made = folder(session, agreement_id)
        made.grants.append(grant)
        yield made
        tell(made)


def tell(made: Folder) -> None:
    """Write the folder's events with its record."""
    session = made.session
    session.flush()
    session.expire_all()
    said = folder(session, made.agreement.id).record()
    for grant in made.grants:
        told = audit.Told(action=grant.action, target=grant.target, detail={**grant.detail, "record": said})
        audit.append(session, grant.visit, told)


@contextlib.contextmanager
def beginning(visit: Visit, grant: Grant) -> Iterator[tuple[Session, int]]:
    """A transaction for a new agreement, and its number."""
    with visit.change(_Later(grant=grant)) as session:
        take_turns(session, _TURN)
        last = guarded(
            session, select(func.max(AgreementRow.__table__.c.number)), "a count of agreements tells of none of them"
        ).scalar()
        yield session, (last or 0) + 1


def words(value: str, *, field: str, most: int = 10_000) -> str:
    """A text as it is kept: no blanks around it, no control characters. Raises Invalid when it is too long."""
    kept = "".join(each for each in value if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cs")).strip()
    if len(kept) > most:
        raise Invalid(f"Say this in {most} characters at most: it has {len(kept)}.", field=field)
    return kept


def line(value: str, *, field: str, most: int = 200) -> str:
    """The same for a text of one line."""
    return words(" ".join(value.split()), field=field, most=most)


def _tags(purposes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for each in purposes if (tag := purpose(each))))


def sound(document: Document) -> Document:
    """The document as it is kept: the lead first, purposes as they are compared. Raises Invalid when it cannot be."""
    title = line(document.title, field="title")
    if not title:
        raise Invalid("Give the agreement a title.", field="title")
    leads = [each for each in document.parties if each.organisation == document.lead]
    if len({each.organisation for each in document.parties}) != len(document.parties):
        raise Invalid("Name each party once.", field="parties")
    if not leads:
        raise Invalid("The organisation that leads is a party too: add it.", field="parties")
    made = msgspec.structs.replace(
        document,
        title=title,
        parties=(*leads, *(each for each in document.parties if each.organisation != document.lead)),
        terms=msgspec.structs.replace(document.terms, purposes=_tags(document.terms.purposes)),
        schedule=tuple(msgspec.structs.replace(each, purposes=_tags(each.purposes)) for each in document.schedule),
    )
    try:
        return read(canonical(made))
    except (UnicodeEncodeError, ValueError) as error:
        raise Invalid("The agreement holds characters that cannot be kept: type them anew.") from error


def write(made: Folder, version: VersionRow, document: Document) -> None:
    """Put a document into a version that is not frozen, and its parties into their rows. Raises Invalid."""
    written = canonical(document)
    version.document, version.content_hash, version.terms_hash = written, content_hash(written), terms_hash(document)
    if not any(each.activated_at for each in made.versions):
        made.agreement.title, made.agreement.kind = document.title, document.kind
    have = {each.organisation_id: each for each in made.parties.get(version.id, [])}
    made.parties[version.id] = kept = []
    for position, said in enumerate(document.parties):
        row = have.pop(said.organisation, None)
        if row is None:
            if made.session.get(OrganisationRow, said.organisation) is None:
                raise Invalid("One of the parties is no organisation here: choose it again.", field="parties")
            row = PartyRow(version_id=version.id, organisation_id=said.organisation, signs=True)
            made.session.add(row)
        row.position, row.role = position, said.role.value
        kept.append(row)
    for gone in have.values():
        made.session.delete(gone)


def values(version: VersionRow, **more: Any) -> dict[str, Any]:
    """What every event says of a version."""
    return {"version": label(version), "version_id": version.id, "content_hash": version.content_hash, **more}
