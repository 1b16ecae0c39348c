"""Put a report card together for one viewer at one moment: what may be seen, from whom, as of which revision.

An overview asks the database a fixed number of questions, whatever the number of indicators, and reads no facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from catalogue.knowing import Brief, briefs
from governance import NotFound, Visit
from governance.access import Decision, Use
from reportcards import attribution, card_values, disclosing, telling, watching
from reportcards.card_values import PeerPlaces, Wanted
from reportcards.cards import card_row, item_rows
from reportcards.clearing import UNKNOWN_ORIGIN, audience, clearance, held
from reportcards.indicators import Indicator, several
from reportcards.measuring import Measured, Setting
from reportcards.places import PeerGroup, area_names, peer_groups
from reportcards.report import (
    Annotation,
    Comparison,
    Definition,
    Forecast,
    Freshness,
    Held,
    Judgement,
    Measurement,
    Part,
    Polarity,
    ReportCard,
    RevisionBrief,
    Series,
    Warning,
)
from reportcards.revisions import newest, revisions
from reportcards.tables import CardRow, ItemRow
from reportcards.targets import Event, Goal, events, targets
from store import settings

NO_NUMBERS = Held(
    reason="There are no numbers yet.", what_changes_it="A steward imports the first file.", symbol="hourglass_empty"
)
NO_VALUES = Held(
    reason="There is no value for this place or group.", what_changes_it="Choose another place.", symbol="location_off"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """Everything that lies on the table before a card is put together."""

    visit: Visit
    card: CardRow
    rows: Sequence[ItemRow]
    indicators: Mapping[str, Indicator]
    known: Mapping[str, Brief]
    cleared: Mapping[str, Decision]
    shown: Mapping[str, RevisionBrief]
    """Item -> the revision that it shows."""
    goals: Mapping[tuple[str, str], Goal]
    events: Mapping[str, tuple[Event, ...]]
    groups: Mapping[str, PeerGroup]
    names: Mapping[str, str]
    warnings: Mapping[str, tuple[Warning, ...]]

    def area(self, row: ItemRow) -> str:
        """Code of the place an item is about."""
        return row.area_code or self.card.area_code

    def refusal(self, row: ItemRow) -> Held | None:
        """Why an item is not shown; None when it may be."""
        indicator = self.indicators[row.indicator_id]
        if not indicator.dataset_id:
            return UNKNOWN_ORIGIN
        refused = held((indicator.dataset_id, *indicator.denominators), self.known, self.cleared)
        return refused or (None if row.id in self.shown else NO_NUMBERS)


def report_card(visit: Visit, name: str, *, pinned: Mapping[str, str] | None = None, use: Use = Use.VIEW) -> ReportCard:
    """A card for an overview: warnings first, then its own order; `pinned` is item -> revision id.

    A series is as long as a small picture needs it; `measurement` gives all of it.

    Raises: NotFound.
    """
    table = _lay(visit, card_row(visit.read(), name), pinned=pinned or {}, use=use)
    wanted = {row.id: _wanted(table, row) for row in table.rows if table.refusal(row) is None}
    found = card_values.tiles(visit, list(wanted.values()))
    items = [_measurement(table, row, found.get(row.id)) for row in table.rows]
    return ReportCard(
        name=table.card.name,
        title=table.card.title,
        outcome=table.card.outcome,
        population=table.card.population,
        area=table.names.get(table.card.area_code, ""),
        as_of=visit.now,
        audience=audience(table.known[each].band for each in _datasets(table) if each in table.known),
        items=tuple(sorted(items, key=_urgency)),
        pinned=dict(pinned or {}),
        made_up=table.card.made_up,
    )


def whole_card(visit: Visit, name: str, *, pinned: Mapping[str, str] | None = None, use: Use = Use.VIEW) -> ReportCard:
    """A card with all of every indicator: for exports. Raises NotFound."""
    card = report_card(visit, name, pinned=pinned, use=use)
    items = tuple(
        each if each.held else _whole(visit, name, each, revision=card.pinned.get(each.item, ""), use=use)
        for each in card.items
    )
    return replace(card, items=items)


def _whole(visit: Visit, name: str, overview: Measurement, *, revision: str, use: Use) -> Measurement:
    groups = measurement(visit, name, overview.item, part=Part.GROUPS, revision=revision, use=use)
    if groups.held or groups.comparison is not Comparison.NAMED:
        return groups
    areas = measurement(visit, name, overview.item, part=Part.AREAS, revision=revision, use=use)
    return replace(groups, areas=areas.areas)


def measurement(
    visit: Visit, name: str, item: str, *, part: Part = Part.TREND, revision: str = "", use: Use = Use.VIEW
) -> Measurement:
    """All of one indicator on a card; `part` also loads its groups or areas, `revision` opens an old one.

    Raises: NotFound.
    """
    table = _lay(visit, card_row(visit.read(), name), pinned={item: revision} if revision else {}, only=item, use=use)
    row = table.rows[0]
    if (refused := table.refusal(row)) is not None:
        return _held(table, row, refused)
    wanted = _wanted(table, row)
    made = _measurement(table, row, card_values.trends(visit, [wanted])[row.id])
    if made.held:
        return made
    indicator = table.indicators[row.indicator_id]
    made = replace(
        made,
        revisions=revisions(visit, indicator.id, shown=table.shown[row.id].id),
        actions=telling.actions(visit, [row.id]).get(row.id, ()),
        definition=_definition(table, indicator, made),
    )
    if part is Part.GROUPS:
        return replace(made, groups=_named(visit, card_values.groups(visit, wanted)))
    if part is Part.AREAS and made.comparison is Comparison.NAMED:
        return replace(made, areas=_by_name(_named(visit, card_values.areas(visit, wanted))))
    return made


def _lay(visit: Visit, card: CardRow, *, pinned: Mapping[str, str], only: str = "", use: Use) -> _Table:
    rows = [row for row in item_rows(visit.read(), card.id) if only in ("", row.id)]
    if only and not rows:
        raise NotFound("This indicator is not on the card, or you may not know of it.")
    found = several(visit, {row.indicator_id for row in rows})
    rows = [row for row in rows if row.indicator_id in found]
    known = briefs(visit, [each for one in found.values() for each in (one.dataset_id, *one.denominators)])
    items = [row.id for row in rows]
    codes = {card.area_code, *(row.area_code for row in rows), *(one.parent_area for one in found.values())} - {""}
    peers = {each.id: each for each in peer_groups(visit)} if any(one.peer_group_id for one in found.values()) else {}
    return _Table(
        visit=visit,
        card=card,
        rows=rows,
        indicators=found,
        known=known,
        cleared=clearance(visit, known.values(), use=use, purpose=card.purpose),
        shown=_shown(visit, rows, pinned),
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


def _wanted(table: _Table, row: ItemRow) -> Wanted:
    indicator, area = table.indicators[row.indicator_id], table.area(row)
    goal = table.goals.get((indicator.id, area)) or table.goals.get((indicator.id, ""))
    happened = [each for each in table.events.get(indicator.id, ()) if each.area_code in ("", area)]
    setting = Setting(
        name=indicator.name,
        unit=indicator.unit,
        decimals=indicator.decimals,
        polarity=Polarity(row.polarity) if row.polarity else indicator.polarity,
        value_type=indicator.value_type,
        goal=goal,
        rebases=tuple(each.on for each in happened if each.kind == "rebase"),
    )
    shown = table.shown[row.id]
    return Wanted(
        item=row.id,
        revision=shown.id,
        before=shown.before,
        indicator=indicator,
        area=area,
        breakdown=row.breakdown,
        group=row.group,
        setting=setting,
        peers=_peer_places(table, indicator, area),
    )


_FEWEST_PEERS = 2
"""The average of one other place would be its own value: an unnamed comparison needs more."""


def _peer_places(table: _Table, indicator: Indicator, area: str) -> PeerPlaces | None:
    if indicator.comparison in (Comparison.NONE, Comparison.OWN_TREND):
        return None
    group = table.groups.get(indicator.peer_group_id)
    named = indicator.comparison is Comparison.NAMED
    if group is not None and (named or len(set(group.members) - {area}) >= _FEWEST_PEERS):
        dated = f" ({group.dated})" if group.dated else ""
        return PeerPlaces(name=f"{group.name}{dated}", codes=group.members)
    if indicator.parent_area:
        name = table.names.get(indicator.parent_area, indicator.parent_area)
        return PeerPlaces(name=name, codes=(indicator.parent_area,))
    return None


def _measurement(table: _Table, row: ItemRow, found: Measured | None) -> Measurement:
    refused = table.refusal(row)
    if refused is None and (found is None or not found.points):
        refused = NO_VALUES
    if refused is not None or found is None:
        return _held(table, row, refused or NO_VALUES)
    indicator, area, revision = table.indicators[row.indicator_id], table.area(row), table.shown[row.id]
    origins = attribution.origins(
        indicator,
        table.known,
        revision,
        provisional=found.provisional,
        periods=(found.first_period, found.last_period),
    )
    happened = [each for each in table.events.get(indicator.id, ()) if each.area_code in ("", area)]
    return Measurement(
        item=row.id,
        indicator=indicator.id,
        name=indicator.name,
        unit=indicator.unit,
        decimals=indicator.decimals,
        polarity=Polarity(row.polarity) if row.polarity else indicator.polarity,
        comparison=indicator.comparison,
        finding=row.headline or found.finding,
        headline=row.headline or found.headline,
        headline_edited_by=row.headline_by if row.headline else "",
        latest=found.latest,
        change=found.change,
        signal=found.signal,
        target=found.target,
        benchmark=found.benchmark,
        freshness=_freshness(table.visit.today, found, revision),
        series=Series(
            area_code=area,
            area=table.names.get(area, area),
            breakdown=row.breakdown,
            group=row.group,
            points=found.points,
        ),
        annotations=tuple(Annotation(on=each.on, text=each.words, by=each.by) for each in happened),
        forecast=found.forecast if isinstance(found.forecast, Forecast) else None,
        warnings=table.warnings.get(row.id, ()),
        story=telling.story(row.story),
        partners=tuple(row.partners),
        what_works=tuple(row.what_works),
        definition=Definition(
            reading_note=indicator.reading_note,
            also_explains=indicator.also_explains,
            method=", ".join(found.methods),
        ),
        origins=origins,
        source_short=attribution.source_short(origins),
        source_line=attribution.source_line(origins, calculated_by=settings().title if found.methods else ""),
    )


def _held(table: _Table, row: ItemRow, why: Held) -> Measurement:
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


def _definition(table: _Table, indicator: Indicator, made: Measurement) -> Definition:
    own = table.known.get(indicator.dataset_id)
    return Definition(
        definition=indicator.definition,
        rationale=indicator.rationale,
        numerator=indicator.numerator,
        denominator=indicator.denominator,
        method=made.definition.method,
        caveats=indicator.caveats,
        disclosure=disclosing.in_words(indicator, own.band if own else "unknown"),
        frequency=indicator.frequency or (own.accrual_periodicity if own else ""),
        owner=own.publisher if own else "",
        reading_note=indicator.reading_note,
        also_explains=indicator.also_explains,
    )


def _freshness(today: date, found: Measured, revision: RevisionBrief) -> Freshness:
    """Late when the next value has not come though as many days have passed as lay between the last ones."""
    received = f"received {attribution.day(revision.received)}"
    ends = [point.end for point in found.points[-2 * _LOOKED_AT :] if point.value is not None]
    if len(ends) < 2:
        return Freshness(words=received)
    gaps = sorted((later - earlier).days for earlier, later in pairwise(ends[-9:]))
    spacing = gaps[len(gaps) // 2]
    lag = max(0, (revision.received - ends[-1]).days)
    due = ends[-1] + timedelta(days=spacing + min(lag, spacing))
    if today <= due + timedelta(days=max(1, spacing // 10)):
        return Freshness(words=received, next_release=due)
    late = (today - due).days
    return Freshness(words=f"{received}, {late:,} days late", is_stale=True, next_release=due)


_LOOKED_AT = 9
"""Last values that tell how often one comes."""


def _urgency(made: Measurement) -> int:
    """Warnings first, then what is a concern; within each the card's own order stays."""
    if any(not each.response for each in made.warnings):
        return 0
    return 1 if made.signal is not None and made.signal.judgement is Judgement.WORSE else 2


def _datasets(table: _Table) -> set[str]:
    return {
        each
        for row in table.rows
        for each in (
            table.indicators[row.indicator_id].dataset_id,
            *table.indicators[row.indicator_id].denominators,
        )
    }


def _named(visit: Visit, found: Sequence[Series]) -> tuple[Series, ...]:
    names = area_names(visit, (each.area_code for each in found))
    return tuple(replace(each, area=names[each.area_code]) for each in found)


def _by_name(found: Sequence[Series]) -> tuple[Series, ...]:
    return tuple(sorted(found, key=lambda each: each.area.casefold()))
