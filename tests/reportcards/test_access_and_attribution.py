"""No origin, no figure; what is not for a viewer is held with the reason and not a number of it is anywhere."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from governance import NotFound
from reportcards import cards, composing, indicators, places
from reportcards.places import PeerGroup
from reportcards.report import Comparison, Measurement, Part, Polarity, ReportCard
from tests.reportcards import ground
from tests.reportcards.ground import Ground, counts, look, months, years

SECRET = [(1117, 5003), (1229, 5009), (1361, 5021), (1487, 5023)]


@pytest.fixture
def table(home: Path) -> Ground:
    return ground.ground()


def numbers(value: object) -> Iterator[float]:
    """Every number anywhere in a value."""
    if isinstance(value, bool) or value is None:
        return
    if isinstance(value, int | float):
        yield float(value)
    elif dataclasses.is_dataclass(value):
        for each in dataclasses.fields(value):
            yield from numbers(getattr(value, each.name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from numbers(one)
    elif isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from numbers(one)


def texts(value: object) -> Iterator[str]:
    """Every text anywhere in a value."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for each in dataclasses.fields(value):
            yield from texts(getattr(value, each.name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts(one)
    elif isinstance(value, tuple | list | set | frozenset):
        for one in value:
            yield from texts(one)


def shown(table: Ground, username: str, name: str) -> ReportCard:
    with table.people.as_(username) as visit:
        return composing.whole_card(visit, name)


def test_every_figure_has_its_whole_source_line(table: Ground) -> None:
    absence, census = table.dataset("Pupil absence"), table.dataset("Pupils on roll")
    own = table.dataset("Client caseload", "group", owner="Harbour Council")
    made = [
        table.indicator(absence, "Open", counts("Open", SECRET), denominators=(census,), value_type="proportion"),
        table.indicator(own, "Own", years("Own", [21.5, 22.25, 23.125])),
    ]
    card = shown(table, "miriam", table.card("Children", *made))
    assert [each.held for each in card.items] == [None, None]
    for each in card.items:
        for origin in each.origins:
            for part in (origin.publisher, origin.title, origin.licence):
                assert part and part in each.source_line
        first = each.origins[0]
        assert (first.revision, str(first.received)) == (1, "2026-11-21")
        assert f"{first.period_first} to {first.period_last}" in each.source_line
        assert "received 21 Nov 2026" in each.source_line and "revision 1" in each.source_line
        assert each.source_short.splitlines()[0].startswith(f"{first.publisher}, {first.title}, r1")
    both = next(each for each in card.items if each.name == "Open")
    assert [each.is_denominator for each in both.origins] == [False, True]
    assert "Denominator: Harbour Council, Pupils on roll" in both.source_line
    assert "Contains public sector information licensed under" in both.source_line, "the words its licence dictates"
    assert "Calculated by Common Table." in both.source_line


def test_a_provisional_value_is_told_in_the_source_line(table: Ground) -> None:
    dataset = table.dataset("Absence")
    made = table.indicator(dataset, "A", months("A", [5, 6, 7], status="P"))
    card = shown(table, "miriam", table.card("Children", made))
    assert "the last value is provisional" in card.items[0].source_line
    assert card.items[0].latest is not None and card.items[0].latest.is_provisional


def test_numbers_without_a_dataset_are_kept_and_shown_nowhere(table: Ground) -> None:
    made = table.indicator("", "Orphan", years("Orphan", [331.5, 332.5]))
    name = table.card("Children", made)
    card = shown(table, "priya", name)
    assert [each.held and each.held.reason for each in card.items] == ["Its source is not known."]
    assert not {331.5, 332.5} & set(numbers(card)) and card.items[0].source_line == ""
    assert shown(table, "miriam", name).items == (), "who does not keep the data does not know of it either"
    dataset = table.dataset("Absence")
    with table.people.as_("priya") as visit:
        known = indicators.indicator(visit, made.id)
        indicators.save(visit, dataclasses.replace(known, dataset_id=dataset))
    assert shown(table, "miriam", name).items[0].held is None, "said where it comes from, it is shown"


def test_taking_the_origin_away_takes_the_figure_away(table: Ground) -> None:
    made = table.indicator(table.dataset("Absence"), "A", years("A", [331.5, 332.5]))
    name = table.card("Children", made)
    assert 332.5 in set(numbers(shown(table, "priya", name)))
    with table.people.as_("priya") as visit:
        indicators.save(visit, dataclasses.replace(indicators.indicator(visit, made.id), dataset_id=""))
    card = shown(table, "priya", name)
    assert card.items[0].held is not None and 332.5 not in set(numbers(card))


def test_a_figure_is_held_when_only_its_denominator_is_hidden(table: Ground) -> None:
    hidden = table.dataset("Patient list", "closed", owner="Tidewater Homes", listing="owner")
    with table.people.as_("jonas") as visit:
        made = table.indicator(table.dataset("Absence"), "A", years("A", [331.5, 332.5]))
        indicators.save(visit, dataclasses.replace(made, denominators=(hidden,)))
    name = table.card("Children", made)
    assert shown(table, "jonas", name).items[0].held is None
    held = shown(table, "miriam", name)
    assert held.items[0].held is not None and held.items[0].held.reason == "Not shared with you."
    assert not {331.5, 332.5} & set(numbers(held))
    assert not any("Patient list" in text or "Tidewater" in text for text in texts(held))


BANDS = ("open", "public-unclear", "public-limited", "group", "named", "closed", "unknown")


def secret(place: int) -> list[tuple[int, int]]:
    """Counts over denominators that only this indicator has."""
    return [(count + 7 * place, of + 11 * place) for count, of in SECRET]


def test_who_sees_the_numbers_of_which_band(table: Ground) -> None:
    made, told = [], {}
    for place, band in enumerate(BANDS):
        dataset = table.dataset(f"Cases {band}", band, owner="" if band == "open" else "Harbour Council")
        rows = counts(band, secret(place)) + counts(band, secret(place)[:2], area="W")
        rows += counts(band, [(n // 2, of // 2) for n, of in secret(place)], group="Sex: Girls")
        made.append(table.indicator(dataset, band, rows, value_type="proportion", comparison=Comparison.NAMED))
        told[band] = {float(n) for pair in secret(place) for n in pair}
    name = table.card("Children", *made)
    for username, seen in (
        ("miriam", set(BANDS)),
        ("ada", set(BANDS)),
        ("hanna", {"open"}),
        ("carl", {"open"}),
    ):
        card = shown(table, username, name)
        assert {each.name for each in card.items if each.held is None} == seen, username
        for each in card.items:
            found = set(numbers(each))
            if each.held is None:
                assert told[each.name] <= found
                continue
            assert not told[each.name] & found
            assert each.held.reason and "Harbour Council" in each.held.what_changes_it
            for value in (
                each.latest,
                each.signal,
                each.target,
                each.benchmark,
                each.series,
                each.forecast,
                each.change,
            ):
                assert value is None
            assert (each.finding, each.headline, each.groups, each.areas, each.revisions) == ("", "", (), (), ())
    with table.people.as_("hanna") as visit:
        for one in composing.report_card(visit, name).items:
            for part in Part:
                opened = composing.measurement(visit, name, one.item, part=part)
                assert (opened.held is None) == (one.name == "open")
                assert opened.held is None or not told[one.name] & set(numbers(opened))


def test_an_item_of_a_hidden_dataset_does_not_exist_for_those_who_may_not_know(table: Ground) -> None:
    hidden = table.dataset("Serious incident reviews", "closed", owner="Harbour Council", listing="owner")
    secret = table.indicator(hidden, "Reviews", years("Reviews", [331.5, 332.5]))
    plain = table.indicator(table.dataset("Absence"), "A", years("A", [5, 6]))
    name = table.card("Children", secret, plain)
    item = look_up(table, "priya", name)["Reviews"].item
    card = shown(table, "hanna", name)
    assert [each.name for each in card.items] == ["A"]
    assert not any("Reviews" in text or "incident" in text for text in texts(card))
    assert card.audience.band == "open"
    with table.people.as_("hanna") as visit:
        for wrong in (item, "f" * 32):
            with pytest.raises(NotFound, match="This indicator is not on the card, or you may not know of it"):
                composing.measurement(visit, name, wrong)
        with pytest.raises(NotFound, match="There is no such indicator, or you may not know of it"):
            indicators.indicator(visit, secret.id)
        assert [each.name for each in indicators.indicators(visit)] == ["A"]
        assert [(each.items, each.audience.band) for each in cards.cards(visit)] == [(1, "open")]


def look_up(table: Ground, username: str, name: str) -> dict[str, Measurement]:
    with table.people.as_(username) as visit:
        return look(visit, name)


def test_a_card_says_for_whom_it_is_as_closed_as_its_most_closed_figure(table: Ground) -> None:
    plain = table.indicator(table.dataset("Absence"), "A", years("A", [5, 6]))
    own = table.indicator(table.dataset("Caseload", "named", owner="Harbour Council"), "B", years("B", [5, 6]))
    assert shown(table, "miriam", table.card("One", plain)).audience.band == "open"
    assert shown(table, "miriam", table.card("Two", plain, own)).audience.word == "Named people only."


def test_places_are_named_only_where_the_owner_lets_them_be_compared(table: Ground) -> None:
    rows = [
        row for area, values in (("V", [5, 6]), ("W", [7, 8]), ("X", [9, 12])) for row in years("A", values, area=area)
    ]
    made = table.indicator(table.dataset("Absence"), "A", rows, polarity=Polarity.LOW)
    name = table.card("Children", made)
    with table.people.as_("priya") as visit:
        peers = places.save_peer_group(visit, PeerGroup(name="Two neighbours", dated="2025", members=("W", "X")))
        item = composing.report_card(visit, name).items[0].item
        for comparison, is_compared in zip(Comparison, (False, False, True, True), strict=True):
            known = indicators.indicator(visit, made.id)
            indicators.save(visit, dataclasses.replace(known, comparison=comparison, peer_group_id=peers.id))
            opened = composing.measurement(visit, name, item, part=Part.AREAS)
            assert (opened.benchmark is not None) is is_compared
            named = [each.area for each in opened.areas]
            assert named == (["Vale", "W", "X"] if comparison is Comparison.NAMED else [])
            if opened.benchmark is not None:
                assert (opened.benchmark.name, opened.benchmark.value) == ("Two neighbours (2025)", 10)
