"""The card values: what an item shows of a revision, worked out once and kept: a page reads and computes nothing.

A value that is not there yet, or was worked out from other settings, is made anew and kept; killing the process in
between costs nothing but the work.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from typing import Any

import msgspec
import polars as pl
from sqlalchemy import Row, bindparam, select

from governance import Housekeeping, Visit, machinery
from reportcards import observations, words
from reportcards.findings import compared_state
from reportcards.indicators import Indicator
from reportcards.measuring import Measured, Peers, Setting, measure
from reportcards.observations import NumbersMissing
from reportcards.report import Part, Point, Series
from reportcards.tables import ValueRow
from store import bulk_upsert

WORKED_OUT_BY = 4
"""Raised when the same facts and settings would now give other values."""
MOST_AREAS = 400
"""Places of one indicator that are shown; of more only the first by code."""
TILE = "tile"
"""The part of a card value that a tile draws."""
TILE_POINTS = 60
"""A picture 240 px wide shows no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerPlaces:
    """The places that a series is compared with: one parent area, or the average of several."""

    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an item shows: one series of one revision, and how it is to be read."""

    item: str
    revision: str
    before: str = ""
    """The revision before it; "" for the first."""
    indicator: Indicator
    area: str
    breakdown: str = ""
    group: str = ""
    setting: Setting
    """Without peers: they are read from the same revision."""
    peers: PeerPlaces | None = None

    @property
    def basis(self) -> str:
        """What decides the value besides the numbers."""
        told = (WORKED_OUT_BY, self.area, self.breakdown, self.group, self.setting, self.peers, self.before)
        return hashlib.sha256(msgspec.json.encode(told)).hexdigest()


def tiles(visit: Visit, wanted: Sequence[Wanted]) -> dict[str, Measured]:
    """What a tile draws of these items, by item: the last points, without what only a large picture shows.

    An item whose numbers are missing on the server is left out, as in `trends`.
    """
    return _kept(visit, wanted, TILE)


def trends(visit: Visit, wanted: Sequence[Wanted]) -> dict[str, Measured]:
    """The series of these items, by item: one statement where they are all kept already."""
    return _kept(visit, wanted, Part.TREND.value)


def groups(visit: Visit, wanted: Wanted) -> tuple[Series, ...]:
    """The groups of an item's area, by breakdown, each compared with everyone."""
    return _kept_series(visit, wanted, Part.GROUPS)


def areas(visit: Visit, wanted: Wanted) -> tuple[Series, ...]:
    """The areas with a value for the item's latest period, by code, each compared with the peers."""
    return _kept_series(visit, wanted, Part.AREAS)


def _kept(visit: Visit, wanted: Sequence[Wanted], part: str) -> dict[str, Measured]:
    rows = _rows(visit, wanted, part)
    found: dict[str, Measured] = {}
    fresh: list[tuple[Wanted, str, bytes]] = []
    for each in wanted:
        row = rows.get((each.item, each.revision))
        if row is not None and row.basis == each.basis:
            found[each.item] = _read(row.document)
            continue
        try:
            whole = _measured(each)
        except NumbersMissing:
            continue
        small = _for_tile(whole)
        found[each.item] = small if part == TILE else whole
        fresh.append((each, TILE, msgspec.msgpack.encode(_lean(small))))
        fresh.append((each, Part.TREND.value, msgspec.msgpack.encode(_lean(whole))))
    _keep(visit, fresh)
    return found


def _for_tile(whole: Measured) -> Measured:
    """The last points; limits and counts stay with the latest only."""
    latest = whole.latest
    bare = {"lower": None, "upper": None, "count": None, "denominator": None, "rule": ""}
    points = tuple(
        point if point is latest else replace(point, **bare)  # type: ignore[arg-type]
        for point in whole.points[-TILE_POINTS:]
    )
    peers = replace(whole.benchmark, points=()) if whole.benchmark is not None else None
    return replace(whole, points=points, benchmark=peers, forecast=replace(whole.forecast, points=()))


def _kept_series(visit: Visit, wanted: Wanted, part: Part) -> tuple[Series, ...]:
    row = _rows(visit, [wanted], part.value).get((wanted.item, wanted.revision))
    if row is not None and row.basis == wanted.basis:
        return _SERIES.decode(row.document)
    made = _groups(wanted) if part is Part.GROUPS else _areas(wanted)
    _keep(visit, [(wanted, part.value, msgspec.msgpack.encode(_lean(made)))])
    return made


