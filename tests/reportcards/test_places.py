"""Places: kept whole, parents known and never in a circle, and used where parts add up."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from entrypoints.cli import commands
from governance import Invalid, NotPermitted
from reportcards import observations, places
from reportcards.places import Area
from tests.reportcards import ground
from tests.reportcards.ground import Ground, counts


@pytest.fixture
def table(home: Path) -> Ground:
    return ground.ground()


def test_a_file_of_areas_is_kept_with_parents_and_days(table: Ground, tmp_path: Path) -> None:
    file = tmp_path / "areas.csv"
    file.write_text("code,name,kind,parent,valid_from,valid_to\nD,Dale,district,,,\nW1,Weir,ward,D,2020-04-01,\n")
    done = CliRunner().invoke(commands, ["indicators", "areas", str(file), "--json"])
    assert (done.exit_code, done.output.strip()) == (0, '{"areas": 2}')
    with table.people.as_("priya") as visit:
        found = places.areas(visit)
    assert found["W1"] == Area(code="W1", name="Weir", kind="ward", parent="D", valid_from=date(2020, 4, 1))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ([Area(code="A", name="")], "a code and a name"),
        ([Area(code="A", name="A", parent="Z")], "which is no area"),
        ([Area(code="A", name="A", parent="B"), Area(code="B", name="B", parent="A")], "a part of itself"),
        ([Area(code="A", name="A", valid_from=date(2020, 1, 2), valid_to=date(2020, 1, 1))], "ends before it begins"),
    ],
)
def test_what_cannot_be_a_place_is_refused_and_nothing_is_kept(table: Ground, given: list[Area], says: str) -> None:
    with table.people.as_("priya") as visit:
        before = places.areas(visit)
        with pytest.raises(Invalid, match=says):
            places.save_areas(visit, given)
        visit.refresh()
        assert places.areas(visit) == before


def test_a_member_keeps_no_areas(table: Ground) -> None:
    with table.people.as_("miriam") as visit, pytest.raises(NotPermitted):
        places.save_areas(visit, [Area(code="A", name="A")])


def test_a_small_ward_is_hidden_together_with_another_when_its_parents_say_so(table: Ground) -> None:
    wards = [Area(code=code, name=code, parent="D") for code in ("W1", "W2", "W3")]
    with table.people.as_("priya") as visit:
        places.save_areas(visit, [Area(code="C", name="C"), Area(code="D", name="D", parent="C"), *wards])
    dataset = table.dataset("Cases", "group", owner="Harbour Council")
    told = {"C": 900, "D": 144, "W1": 60, "W2": 4, "W3": 80}
    rows = [row for area, count in told.items() for row in counts("C", [(count, 9000)], area=area)]
    table.indicator(dataset, "C", rows, value_type="count")
    file = next(observations.folder().glob("*.parquet"))
    shown = {row["area_code"]: row["count"] for row in pl.read_parquet(file).to_dicts()}
    assert shown["W2"] is None
    assert sum(shown[code] is None for code in ("D", "W1", "W3")) >= 1, "144 - 60 - 80 is the four people of W2"
