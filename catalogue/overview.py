"""The whole catalogue at a glance: who holds how much in which band, and what is new since a moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

import numpy as np
from sqlalchemy import case, func, select

from catalogue import arrays
from catalogue.arrays import Snapshot
from catalogue.tables import DatasetRow, HistoryRow
from governance import Viewer, Visit
from governance.people import organisations

NOT_STATED = "Not stated"
"""The holder of datasets whose source names no publisher."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """An organisation or publisher and its datasets by band."""

    name: str
    organisation_id: str = ""
    """Set for the organisations of the collaboration."""
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All its datasets that the viewer may know of."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The spectrum page: holders in alphabetical order, and the sums."""

    holders: tuple[Holder, ...]
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All datasets that the viewer may know of, the withdrawn ones left out."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """Datasets of one source to which the same thing happened."""

    kind: str
    source_name: str
    """"" for datasets registered here."""
    datasets: int
    open: int
    """How many of them are open."""
    latest: datetime
    dataset_id: str = ""
    title: str = ""
    """Of the dataset when it is a single one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What the home page tells of the catalogue."""

    counts: Mapping[str, int]
    holders: int
    news: tuple[News, ...] = field(default=())

    @property
    def total(self) -> int:
        """All datasets that the viewer may know of, the withdrawn ones left out."""
        return sum(self.counts.values())


def overview(visit: Visit) -> Overview:
    """Who holds how much in which band, of what the viewer may know of; kept until the catalogue changes."""
    snapshot, viewer = arrays.current(visit.read()), visit.viewer
    ours = tuple((each.name, each.id) for each in organisations(visit))
    key = ("overview", viewer.sees_all or viewer.organisation_id, ours)
    made: Overview = snapshot.keep(key, lambda: _overview(_count(snapshot, viewer), ours))
    return made


def _overview(counted: Iterable[tuple[str, str, str, int]], organisations: Sequence[tuple[str, str]]) -> Overview:
    ours = {name.casefold(): (name, identifier) for name, identifier in organisations}
    names = {identifier: name for name, identifier in organisations}
    by_name: dict[str, Counter[str]] = {}
    written: dict[str, str] = {}
    for publisher, owner, band, number in counted:
        name = names.get(owner) or publisher or NOT_STATED
        written.setdefault(name.casefold(), name)
        by_name.setdefault(name.casefold(), Counter())[band] += number
    holders = [
        Holder(
            name=ours.get(key, (written[key], ""))[0],
            organisation_id=ours.get(key, ("", ""))[1],
            counts=MappingProxyType(dict(sorted(counts.items()))),
        )
        for key, counts in by_name.items()
    ]
    holders.sort(key=lambda holder: (holder.name == NOT_STATED, holder.name.casefold(), holder.name))
    return Overview(holders=tuple(holders), counts=_sum(holders))


def _count(snapshot: Snapshot, viewer: Viewer) -> list[tuple[str, str, str, int]]:
    """(publisher, owner, band, datasets) for each combination that occurs, by name, from the arrays in memory."""
    state = snapshot.columns["state"]
    here = snapshot.visible(viewer) & ~state.chooses(["withdrawn"])[state.codes]
    columns = [snapshot.columns[name] for name in ("organisation", "owner", "band")]
    code = np.zeros(int(here.sum()), dtype=np.int64)
    for column in columns:
        code = code * max(len(column.known), 1) + column.codes[here]
    found: list[tuple[str, str, str, int]] = []
    known = [[" ".join(str(raw).split()) for raw in column.known] for column in columns]
    for each, number in zip(*np.unique(code, return_counts=True), strict=True):
        rest, band = divmod(int(each), len(known[2]))
        publisher, owner = divmod(rest, len(known[1]))
        found.append((known[0][publisher], known[1][owner], known[2][band], int(number)))
    # Codes are given in the order of numbers, hidden datasets included: only the names may decide the order.
    return sorted(found)


def _sum(holders: list[Holder]) -> Mapping[str, int]:
    total: Counter[str] = Counter()
    for holder in holders:
        total.update(holder.counts)
    return MappingProxyType(dict(sorted(total.items())))


def headline(visit: Visit, *, since: datetime | None = None) -> Headline:
    """The figures of the home page; `since` is usually the visit's `last_here`, None tells no news."""
    found = overview(visit)
    return Headline(
        counts=found.counts,
        holders=sum(holder.name != NOT_STATED for holder in found.holders),
        news=news(visit, since=since) if since is not None else (),
    )


def news(visit: Visit, *, since: datetime, limit: int = 8) -> tuple[News, ...]:
    """What happened since a moment, by kind and source, the newest first."""
    is_open = case((DatasetRow.band == "open", HistoryRow.number))
    newest = func.max(HistoryRow.at)
    datasets = func.count(func.distinct(HistoryRow.number))
    wanted = (
        select(
            HistoryRow.kind,
            DatasetRow.source_name,
            datasets,
            func.count(func.distinct(is_open)),
            newest,
            func.max(DatasetRow.id),
            func.max(DatasetRow.title),
        )
        .join(DatasetRow, DatasetRow.number == HistoryRow.number)
        .where(HistoryRow.at > since)
        .group_by(HistoryRow.kind, DatasetRow.source_name)
        .order_by(newest.desc(), HistoryRow.kind, DatasetRow.source_name)
        .limit(limit)
    )
    return tuple(
        News(
            kind=kind,
            source_name=source_name,
            datasets=number,
            open=open_number,
            latest=latest,
            dataset_id=identifier if number == 1 else "",
            title=title if number == 1 else "",
        )
        for kind, source_name, number, open_number, latest, identifier, title in visit.read().execute(wanted)
    )
