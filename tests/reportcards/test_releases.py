"""Whatever is imported in whatever order, all that was ever shown together tells no hidden number of people.

The referee knows nothing of the product: it reads the frames that were kept, draws the sums that anybody can draw
(groups are everyone, wards are their district), and asks a whole-number solver for each value of a hidden number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from reportcards import disclosing
from reportcards.disclosure import Ledger
from reportcards.indicators import Indicator
from reportcards.observations import FACTS
from tests.reportcards.disclosure.referee import World, by_trying, possible

KEY = b"the key of this house"
WHOLE = "district"
EVERYONE = ""
few = settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
"""Without shrinking: each trial is a whole-number programme, and a failure would take minutes to grow smaller."""
Place = tuple[str, str, int]
"""Area, group, year."""
Counts = dict[Place, int]


@dataclass(kw_only=True)
class Shown:
    """What somebody keeps who has looked at every revision."""

    threshold: int
    ledger: Ledger = field(default_factory=Ledger)
    seen: World = field(default_factory=World)
    hidden: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)

    def take(self, counts: Counts, *, parents: Mapping[str, str], kind: str = "count") -> disclosing.Safe:
        """Protect a revision as an import does, and look at what is kept of it."""
        indicator = Indicator(id="I", code="I", name="I", value_type=kind, multiplier=100, threshold=self.threshold)
        made = disclosing.safe(
            frame(counts, kind), {"I": indicator}, "group", key=KEY, ledger=self.ledger, parents=parents
        )
        assert not made.explained or made.refused, "nothing is given away that was not refused"
        for release in made.releases:
            self.ledger = self.ledger.after(release)
        self._look(counts, made.facts)
        return made

    def _look(self, counts: Counts, kept: pl.DataFrame) -> None:
        """A number that was not revised is known to be the same one."""
        for total, parts in sums(counts):
            self.seen.add(called(total, counts), [called(each, counts) for each in parts])
        for row in kept.to_dicts():
            place = (row["area_code"], row["group"], row["period_start"].year)
            name = called(place, counts)
            self.counts[name] = counts[place]
            if row["value"] is None:
                assert [row[each] for each in ("count", "denominator", "lower95", "upper95")] == [None] * 4
                self.hidden.add(name)
            else:
                assert row["count"] == counts[place]
                self.seen.tell(name, counts[place], counts[place])

    def assert_safe(self) -> None:
        """Every number hidden once keeps `threshold` possible values after everything that was shown."""
        told = {name for name, (low, high) in self.seen.told.items() if low == high}
        assert not self.hidden & told, "once hidden, never shown"
        ceiling = 4 * sum(self.counts.values()) + 4 * self.threshold
        left = possible(self.seen, sorted(self.hidden), enough=self.threshold, ceiling=ceiling)
        assert all(values >= self.threshold for values in left.values()), left


def called(place: Place, counts: Counts) -> str:
    return f"{place}={counts[place]}"


def frame(counts: Counts, kind: str) -> pl.DataFrame:
    rows = [
        {
            "area_code": area,
            "indicator": "I",
            "breakdown": "Ethnicity" if group else "",
            "group": group,
            "period_start": date(year, 1, 1),
            "period_end": date(year, 12, 31),
            "period_type": "calendar_year",
            "value": float(count) if kind == "count" else count / 10_000,
            "lower95": max(0.0, count - 0.5),
            "upper95": count + 0.5,
            "count": float(count),
            "denominator": 1_000_000.0,
            "obs_status": "A",
            "conf_status": "F",
            "held": "",
            "note": "",
        }
        for (area, group, year), count in counts.items()
    ]
    return pl.DataFrame(rows, schema=FACTS)


def sums(counts: Counts) -> Iterator[tuple[Place, list[Place]]]:
    """Groups are everyone of a place, wards are the district: for every year in which all of them are told."""
    wards = sorted({area for area, _, _ in counts} - {WHOLE})
    groups = sorted({group for _, group, _ in counts} - {EVERYONE})
    for year in sorted({year for _, _, year in counts}):
        found = [((area, EVERYONE, year), [(area, group, year) for group in groups]) for area in (*wards, WHOLE)]
        found += [((WHOLE, group, year), [(ward, group, year) for ward in wards]) for group in (*groups, EVERYONE)]
        yield from (
            (total, parts) for total, parts in found if parts and all(each in counts for each in (total, *parts))
        )


@st.composite
def tables(draw: st.DrawFn, *, threshold: int) -> Counts:
    """Wards by groups with all totals, in one or two years."""
    wards = [f"ward {number}" for number in range(draw(st.integers(2, 4)))]
    groups = [f"group {number}" for number in range(draw(st.integers(2, 3)))]
    counts = st.one_of(st.integers(0, 2 * threshold), st.integers(threshold, 12 * threshold))
    inner = {
        (ward, group, year): draw(counts)
        for year in range(2024, 2024 + draw(st.integers(1, 2)))
        for ward in wards
        for group in groups
    }
    return totalled(inner)


def totalled(inner: Mapping[Place, int]) -> Counts:
    found: Counts = {}
    for (ward, group, year), count in inner.items():
        for place in {(ward, group), (ward, EVERYONE), (WHOLE, group), (WHOLE, EVERYONE)}:
            key = (*place, year)
            found[key] = found.get(key, 0) + count
    return found


def inner_of(counts: Counts) -> dict[Place, int]:
    return {place: count for place, count in counts.items() if place[0] != WHOLE and place[1]}


def parents_of(counts: Counts) -> dict[str, str]:
    return {area: WHOLE for area, _, _ in counts if area != WHOLE}


@few
@given(st.data())
def test_no_order_of_revisions_tells_a_hidden_number(data: st.DataObject) -> None:
    shown = Shown(threshold=data.draw(st.sampled_from([3, 5, 10])))
    inner = inner_of(data.draw(tables(threshold=shown.threshold)))
    kind = data.draw(st.sampled_from(["count", "proportion"]))
    states = [inner]
    for _ in range(data.draw(st.integers(1, 3))):
        changes = data.draw(
            st.dictionaries(st.sampled_from(sorted(inner)), st.integers(0, 3 * shown.threshold), max_size=2)
        )
        states.append({**states[-1], **changes})
    for state in data.draw(st.permutations(states)):
        counts = totalled(state)
        shown.take(counts, parents=parents_of(counts), kind=kind)
        shown.assert_safe()


@few
@given(tables(threshold=5))
def test_wards_beside_their_district_are_safe_though_nobody_said_whose_wards_they_are(whole: Counts) -> None:
    shown = Shown(threshold=5)
    shown.take(whole, parents={})
    shown.assert_safe()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_referee_finds_a_number_that_two_revisions_tell(order: tuple[int, int]) -> None:
    """The control: the same two frames without protection of the second leave one value only."""
    whole = totalled({("ward 0", "group 0", 2024): 3, ("ward 0", "group 1", 2024): 40})
    place = ("ward 0", "group 0", 2024)
    seen = World()
    for total, parts in sums(whole):
        seen.add(called(total, whole), [called(each, whole) for each in parts])
    for each in [("ward 0", EVERYONE, 2024), ("ward 0", "group 1", 2024)][:: 1 if order == (0, 1) else -1]:
        seen.tell(called(each, whole), whole[each], whole[each])
    assert possible(seen, [called(place, whole)], enough=5, ceiling=500) == {called(place, whole): 1}


def test_two_referees_agree_on_a_table_of_two_by_two() -> None:
    """Every table tried by hand says the same as the solver, of what the product kept."""
    inner = {
        (f"ward {row}", f"group {column}", 2024): [[2, 9], [8, 7]][row][column] for row in (0, 1) for column in (0, 1)
    }
    whole = totalled(inner)
    shown = Shown(threshold=3)
    shown.take(whole, parents=parents_of(whole))
    rows, columns = {"ward 0": "0", "ward 1": "1", WHOLE: "T"}, {"group 0": "0", "group 1": "1", EVERYONE: "T"}
    short = {called(place, whole): f"{rows[place[0]]}.{columns[place[1]]}" for place in whole}
    told = {short[name]: low for name, (low, high) in shown.seen.told.items() if low == high}
    tried = by_trying(told, highest=30)
    assert shown.hidden
    for name in shown.hidden:
        assert len(tried[short[name]]) >= 3
        assert possible(shown.seen, [name], enough=100, ceiling=30)[name] >= 3
