"""What stands now: agreements, holds and accounts as the database has them, made into what the access rule reads.

Every document is hashed again at every load, and every signature compared with that hash: a version that does not fit
counts for nobody, is told to the log once, and to its parties whenever they ask. What a document says is kept by its
hash, for it can never say anything else; a decision is never kept.
"""

from __future__ import annotations

import logging
from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple, cast

from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from governance.access import (
    Agreement,
    Band,
    Dataset,
    Hold,
    Member,
    Party,
    PartyRole,
    ScheduleRow,
    Scope,
    Version,
    World,
    world,
)
from governance.agreements import document as documents
from governance.agreements.document import Document, ScheduleLine
from governance.agreements.records import rows as listed_rows
from governance.agreements.records import seal
from governance.tables import AgreementRow, GrantRow, HoldRow, ItemRow, PartyRow, PersonRow, VersionRow
from governance.visit import Visit, machinery
from store import settings

_LOG = logging.getLogger(__name__)
_MOST_ASKED = 400
"""Datasets that are named in a statement; of more, every agreement is read and the rest left aside here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A version that is not what was signed, and so covers nothing."""

    agreement_id: str
    title: str
    label: str
    """"2.1"."""
    what: str
    """One sentence."""


class _Found(NamedTuple):
    """The columns of a version, in the order in which they are asked."""

    id: str
    agreement_id: str
    major: int
    minor: int
    state: str
    document: bytes
    content_hash: str
    terms_hash: str
    activated_at: datetime | None
    closed_at: datetime | None


class _Signature(NamedTuple):
    """What a seal covers, in the order in which it is asked, and the seal."""

    version_id: str
    organisation_id: str
    position: int
    role: str
    signs: bool
    signatory: str
    signatory_title: str
    method: str
    reference: str
    signed_at: datetime | None
    signed_by: str
    signed_hash: str
    seal: str


_VERSION = tuple(getattr(VersionRow, name) for name in _Found._fields)
_SIGNATURE = tuple(getattr(PartyRow, name) for name in _Signature._fields)
_STANDING = (VersionRow.frozen_at.is_not(None), VersionRow.state != "withdrawn")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What a document says, in the rule's terms."""

    lead: str
    starts_on: date
    ends_on: date
    terms_hash: str
    roles: Mapping[str, PartyRole]
    rows: Mapping[tuple[str, str], tuple[ScheduleRow, ...]]
    """By dataset and the owner who gives it, in the order of the schedule."""
    items: int
    grants: int
    """How many of each lists find of it."""


def facts(visit: Visit, datasets: Iterable[Dataset], *, organisations: Iterable[str] = ()) -> World:
    """Everything that decides about these datasets at the moment of the visit.

    Of people it knows the viewer and everybody of `organisations`; who has no account here is not in it.
    """
    asked = {each.id: each for each in datasets}
    needing = {(each.id, each.owner) for each in asked.values() if each.band != Band.OPEN}
    with machinery("reads what the access rule asks for", now=visit.now) as own:
        session = own.read()
        return world(
            zone=settings().zone,
            people=_people(session, visit.viewer.username, set(organisations)),
            datasets=asked.values(),
            agreements=_agreements(session, needing),
            holds=_holds(session, visit.now),
        )


def alarms(visit: Visit) -> tuple[Alarm, ...]:
    """The versions that are not what was signed, of the agreements the viewer may see."""
    session = visit.read()
    titles = {row[0]: row[1] for row in session.execute(select(AgreementRow.id, AgreementRow.title))}
    if not titles:
        return ()
    found, signatures = _versions(session, _all_standing())
    return tuple(
        Alarm(
            agreement_id=each.agreement_id,
            title=titles.get(each.agreement_id, ""),
            label=f"{each.major}.{each.minor}",
            what=what,
        )
        for each in found
        if (what := _wrong(each, signatures.get(each.id, {})))
    )


def without_agreements(visit: Visit) -> World:
    """The viewer and the holds at the moment of the visit: what the rule reads before it comes to agreements."""
    with machinery("reads what the access rule asks for", now=visit.now) as own:
        people = _people(own.read(), visit.viewer.username, set())
        return world(zone=settings().zone, people=people, holds=_holds(own.read(), visit.now))


def broken(visit: Visit) -> frozenset[str]:
    """Ids of the standing versions that lists leave out: not what was signed, or lists are told otherwise of them.

    Of all versions of the agreements that name the viewer's organisation: by no other could a list let the viewer in.
    """
    with machinery("looks for versions that are not what was signed", now=visit.now) as own:
        session = own.read()
        ours = select(PersonRow.organisation_id).where(PersonRow.username == visit.viewer.username)
        named = select(PartyRow.version_id).where(PartyRow.organisation_id.in_(ours))
        agreed = select(VersionRow.agreement_id).where(VersionRow.id.in_(named))
        found, signatures = _versions(session, _all_standing().where(VersionRow.agreement_id.in_(agreed)))
        listed = _listed(session, agreed)
    return frozenset(
        each.id
        for each in found
        if _alarming(each, signatures.get(each.id, {})) or _is_stray(each, listed.get(each.id, (0, 0)))
    )


