"""The sums a reader can draw are found in a frame of observations, and only those that hold."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportcards.disclosure import Cell, Ledger, Relation, Rule, protect
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


# ---- Several dimensions, areas and periods at once ----


def crossed(sex: str, age: str, count: float | None, **more: Any) -> dict[str, Any]:
    breakdown = " | ".join(name for name, value in (("Sex", sex), ("Age", age)) if value)
    return group(" | ".join(each for each in (sex, age) if each), count, breakdown=breakdown, **more)


def totals(found: Structure) -> dict[str, int]:
    """How many parts each sum with a row as its total has."""
    return {f"{each.total}": len(each.parts) for each in found.relations}


def test_a_crossed_cell_is_part_of_both_its_margins_and_they_of_everybody() -> None:
    margins = [crossed("Male", "", 30), crossed("Female", "", 40), crossed("", "0-4", 25), crossed("", "5+", 45)]
    cells = [crossed(sex, age, n) for sex, age, n in (("Male", "0-4", 10), ("Male", "5+", 20), ("Female", "0-4", 15))]
    found = relations_of(frame({"count": 70}, *margins, *cells, crossed("Female", "5+", 25)))
    assert found.implied == ()
    assert len(found.relations) == 6 and {len(each.parts) for each in found.relations} == {2}


def test_margins_that_have_no_row_are_numbers_of_their_own() -> None:
    cells = [crossed("Male", "0-4", 2), crossed("Male", "5+", 4), crossed("Female", "0-4", 30)]
    found = relations_of(frame({"count": 80}, *cells, crossed("Female", "5+", 44)))
    assert {cell.count: cell.published for cell in found.implied} == {6: False, 74: False, 32: False, 48: False}


def test_a_margin_that_nothing_else_speaks_of_is_left_out() -> None:
    found = relations_of(frame(group("x", 20), group("y", 25)))
    assert found == Structure(relations=(), implied=())


def test_a_crossed_cell_that_has_no_row_is_worked_out_as_a_reader_does() -> None:
    margins = [crossed("Male", "", 30), crossed("Female", "", 40), crossed("", "0-4", 13), crossed("", "5+", 57)]
    cells = [crossed("Male", "0-4", 10), crossed("Male", "5+", 20), crossed("Female", "5+", 37)]
    found = relations_of(frame({"count": 70}, *margins, *cells))
    assert [cell.count for cell in found.implied] == [3]
    (missing,) = found.implied
    assert sum(missing.id in each.parts for each in found.relations) == 2, "of its sex and of its age"


def test_cells_without_a_row_that_cannot_be_told_apart_are_as_good_as_kept_back() -> None:
    sexes, ages = {"Male": 60, "Female": 70, "Other": 50}, {"0-4": 60, "5-17": 62, "18+": 58}
    margins = [crossed(sex, "", n) for sex, n in sexes.items()] + [crossed("", age, n) for age, n in ages.items()]
    told = {
        ("Male", "0-4"): 20,
        ("Female", "0-4"): 21,
        ("Other", "0-4"): 19,
        ("Other", "5-17"): 18,
        ("Other", "18+"): 13,
    }
    found = relations_of(frame({"count": 180}, *margins, *[crossed(*place, n) for place, n in told.items()]))
    unknown = [cell for cell in found.implied if cell.count is None]
    assert len(unknown) == 4 and all(cell.sensitive for cell in unknown)
    protected = protect(found.implied, found.relations, Rule(), key=KEY)
    assert all(cell.id in protected.hidden for cell in unknown)


@pytest.mark.parametrize(("oldest", "left"), [(13, {4, 40, 49}), (15, {4, 2, 40, 49})])
def test_missing_cells_that_fit_no_sum_do_not_stop_a_release(oldest: int, left: set[int]) -> None:
    """The margins of sex and age leave different numbers, as where some have no age."""
    sexes, ages = {"Male": 60, "Female": 70, "Other": 50}, {"0-4": 60, "5-17": 22, "18+": oldest}
    margins = [crossed(sex, "", n) for sex, n in sexes.items()] + [crossed("", age, n) for age, n in ages.items()]
    told = {
        ("Male", "0-4"): 20,
        ("Female", "0-4"): 21,
        ("Other", "0-4"): 19,
        ("Other", "5-17"): 18,
        ("Other", "18+"): 13,
    }
    data = frame({"count": 180}, *margins, *[crossed(*place, n) for place, n in told.items()])
    found = relations_of(data)
    assert left <= {cell.count for cell in found.implied}
    protected = protect((*cells_of(data), *found.implied), found.relations, Rule(), key=KEY)
    assert not protected.refused and not protected.exposed


def test_overlapping_ages_are_laid_along_one_line_for_each_sex() -> None:
    bands = {"0-17": 30, "0-4": 12, "18+": 60}
    rows = [crossed(sex, age, n) for sex in ("Male", "Female") for age, n in bands.items()]
    found = relations_of(frame({"count": 204}, *rows))
    assert [cell.count for cell in found.implied].count(18) == 2, "5 to 17, once for each sex"
    assert 36 in {cell.count for cell in found.implied}, "and together, for they add up"


def test_groups_of_an_area_are_those_of_its_parts_though_nobody_told_of_all_of_anybody() -> None:
    """The district is told as a whole, its wards by sex only."""
    wards = [
        crossed(sex, "", n, area_code=ward)
        for ward, sex, n in (("W1", "Male", 3), ("W1", "Female", 30), ("W2", "Male", 20), ("W2", "Female", 25))
    ]
    data = frame({"area_code": "D", "count": 78}, *wards)
    found = relations_of(data, parents={"W1": "D", "W2": "D"})
    protected = protect((*cells_of(data), *found.implied), found.relations, Rule(), key=KEY)
    assert len([name for name in protected.hidden if name.startswith("i|")]) > 1, "78 - 30 - 20 - 25"


def test_an_area_in_between_that_has_no_row_does_not_part_its_wards_from_the_county() -> None:
    rows = [{"area_code": area, "count": count} for area, count in {"C": 48, "W1": 3, "W2": 45}.items()]
    data = frame(*rows)
    found = relations_of(data, parents={"W1": "D", "W2": "D", "D": "C"})
    protected = protect((*cells_of(data), *found.implied), found.relations, Rule(), key=KEY)
    assert len({named("C"), named("W2")} & set(protected.shown)) == 1


def test_those_in_no_group_of_a_month_between_two_cumulative_figures_are_protected() -> None:
    spans = {1: (date(2025, 1, 1), date(2025, 1, 31)), 2: (date(2025, 1, 1), date(2025, 2, 28))}
    told = {1: (100, 60, 40), 2: (220, 120, 97)}
    rows = []
    for month, (everyone, male, female) in told.items():
        period = {"period_start": spans[month][0], "period_end": spans[month][1]}
        rows += [
            {"count": everyone, **period},
            crossed("Male", "", male, **period),
            crossed("Female", "", female, **period),
        ]
    found = relations_of(frame(*rows))
    assert sorted(cell.count or 0 for cell in found.implied) == [3, 3, 57, 60, 120]
    data = frame(*rows)
    protected = protect((*cells_of(data), *found.implied), found.relations, Rule(), key=KEY)
    assert len(protected.shown) < 6


def test_every_sum_of_a_crossing_without_margins_is_true() -> None:
    counts = {(sex, age): 7 * place for place, (sex, age) in enumerate((s, a) for s in "MF" for a in ("0-4", "5-9"))}
    rows = [crossed(sex, age, count) for (sex, age), count in counts.items()]
    found = relations_of(frame({"count": sum(counts.values())}, *rows))
    known = {cell.id: cell.count for cell in (*cells_of(frame({"count": sum(counts.values())}, *rows)), *found.implied)}
    assert len(found.relations) == 6
    for relation in found.relations:
        assert known[relation.total] == sum(known[part] or 0 for part in relation.parts)


def test_cells_without_a_row_are_other_unknowns_when_what_speaks_of_them_was_revised() -> None:
    """Taken for the same ones, both revisions would contradict each other, and nothing could be shown."""
    told = {
        ("Male", "0-4"): 20,
        ("Female", "0-4"): 21,
        ("Other", "0-4"): 19,
        ("Other", "5-17"): 18,
        ("Other", "18+"): 13,
    }
    ledger = Ledger()
    for more in (0, 30):
        sexes, ages = {"Male": 60 + more, "Female": 70, "Other": 50}, {"0-4": 60, "5-17": 62 + more, "18+": 58}
        margins = [crossed(sex, "", n) for sex, n in sexes.items()] + [crossed("", age, n) for age, n in ages.items()]
        data = frame({"count": 180 + more}, *margins, *[crossed(*place, n) for place, n in told.items()])
        found = relations_of(data)
        protected = protect((*cells_of(data), *found.implied), found.relations, Rule(), key=KEY, released=ledger)
        assert len(protected.shown) == data.height, "what is known of a revision says nothing of the other"
        ledger = ledger.after(protected.release)
