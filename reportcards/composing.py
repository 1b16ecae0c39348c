"""Put a report card together for one viewer at one moment: what may be seen, from whom, as of which revision.

An overview asks the database a fixed number of questions, whatever the number of indicators, and reads no facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from governance import Visit
from governance.access import Item, Use
from reportcards import attribution, card_values, disclosing, telling
from reportcards.card_values import PeerPlaces, Wanted
from reportcards.cards import card_row
from reportcards.clearing import NOT_NOTED, Room, audience
from reportcards.funnels import Ground, funnel
from reportcards.indicators import Indicator
from reportcards.laying import Looking, Table, lay, unnoted, withheld
from reportcards.measuring import Measured, Setting
from reportcards.places import area_names, kinds_and_parents
from reportcards.report import (
    Annotation,
    Comparison,
    Definition,
    Forecast,
    Freshness,
    Held,
    Judgement,
    Measurement,
    Origin,
    Part,
    Polarity,
    ReportCard,
    RevisionBrief,
    Series,
)
from reportcards.revisions import Difference, revisions
from reportcards.revisions import differences as changes_of
from reportcards.tables import ItemRow
from store import settings

NO_VALUES = Held(
    reason="There is no value for this place or group.", what_changes_it="Choose another place.", symbol="location_off"
)
LOST = Held(
    reason="The numbers of this revision are missing on the server.",
    what_changes_it="An administrator takes them from a backup.",
    symbol="cloud_off",
)


def report_card(
    visit: Visit,
    name: str,
    *,
    pinned: Mapping[str, str] | None = None,
    use: Use = Use.VIEW,
    room: Room | None = None,
) -> ReportCard:
    """A card for an overview: warnings first, then its own order; `pinned` is item -> revision id.

    With a `room` only what everybody in it may be shown. A series is as long as a small picture needs it; `measurement`
    gives all of it. Who looks at whose data is noted.

    Raises: NotFound.
    """
    table = lay(visit, card_row(visit.read(), name), Looking(use=use, room=room, pinned=pinned or {}))
    wanted = {row.id: _wanted(table, row) for row in table.rows if table.refusal(row) is None}
    found = card_values.tiles(visit, list(wanted.values()))
    items = _noted(table, [_measurement(table, row, found.get(row.id)) for row in table.rows])
    return ReportCard(
        name=table.card.name,
        title=table.card.title,
        outcome=table.card.outcome,
        population=table.card.population,
        area=table.names.get(table.card.area_code, ""),
        as_of=visit.now,
        audience=audience(table.known[each].band for each in table.datasets() if each in table.known),
        items=tuple(sorted(items, key=_urgency)),
        pinned=dict(pinned or {}),
        made_up=table.card.made_up,
    )


def whole_card(
    visit: Visit,
    name: str,
    *,
    pinned: Mapping[str, str] | None = None,
    use: Use = Use.VIEW,
    room: Room | None = None,
) -> ReportCard:
    """A card with all of every indicator: for exports. Raises NotFound."""
    card = report_card(visit, name, pinned=pinned, use=use, room=room)
    look = Looking(use=use, room=room, pinned=card.pinned)
    items = tuple(each if each.held else _whole(visit, name, each, look=look) for each in card.items)
    return replace(card, items=items)


def _whole(visit: Visit, name: str, overview: Measurement, *, look: Looking) -> Measurement:
    one = replace(look, only=overview.item)
    groups = _opened(visit, name, one, part=Part.GROUPS)
    if groups.held or not groups.has_areas:
        return groups
    among = _opened(visit, name, one, part=Part.AREAS)
    return replace(groups, areas=among.areas, funnel=among.funnel, source_line=among.source_line)


def measurement(
    visit: Visit,
    name: str,
    item: str,
    *,
    part: Part = Part.TREND,
    revision: str = "",
    use: Use = Use.VIEW,
    room: Room | None = None,
) -> Measurement:
    """All of one indicator on a card; `part` also loads its groups or areas, `revision` opens an old one.

    Raises: NotFound.
    """
    pinned = {item: revision} if revision else {}
    return _opened(visit, name, Looking(use=use, room=room, pinned=pinned, only=item), part=part)


def differences(visit: Visit, name: str, item: str, *, revision: str) -> tuple[Difference, ...]:
    """What a revision of an indicator on a card changed; nothing where the viewer may not see it. Raises NotFound."""
    table = lay(visit, card_row(visit.read(), name), Looking(pinned={item: revision}, only=item))
    row = table.rows[0]
    if table.refusal(row) is not None or unnoted(table) & set(table.sources(row)):
        return ()
    return changes_of(visit, row.indicator_id, revision)


def _opened(visit: Visit, name: str, look: Looking, *, part: Part) -> Measurement:
    table = lay(visit, card_row(visit.read(), name), look)
    (made,) = _noted(table, [_all_of(table, part)])
    return made


def _all_of(table: Table, part: Part) -> Measurement:
    visit, row = table.visit, table.rows[0]
    if (refused := table.refusal(row)) is not None:
        return withheld(table, row, refused)
    wanted = _wanted(table, row)
    made = _measurement(table, row, card_values.trends(visit, [wanted]).get(row.id))
    if made.held:
        return made
    indicator = table.indicators[row.indicator_id]
    made = replace(
        made,
        revisions=revisions(visit, indicator.id, shown=table.shown[row.id].id),
        actions=telling.actions(visit, [row.id]).get(row.id, ()),
        definition=_definition(table, indicator, made),
    )
    among = made
    if part is Part.AREAS or made.comparison is Comparison.UNNAMED:
        among = _among_places(table, wanted, made)
    made = replace(made, has_areas=made.comparison is Comparison.NAMED or among.funnel is not None)
    if part is Part.AREAS:
        return replace(among, has_areas=made.has_areas)
    if part is Part.GROUPS:
        return replace(made, groups=_named(visit, card_values.groups(visit, wanted)))
    return made


def _among_places(table: Table, wanted: Wanted, made: Measurement) -> Measurement:
    """With the other places, as far as the policy lets them be seen: by name, without one, or not at all."""
    ground = _ground(wanted, made.comparison)
    named = made.comparison is Comparison.NAMED
    if not (named or ground.is_permitted):
        return made
    places = _by_name(_named(table.visit, card_values.areas(table.visit, wanted)))
    kinds, parents = kinds_and_parents(table.visit, (each.area_code for each in places))
    is_whole = len(places) < card_values.MOST_AREAS
    found = funnel(places, replace(ground, kinds=kinds, parents=parents)) if is_whole else None
    line = made.source_line
    if found is not None:
        line = attribution.source_line(made.origins, calculated_by=settings().title)
    return replace(made, areas=places if named else (), funnel=found, source_line=line)


def _ground(wanted: Wanted, comparison: Comparison) -> Ground:
    is_group = wanted.peers is not None and wanted.peers.codes != (wanted.indicator.parent_area,)
    return Ground(
        value_type=wanted.indicator.value_type,
        multiplier=wanted.indicator.multiplier,
        polarity=wanted.setting.polarity,
        comparison=comparison,
        own=wanted.area,
        whole=wanted.indicator.parent_area,
        peers=wanted.peers.codes if wanted.peers is not None and is_group else (),
    )


def _noted(table: Table, made: Sequence[Measurement]) -> list[Measurement]:
    """The figures of the table's rows, once it is noted who looks."""
    lost = unnoted(table)
    return [
        withheld(table, row, NOT_NOTED) if one.held is None and lost & set(table.sources(row)) else one
        for row, one in zip(table.rows, made, strict=True)
    ]


