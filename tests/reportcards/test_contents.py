"""What can be chosen of an indicator: the groups and places of its newest revision, for those who may see them."""

from __future__ import annotations

from pathlib import Path

import pytest

from governance import Visit
from reportcards import indicators, observations
from reportcards.indicators import Contents
from tests.reportcards.ground import Ground, ground, years


@pytest.fixture
def at_the_table(home: Path) -> Ground:
    """An open data portal and two organisations."""
    return ground()


def rows(*groups: str, area: str = "V") -> list[str]:
    """Twelve years of everyone and of these groups."""
    told = [line for each in ("", *groups) for line in years("Absence", range(10, 22), area=area, group=each)]
    return told


def groups(visit: Visit, indicator_id: str) -> tuple[tuple[str, str], ...]:
    return indicators.contents(visit, [indicator_id]).get(indicator_id, Contents()).groups


def areas_of(visit: Visit, indicator_id: str) -> tuple[str, ...]:
    return indicators.contents(visit, [indicator_id]).get(indicator_id, Contents()).areas


def test_groups_and_places_are_those_of_the_newest_revision(at_the_table: Ground) -> None:
    dataset = at_the_table.dataset("Attendance")
    found = at_the_table.indicator(dataset, "Absence", rows("Sex: Girls", "Sex: Boys") + rows(area="W"))
    with at_the_table.people.as_("priya") as visit:
        assert groups(visit, found.id) == (("Sex", "Boys"), ("Sex", "Girls"))
        assert areas_of(visit, found.id) == ("V", "W")
    at_the_table.take(dataset, rows("Age: Under 5"))
    with at_the_table.people.as_("priya") as visit:
        assert groups(visit, found.id) == (("Age", "Under 5"),)
        assert areas_of(visit, found.id) == ("V",)


def test_who_may_not_see_the_figures_is_not_told_their_groups(at_the_table: Ground) -> None:
    closed = at_the_table.dataset("Families", "closed", owner="Harbour Council")
    found = at_the_table.indicator(closed, "Absence", rows("Need: Protected"))
    with at_the_table.people.as_("carl") as visit:
        assert found.id in indicators.several(visit, [found.id]), "that there is one, they know"
        assert groups(visit, found.id) == () == areas_of(visit, found.id)
        assert indicators.contents(visit, [found.id]) == {}
    with at_the_table.people.as_("priya") as visit:
        assert groups(visit, found.id) == (("Need", "Protected"),)


def test_before_the_first_revision_there_is_nothing_to_choose(at_the_table: Ground) -> None:
    with at_the_table.people.as_("priya") as visit:
        assert indicators.contents(visit, ["unknown"]) == {}


def test_a_file_is_read_once(at_the_table: Ground) -> None:
    found = at_the_table.indicator(at_the_table.dataset("Attendance"), "Absence", rows("Sex: Girls"))
    with at_the_table.people.as_("priya") as visit:
        before = groups(visit, found.id)
        for each in observations.folder().glob("*.parquet"):
            each.unlink()
        assert groups(visit, found.id) == before == (("Sex", "Girls"),)
