"""The sums a reader can draw are found in a frame of observations, and only those that hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from reportcards.disclosure import Cell, Relation, Rule, protect
from reportcards.disclosure.relations import Structure, cells_of, relations_of
from reportcards.disclosure.stretches import Stretch, sums_along

YEAR = (date(2025, 1, 1), date(2025, 12, 31))
KEY = b"the key of this house"


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    blank = {
        "indicator": "i",
        "area_code": "A",
        "breakdown": "",
        "group": "",
        "period_start": YEAR[0],
        "period_end": YEAR[1],
        "period_type": "calendar_year",
        "value": None,
        "count": None,
        "denominator": None,
        "obs_status": "A",
        "conf_status": "",
    }
    floats = {"value": pl.Float64, "count": pl.Float64, "denominator": pl.Float64}
    return pl.DataFrame([{**blank, **row} for row in rows], schema_overrides=floats)


def group(name: str, count: float | None, **more: Any) -> dict[str, Any]:
    return {"breakdown": more.pop("breakdown", "ethnicity"), "group": name, "count": count, **more}


def named(area: str = "A", breakdown: str = "", group: str = "", period: tuple[date, date] = YEAR) -> str:
    return f"i|{area}|{breakdown}|{group}|{period[0]}|{period[1]}|calendar_year"


def only(structure: Structure) -> Relation:
    assert len(structure.relations) == 1
    return structure.relations[0]


def test_groups_add_up_to_everyone() -> None:
    found = relations_of(frame({"count": 45}, group("x", 20), group("y", 25)))
    parts = (named(breakdown="ethnicity", group="x"), named(breakdown="ethnicity", group="y"))
    assert only(found) == Relation(total=named(), parts=parts)
    assert found.implied == ()


def test_people_in_no_listed_group_are_a_number_of_their_own() -> None:
    found = relations_of(frame({"count": 48}, group("x", 20), group("y", 25)))
    assert [(cell.count, cell.published) for cell in found.implied] == [(3, False)]
    assert len(only(found).parts) == 3


def test_groups_that_overlap_are_not_added_up() -> None:
    assert relations_of(frame({"count": 40}, group("x", 30), group("y", 25))).relations == ()


def test_sums_of_a_source_that_rounds_hold_nearly() -> None:
    found = relations_of(frame({"count": 45}, group("x", 20), group("y", 30)), rounded_to=5)
    assert only(found).slack == 8
    assert found.implied == ()


def test_a_group_of_all_is_everyone_again() -> None:
    found = relations_of(
        frame(
            {"count": 45},
            group("Persons", 45, breakdown="sex"),
            group("male", 20, breakdown="sex"),
            group("female", 25, breakdown="sex"),
        )
    )
    assert [len(relation.parts) for relation in found.relations] == [1, 2]


def test_child_areas_add_up_to_their_parent_group_by_group() -> None:
    rows = [{"area_code": area, "count": count} for area, count in {"P": 60, "C1": 25, "C2": 31}.items()]
    grouped = [{**group("x", count), "area_code": area} for area, count in {"P": 20, "C1": 8, "C2": 12}.items()]
    found = relations_of(frame(*rows, *grouped), parents={"C1": "P", "C2": "P"})
    areas = [relation for relation in found.relations if relation.total in {named("P"), named("P", "ethnicity", "x")}]
    assert (named("P", "ethnicity", "x"), 2) in [(each.total, len(each.parts)) for each in areas]
    assert 4 in [cell.count for cell in found.implied], "60 less 25 and 31"


def test_a_withheld_group_is_taken_to_be_one_of_the_parts() -> None:
    withheld = group("y", None, obs_status="Q")
    data = frame({"count": 45}, group("x", 20), withheld)
    assert len(only(relations_of(data)).parts) == 2
    assert [cell.count for cell in cells_of(data)] == [45, 20, None]


def test_a_number_that_is_only_missing_is_no_cell() -> None:
    assert cells_of(frame({"count": None, "value": 3.5}, {"count": None, "obs_status": "M"})) == ()


def test_bands_of_ages_within_ages_tell_the_ones_between() -> None:
    bands = {"0-17": 30, "0 to 4": 12, "18-64": 60, "65+": 10}
    data = frame({"count": 100}, *[group(name, count, breakdown="age") for name, count in bands.items()])
    found = relations_of(data)
    assert {cell.count for cell in found.implied} == {18}, "5 to 17"
    assert {len(relation.parts) for relation in found.relations} == {2, 4}


def test_bands_that_make_up_everyone_counted_leave_nobody_over() -> None:
    bands = {"5-10": 60, "11-15": 40}
    found = relations_of(frame({"count": 100}, *[group(name, count, breakdown="age") for name, count in bands.items()]))
    assert only(found).total == named()
    assert found.implied == ()


def months(*spans: tuple[int, int, float]) -> pl.DataFrame:
    def row(first: int, last: int, count: float) -> dict[str, Any]:
        end = date(2025 + last // 12, last % 12 + 1, 1).toordinal() - 1
        return {"period_start": date(2025, first, 1), "period_end": date.fromordinal(end), "count": count}

    return frame(*[row(*span) for span in spans])


def test_year_to_date_tells_each_month() -> None:
    found = relations_of(months((1, 1, 20), (1, 2, 22), (1, 3, 40)))
    assert sorted(cell.count or 0 for cell in found.implied) == [2, 18]


def test_periods_side_by_side_add_up_to_nothing() -> None:
    found = relations_of(months((1, 1, 20), (2, 2, 22), (3, 3, 40)))
    assert found == Structure(relations=(), implied=())


def test_a_year_is_its_quarters_when_the_numbers_say_so() -> None:
    quarters = [(1, 3, 10), (4, 6, 20), (7, 9, 30), (10, 12, 40)]
    assert len(only(relations_of(months(*quarters, (1, 12, 100)))).parts) == 4
    assert relations_of(months(*quarters, (1, 12, 31))).relations == (), "children on a register are no sum"


def test_a_cumulative_figure_that_falls_is_no_sum() -> None:
    assert relations_of(months((1, 1, 20), (1, 2, 18))).relations == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 50), min_size=2, max_size=7),
    st.lists(st.tuples(st.integers(0, 6), st.integers(1, 7)), min_size=1, max_size=8, unique=True),
)
def test_every_sum_along_a_line_of_events_is_true(events: list[int], ends: list[tuple[int, int]]) -> None:
    inside = [(start, end) for start, end in ends if start < end <= len(events)]
    stretches = [
        Stretch(start=start, end=end, cell_id=f"{start}-{end}", count=sum(events[start:end])) for start, end in inside
    ]
    relations, implied = sums_along(stretches, name="s")
    counts = {each.cell_id: each.count for each in (*stretches,)} | {cell.id: cell.count for cell in implied}
    for relation in relations:
        parts = [counts[part] for part in relation.parts]
        assert None in parts or sum(part for part in parts if part is not None) == counts[relation.total]
    overlapping = any(one != other and one[0] < other[1] and other[0] < one[1] for one in inside for other in inside)
    assert bool(relations) == overlapping


def test_a_frame_is_protected_from_end_to_end() -> None:
    data = frame({"count": 48}, group("a", 20), group("b", 3), group("c", 14), group("d", 11))
    structure = relations_of(data)
    protected = protect((*cells_of(data), *structure.implied), structure.relations, Rule(), key=KEY)
    assert set(protected.hidden) == {named(breakdown="ethnicity", group="b"), named(breakdown="ethnicity", group="d")}


def test_cells_carry_whole_numbers() -> None:
    assert cells_of(frame({"count": 45.0, "denominator": 100.0})) == (Cell(id=named(), count=45, denominator=100),)