def _listed(session: Session, agreements: Select[Any]) -> Mapping[str, tuple[int, int]]:
    """How many items and grants the versions of these agreements have."""
    items, grants = (
        select(name, func.count()).where(name == VersionRow.id, VersionRow.agreement_id.in_(agreements)).group_by(name)
        for name in (ItemRow.version_id, GrantRow.version_id)
    )
    words = {row[0]: row[1] for row in session.execute(grants)}
    return {row[0]: (row[1], words.get(row[0], 0)) for row in session.execute(items)}


def _is_stray(found: _Found, listed: tuple[int, int]) -> bool:
    """Whether rows were added to those a list reads: the database lets nobody change one or take it away."""
    content = _content(found)
    if listed == (content.items, content.grants):
        return False
    _tell(found, "Lists are told otherwise than its document says.")
    return True


_THESE = (PersonRow.username == bindparam("username"), PersonRow.organisation_id.in_(bindparam("of", expanding=True)))
_PEOPLE = select(PersonRow.username, PersonRow.organisation_id, PersonRow.active).where(or_(*_THESE))
_NOW = bindparam("now", type_=HoldRow.placed_at.type)
_IN_FORCE = (HoldRow.placed_at <= _NOW, or_(HoldRow.lifted_at.is_(None), HoldRow.lifted_at > _NOW))
_HOLDS = select(HoldRow.scope, HoldRow.object_id, HoldRow.placed_at, HoldRow.lifted_at).where(*_IN_FORCE)


def _people(session: Session, username: str, organisations: set[str]) -> list[Member]:
    found = session.execute(_PEOPLE, {"username": username, "of": list(organisations)})
    return [Member(username=row[0], organisation=row[1], active=row[2]) for row in found]


def _holds(session: Session, now: datetime) -> list[Hold]:
    rows = session.execute(_HOLDS, {"now": now})
    return [Hold(scope=Scope(row[0]), object=row[1], placed_at=row[2], lifted_at=row[3]) for row in rows]


def _all_standing() -> Select[Any]:
    return select(*_VERSION).where(*_STANDING).order_by(VersionRow.agreement_id, VersionRow.major, VersionRow.minor)


def _agreements(session: Session, needing: set[tuple[str, str]]) -> list[Agreement]:
    """What is about these datasets; a row counts only while its dataset belongs to who gave it."""
    if not needing:
        return []
    wanted = _all_standing()
    if len(needing) <= _MOST_ASKED:
        named = select(ItemRow.version_id).where(ItemRow.dataset_id.in_(sorted(dataset for dataset, _owner in needing)))
        about = select(VersionRow.agreement_id).where(VersionRow.id.in_(named))
        first = (VersionRow.minor == 0) & VersionRow.agreement_id.in_(about)
        wanted = wanted.where(VersionRow.id.in_(named) | first)
    found, signatures = _versions(session, wanted)
    sound = [each for each in found if not _alarming(each, signatures.get(each.id, {}))]
    under = {(each.agreement_id, each.major): each for each in sound if each.minor == 0}
    versions: defaultdict[str, list[Version]] = defaultdict(list)
    leads: dict[str, str] = {}
    for each in sound:
        content = _content(each)
        terms = under.get((each.agreement_id, each.major))
        signed = _signed(each, signatures, terms)
        versions[each.agreement_id].append(_version(each, content, signed=signed, needing=needing))
        leads[each.agreement_id] = content.lead
    return [Agreement(id=name, lead=leads[name], versions=tuple(known)) for name, known in versions.items()]


def _versions(session: Session, wanted: Select[Any]) -> tuple[list[_Found], dict[str, dict[str, _Signature]]]:
    """The versions of a statement, and the signatures of each by organisation."""
    found = [_Found._make(row) for row in session.execute(wanted)]
    parties = select(*_SIGNATURE)
    if len(found) <= _MOST_ASKED:
        parties = parties.where(PartyRow.version_id.in_([each.id for each in found]))
    signatures: defaultdict[str, dict[str, _Signature]] = defaultdict(dict)
    for row in session.execute(parties):
        signatures[row[0]][row[1]] = _Signature._make(row)
    return found, signatures


def _version(found: _Found, content: _Content, *, signed: set[str], needing: set[tuple[str, str]]) -> Version:
    rows = [row for given, known in content.rows.items() if given in needing for row in known]
    return Version(
        major=found.major,
        minor=found.minor,
        starts_on=content.starts_on,
        ends_on=content.ends_on,
        activated_at=found.activated_at,
        closed_at=found.closed_at,
        parties=tuple(
            Party(organisation=name, role=role, signed=name in signed) for name, role in content.roles.items()
        ),
        schedule=tuple(rows),
    )


def _signed(found: _Found, signatures: Mapping[str, Mapping[str, _Signature]], terms: _Found | None) -> set[str]:
    """Who signed this exact document; whose rows an amendment leaves alone, signed its equal terms before."""
    before = signatures.get(terms.id, {}) if terms is not None and terms.terms_hash == found.terms_hash else {}
    first = {name for name, each in before.items() if terms is not None and _is_for(each, terms.content_hash)}
    here = signatures.get(found.id, {}).items()
    return {name for name, each in here if _is_for(each, found.content_hash) or (not each.signs and name in first)}


