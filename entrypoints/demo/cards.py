"""The report cards of the made-up collaboration: numbers, targets, words and warnings, through the rooms' own doors."""

from __future__ import annotations

import contextlib
import csv
import io
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from catalogue.datasets import datasets
from entrypoints.demo.periods import periods
from governance import Visit
from governance import people as people_room
from reportcards import cards, importing, indicators, maps, places, targets, telling, watching
from reportcards.cards import CardDraft, ItemDraft
from reportcards.importing import Order
from reportcards.indicators import Indicator
from reportcards.places import PeerGroup
from reportcards.report import ActionItem, Comparison, Polarity
from reportcards.targets import Event, Goal
from reportcards.watching import Watch

HERE = Path(__file__).parent
AREA = "LV"
HEADINGS = (
    *("Indicator", "Area code", "Area name", "Period start", "Period end"),
    *("Breakdown", "Group", "Value", "Count", "Denominator", "Status"),
)
_SPOKEN = ("unit", "value_type", "multiplier", "decimals", "threshold", "definition", "rationale")
_TEXTS = ("numerator", "denominator", "caveats", "reading_note", "also_explains")


def make(visit: Visit) -> None:
    """Fill the report cards of a demo whose catalogue and people are there already."""
    numbers = _toml("numbers.toml")
    told = _toml("cards.toml")
    peers = {each["id"]: _peers(visit, each) for each in numbers["peers"]}
    known: dict[str, Indicator] = {}
    ids = {each.title: each.id for each in datasets(visit)}
    for file in numbers["files"]:
        for each in file["indicators"]:
            known[each["code"]] = _indicator(visit, each, dataset=ids[file["dataset"]], peers=peers)
        _take(visit, file, dataset=ids[file["dataset"]], first=True)
    series = {each["code"]: each for file in numbers["files"] for each in file["indicators"]}
    _agree(visit, told, known=known, series=series)
    for card in told["cards"]:
        _card(visit, card, known=known, made_up=told["made_up"])
    for file in numbers["files"]:
        if "first_days_ago" in file:
            _take(visit, file, dataset=ids[file["dataset"]], first=False)
    _answer(visit, told["cards"])
    maps.keep(visit, "ward", (HERE / "wards.geojson").read_bytes())


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


@contextlib.contextmanager
def seen_as(visit: Visit, username: str, *, days_ago: int = 0) -> Iterator[Visit]:
    """The demo as this person had it some days ago."""
    earlier = replace(visit, now=visit.now - timedelta(days=days_ago))
    with people_room.seen_as(earlier, username) as seen:
        yield seen
    visit.refresh()


def _peers(visit: Visit, told: Mapping[str, Any]) -> str:
    given = {name: value for name, value in told.items() if name not in ("id", "members")}
    return places.save_peer_group(visit, PeerGroup(members=tuple(told["members"]), **given)).id


def _indicator(visit: Visit, told: Mapping[str, Any], *, dataset: str, peers: Mapping[str, str]) -> Indicator:
    given = Indicator(
        code=told["code"],
        name=told["name"],
        dataset_id=dataset,
        polarity=Polarity(told["polarity"]),
        comparison=Comparison(told["comparison"]),
        peer_group_id=peers.get(told.get("peers", ""), ""),
        **{name: told[name] for name in (*_SPOKEN, *_TEXTS) if name in told},
    )
    return indicators.save(visit, given)


def _take(visit: Visit, file: Mapping[str, Any], *, dataset: str, first: bool) -> None:
    """Import the file of a dataset: as it was some weeks ago where it has a revision since, else as it is."""
    days = file.get("first_days_ago", 0) if first else 0
    revised = first and "first_days_ago" in file
    order = Order(
        data=_csv(file["indicators"], visit.today, earlier=revised),
        file_name=f"{file['dataset'].lower().replace(' ', '-')}.csv",
        dataset_id=dataset,
        note=file.get("first_note", "") if first else file["note"],
    )
    with seen_as(visit, file["by"], days_ago=days) as steward:
        done = importing.commit(steward, order)
    if done.status != "committed":
        raise RuntimeError(f"the demo's own file {order.file_name} is refused: {done.errors}")


