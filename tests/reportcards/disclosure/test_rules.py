"""Rules, rounding and words: what is small, how a count is moved, what people read in its place."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.errors import Invalid
from reportcards.disclosure import (
    NK,
    Cell,
    PPercent,
    Reason,
    Rounding,
    Rule,
    explain,
    explain_to_steward,
    protect,
    round_count,
)

KEY = b"the key of this house"
bases = st.sampled_from([3, 5, 10])


def test_ten_is_no_small_number_and_nine_is() -> None:
    rule = Rule(threshold=10)
    assert [rule.small(count) for count in (0, 1, 9, 10)] == [False, True, True, False]
    assert Rule(threshold=10, zeros_disclosive=True).small(0)


@settings(deadline=None)
@given(st.integers(0, 5000), bases, st.sampled_from(list(Rounding)), st.text(max_size=5))
def test_a_rounded_count_tells_a_range_that_holds_the_true_one(
    count: int, base: int, mode: Rounding, cell: str
) -> None:
    rule = Rule(threshold=10, round_to=base, rounding=mode)
    shown = round_count(count, rule, key=KEY, cell_id=cell)
    assert shown % base == 0
    assert abs(shown - count) < base
    if not rule.small(count):
        span = rule.told(shown)
        assert span.low <= count
        assert span.high is not None and count <= span.high


@given(st.integers(0, 5000), bases, st.text(max_size=5))
def test_a_cell_is_rounded_the_same_way_at_every_refresh(count: int, base: int, cell: str) -> None:
    rule = Rule(round_to=base, rounding=Rounding.RANDOM)
    assert len({round_count(count, rule, key=KEY, cell_id=cell) for _ in range(5)}) == 1


def test_rounding_at_random_adds_nothing_on_average() -> None:
    rule = Rule(round_to=3, rounding=Rounding.RANDOM)
    shown = [round_count(10, rule, key=KEY, cell_id=str(cell)) for cell in range(6000)]
    assert set(shown) == {9, 12}
    assert shown.count(9) / len(shown) == pytest.approx(2 / 3, abs=0.03)
    assert sum(shown) / len(shown) == pytest.approx(10, abs=0.1)


def test_another_key_rounds_other_cells_up() -> None:
    rule = Rule(round_to=3, rounding=Rounding.RANDOM)
    ways = [[round_count(10, rule, key=key, cell_id=str(cell)) for cell in range(50)] for key in (b"one", b"two")]
    assert ways[0] != ways[1]


def test_suppression_comes_before_rounding() -> None:
    protected = protect([Cell(id="a", count=8)], [], Rule(threshold=10, round_to=10), key=KEY)
    assert protected.shown == {}
    assert protected.hidden == {"a": Reason.PRIMARY}


def test_a_base_above_the_threshold_is_refused() -> None:
    with pytest.raises(Invalid):
        Rule(threshold=5, round_to=10)


def test_two_numbers_for_one_cell_and_a_negative_count_are_refused() -> None:
    with pytest.raises(Invalid):
        protect([Cell(id="a", count=1), Cell(id="a", count=2)], [], Rule(), key=KEY)
    with pytest.raises(Invalid):
        protect([Cell(id="a", count=-1)], [], Rule(), key=KEY)


@pytest.mark.parametrize(
    ("contributions", "nk", "p_percent"),
    [
        ([10.0] * 12, False, False),
        ([1000.0, 900.0, *[8.0] * 11], True, True),
        ([100.0], True, True),
        ([50.0, 50.0, 11.0, 0.2], False, False),
        ([100.0, 50.0, 9.0], True, True),
    ],
)
def test_few_contributors_dominate_a_total(contributions: list[float], nk: bool, p_percent: bool) -> None:
    assert NK().fails(contributions) is nk
    assert PPercent().fails(contributions) is p_percent


def test_readers_are_not_told_which_hidden_number_is_the_small_one() -> None:
    assert explain(Rule()).startswith("[c] suppressed to protect people (fewer than 10)")
    assert explain_to_steward(Reason.PRIMARY, Rule()) == "[c] suppressed to protect people (fewer than 10)"
    assert len({explain_to_steward(reason, Rule()) for reason in Reason}) == len(Reason)
