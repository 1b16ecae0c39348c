"""No hidden number can be worked out to closer than the rule allows: tables, hierarchies, audiences, revisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from reportcards.disclosure import NK, OPEN, Cell, Ledger, Protected, Reason, Relation, Rounding, Rule, protect
from tests.reportcards.disclosure.referee import World, by_trying, possible
from tests.reportcards.disclosure.worlds import THRESHOLD, Sums, cells, hierarchies, relations, table, tables

KEY = b"the key of this house"
RULE = Rule(threshold=THRESHOLD)
few = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
ROUNDED = [
    RULE,
    Rule(threshold=THRESHOLD, zeros_disclosive=True),
    Rule(threshold=THRESHOLD, round_to=3),
    Rule(threshold=THRESHOLD, round_to=5),
    Rule(threshold=THRESHOLD, round_to=3, rounding=Rounding.RANDOM),
]


def display(world: World, protected: Protected, rule: Rule, names: dict[str, str]) -> None:
    """Tell the referee what people see: a number, and how the house says it rounds."""
    for cell_id, value in protected.shown.items():
        base = rule.round_to
        if base is None:
            world.tell(names[cell_id], value, value)
        elif rule.rounding is Rounding.RANDOM:
            world.tell(names[cell_id], max(0, value - base + 1), value + base - 1)
        else:
            world.tell(names[cell_id], max(0, value - base // 2), value + base // 2)


def assert_safe(world: World, names: Sequence[str], counts: dict[str, int]) -> None:
    ceiling = 4 * sum(counts.values()) + 4 * THRESHOLD
    for name, left in possible(world, names, enough=THRESHOLD, ceiling=ceiling).items():
        assert left >= THRESHOLD, f"{name} has only {left} possible values"


@few
@given(tables(most=5), st.sampled_from(ROUNDED))
def test_no_hidden_cell_of_a_table_can_be_worked_out(world: tuple[dict[str, int], Sums], rule: Rule) -> None:
    found, sums = world
    protected = protect(cells(found), relations(sums), rule, key=KEY)
    seen = World()
    for total, parts in sums:
        seen.add(total, parts)
    display(seen, protected, rule, {name: name for name in found})
    assert not protected.exposed
    assert {name for name, count in found.items() if rule.small(count)} <= set(protected.hidden)
    assert set(found) == set(protected.shown) | set(protected.hidden) | set(protected.refused)
    assert_safe(seen, list(protected.hidden), found)


@few
@given(hierarchies(), st.sampled_from([RULE, ROUNDED[1], ROUNDED[3]]))
def test_no_hidden_cell_of_wards_in_districts_by_sex_and_age_can_be_worked_out(
    world: tuple[dict[str, int], Sums], rule: Rule
) -> None:
    found, sums = world
    protected = protect(cells(found), relations(sums), rule, key=KEY)
    seen = World()
    for total, parts in sums:
        seen.add(total, parts)
    display(seen, protected, rule, {name: name for name in found})
    assert not protected.exposed
    assert_safe(seen, list(protected.hidden), found)


@few
@given(tables(most=4), st.data())
def test_no_order_of_releases_and_revisions_tells_a_hidden_number(
    world: tuple[dict[str, int], Sums], data: st.DataObject
) -> None:
    found, sums = world
    ledger, seen, hidden = Ledger(), World(), set[str]()
    everything: dict[str, int] = {}
    rule = data.draw(st.sampled_from([RULE, ROUNDED[3], ROUNDED[4]]))
    for _ in range(data.draw(st.integers(2, 4))):
        inner = [name for name in found if "T" not in name]
        for name in data.draw(st.lists(st.sampled_from(inner), max_size=2)):
            found[name] = data.draw(st.integers(0, 30))
        for total, parts in sums:
            found[total] = sum(found[part] for part in parts)
        card = set(data.draw(st.lists(st.sampled_from(sorted(found)), min_size=1, unique=True)))
        released = [Cell(id=name, count=count, published=name in card) for name, count in found.items()]
        protected = protect(released, relations(sums), rule, key=KEY, released=ledger)
        assert not protected.exposed
        names = {name: f"{name}={count}" for name, count in found.items()}
        for total, parts in sums:
            seen.add(names[total], [names[part] for part in parts])
        display(seen, protected, rule, names)
        everything.update({names[name]: count for name, count in found.items()})
        hidden |= {names[name] for name in protected.hidden}
        ledger = ledger.after(protected.release)
    assert_safe(seen, sorted(hidden), everything)


@few
@given(tables(most=3), st.data())
def test_what_the_public_sees_does_not_undo_what_is_hidden_from_partners(
    world: tuple[dict[str, int], Sums], data: st.DataObject
) -> None:
    found, sums = world
    ledgers = {"public": Ledger(), "partners": Ledger()}
    seen = {"public": World(), "partners": World()}
    hidden: dict[str, set[str]] = {"public": set(), "partners": set()}
    for world_seen in seen.values():
        for total, parts in sums:
            world_seen.add(total, parts)
    for audience in data.draw(st.lists(st.sampled_from(["public", "partners"]), min_size=2, max_size=4)):
        reached = ["public", "partners"] if audience == "public" else ["partners"]
        card = set(data.draw(st.lists(st.sampled_from(sorted(found)), min_size=1, unique=True)))
        released = [Cell(id=name, count=count, published=name in card) for name, count in found.items()]
        protected = protect(released, relations(sums), RULE, key=KEY, released=[ledgers[each] for each in reached])
        assert not protected.exposed
        for each, release in zip(reached, protected.releases, strict=True):
            ledgers[each] = ledgers[each].after(release)
            display(seen[each], protected, RULE, {name: name for name in found})
            # What is hidden from the public to cover something, partners may have been shown before.
            covers = {name for name, why in protected.hidden.items() if why is Reason.SECONDARY}
            hidden[each] |= set(protected.hidden) - (covers if each != audience else set())
    for audience in ledgers:
        told = {name for name, (low, high) in seen[audience].told.items() if low == high}
        small = {name for name in hidden[audience] if RULE.small(found[name])}
        assert not small & told
        assert_safe(seen[audience], sorted(hidden[audience] - told), found)


@few
@given(
    st.dictionaries(
        st.sampled_from([(row, column) for row in range(2) for column in range(2)]), st.integers(0, 6), min_size=4
    )
)
def test_trying_every_combination_finds_no_hidden_number(inner: dict[tuple[int, int], int]) -> None:
    rule = Rule(threshold=3)
    found, sums = table(inner)
    protected = protect(cells(found), relations(sums), rule, key=KEY)
    values = by_trying(protected.shown, highest=14)
    for name, span in protected.intervals.items():
        assert found[name] in values[name]
        assert len(values[name]) >= 3
        assert min(values[name]) == span.low
        assert span.high is None or span.high > 14 or max(values[name]) == span.high


@few
@given(tables(most=4))
def test_nothing_is_hidden_where_nothing_is_small(world: tuple[dict[str, int], Sums]) -> None:
    found, sums = world
    assume(not any(RULE.small(count) for count in found.values()))
    protected = protect(cells(found), relations(sums), RULE, key=KEY)
    assert protected.shown == found


def test_open_data_is_shown_as_it_is() -> None:
    found, sums = table({(0, 0): 1, (0, 1): 0, (1, 0): 2, (1, 1): 3})
    assert protect(cells(found), relations(sums), OPEN, key=KEY).shown == found


def test_two_hidden_cells_in_every_row_and_column_do_not_pass_for_protection() -> None:
    """The first cell is told exactly by its row and column however many others are hidden in the rest."""
    inner = {(0, 0): 3, (0, 1): 40, (0, 2): 50, (1, 0): 30, (1, 1): 4, (1, 2): 2, (2, 0): 60, (2, 1): 3, (2, 2): 4}
    found, sums = table(inner)
    protected = protect(cells(found), relations(sums), RULE, key=KEY)
    assert protected.hidden["0.0"] is Reason.PRIMARY
    assert all((span.values or 99) >= THRESHOLD for span in protected.intervals.values())


def release(found: dict[str, int], total: str, parts: Sequence[str], **kwargs: Any) -> Protected:
    return protect(cells(found), [Relation(total=total, parts=tuple(parts))], RULE, key=KEY, **kwargs)


def test_a_second_card_may_not_tell_what_the_first_one_and_it_leave_over() -> None:
    relation = Relation(total="all", parts=("without ward", "ward"))
    first = protect([Cell(id="all", count=112)], [], RULE, key=KEY)
    second = protect(
        [Cell(id="without ward", count=109), Cell(id="ward", count=3, published=False)],
        [relation],
        RULE,
        key=KEY,
        released=Ledger().after(first.release),
    )
    assert second.shown == {}
    assert second.hidden == {"without ward": Reason.SECONDARY, "ward": Reason.PRIMARY}


def test_cumulative_figures_may_not_tell_the_month_between_them() -> None:
    relation = Relation(total="Jan to Feb", parts=("Jan", "Feb"))
    january = protect([Cell(id="Jan", count=20)], [], RULE, key=KEY)
    both = [Cell(id="Jan", count=20), Cell(id="Jan to Feb", count=22), Cell(id="Feb", count=2, published=False)]
    february = protect(both, [relation], RULE, key=KEY, released=Ledger().after(january.release))
    assert february.shown == {"Jan": 20}
    assert set(february.hidden) == {"Jan to Feb", "Feb"}


def test_a_revised_number_is_another_unknown_and_an_unrevised_one_the_same() -> None:
    first = release({"all": 40, "a": 2, "b": 38}, "all", "ab")
    assert first.shown == {"all": 40}
    ledger = Ledger().after(first.release)
    unrevised = release({"all": 40, "a": 2, "b": 38}, "all", "ab", released=ledger)
    assert unrevised.shown == {"all": 40}
    revised = release({"all": 60, "a": 21, "b": 39}, "all", "ab", released=ledger)
    assert revised.shown == {"all": 60, "a": 21, "b": 39}


def test_a_revision_that_leaves_the_small_number_alone_may_not_show_the_rest() -> None:
    ledger = Ledger().after(release({"all": 40, "a": 2, "b": 38}, "all", "ab").release)
    revised = release({"all": 50, "a": 2, "b": 48}, "all", "ab", released=ledger)
    assert "a" in revised.hidden
    assert len({"all", "b"} & set(revised.shown)) <= 1


def test_the_ledger_holds_no_hidden_number_and_survives_storing() -> None:
    import json

    from reportcards.disclosure import Release

    first = release({"all": 4010, "a": 2, "b": 4008}, "all", "ab")
    kept = json.dumps(first.release.to_json())
    assert "4010" in kept
    assert "4008" not in kept
    again = Release.from_json(json.loads(kept))
    assert Ledger.of([again]) == Ledger.of([first.release])
    assert {name.partition("#")[0] for name in again.hidden} == {"a", "b"}


def test_what_earlier_releases_give_away_is_said_and_nothing_more_is_added() -> None:
    shown = release({"all": 40, "a": 12, "b": 28}, "all", "ab")
    strict = protect(
        cells({"all": 40, "a": 12, "b": 28}),
        [Relation(total="all", parts=("a", "b"))],
        Rule(threshold=20),
        key=KEY,
        released=Ledger().after(shown.release),
    )
    assert "a" in strict.exposed
    assert "a" not in strict.shown
    assert "shown before" in strict.exposed["a"]


def test_a_number_withheld_at_its_source_is_not_told_by_ours() -> None:
    found = [Cell(id=name, count=count) for name, count in {"all": 48, "a": 20, "b": None, "c": 14, "d": 11}.items()]
    protected = protect(found, [Relation(total="all", parts=("a", "b", "c", "d"))], RULE, key=KEY)
    assert protected.hidden["b"] is Reason.WITHHELD
    assert len(protected.hidden) == 2
    assert "all" in protected.shown


def test_a_dominated_total_is_hidden_and_kept_wide() -> None:
    money = [
        Cell(id="north", count=1988, contributions=(1000, 900, *[8] * 11)),
        Cell(id="south", count=3000, contributions=tuple([100] * 30)),
        Cell(id="east", count=2500, contributions=tuple([100] * 25)),
        Cell(id="all", count=7488, contributions=(1000, 900, *[8] * 11, *[100] * 55)),
    ]
    rule = Rule(threshold=10, dominance=NK())
    protected = protect(money, [Relation(total="all", parts=("north", "south", "east"))], rule, key=KEY)
    assert protected.hidden["north"] is Reason.DOMINANCE
    width = protected.intervals["north"].values
    assert width is not None and width >= 2 * (1900 / 0.9 - 1988)


def test_nearly_all_is_as_telling_as_nearly_none() -> None:
    rule = Rule(threshold=10, complement=True)
    rates = [Cell(id="a", count=97, denominator=100), Cell(id="b", count=60, denominator=100)]
    assert protect(rates, [], rule, key=KEY).hidden == {"a": Reason.PRIMARY}


def test_sums_that_hold_only_nearly_do_not_stop_a_release() -> None:
    """A source that rounds its counts: 3 and 40 beside a total of 45."""
    protected = release({"all": 45, "a": 3, "b": 40}, "all", "ab")
    assert protected.hidden["a"] is Reason.PRIMARY
    assert not protected.exposed
