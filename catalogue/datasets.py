"""Reading datasets: one with everything its page needs, the list, and who publishes what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from catalogue import licences
from catalogue.citation import Citation, cite
from catalogue.curation import NO_SUCH_DATASET, dataset_row, listing_words, may_curate
from catalogue.effective import corrected, decode, placement_of, unpack
from catalogue.formats import format_name
from catalogue.freshness import Freshness, freshness
from catalogue.getting import Getting, Way, getting
from catalogue.licences import Licence
from catalogue.quality import Finding, findings, summary
from catalogue.records import Distribution
from catalogue.spectrum import Band, Placement
from catalogue.standing import corrections_of
from catalogue.tables import DatasetRow, DocumentRow, ListedForRow
from governance import Action, NotFound, Visit, require
from governance.people import organisation, organisations

__all__ = [
    "Dataset",
    "File",
    "Getting",
    "Holdings",
    "Line",
    "Publisher",
    "Structure",
    "Way",
    "dataset",
    "datasets",
    "organisation_page",
    "publisher",
    "publishers",
    "raw",
]

PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One file or service of a dataset."""

    title: str
    description: str
    link: str
    format: str
    byte_size: int | None
    modified: str
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """What is inside, without showing it: for data that cannot be looked into."""

    columns: tuple[str, ...] = ()
    row_count: int | None = None

    @property
    def is_stated(self) -> bool:
        """True when at least one of the two is known."""
        return bool(self.columns) or self.row_count is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One dataset with everything its page needs."""

    id: str
    title: str
    description: str
    publisher: str
    organisation_id: str
    """The organisation of the collaboration that owns it; "" for what others publish."""
    organisation: str
    band: Band
    placement: Placement
    getting: Getting
    contact_name: str
    contact_email: str
    files: tuple[File, ...]
    structure: Structure
    freshness: Freshness
    updates: str
    """How often it changes, as stated."""
    issued: str
    modified: str
    period_from: str
    period_to: str
    area: str
    keywords: tuple[str, ...]
    themes: tuple[str, ...]
    life_events: tuple[str, ...]
    formats: tuple[str, ...]
    licence: Licence | None
    licence_raw: str
    licence_statements: tuple[str, ...]
    """Everything that is stated as a licence: id, address, title."""
    access_right: str
    rights: str
    person_level: str
    told_people: str
    self_access: str
    legal_basis: str
    landing_page: str
    identifier: str
    parent: str
    listing: str
    listing_words: str
    listed_for: tuple[str, ...]
    """Names of the organisations that may know of it besides its owner."""
    state: str
    state_reason: str
    missing_since: datetime | None
    notice: str
    """What a steward should know of its last harvest, "" when all is well."""
    source_name: str
    """"" when it was registered here."""
    remote_id: str
    added_at: datetime
    changed_at: datetime
    read_at: datetime
    may_curate: bool
    """Whether the viewer may correct it and state its place."""
    is_registered: bool
    quality: tuple[Finding, ...]
    """What the description has and lacks, missing things first."""
    quality_words: str
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A dataset in a list."""

    id: str
    source: str
    remote_id: str
    title: str
    publisher: str
    band: str
    rule: str
    listing: str
    state: str
    missing_since: datetime | None
    reason: str


def dataset(visit: Visit, dataset_id: str) -> Dataset:
    """Everything about one dataset. Raises NotFound, in the same words for what is hidden and what never was."""
    row = dataset_row(visit.read(), dataset_id)
    document = visit.read().get(DocumentRow, row.number)
    if document is None:
        raise NotFound(NO_SUCH_DATASET)
    return _dataset(visit, row, document)


def _dataset(visit: Visit, row: DatasetRow, document: DocumentRow) -> Dataset:
    owner = organisation(visit, row.organisation_id) if row.organisation_id else None
    corrections = corrections_of(visit.read(), [row.number]).get(row.number, {})
    record = corrected(decode(document.record), corrections)
    placement = placement_of(row.placement)
    fresh = freshness(row.modified, row.accrual_periodicity, today=visit.today)
    found = findings(record, placement.band, freshness=fresh)
    licence = licences.licence(row.licence) if row.licence else None
    return Dataset(
        id=row.id,
        title=row.title,
        description=row.description,
        publisher=row.publisher,
        organisation_id=row.organisation_id,
        organisation=owner.name if owner else "",
        band=placement.band,
        placement=placement,
        getting=getting(row, record, owner),
        contact_name=row.contact_name,
        contact_email=row.contact_email,
        files=tuple(_file(each) for each in record.distributions),
        structure=Structure(columns=record.columns, row_count=record.row_count),
        freshness=fresh,
        updates=row.accrual_periodicity,
        issued=row.issued,
        modified=row.modified,
        period_from=record.temporal_start,
        period_to=record.temporal_end,
        area=row.spatial,
        keywords=tuple(row.keywords),
        themes=tuple(row.themes),
        life_events=tuple(row.life_events),
        formats=tuple(row.formats),
        licence=licence,
        licence_raw=row.licence_raw,
        licence_statements=record.licence,
        access_right=row.access_right,
        rights=record.rights,
        person_level=row.person_level,
        told_people=record.extras.get("told_people", ""),
        self_access=record.extras.get("self_access", ""),
        legal_basis=record.extras.get("legal_basis", ""),
        landing_page=row.landing_page,
        identifier=row.identifier,
        parent=row.parent,
        listing=row.listing,
        listing_words=listing_words(row.listing),
        listed_for=_listed_for(visit, row),
        state=row.state,
        state_reason=row.state_reason,
        missing_since=row.missing_since,
        notice=row.notice,
        source_name=row.source_name,
        remote_id=row.remote_id,
        added_at=row.added_at,
        changed_at=row.changed_at,
        read_at=document.read_at,
        may_curate=may_curate(visit, row.organisation_id),
        is_registered=row.source_id is None,
        quality=found,
        quality_words=summary(found),
        citation=cite(record, accessed=visit.today, licence=licence, publisher=row.publisher),
    )