def _csv(told: Sequence[Mapping[str, Any]], today: date, *, earlier: bool) -> bytes:
    out = io.StringIO()
    written = csv.writer(out)
    written.writerow(HEADINGS)
    for indicator in told:
        for series in indicator["series"]:
            written.writerows(_rows(indicator, series, today=today, earlier=earlier))
    return out.getvalue().encode()


def _rows(
    told: Mapping[str, Any], series: Mapping[str, Any], *, today: date, earlier: bool
) -> Iterator[tuple[object, ...]]:
    counts = list(series.get("counts", series.get("values", ())))
    of = series.get("of")
    breakdown, _, group = series.get("group", "").partition(": ")
    spans = periods(told["every"], len(counts), until=today - timedelta(days=told["lag"]))
    if earlier:
        for place, was in series.get("earlier", {}).items():
            counts[int(place)] = was
    kept = len(counts) - (told.get("earlier_without", 0) if earlier else 0)
    for place, (count, (start, end)) in enumerate(zip(counts[:kept], spans[:kept], strict=True)):
        value = count if of is None else round(told["multiplier"] * count / of[place], 4)
        status = "P" if place >= kept - told.get("provisional", 0) else "A"
        where = (told["code"], series["area"], series["place"], start.isoformat(), end.isoformat(), breakdown, group)
        yield (*where, value, *((count, of[place]) if of else ("", "")), status)


def _agree(visit: Visit, told: Mapping[str, Any], *, known: Mapping[str, Indicator], series: Mapping[str, Any]) -> None:
    """Targets, and what happened on the way."""
    for each in told["targets"]:
        by = visit.today + timedelta(days=each["days"])
        goal = Goal(value=each["value"], by=by, set_by=each["set_by"], source=each["source"])
        targets.set_target(visit, known[each["indicator"]].id, goal)
    for each in told["events"]:
        its = series[each["indicator"]]
        start, _ = periods(its["every"], each["back"] + 1, until=visit.today - timedelta(days=its["lag"]))[0]
        with seen_as(visit, each["by"]) as steward:
            event = Event(id="", kind=each["kind"], on=start, words=each["words"], by="")
            targets.add_event(steward, known[each["indicator"]].id, event)


def _card(visit: Visit, told: Mapping[str, Any], *, known: Mapping[str, Indicator], made_up: str) -> None:
    items = tuple(
        ItemDraft(
            indicator_id=known[each["indicator"]].id,
            partners=tuple(each.get("partners", ())),
            what_works=tuple(each.get("what_works", ())),
        )
        for each in told["items"]
    )
    given = CardDraft(
        title=told["title"],
        outcome=told["outcome"],
        population=told["population"],
        purpose=told["purpose"],
        area_code=AREA,
        made_up=made_up,
        items=items,
    )
    with seen_as(visit, told["by"]) as composer:
        name = cards.save(composer, given).name
    for each, draft in zip(told["items"], cards.draft(visit, name).items, strict=True):
        _words(visit, each, item=draft.id)


def _words(visit: Visit, told: Mapping[str, Any], *, item: str) -> None:
    if "story" in told:
        with seen_as(visit, told["story_by"]) as teller:
            telling.tell_story(teller, item, told["story"])
    if "headline" in told:
        with seen_as(visit, told["headline_by"]) as teller:
            telling.set_headline(teller, item, told["headline"])
    for each in told.get("watches", ()):
        watching.add_watch(visit, item, Watch(**each))
    for each in told.get("actions", ()):
        due = visit.today + timedelta(days=each["days"])
        telling.add_action(
            visit, item, ActionItem(id="", what=each["what"], who=each["who"], due=due, status=each["status"])
        )


def _answer(visit: Visit, told: Sequence[Mapping[str, Any]]) -> None:
    """The answers to warnings that the newest numbers raised."""
    names = {each.title: each.name for each in cards.cards(visit)}
    for card in told:
        drafts = cards.draft(visit, names[card["title"]]).items
        for each, draft in zip(card["items"], drafts, strict=True):
            if "answer" in each:
                for warning in watching.warnings(visit, [draft.id]).get(draft.id, ()):
                    with seen_as(visit, each["answer_by"]) as answering:
                        watching.respond(answering, warning.id, each["answer"])
