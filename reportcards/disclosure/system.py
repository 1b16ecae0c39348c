"""What a reader knows, as ranges of unknowns and sums between them, and its independent parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csgraph, csr_array

from reportcards.disclosure.cells import ANY, Relation, Span

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class System:
    """Unknowns between `low` and `high`, and rows of `sums` over them between `least` and `most`."""

    names: tuple[str, ...]
    low: Floats
    high: Floats
    """Infinite where nothing bounds the unknown above."""
    sums: csr_array
    """One row for each relation, one column for each unknown, entries -1, 0 and 1."""
    least: Floats
    most: Floats

    def moving(self) -> Mask:
        """Which unknowns can have more than one value by their own range."""
        return self.high > self.low

    def take(self, columns: Places) -> System:
        """These unknowns and all sums with one of them in it; the others must be fixed and are put in."""
        rows = np.unique(self.sums[:, columns].nonzero()[0])
        fixed = self.low.copy()
        fixed[columns] = 0.0
        part = self.sums[rows]
        told = part @ fixed
        return System(
            names=tuple(self.names[place] for place in columns.tolist()),
            low=self.low[columns],
            high=self.high[columns],
            sums=csr_array(part[:, columns]),
            least=self.least[rows] - told,
            most=self.most[rows] - told,
        )


def system(ranges: Mapping[str, Span], relations: Iterable[Relation]) -> System:
    """One system of all unknowns with a range or in a relation; without a range they are any number from 0."""
    places: dict[str, int] = {name: place for place, name in enumerate(ranges)}
    rows: list[int] = []
    columns: list[int] = []
    signs: list[int] = []
    slacks: list[int] = []
    for row, relation in enumerate(relations):
        slacks.append(relation.slack)
        for name, sign in relation.terms():
            rows.append(row)
            columns.append(places.setdefault(name, len(places)))
            signs.append(sign)
    spans = [ranges.get(name, ANY) for name in places]
    slack = np.array(slacks, dtype=np.float64)
    return System(
        names=tuple(places),
        low=np.array([span.low for span in spans], dtype=np.float64),
        high=np.array([np.inf if span.high is None else span.high for span in spans], dtype=np.float64),
        sums=csr_array((signs, (rows, columns)), shape=(len(slacks), len(places)), dtype=np.float64),
        least=-slack,
        most=slack,
    )


def parts(whole: System, chosen: Mask) -> tuple[int, Places]:
    """How many independent parts the chosen unknowns fall into, and the part of each unknown (-1 when not chosen)."""
    picked = np.flatnonzero(chosen)
    held = whole.sums[:, picked]
    rows = held.shape[0]
    entries = held.tocoo()
    size = rows + len(picked)
    joined = csr_array(
        (np.ones(entries.nnz, dtype=np.int8), (entries.coords[0], entries.coords[1] + rows)), shape=(size, size)
    )
    _, labels = csgraph.connected_components(joined, directed=False)
    occurring, place = np.unique(labels[rows:], return_inverse=True)
    part = np.full(len(whole.names), -1, dtype=np.intp)
    part[picked] = place
    return len(occurring), part


def members(part: Places, wanted: Iterable[int]) -> Iterator[tuple[int, Places]]:
    """The unknowns of each wanted part, in one pass over all."""
    order = np.argsort(part, kind="stable")
    ordered = part[order]
    for label in wanted:
        first, last = np.searchsorted(ordered, (label, label + 1))
        yield label, order[first:last]