def _wanted(table: Table, row: ItemRow) -> Wanted:
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


def _peer_places(table: Table, indicator: Indicator, area: str) -> PeerPlaces | None:
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


def _measurement(table: Table, row: ItemRow, found: Measured | None) -> Measurement:
    refused = table.refusal(row)
    if refused is None and found is None:
        refused = LOST
    if refused is None and found is not None and not found.points:
        refused = NO_VALUES
    if refused is not None or found is None:
        return withheld(table, row, refused or NO_VALUES)
    indicator, area, revision = table.indicators[row.indicator_id], table.area(row), table.shown[row.id]
    origins = _as_agreed(
        table,
        attribution.origins(
            indicator,
            table.known,
            revision,
            provisional=found.provisional,
            periods=(found.first_period, found.last_period),
        ),
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


def _as_agreed(table: Table, origins: Sequence[Origin]) -> tuple[Origin, ...]:
    """Each with the agreement it is seen under, and named as its owner asked there."""
    return tuple(_agreed(table, each, table.cleared[each.dataset_id].item) for each in origins)


def _agreed(table: Table, origin: Origin, item: Item | None) -> Origin:
    if item is None:
        return origin
    under = table.cleared.agreements.get(item.agreement, "")
    return replace(origin, agreement=under, publisher=item.row.named or origin.publisher)


def _definition(table: Table, indicator: Indicator, made: Measurement) -> Definition:
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


def _named(visit: Visit, found: Sequence[Series]) -> tuple[Series, ...]:
    names = area_names(visit, (each.area_code for each in found))
    return tuple(replace(each, area=names[each.area_code]) for each in found)


def _by_name(found: Sequence[Series]) -> tuple[Series, ...]:
    return tuple(sorted(found, key=lambda each: each.area.casefold()))
