"""Facets: exact counts for any filters and any viewer, from the arrays in memory.

Several values of one facet widen (or), several facets narrow (and). The counts of a facet are made under the
filters of all the *other* facets: they say what one would get by choosing that value as well or instead.
Withdrawn datasets are left out unless the facet `state` asks for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import numpy as np

from catalogue.arrays import AS_COORDINATES, NOT_STATED, Column, Mask, Snapshot
from catalogue.freshness import State, freshness
from catalogue.licences import licence
from catalogue.search_index import Numbers
from catalogue.spectrum import Band
from governance import Viewer

MOST_VALUES = 50


class Facet(StrEnum):
    """What results can be filtered by."""

    ORGANISATION = "organisation"
    BAND = "band"
    THEME = "theme"
    FORMAT = "format"
    LICENCE = "licence"
    FRESHNESS = "freshness"
    AREA = "area"
    LIFE_EVENT = "life-event"
    SOURCE = "source"
    STATE = "state"

    @property
    def label(self) -> str:
        """The words on the button."""
        return self.value.replace("-", " ").capitalize()


UNLESS_ASKED: Mapping[Facet, tuple[str, ...]] = MappingProxyType({Facet.STATE: ("live", "missing")})
"""What a facet filters by when nothing is chosen in it."""
_STATES = {"live": "Live", "missing": "Not seen at its source of late", "withdrawn": "Withdrawn"}
_RANKS: Mapping[Facet, Mapping[str, int]] = MappingProxyType(
    {
        Facet.BAND: {band.value: place for place, band in enumerate(Band)},
        Facet.STATE: {state: place for place, state in enumerate(_STATES)},
        Facet.FRESHNESS: {state.value: place for place, state in enumerate(State)},
    }
)
Filters = Mapping[str, tuple[str, ...]]
"""Name of a facet -> the values chosen; names that are no facet are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetCount:
    """One value of a facet and how many of the results have it."""

    value: str
    label: str
    count: int


