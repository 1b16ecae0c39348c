"""What an agenda could hold: a question first, what was promised, what calls, what waits, what is new, the card."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from catalogue.owned import owned
from governance import Visit, commitments, concerns
from governance.concerns import Concern, State
from meetings.reading import ItemKind
from meetings.sharing import newly_shared
from reportcards import calling, cards, indicators
from reportcards.indicators import Indicator

OPENING = "What is on your mind about our data?"
UNNAMED = "An indicator of the report card"
MOST_INDICATORS = 8
"""More than these do not fit a meeting one by one: they share one item."""
_WAITS = (State.RAISED, State.RESTATED, State.AGREED)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaDraft:
    """One item as it is put on the agenda."""

    id: str = ""
    """"" for a new one."""
    kind: ItemKind = ItemKind.OTHER
    about_id: str = ""
    item_id: str = ""
    """The item of the report card, "" for none."""
    title: str
    """Every partner reads it: it names no dataset with a listing of its own."""
    length: int = 10
    """Minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Something that the agenda could hold, and why."""

    item: AgendaDraft
    why: str


def suggestions(visit: Visit, card_name: str, *, since: datetime | None) -> tuple[Suggestion, ...]:
    """A whole agenda in a good order; `since` is when the meeting before was held, None when there was none."""
    tiles = _tiles(visit, card_name)
    warned = list(_warnings(visit, tiles))
    called = {each.item.item_id for each in warned}
    return (
        Suggestion(item=AgendaDraft(kind=ItemKind.OPENING, title=OPENING), why="Questions come before figures."),
        *_commitments(visit),
        *warned,
        *_concerns(visit),
        *_shared(visit, since),
        *_indicators(card_name, {item: found for item, found in tiles.items() if item not in called}),
        Suggestion(
            item=AgendaDraft(kind=ItemKind.OTHER, title="Any other matter, next date", length=5),
            why="What nobody thought of.",
        ),
    )


def fitting(items: Sequence[AgendaDraft], *, length: int) -> list[AgendaDraft]:
    """What has room in so many minutes: of figures that do not warn the last ones are left out first."""
    kept, over = [], sum(each.length for each in items) - length
    for each in reversed(items):
        if over > 0 and each.kind in (ItemKind.INDICATOR, ItemKind.CARD):
            over -= each.length
        else:
            kept.append(each)
    return kept[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class _OnCard:
    name: str
    """As it may be written where every partner reads it."""


def _tiles(visit: Visit, card_name: str) -> dict[str, _OnCard]:
    """What stands on the card, as far as the viewer may know of it."""
    if not card_name:
        return {}
    drafts = cards.draft(visit, card_name).items
    found = indicators.several(visit, {each.indicator_id for each in drafts})
    free = known_to_everyone(visit, (each.dataset_id for each in found.values()))
    return {
        each.id: _OnCard(name=_safe(found[each.indicator_id], free)) for each in drafts if each.indicator_id in found
    }


def _safe(indicator: Indicator, free: frozenset[str]) -> str:
    return indicator.name if indicator.dataset_id in free else UNNAMED


def known_to_everyone(visit: Visit, dataset_ids: Iterable[str]) -> frozenset[str]:
    """Those of these datasets that everybody signed in may know of: only they may be named on an agenda."""
    wanted = sorted(set(dataset_ids) - {""})
    return frozenset(each.id for each in owned(visit, wanted) if each.listing == "everyone") if wanted else frozenset()


def _warnings(visit: Visit, tiles: dict[str, _OnCard]) -> Iterator[Suggestion]:
    told: dict[str, list[str]] = {}
    for each in calling.unanswered(visit) if tiles else ():
        if each.item in tiles:
            told.setdefault(each.item, []).append(each.owner)
    for item, owners in told.items():
        count = "A warning waits" if len(owners) == 1 else f"{len(owners)} warnings wait"
        yield Suggestion(
            item=AgendaDraft(kind=ItemKind.WARNING, item_id=item, title=tiles[item].name, length=15),
            why=f"{count} for an answer.",
        )


def _commitments(visit: Visit) -> Iterator[Suggestion]:
    every = commitments.commitments(visit, open_only=True)
    found = [each for each in every if each.about.kind == "meeting" or each.overdue]
    if not found:
        return
    late = sum(each.overdue for each in found)
    why = f"{len(found)} open, {late} overdue." if late else f"{len(found)} open."
    yield Suggestion(item=AgendaDraft(kind=ItemKind.COMMITMENTS, title="Actions from last time"), why=why)


def _concerns(visit: Visit) -> Iterator[Suggestion]:
    waiting = [each for each in concerns.concerns(visit) if each.state in _WAITS]
    free = _free(visit, waiting)
    for each in waiting:
        yield Suggestion(
            item=AgendaDraft(kind=ItemKind.CONCERN, about_id=each.id, title=_about(each, free), length=15),
            why="It waits for an answer.",
        )


def _free(visit: Visit, found: Sequence[Concern]) -> frozenset[str]:
    """Ids of the datasets and indicators that these are about and everybody may know of."""
    asked = {each.about.id for each in found if each.about.kind == "indicator"}
    measured = {each.id: each.dataset_id for each in indicators.several(visit, asked).values()}
    datasets = {each.about.id for each in found if each.about.kind == "dataset"}
    free = known_to_everyone(visit, datasets | set(measured.values()))
    return free | {each for each, dataset in measured.items() if dataset in free}


def _about(concern: Concern, free: frozenset[str]) -> str:
    """A concern about what everybody may know of names it; any other does not."""
    named = concern.about.kind in ("meeting", "card") or concern.about.id in free
    return f"A concern about “{concern.about.title}”" if named and concern.about.title else "A concern"


def _shared(visit: Visit, since: datetime | None) -> Iterator[Suggestion]:
    found = newly_shared(visit, since)
    free = known_to_everyone(visit, found)
    for identifier, shared in found.items():
        if identifier in free:
            yield Suggestion(
                item=AgendaDraft(kind=ItemKind.DATASET, about_id=identifier, title=f"Newly shared: {shared.title}"),
                why=f"{shared.agreement} shares it since {shared.activated_on:%-d %B %Y}.",
            )
    if hidden := len(found) - len(free):
        counted = "1 dataset" if hidden == 1 else f"{hidden} datasets"
        yield Suggestion(
            item=AgendaDraft(kind=ItemKind.AGREEMENT, title="Newly shared data"),
            why=f"{counted} that not everybody may know of: their names stay off the agenda.",
        )


def _indicators(card_name: str, tiles: dict[str, _OnCard]) -> Iterator[Suggestion]:
    for item, found in list(tiles.items())[:MOST_INDICATORS]:
        yield Suggestion(
            item=AgendaDraft(kind=ItemKind.INDICATOR, item_id=item, title=found.name), why="It is on the report card."
        )
    more = len(tiles) - MOST_INDICATORS
    if more > 0:
        rest = AgendaDraft(kind=ItemKind.CARD, about_id=card_name, title="The rest of the report card", length=15)
        yield Suggestion(item=rest, why="1 more indicator." if more == 1 else f"{more} more indicators.")
