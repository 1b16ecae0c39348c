"""Facets: exact counts for any filters and any viewer, from the arrays in memory.

Several values of one facet widen (or), several facets narrow (and). The counts of a facet are made under the
filters of all the *other* facets: they say what one would get by choosing that value as well or instead.
Withdrawn datasets are left out unless the facet `state` asks for them. What a viewer may look at is no fact of the
catalogue: that column comes with the look, and nothing that is made of it is kept.
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

from catalogue.allowed import Access
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
    ACCESS = "access"
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
        return "Your access" if self is Facet.ACCESS else self.value.replace("-", " ").capitalize()


UNLESS_ASKED: Mapping[Facet, tuple[str, ...]] = MappingProxyType({Facet.STATE: ("live", "missing")})
"""What a facet filters by when nothing is chosen in it."""
_STATES = {"live": "Live", "missing": "Not seen at its source of late", "withdrawn": "Withdrawn"}
_RANKS: Mapping[Facet, Mapping[str, int]] = MappingProxyType(
    {
        Facet.BAND: {band.value: place for place, band in enumerate(Band)},
        Facet.ACCESS: {each.value: place for place, each in enumerate(Access)},
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
    access: Column | None = None,
) -> Narrowed:
    """Filter `rows` (None for the whole catalogue) and count every facet; `most` values of each, 0 for all.

    `access` is the viewer's own at this moment, from `allowed.column`; without it, that facet is neither counted nor
    filtered by.
    """
    mask = snapshot.visible(viewer)
    chosen = _chosen(filters)
    if access is None:
        chosen.pop(Facet.ACCESS, None)
    if rows is not None or Facet.ACCESS in chosen:
        seen = np.flatnonzero(mask) if rows is None else _seen(rows, mask)
        return _narrow(snapshot, seen, chosen=chosen, today=today, most=most, access=access)
    clearance = "all" if viewer.sees_all else f"as {viewer.organisation_id}"
    key = ("narrowed", clearance, today, most, tuple(sorted(chosen.items())))
    found: Narrowed = snapshot.keep(
        key, lambda: _narrow(snapshot, np.flatnonzero(mask), chosen=chosen, today=today, most=most)
    )
    if access is None:
        return found
    counted = access.count(access.codes[found.rows])
    told = _listed(Facet.ACCESS, access, counted, chosen=(), most=most)
    return Narrowed(rows=found.rows, counts=MappingProxyType({**found.counts, Facet.ACCESS.value: told}))


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
    snapshot: Snapshot,
    rows: Numbers,
    *,
    chosen: Mapping[Facet, tuple[str, ...]],
    today: date,
    most: int,
    access: Column | None = None,
) -> Narrowed:
    columns: dict[Facet, Column] = {
        facet: _column(snapshot, facet, today) for facet in Facet if facet is not Facet.ACCESS
    }
    if access is not None:
        columns[Facet.ACCESS] = access
    misses: dict[Facet, Mask] = {}
    missed = np.zeros(len(rows), dtype=np.int8)
    for facet, values in chosen.items():
        column = columns[facet]
        misses[facet] = ~column.chooses(values)[column.codes[rows]]
        missed += misses[facet]
    left = rows[missed == 0]
    counts: dict[str, tuple[FacetCount, ...]] = {facet.value: () for facet in Facet}
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
    if facet is Facet.ACCESS:
        return Access(value).label if value in set(Access) else value
    if facet is Facet.LICENCE:
        found = licence(value)
        return found.short or found.title if found else value
    if facet is Facet.AREA and value == AS_COORDINATES:
        return "Given as coordinates"
    if facet is Facet.FRESHNESS:
        return State(value).label if value in set(State) else value
    return _STATES.get(value, value) if facet is Facet.STATE else value


def in_words(facet: Facet, value: str) -> str:
    """A facet's value as it stands within a sentence: "datasets covered by an agreement"."""
    words = label(facet, value)
    return words[:1].lower() + words[1:] if facet is Facet.ACCESS else words


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
    when, often = modified.by_code(), accrual.by_code()
    states = [_state(when.get(pair >> 32, ""), often.get(pair & 0xFFFFFFFF, ""), today) for pair in occurring.tolist()]
    coded = Column.empty(lambda raw: (raw,)).with_rows(np.arange(len(states)), states, len(states))
    return replace(coded, codes=coded.codes[place])


@lru_cache(maxsize=100_000)
def _state(modified: str, accrual_periodicity: str, today: date) -> str:
    return freshness(modified, accrual_periodicity, today=today).state.value