Counts = Mapping[str, tuple[FacetCount, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """Results after all filters, and the counts of each facet."""

    rows: Numbers
    counts: Counts


def narrow(
    snapshot: Snapshot,
    rows: Numbers | None,
    *,
    filters: Filters,
    viewer: Viewer,
    today: date,
    most: int = MOST_VALUES,
) -> Narrowed:
    """Filter `rows` (None for the whole catalogue) and count every facet; `most` values of each, 0 for all."""
    mask = snapshot.visible(viewer)
    chosen = _chosen(filters)
    if rows is not None:
        return _narrow(snapshot, _seen(rows, mask), chosen=chosen, today=today, most=most)
    clearance = "all" if viewer.sees_all else f"as {viewer.organisation_id}"
    key = ("narrowed", clearance, today, most, tuple(sorted(chosen.items())))
    found: Narrowed = snapshot.keep(
        key, lambda: _narrow(snapshot, np.flatnonzero(mask), chosen=chosen, today=today, most=most)
    )
    return found


def eligible(snapshot: Snapshot, rows: Numbers, *, filters: Filters, viewer: Viewer) -> Numbers:
    """Those of `rows` that the viewer may know of and that are in the states asked for, whatever the other filters."""
    seen = _seen(rows, snapshot.visible(viewer))
    states = snapshot.columns[Facet.STATE]
    wanted = _chosen(filters)[Facet.STATE]
    kept: Numbers = seen[states.chooses(wanted)[states.codes[seen]]]
    return kept


def _seen(rows: Numbers, mask: Mask) -> Numbers:
    # The index may be a moment ahead of the arrays: a number they do not have yet is nobody's to see.
    known = rows[: np.searchsorted(rows, len(mask))]
    seen: Numbers = known[mask[known]]
    return seen


def _chosen(filters: Filters) -> dict[Facet, tuple[str, ...]]:
    known = {Facet(name): tuple(sorted(set(values))) for name, values in filters.items() if name in set(Facet)}
    return {**UNLESS_ASKED, **{facet: values for facet, values in known.items() if values}}


def _narrow(
    snapshot: Snapshot, rows: Numbers, *, chosen: Mapping[Facet, tuple[str, ...]], today: date, most: int
) -> Narrowed:
    columns = {facet: _column(snapshot, facet, today) for facet in Facet}
    misses: dict[Facet, Mask] = {}
    missed = np.zeros(len(rows), dtype=np.int8)
    for facet, values in chosen.items():
        column = columns[facet]
        misses[facet] = ~column.chooses(values)[column.codes[rows]]
        missed += misses[facet]
    left = rows[missed == 0]
    counts: dict[str, tuple[FacetCount, ...]] = {}
    for facet, column in columns.items():
        # What only this facet's own filter keeps out belongs to its counts.
        under = rows[missed == misses[facet]] if facet in misses else left
        counted = column.count(column.codes[under])
        counts[facet.value] = _listed(facet, column, counted, chosen=_asked(facet, chosen), most=most)
    return Narrowed(rows=left, counts=MappingProxyType(counts))


def _asked(facet: Facet, chosen: Mapping[Facet, tuple[str, ...]]) -> tuple[str, ...]:
    values = chosen.get(facet, ())
    return () if values == UNLESS_ASKED.get(facet) else values


def _listed(
    facet: Facet, column: Column, counted: Numbers, *, chosen: tuple[str, ...], most: int
) -> tuple[FacetCount, ...]:
    """The values that occur, the most frequent ones when there are many, and every chosen one."""
    occurring = np.flatnonzero(counted)
    if most and len(occurring) > most:
        least = np.partition(counted[occurring], -most)[-most]
        occurring = occurring[counted[occurring] >= least]
    # Equal counts in the order of their words: the order of codes would tell of datasets the viewer may not see.
    frequent = sorted(((-int(counted[place]), column.values[place]) for place in occurring), key=lambda each: each)
    kept = {value: -count for count, value in (frequent[:most] if most else frequent)}
    for value in chosen:
        place = column.places.get(value)
        kept.setdefault(value, int(counted[place]) if place is not None and place < len(counted) else 0)
    made = [FacetCount(value=value, label=label(facet, value), count=count) for value, count in kept.items()]
    return tuple(sorted(made, key=_order(facet, len(made))))


def _order(facet: Facet, number: int) -> Callable[[FacetCount], Any]:
    ranked = _RANKS.get(facet)
    if ranked is not None:
        return lambda each: (ranked.get(each.value, len(ranked)), each.value)
    by_count = number > 12
    return lambda each: (
        each.value == NOT_STATED,
        -each.count if by_count else 0,
        each.label.casefold(),
        each.value,
    )


@lru_cache(maxsize=20_000)
def label(facet: Facet, value: str) -> str:
    """A facet's value in words, the same whether any dataset has it or not."""
    if value == NOT_STATED:
        return "Registered here" if facet is Facet.SOURCE else "Not stated"
    if facet is Facet.BAND and value in set(Band):
        return Band(value).label
    if facet is Facet.LICENCE:
        found = licence(value)
        return found.short or found.title if found else value
    if facet is Facet.AREA and value == AS_COORDINATES:
        return "Given as coordinates"
    if facet is Facet.FRESHNESS:
        return State(value).label if value in set(State) else value
    return _STATES.get(value, value) if facet is Facet.STATE else value


def _column(snapshot: Snapshot, facet: Facet, today: date) -> Column:
    if facet is not Facet.FRESHNESS:
        return snapshot.columns[facet.value]
    made: Column = snapshot.keep(("freshness", today), lambda: _fresh(snapshot, today))
    return made


def _fresh(snapshot: Snapshot, today: date) -> Column:
    """How fresh each dataset is on this day: asked once for each pair of date and period that occurs."""
    modified, accrual = snapshot.columns["modified"], snapshot.columns["accrual"]
    pairs = (modified.codes.astype(np.int64) << 32) | accrual.codes
    occurring, place = np.unique(pairs, return_inverse=True)
    when, often = (_by_code(column) for column in (modified, accrual))
    states = [_state(when.get(pair >> 32, ""), often.get(pair & 0xFFFFFFFF, ""), today) for pair in occurring.tolist()]
    coded = Column.empty(lambda raw: (raw,)).with_rows(np.arange(len(states)), states, len(states))
    return replace(coded, codes=coded.codes[place])


@lru_cache(maxsize=100_000)
def _state(modified: str, accrual_periodicity: str, today: date) -> str:
    return freshness(modified, accrual_periodicity, today=today).state.value


def _by_code(column: Column) -> dict[int, str]:
    pairs = zip(column.owners.tolist(), column.members.tolist(), strict=True)
    return {code: column.values[place] for code, place in pairs}
