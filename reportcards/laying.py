"""What lies on the table before a card is put together: what may be seen of it, and the note of who looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from catalogue.knowing import Brief, briefs
from governance import NotFound, Visit
from governance.access import Band, Use
from governance.looks import Look, note
from reportcards import watching
from reportcards.cards import item_rows
from reportcards.clearing import UNKNOWN_ORIGIN, Clearance, Room, clearance, held
from reportcards.indicators import Indicator, several
from reportcards.places import PeerGroup, area_names, peer_groups
from reportcards.report import Held, Measurement, RevisionBrief, Warning
from reportcards.revisions import newest, revisions
from reportcards.tables import CardRow, ItemRow
from reportcards.targets import Event, Goal, events, targets

NO_NUMBERS = Held(
    reason="There are no numbers yet.", what_changes_it="A steward imports the first file.", symbol="hourglass_empty"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """What is to be seen of a card, how, and by whom beside the viewer."""

    use: Use = Use.VIEW
    room: Room | None = None
    pinned: Mapping[str, str] = field(default_factory=dict)
    """Item -> revision."""
    only: str = ""
    """One item; "" for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Everything that lies on the table before a card is put together."""

    visit: Visit
    look: Looking
    card: CardRow
    rows: Sequence[ItemRow]
    indicators: Mapping[str, Indicator]
    known: Mapping[str, Brief]
    cleared: Clearance
    shown: Mapping[str, RevisionBrief]
    """Item -> the revision that it shows."""
    goals: Mapping[tuple[str, str], Goal]
    events: Mapping[str, tuple[Event, ...]]
    groups: Mapping[str, PeerGroup]
    names: Mapping[str, str]
    warnings: Mapping[str, tuple[Warning, ...]]
    _refusals: dict[str, Held | None] = field(default_factory=dict, repr=False, compare=False)

    def area(self, row: ItemRow) -> str:
        """Code of the place an item is about."""
        return row.area_code or self.card.area_code

    def datasets(self) -> frozenset[str]:
        """Everything that the card is made of."""
        return frozenset(each for row in self.rows for each in self.sources(row))

    def refusal(self, row: ItemRow) -> Held | None:
        """Why an item is not shown; None when it may be."""
        if row.id not in self._refusals:
            self._refusals[row.id] = self._refusal(row)
        return self._refusals[row.id]

    def _refusal(self, row: ItemRow) -> Held | None:
        if not self.indicators[row.indicator_id].dataset_id:
            return UNKNOWN_ORIGIN
        shown = self.shown.get(row.id)
        protected = shown.protected if shown is not None else None
        refused = held(self.sources(row), self.known, self.cleared, protected=protected)
        return refused or (None if row.id in self.shown else NO_NUMBERS)

    def sources(self, row: ItemRow) -> tuple[str, ...]:
        """The datasets that an item is made of, its own first."""
        indicator = self.indicators[row.indicator_id]
        return (indicator.dataset_id, *indicator.denominators)


def lay(visit: Visit, card: CardRow, look: Looking) -> Table:
    """Ask for everything that a card needs: a fixed number of questions. Raises NotFound."""
    rows = [row for row in item_rows(visit.read(), card.id) if look.only in ("", row.id)]
    if look.only and not rows:
        raise NotFound("This indicator is not on the card, or you may not know of it.")
    found = several(visit, {row.indicator_id for row in rows})
    rows = [row for row in rows if row.indicator_id in found]
    known = briefs(visit, [each for one in found.values() for each in (one.dataset_id, *one.denominators)])
    items = [row.id for row in rows]
    codes = {card.area_code, *(row.area_code for row in rows), *(one.parent_area for one in found.values())} - {""}
    peers = {each.id: each for each in peer_groups(visit)} if any(one.peer_group_id for one in found.values()) else {}
    return Table(
        visit=visit,
        look=look,
        card=card,
        rows=rows,
        indicators=found,
        known=known,
        cleared=clearance(visit, known.values(), use=look.use, purpose=card.purpose, room=look.room),
        shown=_shown(visit, rows, look.pinned),
        goals=targets(visit, found),
        events=events(visit, found),
        groups=peers,
        names=area_names(visit, codes),
        warnings=watching.warnings(visit, items),
    )


def _shown(visit: Visit, rows: Sequence[ItemRow], pinned: Mapping[str, str]) -> dict[str, RevisionBrief]:
    latest = newest(visit, {row.indicator_id for row in rows if row.id not in pinned})
    shown = {row.id: latest[row.indicator_id] for row in rows if row.indicator_id in latest and row.id not in pinned}
    for row in rows:
        if row.id in pinned:
            old = next((each for each in revisions(visit, row.indicator_id) if each.id == pinned[row.id]), None)
            if old is None:
                raise NotFound("There is no such revision, or you may not know of it.")
            shown[row.id] = replace(old, is_shown=True)
    return shown


def unnoted(table: Table) -> frozenset[str]:
    """Note who looks at whose data; the datasets for named people of which that failed: their figures are not shown."""
    looked = {each for row in table.rows if table.refusal(row) is None for each in table.sources(row)}
    room, card = table.look.room, table.card
    looks = [
        Look(
            dataset=name,
            owner=table.known[name].organisation_id,
            use=table.look.use if room is None else Use.PRESENT,
            decision=decision,
            purpose=card.purpose,
            place=room.place if room is not None and room.place else f"card {card.name}",
        )
        for name, decision in table.cleared.items()
        if name in looked or not decision.ok
    ]
    lost = note(table.visit, looks)
    return frozenset(each.dataset for each in lost if table.known[each.dataset].band == Band.NAMED)


def withheld(table: Table, row: ItemRow, why: Held) -> Measurement:
    """An item without any figure."""
    indicator = table.indicators[row.indicator_id]
    return Measurement(
        item=row.id,
        indicator=indicator.id,
        name=indicator.name,
        unit=indicator.unit,
        decimals=indicator.decimals,
        polarity=indicator.polarity,
        comparison=indicator.comparison,
        held=why,
    )