def _file(stated: Distribution) -> File:
    return File(
        title=stated.title,
        description=stated.description,
        link=stated.download_url or stated.access_url,
        format=format_name(stated),
        byte_size=stated.byte_size,
        modified=stated.modified,
        licence=stated.licence,
    )


def _listed_for(visit: Visit, row: DatasetRow) -> tuple[str, ...]:
    if row.listing != "organisations":
        return ()
    names = {each.id: each.name for each in organisations(visit)}
    wanted = select(ListedForRow.organisation_id).where(ListedForRow.number == row.number)
    chosen = visit.read().execute(wanted).scalars()
    return tuple(sorted((names.get(each, "") for each in chosen), key=str.casefold))


def raw(visit: Visit, dataset_id: str) -> bytes:
    """The source's own bytes, for stewards: they may hold what no field of ours shows. Raises NotPermitted."""
    row = dataset_row(visit.read(), dataset_id)
    require(visit, Action.DATASET_CORRECTED)
    document = visit.read().get(DocumentRow, row.number)
    return unpack(document.raw) if document else b""


def datasets(visit: Visit, *, source: str = "", state: str = "", limit: int = 0, after: str = "") -> Iterator[Line]:
    """Every dataset the viewer may know of, in the order of their ids; `after` is the last id already had.

    `source` is a source's name, `state` one of live, missing, withdrawn; a limit of 0 gives them all.
    """
    left = limit or None
    while left is None or left > 0:
        wanted = _lines(source, state).where(DatasetRow.id > after)
        rows = visit.read().execute(wanted.limit(min(left or PAGE, PAGE))).all()
        for row in rows:
            yield Line(**row._mapping)
        if len(rows) < PAGE and (left is None or len(rows) < left):
            return
        after = rows[-1].id
        left = None if left is None else left - len(rows)


def _lines(source: str, state: str) -> Select[*tuple[Any, ...]]:
    wanted = select(
        DatasetRow.id,
        DatasetRow.source_name.label("source"),
        DatasetRow.remote_id,
        DatasetRow.title,
        DatasetRow.publisher,
        DatasetRow.band,
        DatasetRow.rule,
        DatasetRow.listing,
        DatasetRow.state,
        DatasetRow.missing_since,
        DatasetRow.state_reason.label("reason"),
    ).order_by(DatasetRow.id)
    if source:
        wanted = wanted.where(DatasetRow.source_name == source)
    if state:
        wanted = wanted.where(DatasetRow.state == state)
    return wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who publishes, and how much."""

    name: str
    datasets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """The page of an organisation or a publisher: its datasets by band, and the newest of them."""

    name: str
    organisation_id: str
    contact: str
    how_to_ask: str
    counts: Mapping[str, int]
    """By band."""
    freshness: Mapping[str, int]
    """By state: fresh, due, late, unknown."""
    datasets: tuple[Line, ...]
    """The first of them by title."""

    @property
    def total(self) -> int:
        """All its datasets that the viewer may know of, the withdrawn ones left out."""
        return sum(self.counts.values())


def publishers(visit: Visit) -> list[Publisher]:
    """Everybody who publishes something the viewer may know of, by name."""
    wanted = (
        select(DatasetRow.publisher, func.count(DatasetRow.number))
        .where(DatasetRow.state != "withdrawn", DatasetRow.publisher != "")
        .group_by(DatasetRow.publisher)
    )
    found = [Publisher(name=name, datasets=number) for name, number in visit.read().execute(wanted)]
    return sorted(found, key=lambda each: (each.name.casefold(), each.name))


def publisher(visit: Visit, name: str, *, limit: int = PAGE) -> Holdings:
    """What one publisher publishes. Raises NotFound, also when all of it is hidden from the viewer."""
    found = _holdings(visit, DatasetRow.publisher == name, limit=limit)
    if not found.total or not name:
        raise NotFound("Nobody of that name publishes anything here that you may know of.")
    return replace(found, name=name)


def organisation_page(visit: Visit, organisation_id: str, *, limit: int = PAGE) -> Holdings:
    """What one organisation of the collaboration owns or publishes under its name. Raises NotFound."""
    owner = organisation(visit, organisation_id)
    own = or_(DatasetRow.organisation_id == owner.id, DatasetRow.publisher == owner.name)
    return replace(
        _holdings(visit, own, limit=limit),
        name=owner.name,
        organisation_id=owner.id,
        contact=owner.contact,
        how_to_ask=owner.how_to_ask,
    )


def _holdings(visit: Visit, whose: ColumnElement[bool], *, limit: int) -> Holdings:
    here = (whose, DatasetRow.state != "withdrawn")
    key = (DatasetRow.band, DatasetRow.modified, DatasetRow.accrual_periodicity)
    bands: Counter[str] = Counter()
    states: Counter[str] = Counter()
    for band, modified, updates, number in visit.read().execute(
        select(*key, func.count(DatasetRow.number)).where(*here).group_by(*key)
    ):
        bands[band] += number
        states[freshness(modified, updates, today=visit.today).state.value] += number
    wanted = _lines("", "").where(*here).order_by(None).order_by(DatasetRow.title, DatasetRow.id).limit(limit)
    return Holdings(
        name="",
        organisation_id="",
        contact="",
        how_to_ask="",
        counts=MappingProxyType(dict(sorted(bands.items()))),
        freshness=MappingProxyType(dict(sorted(states.items()))),
        datasets=tuple(Line(**row._mapping) for row in visit.read().execute(wanted)),
    )
