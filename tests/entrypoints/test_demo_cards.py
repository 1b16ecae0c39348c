"""The two report cards of the demo: every state a table meets, through the doors everybody uses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

import store
from entrypoints.cli import commands
from entrypoints.demo import fill
from entrypoints.demo.periods import MONTHS, periods
from governance import audit, operator
from governance import people as people_room
from reportcards import cards, composing, revisions
from reportcards.report import Judgement, Measurement, ReportCard
from store.settings import Settings

CHILDREN, HOMES = "children-and-young-people", "warm-and-secure-homes"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("demo")
    patch = pytest.MonkeyPatch()
    patch.setenv("COMMONTABLE_HOME", str(folder))
    patch.delenv("COMMONTABLE_DATABASE_URL", raising=False)
    store.use_settings(Settings(home=folder))
    fill()
    yield folder
    store.use_settings(None)
    patch.undo()


@pytest.fixture(autouse=True)
def _at_home(demo: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("COMMONTABLE_HOME", str(demo))
    store.use_settings(Settings(home=demo))
    yield
    store.use_settings(None)


def card(name: str, username: str) -> ReportCard:
    with operator("test") as visit, people_room.seen_as(visit, username) as seen:
        return composing.whole_card(seen, name)


def items(username: str) -> dict[str, Measurement]:
    return {each.name: each for name in (CHILDREN, HOMES) for each in card(name, username).items}


def test_the_demo_has_two_cards_that_say_they_are_made_up() -> None:
    with operator("test") as visit:
        assert [(each.name, each.items, each.warnings) for each in cards.cards(visit)] == [
            (CHILDREN, 8, 1),
            (HOMES, 5, 0),
        ]
        assert audit.verify(visit).ok
    for name in (CHILDREN, HOMES):
        assert "Made up" in card(name, "sam").made_up


def test_everyone_sees_most_tiles_and_one_is_held_for_other_organisations() -> None:
    for username in ("rosa", "grace", "sam", "owen"):
        held = {each.name: each.held for each in items(username).values() if each.held}
        assert list(held) == ["Children waiting over 18 weeks"], username
        assert "Linden Vale Council" in held["Children waiting over 18 weeks"].what_changes_it or (
            "Tomas" in held["Children waiting over 18 weeks"].what_changes_it
        )
    for username in ("tomas", "leila"):
        assert [each.name for each in items(username).values() if each.held] == []


def test_every_state_of_a_tile_is_there() -> None:
    found = items("tomas")
    signals = {each.signal.judgement for each in found.values() if each.signal}
    assert signals == set(Judgement)
    outcomes = {each.target.state.word for each in found.values() if each.target}
    assert {"Met", "Missed", "Will be missed", "Hit and miss"} <= outcomes
    compared = {each.benchmark.state.word for each in found.values() if each.benchmark}
    assert {"Worse", "Similar"} <= compared
    first = card(CHILDREN, "sam").items[0]
    assert (first.name, first.finding) == ("Not in education or work", "Has risen for seven months in a row.")
    assert [(each.what, each.response) for each in first.warnings] == [("Concern: 7 rises in a row", "")]
    assert first.latest is not None and first.latest.is_provisional and "provisional" in first.source_line
    assert "4 of 13" in found["Overweight at eleven"].finding
    assert "We do not judge the direction" in found["Children with a support plan"].finding
    assert found["Families in temporary homes"].headline_edited_by == "Grace Adewale"


def test_a_small_group_is_hidden_and_its_groups_cannot_give_it_away() -> None:
    shown = items("sam")["Suspended from school"]
    assert shown.series and all(point.value is not None for point in shown.series.points)
    groups = {each.group: [point.count for point in each.points] for each in shown.groups}
    assert set(groups["5 to 10"]) == {None}
    for place in range(len(shown.series.points)):
        assert sum(each[place] is None for each in groups.values()) >= 2
    assert all("suppressed" in point.held for each in shown.groups for point in each.points if point.value is None)


def test_revisions_changed_values_and_can_be_opened_again() -> None:
    shown = items("sam")["Homelessness prevented"]
    assert [(each.number, each.changed, each.added) for each in shown.revisions] == [(2, 3, 1), (1, 0, 25)]
    assert shown.series and sum(point.was is not None for point in shown.series.points) == 3
    with operator("test") as visit:
        told = revisions.differences(visit, shown.indicator, shown.revisions[0].id)
        assert [each.kind for each in told] == ["changed"] * 3 + ["added"]
        old = composing.measurement(visit, HOMES, shown.item, revision=shown.revisions[1].id)
    assert old.series and len(old.series.points) == len(shown.series.points) - 1


def test_what_people_wrote_stands_beside_the_figures() -> None:
    claimants = items("sam")["People out of work and claiming"]
    assert [(each.responded_by, bool(each.response)) for each in claimants.warnings] == [("Marek Novak", True)]
    assert [each.days_late for each in claimants.actions] == [16, 0, 0]
    assert items("sam")["Not in education or work"].story.by == "Tomas Beck"
    register = items("sam")["Households on the housing register"]
    assert [each.text for each in register.annotations] == ["Everyone had to register again"]
    assert register.series and len({point.mean for point in register.series.points}) == 2
    assert [each.area for each in items("sam")["Homes rated A to C"].areas][:2] == ["Eastlea", "Hartside"]


def test_nothing_of_the_demo_is_stale_on_its_first_day() -> None:
    for each in items("tomas").values():
        assert each.freshness is not None and not each.freshness.is_stale, (each.name, each.freshness)


@pytest.mark.parametrize("every", list(MONTHS))
@pytest.mark.parametrize("until", [date(2026, 11, 21), date(2027, 3, 31), date(2028, 2, 29), date(2026, 9, 1)])
def test_periods_are_whole_follow_each_other_and_have_just_ended(every: str, until: date) -> None:
    found = periods(every, 6, until=until)
    assert len(found) == 6 and found[-1][1] <= until
    assert until - found[-1][1] < timedelta(days=31 * MONTHS[every])
    for start, end in found:
        assert start.day == 1 and (end + timedelta(days=1)).day == 1 and start < end


def test_the_command_line_lists_and_shows_the_cards() -> None:
    run = CliRunner()
    listed = run.invoke(commands, ["cards", "list", "--json"])
    assert listed.exit_code == 0, listed.output
    assert [json.loads(line)["name"] for line in listed.stdout.splitlines()] == [CHILDREN, HOMES]
    shown = run.invoke(commands, ["cards", "show", HOMES, "--as", "sam", "--json"])
    told = json.loads(shown.stdout)
    assert set(told) == {"name", "as_of", "indicators"} and len(told["indicators"]) == 5
    for each in told["indicators"]:
        assert {"name", "values", "origins", "source_line"} <= set(each)
        assert each["source_line"] and each["values"]
        assert {"period", "area", "group", "value", "lower", "upper", "status"} <= set(each["values"][0])
        assert {"publisher", "title", "licence", "url"} <= set(each["origins"][0])
        assert all(each["origins"][0][key] for key in ("publisher", "title", "licence", "url"))
    seen = json.loads(run.invoke(commands, ["cards", "show", CHILDREN, "--as", "sam", "--json"]).stdout)
    held = [each for each in seen["indicators"] if each["held"]]
    assert [(each["name"], each["values"], each["source_line"]) for each in held] == [
        ("Children waiting over 18 weeks", [], "")
    ]
    assert run.invoke(commands, ["cards", "show", "no-such-card", "--json"]).exit_code != 0
