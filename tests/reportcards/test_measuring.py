"""What one series says, on made-up series of which everybody can see what they do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl
import pytest

from reportcards.facts import NOT_STATED
from reportcards.measuring import Measured, Peers, Setting, measure
from reportcards.observations import FACTS
from reportcards.report import Judgement, Polarity
from reportcards.targets import Goal

STEADY = [50, 52, 49, 51, 50, 48, 51, 52, 49, 50, 51, 49, 50, 51, 49, 50]
"""Up and down around 50; its usual range reaches from about 45 to 55."""


def month(place: int) -> date:
    return date(2024 + place // 12, place % 12 + 1, 1)


def monthly(values: Sequence[float | None], **columns: object) -> pl.DataFrame:
    return _frame(
        [(month(place), month(place + 1) - timedelta(days=1), value) for place, value in enumerate(values)],
        period_type="month",
        **columns,
    )


def yearly(told: Sequence[tuple[int, int]]) -> pl.DataFrame:
    made = _frame(
        [(date(2015 + n, 1, 1), date(2015 + n, 12, 31), 100 * count / of) for n, (count, of) in enumerate(told)],
        period_type="calendar_year",
    )
    share = [count / of for count, of in told]
    half = [196 * (p * (1 - p) / of) ** 0.5 for p, (_, of) in zip(share, told, strict=True)]
    columns = {
        "count": [float(count) for count, _ in told],
        "denominator": [float(of) for _, of in told],
        "lower95": [100 * p - each for p, each in zip(share, half, strict=True)],
        "upper95": [100 * p + each for p, each in zip(share, half, strict=True)],
    }
    return made.with_columns(pl.Series(name, values) for name, values in columns.items())


def _frame(told: Sequence[tuple[date, date, float | None]], **columns: object) -> pl.DataFrame:
    rows = [
        {
            **dict.fromkeys(FACTS.names()),
            **{"indicator": "i", "area_code": "V", "breakdown": "", "group": "", "obs_status": "A", "note": ""},
            **{"period_start": start, "period_end": end, "value": value},
            "held": "" if value is not None else NOT_STATED,
            **columns,
        }
        for start, end, value in told
    ]
    return pl.DataFrame(rows, schema=FACTS)


def read(facts: pl.DataFrame, polarity: Polarity = Polarity.LOW, **more: object) -> Measured:
    setting = Setting(
        name="Absence",
        unit="%",
        decimals=1,
        polarity=polarity,
        value_type=str(more.pop("kind", "other")),
        **more,  # type: ignore[arg-type]
    )
    return measure(facts, setting)


RISES = [*STEADY, 51, 52, 53, 54, 55, 56]
SHIFT = [*STEADY, 51.5, 51.2, 51.6, 51.3, 51.7, 51.4, 51.5, 51.6]
BEYOND = [*STEADY, 60]
CASES: dict[str, tuple[Sequence[float | None], str, Judgement, str]] = {
    "steady": (STEADY, "Goes up and down within its usual range.", Judgement.SIMILAR, "No change"),
    "rises": (RISES, "Has risen for seven months in a row.", Judgement.WORSE, "Concern"),
    "shift": (SHIFT, "Has been above its average for eight months in a row.", Judgement.WORSE, "Concern"),
    "beyond": (BEYOND, "Is higher than its usual range.", Judgement.WORSE, "Concern"),
    "few": ([5, 6, 7, 8], "Has too few values to call a trend: 4 of 13.", Judgement.NOT_ENOUGH, "Not enough data"),
    "one": ([5], "Has one value so far: too few to call a trend.", Judgement.NOT_ENOUGH, "Not enough data"),
    "none": ([None, None], "Has no value that can be shown.", Judgement.NOT_ENOUGH, "Not enough data"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_series_is_told_in_a_sentence(case: str) -> None:
    values, sentence, judgement, word = CASES[case]
    found = read(monthly(values))
    assert (found.finding, found.signal.judgement, found.signal.word) == (sentence, judgement, word)


@pytest.mark.parametrize("case", ["rises", "shift", "beyond"])
def test_the_same_movement_is_good_bad_or_not_judged(case: str) -> None:
    facts = monthly(CASES[case][0])
    assert read(facts, Polarity.HIGH).signal.word == "Improvement"
    unjudged = read(facts, Polarity.NONE)
    assert (unjudged.signal.judgement, unjudged.signal.word) == (Judgement.NO_JUDGEMENT, "Higher")
    assert unjudged.finding == f"{CASES[case][1]} We do not judge the direction."


@pytest.mark.parametrize("case", ["rises", "shift", "beyond"])
def test_a_series_turned_over_is_told_the_other_way_round(case: str) -> None:
    turned = read(monthly([100 - value for value in CASES[case][0] if value is not None]))
    words = {"risen": "fallen", "above": "below", "higher": "lower"}
    expected = CASES[case][1]
    for up, down in words.items():
        expected = expected.replace(up, down)
    assert (turned.finding, turned.signal.word) == (expected, "Improvement")


@pytest.mark.parametrize(
    ("value", "polarity", "word", "tail"),
    [
        (50, Polarity.LOW, "Hit and miss", "the target will be hit and missed without change"),
        (30, Polarity.LOW, "Will be missed", "the target will be missed without change"),
        (70, Polarity.LOW, "Consistently met", "the target is met, and will be"),
        (30, Polarity.HIGH, "Consistently met", "the target is met, and will be"),
        (70, Polarity.HIGH, "Will be missed", "the target will be missed without change"),
        (30, Polarity.NONE, "Is above", ""),
    ],
)
def test_a_target_is_judged_by_the_usual_range(value: float, polarity: Polarity, word: str, tail: str) -> None:
    found = read(monthly(STEADY), polarity, goal=Goal(value=value, by=date(2027, 7, 31)))
    assert found.target is not None and found.target.state.word == word and found.target.by == "31 July 2027"
    assert found.headline == "Absence goes up and down within its usual range" + (f"; {tail}" if tail else "")


def test_a_target_whose_day_has_passed_is_missed_not_to_be_missed() -> None:
    found = read(monthly(STEADY), goal=Goal(value=30, by=date(2025, 1, 31)))
    assert found.target is not None and found.target.state.word == "Missed"


def test_without_a_usual_range_the_latest_value_decides() -> None:
    for value, word in ((8, "Met"), (7, "Missed")):
        found = read(monthly([5, 6, 7, 7.5]), goal=Goal(value=value))
        assert found.target is not None and (found.target.state.word, found.target.state.why) == (word, "Latest value")
    inside = read(monthly([5, 6, 7]), goal=Goal(value=7, upper=9))
    assert inside.target is not None and inside.target.state.word == "Met"


def test_years_have_a_trend_of_five() -> None:
    rising = read(yearly([(n, 1000) for n in (200, 230, 260, 290, 320)]), kind="proportion")
    assert (rising.finding, rising.signal.word) == (
        "Has risen over the last five years, by more than chance.",
        "Concern",
    )
    level = read(yearly([(n, 1000) for n in (200, 203, 199, 202, 200)]), kind="proportion")
    assert (level.finding, level.signal.word) == ("Shows no real change in five years.", "No change")
    assert "recent_trend" in rising.methods and "spc_xmr" not in rising.methods


def test_a_rebase_begins_a_usual_range_of_its_own() -> None:
    values = [*STEADY, *(value + 30 for value in STEADY)]
    once, twice = read(monthly(values)), read(monthly(values), rebases=(month(16),))
    assert len({point.mean for point in once.points}) == 1
    assert [point.mean for point in twice.points] == [pytest.approx(50.125)] * 16 + [pytest.approx(80.125)] * 16
    assert twice.finding == "Goes up and down within its usual range."
    assert read(monthly(STEADY), rebases=(month(40),)).points == read(monthly(STEADY)).points


def test_the_same_place_and_period_is_compared_with_the_peers() -> None:
    facts = monthly(STEADY, lower95=45.0, upper95=55.0)
    last = month(16) - timedelta(days=1)
    for peers, word in ((50.0, "Similar"), (40.0, "Worse"), (60.0, "Better")):
        found = read(facts, peers=Peers(name="Peers", values={last: peers, last + timedelta(days=31): 1.0}))
        assert found.benchmark is not None
        assert (found.benchmark.state.word, found.benchmark.value, found.benchmark.period) == (word, peers, "Apr 2025")
    other = read(facts, peers=Peers(name="Peers", values={last + timedelta(days=31): 50.0}))
    assert other.benchmark is not None and other.benchmark.state.judgement is Judgement.NOT_ENOUGH
    bare = read(monthly(STEADY), peers=Peers(name="Peers", values={last: 50.0}))
    assert bare.benchmark is not None and bare.benchmark.state.word == "Not compared"


def test_a_forecast_carries_on_with_whole_months_and_is_judged_by_nobody() -> None:
    found = read(monthly(STEADY), goal=Goal(value=30))
    assert [point.period for point in found.forecast.points] == ["May 2025", "Jun 2025", "Jul 2025"]
    for point in found.forecast.points:
        assert point.status == "F" and point.signal is None
        assert point.lower is not None and point.upper is not None and point.value is not None
        assert point.lower < point.value < point.upper
    few = read(monthly([5, 6, 7]))
    assert few.forecast.points == () and few.forecast.why_not


def test_a_gap_is_no_value_and_no_zero() -> None:
    found = read(monthly([*STEADY[:8], None, *STEADY[8:], None]))
    assert [point.held for point in found.points if point.value is None] == [NOT_STATED] * 2
    assert found.latest is not None and found.latest.period == "May 2025"
    assert found.change == STEADY[-1] - STEADY[-2]


def test_values_that_were_others_in_the_revision_before_say_so() -> None:
    facts = monthly([5, 6, 7])
    setting = Setting(name="A", unit="", decimals=0, polarity=Polarity.LOW, value_type="other")
    ends = facts["period_end"].to_list()
    found = measure(facts, setting, before={ends[0]: 5.0, ends[1]: 4.0, ends[2]: None})
    assert [point.was for point in found.points] == [None, 4.0, None]


def test_overlapping_periods_have_no_usual_range_and_no_forecast() -> None:
    rolling = monthly(STEADY).with_columns(period_type=pl.lit("rolling_year"))
    found = read(rolling)
    assert found.signal.judgement is Judgement.NOT_ENOUGH and found.forecast.why_not == "Its periods overlap."
    assert all(point.mean is None and point.signal is None for point in found.points)
