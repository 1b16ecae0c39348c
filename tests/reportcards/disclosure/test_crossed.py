"""Crossed breakdowns, margins that are told or not, areas and cumulative periods together: nothing hidden is told.

The referee is told the whole truth about what adds up to what, of rows that are displayed and of rows that are in no
file; it draws nothing from names of groups, as the product has to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import product

import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reportcards import disclosing
from reportcards.disclosure import Ledger
from reportcards.indicators import Indicator
from reportcards.observations import FACTS
from tests.reportcards.disclosure.referee import World, possible

KEY = b"the key of this house"
ALL = "*"
few = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
Where = tuple[str, str, tuple[str, ...]]
"""Area, period, and the value along each dimension; ALL for everybody."""
PERIODS = {
    "January": (date(2025, 1, 1), date(2025, 1, 31)),
    "February": (date(2025, 2, 1), date(2025, 2, 28)),
    "to February": (date(2025, 1, 1), date(2025, 2, 28)),
}
VALUES = (("Male", "Female"), ("0-4", "5-17", "18+"), ("Asian", "Black", "White"))
NAMES = ("Sex", "Age", "Ethnicity")
JOINED = {" | ": " | ", ", ": " by ", " x ": " x ", " ": " and "}
"""How groups are joined, and how the names of their breakdowns are."""


@dataclass(kw_only=True)
class Cube:
    """Counts of everything that could be told, and all that adds up."""

    dimensions: int
    counts: dict[Where, int] = field(default_factory=dict)
    denominators: dict[Where, int] = field(default_factory=dict)

    def areas(self) -> list[str]:
        return sorted({area for area, _, _ in self.counts})

    def sums(self) -> Iterable[tuple[Where, list[Where]]]:
        wards = [area for area in self.areas() if area != ALL]
        for area, period, values in self.counts:
            if area == ALL and wards:
                yield (area, period, values), [(ward, period, values) for ward in wards]
            if period == "to February":
                yield (area, period, values), [(area, each, values) for each in ("January", "February")]
            for place, value in enumerate(values):
                if value == ALL:
                    inner = [(*values[:place], each, *values[place + 1 :]) for each in self.values(place)]
                    yield (area, period, values), [(area, period, each) for each in inner]

    def values(self, place: int) -> list[str]:
        return sorted({values[place] for _, _, values in self.counts} - {ALL})


@st.composite
def cubes(draw: st.DrawFn, *, threshold: int, dimensions: int = 2, few_people: bool = False) -> Cube:
    """Wards in a district, in one month or two and both together, by two or three dimensions."""
    wards = [f"ward {each}" for each in range(draw(st.sampled_from([0, 2, 3])))]
    months = draw(st.sampled_from([["January"], ["January", "February"]]))
    sizes = [draw(st.integers(2, 2 if dimensions > 2 else len(VALUES[at]))) for at in range(dimensions)]
    kinds = list(product(*(VALUES[at][:size] for at, size in enumerate(sizes))))
    counts = st.one_of(st.integers(0, 2 * threshold), st.integers(threshold, 10 * threshold))
    others = st.integers(0, 2 * threshold) if few_people else st.integers(2 * threshold, 20 * threshold)
    made = Cube(dimensions=dimensions)
    for area, month, kind in product(wards or [ALL], months, kinds):
        count, without = draw(counts), draw(st.one_of(others, st.integers(threshold, 10 * threshold)))
        for where in product(
            {area, ALL},
            {month, "to February"} if len(months) > 1 else {month},
            product(*((each, ALL) for each in kind)),
        ):
            made.counts[where] = made.counts.get(where, 0) + count
            made.denominators[where] = made.denominators.get(where, 0) + count + without
    return made


@st.composite
def told(draw: st.DrawFn, cube: Cube) -> list[Where]:
    """What a file holds of it: some levels of detail are left out whole, and some rows by themselves."""
    levels = sorted({tuple(value == ALL for value in values) for _, _, values in cube.counts})
    kept = draw(st.lists(st.sampled_from(levels), min_size=1, unique=True))
    periods = draw(st.lists(st.sampled_from(sorted({period for _, period, _ in cube.counts})), min_size=1, unique=True))
    rows = [where for where in cube.counts if tuple(value == ALL for value in where[2]) in kept and where[1] in periods]
    absent = draw(st.lists(st.sampled_from(rows), max_size=len(rows) // 4, unique=True)) if rows else []
    return [where for where in rows if where not in absent]


def frame(cube: Cube, rows: Iterable[Where], joined: str) -> pl.DataFrame:
    made = []
    for area, period, values in rows:
        named = [(name, value) for name, value in zip(NAMES, values, strict=False) if value != ALL]
        count, of = cube.counts[area, period, values], cube.denominators[area, period, values]
        made.append(
            {
                "area_code": area,
                "indicator": "I",
                "breakdown": JOINED[joined].join(name for name, _ in named),
                "group": joined.join(value for _, value in named),
                "period_start": PERIODS[period][0],
                "period_end": PERIODS[period][1],
                "period_type": "month",
                "value": 100 * count / of if of else 0.0,
                "count": float(count),
                "denominator": float(of),
                "obs_status": "A",
                "conf_status": "F",
                "held": "",
                "note": "",
                "lower95": None,
                "upper95": None,
            }
        )
    return pl.DataFrame(made, schema=FACTS)


def protected(cube: Cube, rows: list[Where], joined: str, *, threshold: int, kind: str = "count") -> dict[Where, bool]:
    """Whether each row is displayed."""
    indicator = Indicator(id="I", code="I", name="I", value_type=kind, multiplier=100, threshold=threshold)
    parents = {area: ALL for area in cube.areas() if area != ALL}
    made = disclosing.safe(
        frame(cube, rows, joined), {"I": indicator}, "group", key=KEY, ledger=Ledger(), parents=parents
    )
    assert not made.explained or made.refused
    return dict(zip(rows, made.facts["value"].is_not_null().to_list(), strict=True))


def name(where: Where, of: str = "") -> str:
    return f"{where}{of}"


def assert_safe(cube: Cube, shown: Mapping[Where, bool], *, threshold: int) -> None:
    seen = World()
    for total, parts in cube.sums():
        seen.add(name(total), [name(part) for part in parts])
    for where, displayed in shown.items():
        if displayed:
            seen.tell(name(where), cube.counts[where], cube.counts[where])
    hidden = [name(where) for where, displayed in shown.items() if not displayed]
    left = possible(seen, hidden, enough=threshold, ceiling=4 * sum(cube.counts.values()) + 4 * threshold)
    assert all(values >= threshold for values in left.values()), left


@few
@given(st.data(), st.sampled_from(sorted(JOINED)))
def test_no_hidden_cell_of_a_crossed_breakdown_can_be_worked_out(data: st.DataObject, joined: str) -> None:
    threshold = data.draw(st.sampled_from([3, 5, 10]))
    cube = data.draw(cubes(threshold=threshold, dimensions=data.draw(st.sampled_from([2, 2, 3]))))
    rows = data.draw(told(cube))
    assert_safe(cube, protected(cube, rows, joined, threshold=threshold), threshold=threshold)


# ---- Those who are not counted ----


def shares(cube: Cube, shown: Mapping[Where, bool], *, known: bool) -> World:
    """Counts, others and denominators: three tables that add up alike, and the first two make up the third."""
    seen = World()
    for total, parts in cube.sums():
        for of in ("", " others", " of"):
            seen.add(name(total, of), [name(part, of) for part in parts])
    for where in cube.counts:
        seen.add(name(where, " of"), [name(where), name(where, " others")])
        if shown.get(where):
            seen.tell(name(where), cube.counts[where], cube.counts[where])
        if shown.get(where) or known:
            seen.tell(name(where, " of"), cube.denominators[where], cube.denominators[where])
    return seen


def assert_shares_safe(cube: Cube, shown: Mapping[Where, bool], *, threshold: int, known: bool) -> None:
    """Neither a hidden count nor a small number of others is told to closer than the rule allows."""
    seen = shares(cube, shown, known=known)
    asked = [name(where) for where, displayed in shown.items() if not displayed]
    asked += [
        name(where, " others") for where in shown if 0 < cube.denominators[where] - cube.counts[where] < threshold
    ]
    left = possible(seen, asked, enough=threshold, ceiling=4 * sum(cube.denominators.values()) + 4 * threshold)
    assert all(values >= threshold for values in left.values()), left


@few
@given(st.data())
def test_neither_a_share_nor_its_others_can_be_worked_out_by_who_knows_every_population(data: st.DataObject) -> None:
    threshold = data.draw(st.sampled_from([3, 5]))
    cube = data.draw(cubes(threshold=threshold, dimensions=data.draw(st.sampled_from([1, 2]))))
    rows = data.draw(told(cube))
    shown = protected(cube, rows, " | ", threshold=threshold, kind="proportion")
    assert_shares_safe(cube, shown, threshold=threshold, known=all(of > threshold for of in cube.denominators.values()))


@few
@given(st.data())
def test_neither_a_share_nor_its_others_can_be_worked_out_where_populations_are_small(data: st.DataObject) -> None:
    threshold = data.draw(st.sampled_from([3, 5]))
    cube = data.draw(cubes(threshold=threshold, dimensions=data.draw(st.sampled_from([1, 2])), few_people=True))
    rows = data.draw(told(cube))
    shown = protected(cube, rows, " | ", threshold=threshold, kind="proportion")
    assert_shares_safe(cube, shown, threshold=threshold, known=False)
