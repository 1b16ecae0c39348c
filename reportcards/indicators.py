"""Indicators: what each one is, how it is to be read, and which revisions of its numbers there are."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

import polars as pl
from sqlalchemy import func, select

from catalogue.knowing import Brief, briefs
from governance import Action, Invalid, NotFound, Visit, require
from reportcards import observations
from reportcards.clearing import clearance, held
from reportcards.observations import NumbersMissing
from reportcards.report import Comparison, Polarity
from reportcards.tables import (
    IndicatorRow,
    RevisedRow,
    RevisionRow,
)

NO_SUCH_INDICATOR = "There is no such indicator, or you may not know of it."
VALUE_TYPES = ("count", "proportion", "crude_rate", "dsr", "isr", "ratio", "mean", "other")


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """What an indicator is, in the words of its owner."""

    id: str = ""
    code: str
    """As the files name it."""
    name: str
    dataset_id: str = ""
    denominators: tuple[str, ...] = ()
    """Ids of the datasets that the denominators come from."""
    unit: str = ""
    multiplier: float = 1.0
    """What a rate is per: 100 for percent, 100,000 for rates per 100,000."""
    decimals: int = 1
    value_type: str = "other"
    polarity: Polarity = Polarity.NONE
    comparison: Comparison = Comparison.OWN_TREND
    peer_group_id: str = ""
    parent_area: str = ""
    threshold: int | None = None
    """Counts below it are hidden; 0 hides none, None follows the dataset's place on the spectrum."""
    definition: str = ""
    rationale: str = ""
    numerator: str = ""
    denominator: str = ""
    caveats: str = ""
    reading_note: str = ""
    also_explains: str = ""
    frequency: str = ""
    lag_days: int = 0
    stated: dict[str, str] = field(default_factory=dict)
    """Origin as the file states it: title, publisher, licence, url."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorBrief:
    """An indicator in a list."""

    id: str
    name: str
    code: str
    dataset_id: str
    dataset_title: str
    publisher: str
    band: str
    unit: str
    polarity: Polarity
    revision: int
    """The number of its newest revision; 0 before the first."""
    observations: int
    first: str
    last: str

    @property
    def has_origin(self) -> bool:
        """Without one its numbers are shown nowhere."""
        return bool(self.dataset_title or self.publisher)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What the newest revision of an indicator has figures of."""

    groups: tuple[tuple[str, str], ...] = ()
    """Breakdown and group, ("Sex", "Girls"); everyone is left out."""
    areas: tuple[str, ...] = ()
    """Codes of places."""
    is_lost: bool = False
    """Whether its numbers are missing on the server: nobody knows then what it has figures of."""


def _indicator(row: IndicatorRow) -> Indicator:
    return Indicator(
        id=row.id,
        code=row.code,
        name=row.name,
        dataset_id=row.dataset_id,
        denominators=tuple(row.denominators),
        unit=row.unit,
        multiplier=row.multiplier,
        decimals=row.decimals,
        value_type=row.value_type,
        polarity=Polarity(row.polarity),
        comparison=Comparison(row.comparison),
        peer_group_id=row.peer_group_id,
        parent_area=row.parent_area,
        threshold=row.disclosure.get("threshold"),
        definition=row.definition,
        rationale=row.rationale,
        numerator=row.numerator,
        denominator=row.denominator,
        caveats=row.caveats,
        reading_note=row.reading_note,
        also_explains=row.also_explains,
        frequency=row.frequency,
        lag_days=row.lag_days,
        stated={name: str(value) for name, value in row.stated.items()},
    )


def indicator(visit: Visit, indicator_id: str) -> Indicator:
    """One indicator. Raises NotFound, in the same words for what is hidden and what never was."""
    row = visit.read().get(IndicatorRow, indicator_id)
    if row is None:
        raise NotFound(NO_SUCH_INDICATOR)
    return _indicator(row)


def several(visit: Visit, indicator_ids: Iterable[str]) -> dict[str, Indicator]:
    """Those of these indicators that the viewer may know of: one statement, whatever their number."""
    found = visit.read().execute(select(IndicatorRow).where(IndicatorRow.id.in_(set(indicator_ids)))).scalars()
    return {row.id: _indicator(row) for row in found}


def indicators(visit: Visit, *, dataset_id: str = "") -> tuple[IndicatorBrief, ...]:
    """Every indicator that the viewer may know of, by name."""
    wanted = select(IndicatorRow).order_by(IndicatorRow.name, IndicatorRow.id)
    if dataset_id:
        wanted = wanted.where(IndicatorRow.dataset_id == dataset_id)
    rows = visit.read().execute(wanted).scalars().all()
    newest = _newest(visit)
    datasets = briefs(visit, (row.dataset_id for row in rows))
    return tuple(_brief(row, newest.get(row.id), datasets.get(row.dataset_id)) for row in rows)


def _newest(visit: Visit) -> dict[str, RevisedRow]:
    numbers = select(RevisedRow.indicator_id, func.max(RevisedRow.number).label("number"))
    last = numbers.group_by(RevisedRow.indicator_id).subquery()
    wanted = select(RevisedRow).join(
        last, (RevisedRow.indicator_id == last.c.indicator_id) & (RevisedRow.number == last.c.number)
    )
    return {row.indicator_id: row for row in visit.read().execute(wanted).scalars()}


