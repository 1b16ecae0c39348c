"""Words for what statistics find: directions, comparisons, and numbers as people write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportcards import words
from reportcards.findings import compared_state, judged
from reportcards.report import Judgement, Point, Polarity


@pytest.mark.parametrize(
    ("side", "polarity", "expected"),
    [
        (1, Polarity.HIGH, Judgement.BETTER),
        (1, Polarity.LOW, Judgement.WORSE),
        (-1, Polarity.HIGH, Judgement.WORSE),
        (-1, Polarity.LOW, Judgement.BETTER),
        (1, Polarity.NONE, Judgement.NO_JUDGEMENT),
        (-1, Polarity.NONE, Judgement.NO_JUDGEMENT),
        (0, Polarity.HIGH, Judgement.SIMILAR),
        (0, Polarity.NONE, Judgement.SIMILAR),
    ],
)
def test_up_is_good_only_where_high_is_good(side: int, polarity: Polarity, expected: Judgement) -> None:
    assert judged(side, polarity) is expected


def point(value: float | None, lower: float | None, upper: float | None) -> Point:
    return Point(period="2025", start=date(2025, 1, 1), end=date(2025, 12, 31), value=value, lower=lower, upper=upper)


@given(st.floats(0, 100), st.floats(0, 10), st.floats(0, 100))
def test_a_comparison_is_similar_just_when_the_interval_holds_the_other_value(
    value: float, half: float, reference: float
) -> None:
    lower, upper = value - half, value + half
    found = compared_state(point(value, lower, upper), reference, Polarity.LOW)
    expected = "Similar" if lower <= reference <= upper else "Worse" if reference < lower else "Better"
    assert found.word == expected
    unjudged = compared_state(point(value, lower, upper), reference, Polarity.NONE).word
    assert unjudged == {"Similar": "Similar", "Worse": "Higher", "Better": "Lower"}[expected]


@pytest.mark.parametrize("bare", [point(5, None, 6), point(5, 4, None), point(None, None, None)])
def test_without_limits_nothing_is_compared(bare: Point) -> None:
    found = compared_state(bare, 5, Polarity.LOW)
    assert (found.judgement, found.word) == (Judgement.NOT_ENOUGH, "Not compared")


@pytest.mark.parametrize(
    ("value", "decimals", "said"),
    [(6.8065, 1, "6.8"), (1048, 0, "1,048"), (-0.04, 1, "0.0"), (-1234.5, 1, "\u22121,234.5"), (0, 0, "0")],
)
def test_a_number_is_written_as_people_write_it(value: float, decimals: int, said: str) -> None:
    assert words.number(value, decimals) == said


@pytest.mark.parametrize(
    ("start", "end", "kind", "said"),
    [
        (date(2026, 9, 1), date(2026, 9, 30), "month", "Sep 2026"),
        (date(2026, 4, 1), date(2026, 6, 30), "quarter", "Q2 2026"),
        (date(2025, 4, 1), date(2026, 3, 31), "financial_year", "2025/26"),
        (date(1999, 9, 1), date(2000, 8, 31), "school_year", "1999/00"),
        (date(2023, 1, 1), date(2025, 12, 31), "pooled_years", "2023 to 2025"),
        (date(2023, 4, 1), date(2026, 3, 31), "pooled_years", "2023/24 to 2025/26"),
        (date(2025, 10, 1), date(2026, 9, 30), "rolling_year", "year to Sep 2026"),
        (date(2026, 11, 9), date(2026, 11, 15), "week", "week to 15 Nov 2026"),
        (date(2026, 2, 10), date(2026, 5, 9), "quarter", "10 Feb 2026 to 9 May 2026"),
    ],
)
def test_a_period_is_said_as_at_a_table(start: date, end: date, kind: str, said: str) -> None:
    assert words.period(start, end, kind) == said
