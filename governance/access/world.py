"""The facts put together so that one look asks only what concerns it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from governance.access.values import Agreement, Band, Dataset, Hold, Member, ScheduleRow, Scope, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One schedule row in its version and agreement: what a look is allowed by, or fails at."""

    agreement: str
    lead: str
    version: Version
    row: ScheduleRow
    givers: frozenset[str]
    takers: frozenset[str]
    """The receiving parties that are among the row's receivers."""
    signed: bool
    """Whether every party signed."""

    @property
    def last_day(self) -> date:
        """The last day on which it can cover anything, included."""
        return self.version.ends_on if self.row.last is None else min(self.version.ends_on, self.row.last)

    def in_force(self, now: datetime) -> bool:
        """Whether its version was activated, by all parties' signatures, and was not closed since."""
        version = self.version
        activated = version.activated_at is not None and version.activated_at <= now
        closed = version.closed_at is not None and version.closed_at <= now
        return self.signed and activated and not closed


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything the rule reads; make one with `world`. Facts only, no answers: each look is decided anew."""

    zone: ZoneInfo
    people: Mapping[str, Member]
    members: Mapping[str, tuple[Member, ...]]
    datasets: Mapping[str, Dataset]
    items: Mapping[str, tuple[Item, ...]]
    """The schedule rows of each dataset."""
    holds: Mapping[tuple[Scope, str], tuple[Hold, ...]]

    def today(self, now: datetime) -> date:
        """The day in the collaboration's time zone. Raises ValueError when `now` has no time zone itself."""
        if now.tzinfo is None:
            raise ValueError("The moment of a look needs a time zone.")
        return now.astimezone(self.zone).date()

    def dataset(self, identifier: str) -> Dataset:
        """The dataset; one that is not known is answered like one that nobody shares."""
        return self.datasets.get(identifier) or Dataset(id=identifier, owner="", band=Band.UNKNOWN)

    def stands(self, item: Item, now: datetime) -> bool:
        """Whether the row gives these data of their owner, in force and not over; it may not have begun yet."""
        given = self.dataset(item.row.dataset).owner in item.givers
        return given and item.in_force(now) and self.today(now) <= item.last_day

    def held(self, scope: Scope, identifier: str, now: datetime) -> bool:
        """Whether a hold on this object is in force."""
        return any(hold.in_force(now) for hold in self.holds.get((scope, identifier), ()))


def _items(agreement: Agreement) -> Iterable[Item]:
    for version in agreement.versions:
        givers = frozenset(party.organisation for party in version.parties if party.role.gives)
        takers = frozenset(party.organisation for party in version.parties if party.role.receives)
        signed = all(party.signed for party in version.parties)
        for row in version.schedule:
            yield Item(
                agreement=agreement.id,
                lead=agreement.lead,
                version=version,
                row=row,
                givers=givers,
                takers=takers & row.receivers,
                signed=signed,
            )


def world(
    *,
    zone: ZoneInfo,
    people: Iterable[Member] = (),
    datasets: Iterable[Dataset] = (),
    agreements: Iterable[Agreement] = (),
    holds: Iterable[Hold] = (),
) -> World:
    """A world from its facts; `zone` decides which day it is. What is left out does not exist."""
    accounts = {person.username: person for person in people}
    members: defaultdict[str, list[Member]] = defaultdict(list)
    for person in accounts.values():
        members[person.organisation].append(person)
    items: defaultdict[str, list[Item]] = defaultdict(list)
    for item in (each for agreement in agreements for each in _items(agreement)):
        items[item.row.dataset].append(item)
    pauses: defaultdict[tuple[Scope, str], list[Hold]] = defaultdict(list)
    for hold in holds:
        pauses[hold.scope, hold.object].append(hold)
    return World(
        zone=zone,
        people=accounts,
        members={name: tuple(found) for name, found in members.items()},
        datasets={dataset.id: dataset for dataset in datasets},
        items={dataset: tuple(found) for dataset, found in items.items()},
        holds={each: tuple(found) for each, found in pauses.items()},
    )