def _is_for(signature: _Signature, content_hash: str) -> bool:
    return signature.signed_at is not None and signature.signed_hash == content_hash


def _wrong(found: _Found, signatures: Mapping[str, _Signature]) -> str:
    """What does not fit, "" when everything does."""
    # SQLite gives back text where somebody wrote text into a column of bytes.
    if not isinstance(found.document, bytes) or documents.content_hash(found.document) != found.content_hash:
        return "The document is not the one that was put up for signature."
    try:
        content = _content(found)
    except ValueError:
        return "The document cannot be read."
    if content.terms_hash != found.terms_hash:
        return "The terms are not those that were put up for signature."
    said = [(name, role.value) for name, role in content.roles.items()]
    if said != [(each.organisation_id, each.role) for each in sorted(signatures.values(), key=attrgetter("position"))]:
        return "The parties noted beside the document are not those in it."
    if any(not _is_whole(each, found.content_hash) for each in signatures.values()):
        return "A signature is not the one that was given."
    return ""


def _is_whole(signature: _Signature, content_hash: str) -> bool:
    """Whether a signature is for this document and as it was given, or is not there at all."""
    if signature.signed_at is None:
        return not (signature.seal or signature.signed_hash)
    return signature.signed_hash == content_hash and signature.seal == _seal(signature)


@lru_cache(maxsize=32_768)
def _seal(signature: _Signature) -> str:
    """A seal reads no more of a row than these values, and depends on nothing else."""
    return seal(cast(PartyRow, signature))


_TOLD: set[tuple[str, str]] = set()
"""What the log was told of already, by version and wrong."""


def _alarming(found: _Found, signatures: Mapping[str, _Signature]) -> bool:
    what = _wrong(found, signatures)
    if what:
        _tell(found, what)
    return bool(what)


def _tell(found: _Found, what: str) -> None:
    if (found.id, what) not in _TOLD:
        _TOLD.add((found.id, what))
        label = f"{found.major}.{found.minor}"
        _LOG.critical("agreement %s, version %s covers nothing any more: %s", found.agreement_id, label, what)


_KEPT: OrderedDict[str, _Content] = OrderedDict()
_MOST_KEPT = 4_000


def _content(found: _Found) -> _Content:
    """What the document says; `content_hash` has been found to be its hash. Raises ValueError."""
    kept = _KEPT.get(found.content_hash)
    if kept is None:
        kept = _KEPT[found.content_hash] = _said(documents.read(found.document))
        if len(_KEPT) > _MOST_KEPT:
            _KEPT.popitem(last=False)
    return kept


def _said(written: Document) -> _Content:
    rows: defaultdict[tuple[str, str], list[ScheduleRow]] = defaultdict(list)
    for line in written.schedule:
        rows[line.dataset, line.owner].append(_row(line, written))
    items, grants = listed_rows("", written)
    return _Content(
        lead=written.lead,
        starts_on=written.starts_on,
        ends_on=written.ends_on,
        terms_hash=documents.terms_hash(written),
        roles={each.organisation: each.role for each in written.parties},
        rows={given: tuple(known) for given, known in rows.items()},
        items=len(items),
        grants=len(grants),
    )


def _row(line: ScheduleLine, written: Document) -> ScheduleRow:
    return ScheduleRow(
        dataset=line.dataset,
        receivers=frozenset(line.receivers),
        people=frozenset(line.people),
        uses=frozenset(line.uses),
        purposes=frozenset(line.purposes),
        detail=line.detail,
        min_cell=line.min_cell,
        first=line.first or written.starts_on,
        last=line.last,
        accepts=line.acknowledgement,
        named=line.source_line,
    )


def labels(visit: Visit, agreement_ids: Sequence[str]) -> Mapping[str, str]:
    """Agreement -> "A-7 Title", for a sentence to somebody whom one of its rows is for or whose data it gives."""
    with machinery("names the agreements of a decision", now=visit.now) as own:
        wanted = select(AgreementRow.id, AgreementRow.number, AgreementRow.title).where(
            AgreementRow.id.in_(set(agreement_ids))
        )
        return {row[0]: f"A-{row[1]} {row[2]}" for row in own.read().execute(wanted)}


def paused_by(visit: Visit, agreement_ids: Iterable[str]) -> Mapping[str, frozenset[str]]:
    """Agreement -> ids of the organisations whose holds on it are in force, for somebody whom the hold stops."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    with machinery("tells who paused an agreement", now=visit.now) as own:
        wanted = select(HoldRow.object_id, HoldRow.organisation_id).where(
            HoldRow.scope == Scope.AGREEMENT.value,
            HoldRow.object_id.in_(set(agreement_ids)),
            HoldRow.placed_at <= visit.now,
            or_(HoldRow.lifted_at.is_(None), HoldRow.lifted_at > visit.now),
        )
        for agreement, organisation in own.read().execute(wanted):
            found[agreement].add(organisation)
    return {agreement: frozenset(placed) for agreement, placed in found.items()}
