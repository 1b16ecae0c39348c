"""What the viewer may look at, dataset by dataset: worked out at each look for lists and facets, and never kept.

The rule is asked once for each owner and band that occurs, and for each paused dataset; which datasets an agreement
covers is asked as one statement. A list says where data can be had: who opens a dataset is decided anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, select

from catalogue.arrays import Column, Snapshot
from catalogue.tables import DatasetRow
from governance import Visit, standing
from governance.access import Band, Dataset, Scope, Use, Why, World, decide
from governance.covering import covered
from store import guarded


class Access(StrEnum):
    """How the viewer comes to the data."""

    OWN = "own"
    COVERED = "covered"
    """A signed agreement lets the viewer look at them, for at least one purpose."""
    OPEN = "open"
    PUBLIC = "public"
    """Not by what is agreed here, but where it is published, on the terms that are stated there."""
    ASK = "ask"
    """Not at this moment: nobody shares them with the viewer, or somebody has paused them."""

    @property
    def label(self) -> str:
        """The words on a filter."""
        return _LABELS[self]


_LABELS = {
    Access.OWN: "Of your organisation",
    Access.COVERED: "Covered by an agreement",
    Access.OPEN: "Open to all",
    Access.PUBLIC: "Public where published",
    Access.ASK: "To be asked for",
}
_BY_WHY = {Why.OWN: Access.OWN, Why.OPEN: Access.OPEN, Why.COVERED: Access.COVERED}
_PUBLISHED = (Band.PUBLIC_LIMITED, Band.PUBLIC_UNCLEAR)
_CODES = {each: code for code, each in enumerate(Access)}
_COLUMN = Column.empty(lambda raw: (raw,)).with_rows(np.arange(len(Access)), list(Access), len(Access))
_WHY = "laid over arrays of all datasets; every answer from them is masked for its viewer"
_dataset = DatasetRow.__table__.c
_SUBJECTS = select(_dataset.number, _dataset.id, _dataset.organisation_id.label("owner"), _dataset.band)
_LISTED = _SUBJECTS.subquery()
"""Made once: copying the columns of a table costs more than most queries."""
_MOST_NAMED = 5_000


def column(visit: Visit, snapshot: Snapshot) -> Column | None:
    """How the viewer comes to each dataset at this moment; None for operators and machinery, who are nobody's people.

    The column is this look's alone: keep nothing that is made of it.
    """
    if visit.viewer.sees_all:
        return None
    world = standing.without_agreements(visit)
    codes = _in_general(visit, snapshot, world)
    for number, subject in _paused(visit, world):
        if number < snapshot.size:
            codes[number] = _CODES[_decided(visit, world, subject)]
    shared = covered(visit, _LISTED, use=Use.VIEW).with_only_columns(_LISTED.c.number)
    numbers = np.array(guarded(visit.read(), shared, _WHY).scalars().all(), dtype=np.int64)
    codes[numbers[numbers < snapshot.size]] = _CODES[Access.COVERED]
    return replace(_COLUMN, codes=codes)


def of(access: Column | None, numbers: Sequence[int]) -> dict[int, Access]:
    """How the viewer comes to each of these datasets, {} where it was not asked."""
    if access is None:
        return {}
    ways = list(Access)
    return {number: ways[access.codes[number]] for number in numbers if number < len(access.codes)}


def _in_general(visit: Visit, snapshot: Snapshot, world: World) -> npt.NDArray[np.uint8]:
    """What the rule says of each dataset by its owner and band, before it comes to agreements."""
    sorts, place = snapshot.keep("owner and band", lambda: _sorts(snapshot))
    answers = [_CODES[_decided(visit, world, Dataset(id="", owner=owner, band=band))] for owner, band in sorts]
    codes: npt.NDArray[np.uint8] = np.array(answers or [0], dtype=np.uint8)[place]
    return codes


def _sorts(snapshot: Snapshot) -> tuple[list[tuple[str, Band]], npt.NDArray[np.int32]]:
    """The pairs of owner and band that occur, and which of them each dataset is."""
    owner, band = snapshot.columns["owner"], snapshot.columns["band"]
    pairs = (owner.codes.astype(np.int64) << 32) | band.codes
    occurring, place = np.unique(pairs, return_inverse=True)
    owners, bands = owner.by_code(), band.by_code()
    sorts = [(owners.get(pair >> 32, ""), _band(bands.get(pair & 0xFFFFFFFF, ""))) for pair in occurring.tolist()]
    return sorts, place.astype(np.int32)


def _band(value: str) -> Band:
    return Band(value) if value in set(Band) else Band.UNKNOWN


def _paused(visit: Visit, world: World) -> list[tuple[int, Dataset]]:
    """The datasets that a hold of their own pauses, with their numbers."""
    held = sorted(name for scope, name in world.holds if scope is Scope.DATASET)
    found: list[tuple[int, Dataset]] = []
    for start in range(0, len(held), _MOST_NAMED):
        named: ColumnElement[bool] = _dataset.id.in_(held[start : start + _MOST_NAMED])
        rows: Any = guarded(visit.read(), _SUBJECTS.where(named), _WHY)
        found += [(row.number, Dataset(id=row.id, owner=row.owner, band=_band(row.band))) for row in rows]
    return found


def _decided(visit: Visit, world: World, subject: Dataset) -> Access:
    about = replace(world, datasets={subject.id: subject})
    decision = decide(about, visit.viewer.username, use=Use.VIEW, dataset=subject.id, purpose="", now=visit.now)
    if decision.why is Why.NO_AGREEMENT and subject.band in _PUBLISHED:
        return Access.PUBLIC
    return _BY_WHY.get(decision.why, Access.ASK)