def contents(visit: Visit, indicator_ids: Iterable[str], *, purpose: str = "") -> dict[str, Contents]:
    """What the newest revisions of these indicators hold; those whose figures the viewer may not see are left out.

    `purpose` is that of the card on which they are to stand.
    """
    known = several(visit, indicator_ids)
    sources = {each.id: (each.dataset_id, *each.denominators) for each in known.values() if each.dataset_id}
    datasets = briefs(visit, (dataset for needed in sources.values() for dataset in needed))
    cleared = clearance(visit, datasets.values(), purpose=purpose)
    newest = _newest(visit)
    return {
        each: _contents_or_lost(newest[each].revision_id, each)
        for each, needed in sources.items()
        if each in newest and held(needed, datasets, cleared) is None
    }


def _contents_or_lost(revision_id: str, indicator_id: str) -> Contents:
    try:
        return _contents(revision_id, indicator_id)
    except NumbersMissing:
        return Contents(is_lost=True)


@lru_cache(maxsize=1024)
def _contents(revision_id: str, indicator_id: str) -> Contents:
    """Read once: the file of a revision never changes. Raises NumbersMissing."""
    facts = observations.scan(revision_id).filter(pl.col("indicator") == indicator_id)
    told = facts.select("area_code", "breakdown", "group").unique().collect().rows()
    return Contents(
        groups=tuple(sorted({(breakdown, group) for _, breakdown, group in told if breakdown or group})),
        areas=tuple(sorted({area for area, _, _ in told})),
    )


def _brief(row: IndicatorRow, newest: RevisedRow | None, dataset: Brief | None) -> IndicatorBrief:
    return IndicatorBrief(
        id=row.id,
        name=row.name,
        code=row.code,
        dataset_id=row.dataset_id,
        dataset_title=dataset.title if dataset else str(row.stated.get("title", "")),
        publisher=dataset.publisher if dataset else str(row.stated.get("publisher", "")),
        band=dataset.band if dataset else "unknown",
        unit=row.unit,
        polarity=Polarity(row.polarity),
        revision=newest.number if newest else 0,
        observations=newest.observations if newest else 0,
        first=newest.first if newest else "",
        last=newest.last if newest else "",
    )


def save(visit: Visit, given: Indicator) -> Indicator:
    """Create or change an indicator. Raises Invalid, NotFound, NotPermitted."""
    _check(given)
    dataset = briefs(visit, [given.dataset_id]).get(given.dataset_id)
    if given.dataset_id and dataset is None:
        raise Invalid("The dataset that it should come from is not in the catalogue, or you may not know of it.")
    if given.id:
        indicator(visit, given.id)
    identifier = given.id or uuid.uuid4().hex
    with visit.change(require(visit, Action.INDICATOR_SAVED, given.name, indicator=identifier)) as session:
        row = session.get(IndicatorRow, identifier)
        if row is None:
            row = IndicatorRow(id=identifier, code=given.code, denominators=[], disclosure={}, stated={}, name="")
            session.add(row)
        _write(row, given, owner=dataset.organisation_id if dataset else "")
        row.changed_by, row.changed_at = visit.viewer.username, visit.now
        if row.dataset_id:
            _adopt(session, row)
    return replace(given, id=identifier)


def _adopt(session: object, row: IndicatorRow) -> None:
    """Revisions imported before their dataset was known belong to it from now on."""
    reached = select(RevisionRow).join(RevisedRow, RevisedRow.revision_id == RevisionRow.id)
    reached = reached.where(RevisedRow.indicator_id == row.id, RevisionRow.dataset_id == "")
    for revision in session.execute(reached).scalars():  # type: ignore[attr-defined]
        revision.dataset_id = row.dataset_id


def _check(given: Indicator) -> None:
    if not given.name.strip():
        raise Invalid("An indicator needs a name that people will recognise.")
    if given.value_type not in VALUE_TYPES:
        raise Invalid(f"“{given.value_type}” is not a kind of value: say one of {', '.join(VALUE_TYPES)}.")
    if not 0 <= given.decimals <= 6:
        raise Invalid("Decimals are between 0 and 6.")
    if not given.multiplier > 0:
        raise Invalid("A rate is per a number above zero: 100 for percent, 100000 for a rate per 100,000.")


def _write(row: IndicatorRow, given: Indicator, *, owner: str) -> None:
    for name in (
        *("name", "dataset_id", "unit", "multiplier", "decimals", "value_type", "peer_group_id", "parent_area"),
        *("definition", "rationale", "numerator", "denominator", "caveats", "reading_note", "also_explains"),
        *("frequency", "lag_days"),
    ):
        setattr(row, name, getattr(given, name))
    row.denominators = list(given.denominators)
    row.polarity, row.comparison = given.polarity.value, given.comparison.value
    row.disclosure = {} if given.threshold is None else {"threshold": given.threshold}
    row.stated = dict(given.stated)
    row.organisation_id = owner