def _lean(value: Any) -> Any:
    """The value without what equals its default: reading it back takes half as long."""
    if isinstance(value, tuple):
        return [_lean(each) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        told = ((each.name, getattr(value, each.name), each.default) for each in fields(value))
        return {name: _lean(held) for name, held, default in told if held != default}
    return value


_MEASURED = msgspec.msgpack.Decoder(Measured)
_SERIES = msgspec.msgpack.Decoder(tuple[Series, ...])


@functools.lru_cache(maxsize=1_000)
def _read(document: bytes) -> Measured:
    """A document and what it says never change; whether a viewer may have it was asked before it was fetched."""
    return _MEASURED.decode(document)


_KEPT = select(ValueRow.item_id, ValueRow.revision_id, ValueRow.basis, ValueRow.document).where(
    ValueRow.item_id.in_(bindparam("items", expanding=True)),
    ValueRow.revision_id.in_(bindparam("revisions", expanding=True)),
    ValueRow.part == bindparam("part"),
)


def _rows(visit: Visit, wanted: Sequence[Wanted], part: str) -> Mapping[tuple[str, str], Row[str, str, str, bytes]]:
    """By item and revision: basis and document."""
    items, revisions = ({each.item for each in wanted}, {each.revision for each in wanted})
    asked = {"items": list(items), "revisions": list(revisions), "part": part}
    return {(row.item_id, row.revision_id): row for row in visit.read().execute(_KEPT, asked)}


def _keep(visit: Visit, fresh: Sequence[tuple[Wanted, str, bytes]]) -> None:
    if not fresh:
        return
    rows = [
        {
            "item_id": each.item,
            "revision_id": each.revision,
            "part": part,
            "basis": each.basis,
            "document": document,
        }
        for each, part, document in fresh
    ]
    with machinery("works out card values", now=visit.now) as own:
        grant = Housekeeping(reason="card values follow from revisions and settings, which are audited themselves")
        with own.change(grant) as session:
            bulk_upsert(session, ValueRow, rows, key=["item_id", "revision_id", "part"])
    visit.refresh()


def _measured(wanted: Wanted) -> Measured:
    where = {"area_code": wanted.area, "breakdown": wanted.breakdown, "group": wanted.group}
    facts = observations.chosen(wanted.revision, wanted.indicator.id, **where)
    before: dict[date, float | None] = {}
    if wanted.before and observations.is_there(wanted.before):
        earlier = observations.chosen(wanted.before, wanted.indicator.id, **where)
        before = dict(zip(earlier["period_end"].to_list(), earlier["value"].to_list(), strict=True))
    return measure(facts, replace(wanted.setting, peers=_peers(wanted)), before=before)


def _peers(wanted: Wanted) -> Peers | None:
    """The average of the places at each period at which every one of them has a value, or the parent's own series."""
    if wanted.peers is None:
        return None
    codes = [code for code in wanted.peers.codes if code != wanted.area]
    facts = observations.scan(wanted.revision).filter(
        pl.col("area_code").is_in(codes),
        pl.col("indicator") == wanted.indicator.id,
        pl.col("breakdown") == wanted.breakdown,
        pl.col("group") == wanted.group,
        pl.col("value").is_not_null(),
    )
    averaged = facts.group_by("period_end").agg(pl.col("value").mean(), pl.len().alias("places"))
    most = pl.col("places") == pl.col("places").max()
    rows = averaged.filter(most).collect().to_dicts()
    return Peers(name=wanted.peers.name, values={row["period_end"]: row["value"] for row in rows})


def _groups(wanted: Wanted) -> tuple[Series, ...]:
    facts = observations.chosen(wanted.revision, wanted.indicator.id, area_code=wanted.area)
    everyone = _last_value(facts.filter(pl.col("breakdown") == ""))
    found = []
    for (breakdown, group), rows in facts.filter(pl.col("breakdown") != "").group_by(
        ["breakdown", "group"], maintain_order=True
    ):
        made = _series(rows, area=wanted.area, breakdown=str(breakdown), group=str(group))
        found.append(_judged(made, everyone, wanted))
    return tuple(found)


def _areas(wanted: Wanted) -> tuple[Series, ...]:
    everywhere = observations.scan(wanted.revision).filter(
        pl.col("indicator") == wanted.indicator.id,
        pl.col("breakdown") == wanted.breakdown,
        pl.col("group") == wanted.group,
    )
    own = everywhere.filter(pl.col("area_code") == wanted.area, pl.col("value").is_not_null())
    last = own.select(pl.col("period_end").max()).collect().item()
    facts = everywhere.filter(pl.col("period_end") == last).collect().sort("area_code").head(MOST_AREAS)
    peers = _peers(wanted)
    reference = peers.values.get(last) if peers is not None and last is not None else None
    made = (_series(rows, area=str(code)) for (code,), rows in facts.group_by(["area_code"], maintain_order=True))
    return tuple(_judged(each, reference, wanted) for each in made)


def _last_value(facts: pl.DataFrame) -> float | None:
    valued = facts.filter(pl.col("value").is_not_null()).sort("period_end")
    return float(valued["value"][-1]) if valued.height else None


def _judged(series: Series, reference: float | None, wanted: Wanted) -> Series:
    if reference is None or series.latest is None or series.area_code in (wanted.peers.codes if wanted.peers else ()):
        return series
    return replace(series, state=compared_state(series.latest, reference, wanted.setting.polarity))


def _series(facts: pl.DataFrame, *, area: str, breakdown: str = "", group: str = "") -> Series:
    points = tuple(
        Point(
            period=words.period(row["period_start"], row["period_end"], row["period_type"]),
            start=row["period_start"],
            end=row["period_end"],
            value=row["value"],
            lower=row["lower95"],
            upper=row["upper95"],
            status=row["obs_status"],
            held=row["held"] or "",
            count=row["count"],
            denominator=row["denominator"],
        )
        for row in facts.sort("period_end").to_dicts()
    )
    return Series(area_code=area, area=area, breakdown=breakdown, group=group, points=points)
