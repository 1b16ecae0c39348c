"""The funnel: drawn only where the policy lets it be, with names only where they may be said, true to its method."""

from __future__ import annotations

import itertools
import json
import random
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportcards import funnels
from reportcards.charts import NothingToDraw, Size, Theme, funnel
from reportcards.charts._look import SHAPES
from reportcards.funnels import FEWEST, KINDS, Ground
from reportcards.methods._limits import count_limits
from reportcards.report import Comparison, Funnel, Judgement, Measurement, Point, Polarity, Series
from tests.reportcards.charts import made
from tests.reportcards.charts.test_trend import rows

WARDS = Ground(
    value_type="proportion", multiplier=100, polarity=Polarity.LOW, comparison=Comparison.NAMED, own="Ward 03"
)
NAMELESS = replace(WARDS, comparison=Comparison.UNNAMED)


def place(name: str, count: float | None, size: float | None, *, multiplier: float = 100.0) -> Series:
    value = None if count is None or not size else round(count / size * multiplier, 3)
    point = Point(
        period="2025/26",
        start=date(2025, 4, 1),
        end=date(2026, 3, 31),
        value=value,
        held="" if value is not None else "[c] suppressed to protect people (fewer than 10)",
        count=count,
        denominator=size,
    )
    return Series(area_code=name, area=name, points=(point,))


def wards(*, extreme: bool = True) -> list[Series]:
    """Sixteen wards of 8 in 100, in pairs of about the same size, one of them far too high."""
    sizes = [400 * 1.25 ** (index // 2) for index in range(16)]
    counts = [round(size * 0.08) for size in sizes]
    counts[9] = round(sizes[9] * (0.16 if extreme else 0.08))
    return [place(f"Ward {index:02}", counts[index], round(sizes[index])) for index in range(16)]


def found(areas: list[Series], ground: Ground = WARDS) -> Funnel:
    made_up = funnels.funnel(areas, ground)
    assert made_up is not None
    return made_up


def item(areas: list[Series], ground: Ground = WARDS, **changes: object) -> Measurement:
    return made.measurement("f", "Children not in school", polarity=ground.polarity, funnel=found(areas, ground),
                            **changes)  # fmt: skip


@pytest.mark.parametrize("comparison", [Comparison.NONE, Comparison.OWN_TREND])
def test_no_funnel_where_no_other_place_may_be_compared(comparison: Comparison) -> None:
    assert funnels.funnel(wards(), replace(WARDS, comparison=comparison)) is None


@pytest.mark.parametrize("kind", ["count", "mean", "ratio", "other"])
def test_no_funnel_of_what_chance_cannot_be_reckoned_for(kind: str) -> None:
    assert kind not in KINDS
    assert funnels.funnel(wards(), replace(WARDS, value_type=kind)) is None


def test_a_held_measurement_and_one_without_a_funnel_draw_nothing() -> None:
    with pytest.raises(NothingToDraw):
        funnel(made.measurement("f", "Absence"))


def test_few_places_hidden_ones_and_wholes_are_left_out() -> None:
    areas = [*wards(), place("Ward 90", None, 900), place("Ward 91", 40, None), place("District", 1600, 20_000)]
    assert funnels.funnel(areas[: FEWEST - 1], WARDS) is None
    whole = replace(WARDS, parents={each.area_code: "District" for each in areas[:-1]})
    names = {each.area for each in found(areas, whole).places}
    assert names == {f"Ward {index:02}" for index in range(16)}
    assert found(areas, whole).left_out == 2
    summed = [*wards(), place("Ward 98", 5_000, sum(int(one.points[0].denominator or 0) for one in wards()))]
    assert "Ward 98" not in {each.area for each in found(summed).places}, "a total is no place among its parts"


def test_the_peers_are_compared_and_otherwise_places_of_the_same_kind() -> None:
    peers = [f"Ward {index:02}" for index in range(8)]
    assert {each.area for each in found(wards(), replace(WARDS, peers=peers)).places} == set(peers)
    kinds = {f"Ward {index:02}": "ward" if index < 9 else "parish" for index in range(16)}
    assert len(found(wards(), replace(WARDS, kinds=kinds)).places) == 9


def test_codes_tell_wards_from_districts_where_nobody_says_what_they_are() -> None:
    coded = [replace(one, area_code=f"E050001{at:02}") for at, one in enumerate(wards())]
    districts = [replace(place(f"D{at}", 2_000 + at, 25_000), area_code=f"E0{6 + at}000001") for at in range(4)]
    drawn = found([*coded, *districts], replace(WARDS, own="E07000001"))
    assert len(drawn.places) == 16 and not any(each.is_own for each in drawn.places)
    made_up = [*(replace(one, area_code=f"LV{at}") for at, one in enumerate(wards()[:9])), place("MER", 2_000, 25_000)]
    assert len(found(made_up, replace(WARDS, own="LV3")).places) == 9


def test_a_district_is_no_place_among_its_wards_nor_are_other_districts() -> None:
    areas = [*wards(), place("Vale", 2_000, 25_000), *(place(f"Other {at}", 2_100 + at, 24_000) for at in range(3))]
    vale = replace(WARDS, own="Vale", parents={f"Ward {index:02}": "Vale" for index in range(16)})
    drawn = found(areas, replace(vale, peers=("Other 0", "Other 1", "Other 2")))
    assert {each.area for each in drawn.places} == {f"Ward {index:02}" for index in range(16)}
    assert funnels.funnel(areas, replace(vale, comparison=Comparison.UNNAMED)) is None


def test_percentages_are_percentages_whatever_multiplier_was_stated() -> None:
    assert found(wards(), replace(WARDS, multiplier=1.0)) == found(wards())


def test_values_that_are_not_their_count_over_their_size_are_left_out() -> None:
    odd = replace(wards()[0], points=(replace(wards()[0].points[0], value=55.0),))
    assert odd.area not in {each.area for each in found([odd, *wards()[1:]]).places}


@pytest.mark.parametrize(
    ("polarity", "judgement"),
    [
        (Polarity.LOW, Judgement.WORSE),
        (Polarity.HIGH, Judgement.BETTER),
        (Polarity.NONE, Judgement.NO_JUDGEMENT),
    ],
)
def test_only_what_size_cannot_explain_is_judged_and_by_the_polarity(polarity: Polarity, judgement: Judgement) -> None:
    ground = replace(WARDS, polarity=polarity)
    states = {each.area: each.state.judgement for each in found(wards(), ground).places}
    assert states.pop("Ward 09") is judgement
    assert set(states.values()) == {Judgement.SIMILAR}
    picture = funnel(item(wards(), ground), width=640)
    shapes = {row["said"].split(",")[0]: row["shape"] for row in rows(picture.spec, "shape")}
    assert shapes["Ward 09"] == SHAPES[judgement]


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(50, 5000), st.floats(0.005, 0.4)), min_size=FEWEST, max_size=20),
    st.sampled_from(["proportion", "crude_rate"]),
)
def test_a_place_is_judged_exactly_when_it_is_drawn_outside_the_outer_lines(
    told: list[tuple[int, float]], kind: str
) -> None:
    ground = replace(WARDS, value_type=kind, multiplier=1.0, own="")
    areas = [
        place(f"W{at:02}", max(1, round(size * rate)), size, multiplier=1.0) for at, (size, rate) in enumerate(told)
    ]
    areas = [replace(one, points=(replace(one.points[0], value=one.points[0].count / one.points[0].denominator),))  # type: ignore[operator]
             for one in areas]  # fmt: skip
    made_up = funnels.funnel(areas, ground)
    if made_up is None:
        return
    for each in made_up.places:
        low, high = (_at(made_up, each.size, is_upper=side) for side in (False, True))
        if min(abs(each.value - low), abs(each.value - high)) < 0.02 * each.value:
            continue
        is_outside = not low <= each.value <= high
        assert (each.state.judgement is not Judgement.SIMILAR) == is_outside, each


def _at(made_up: Funnel, size: float, *, is_upper: bool) -> float:
    (line,) = [each.points for each in made_up.limits if each.confidence == 99.8 and each.is_upper is is_upper]
    if not line or size < line[0][0]:
        return 0.0 if not is_upper else float("inf")
    for (x1, y1), (x2, y2) in itertools.pairwise(line):
        if x1 <= size <= x2:
            return y1 + (y2 - y1) * (size - x1) / (x2 - x1)
    return line[-1][1]


def test_the_lines_of_a_rate_are_where_its_own_limits_reach_the_average() -> None:
    """Ten events expected: the exact and Byar limits of the counts at the lines are ten again."""
    areas = [place(f"W{index}", 10 + index % 3, 10_000, multiplier=10_000) for index in range(8)]
    made_up = found(areas, replace(WARDS, value_type="crude_rate", multiplier=10_000, own=""))
    expected = 10_000 * made_up.average / 10_000
    for limit in made_up.limits:
        at = next(value for size, value in limit.points if size >= 10_000)
        frame = pl.DataFrame({"x": [at]}).select(
            *(
                each.alias(name)
                for each, name in zip(count_limits(pl.col("x"), confidence=limit.confidence / 100), "lu", strict=True)
            )
        )
        assert frame["l" if limit.is_upper else "u"][0] == pytest.approx(expected, rel=0.03)


def test_without_names_nothing_in_the_picture_tells_who_another_place_is() -> None:
    areas = wards()
    picture = funnel(item(areas, NAMELESS), width=640)
    said = json.dumps([picture.spec, picture.alt, picture.table.rows])
    own = next(one for one in areas if one.area == "Ward 03")
    for one in areas:
        assert (one.area in said) is (one is own) and (one is own or one.area_code not in said)
    at = {row["x"] for row in rows(picture.spec, "shape")} - {own.points[0].denominator}
    assert at and not at & {one.points[0].denominator for one in areas}
    assert not any(
        char.isdigit() for row in rows(picture.spec, "shape") for char in row["said"] if "other" in row["said"]
    )
    drawn = found(areas, NAMELESS)
    sizes = {one.points[0].denominator for one in areas if one is not own}
    assert not sizes & {each.size for each in drawn.places if not each.is_own}
    assert "no name" in said and drawn.is_named is False


def test_without_names_nobody_is_alone_with_their_size() -> None:
    areas = [*wards(), place("Ward 99", 8_000, 100_000)]
    drawn = found(areas, NAMELESS)
    sizes = [each.size for each in drawn.places if not each.is_own]
    assert all(sizes.count(size) > 1 for size in sizes)
    assert max(sizes) < 50_000 and drawn.left_out >= 1
    assert drawn.compared == 16, "a place larger than all the others together is their whole"


def test_without_names_each_place_stays_on_its_side_of_the_lines() -> None:
    for seed in range(20):
        chance = random.Random(seed)
        areas = []
        for index in range(24):
            size = chance.randint(300, 3000)
            areas.append(place(f"W{index:02}", sum(chance.random() < 0.1 for _ in range(size)), size))
        ground = replace(NAMELESS, own="W00")
        drawn = found(areas, ground)
        for each in drawn.places:
            low, high = (_at(drawn, each.size, is_upper=side) for side in (False, True))
            near = min(abs(each.value - low), abs(each.value - high)) < 0.02 * each.value
            assert near or (each.state.judgement is not Judgement.SIMILAR) == (not low <= each.value <= high)


def test_without_names_it_takes_more_than_a_few_others() -> None:
    assert funnels.funnel(wards()[:5], NAMELESS) is None
    assert funnels.funnel(wards(), replace(NAMELESS, own="Elsewhere")) is None, "there is no own place to look at"


@pytest.mark.parametrize("theme", list(Theme))
@pytest.mark.parametrize(
    ("size", "width"), [(Size.NORMAL, None), (Size.NORMAL, 420.0), (Size.PRINT, 660.0), (Size.PROJECTED, 1100.0)]
)
def test_the_finding_the_average_and_every_named_place_are_in_picture_and_table(
    theme: Theme, size: Size, width: float | None
) -> None:
    picture = funnel(item(wards()), theme=theme, size=size, width=width)
    assert "1 of 16 differ" in picture.alt and "Ward 09 higher" in picture.alt and "Ward 03 8.0" in picture.alt
    names = [row[0] for row in picture.table.rows]
    assert names[:16] == [f"Ward {index:02}" for index in range(16)], "by name, never ranked"
    assert names[16].startswith("Average of 16 places")
    words = [row.get("t3", row.get("text")) for row in rows(picture.spec, "px")]
    assert any(str(word).startswith("All 8") for word in words)
    assert {"Ward 03", "Ward 09"} <= {str(word) for word in words}
    assert any("Source" in line for line in picture.spec["params"][-1]["value"][0])  # type: ignore[index]


def test_a_funnel_in_which_all_are_alike_can_be_drawn() -> None:
    same = [place(f"W{index}", 0, 500) for index in range(6)]
    for kind in sorted(KINDS - {"dsr"}):
        picture = funnel(item(same, replace(WARDS, value_type=kind, own="W0")), width=400)
        assert "0 of 6 differ" in picture.alt


def test_no_number_of_the_notes_is_cut_on_a_phone() -> None:
    for ground in (WARDS, NAMELESS, replace(WARDS, polarity=Polarity.NONE)):
        notes = [row for row in rows(funnel(item(wards(), ground)).spec, "t0") if "x" not in row]
        assert notes and not any(str(row["t0"]).endswith("…") for row in notes)
