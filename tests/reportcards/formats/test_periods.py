"""Periods: every spelling that publishers use is understood, and what could be two is asked about."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reportcards.formats._times import together
from reportcards.formats.periods import (
    Period,
    PeriodType,
    PeriodUnknown,
    add_months,
    calendar_year,
    label,
    months_from,
    parse_period,
    spanning,
    split_year,
)

SPELLINGS = {
    "2017/18": ("2017-04-01/2018-03-31", "financial_year"),
    "2017-18": ("2017-04-01/2018-03-31", "financial_year"),
    "2017\u201318": ("2017-04-01/2018-03-31", "financial_year"),
    "2017/2018": ("2017-04-01/2018-03-31", "financial_year"),
    "1999/00": ("1999-04-01/2000-03-31", "financial_year"),
    "FY2017": ("2017-04-01/2018-03-31", "financial_year"),
    "FY 2017/18": ("2017-04-01/2018-03-31", "financial_year"),
    "FYE 2018": ("2017-04-01/2018-03-31", "financial_year"),
    "202122": ("2021-04-01/2022-03-31", "financial_year"),
    "Academic year 2021/22": ("2021-09-01/2022-08-31", "school_year"),
    "2021/22 (academic year)": ("2021-09-01/2022-08-31", "school_year"),
    "2017": ("2017-01-01/2017-12-31", "calendar_year"),
    "2017.0": ("2017-01-01/2017-12-31", "calendar_year"),
    "20220000": ("2022-01-01/2022-12-31", "calendar_year"),
    "2021-A1": ("2021-01-01/2021-12-31", "calendar_year"),
    "March 2023": ("2023-03-01/2023-03-31", "month"),
    "Mar-23": ("2023-03-01/2023-03-31", "month"),
    "2023-03": ("2023-03-01/2023-03-31", "month"),
    "202303": ("2023-03-01/2023-03-31", "month"),
    "2023-M03": ("2023-03-01/2023-03-31", "month"),
    "20230003": ("2023-03-01/2023-03-31", "month"),
    "03/2023": ("2023-03-01/2023-03-31", "month"),
    "Sept 2021": ("2021-09-01/2021-09-30", "month"),
    "2021-03-31": ("2021-03-31/2021-03-31", "day"),
    "01/04/2017": ("2017-04-01/2017-04-01", "day"),
    "1st April 2017": ("2017-04-01/2017-04-01", "day"),
    "31-Mar-21": ("2021-03-31/2021-03-31", "day"),
    "2021-03-31T00:00:00": ("2021-03-31/2021-03-31", "day"),
    "As at 31 March 2021": ("2021-03-31/2021-03-31", "day"),
    "mid-2021": ("2021-06-30/2021-06-30", "day"),
    "Q1 2023": ("2023-01-01/2023-03-31", "quarter"),
    "2023 Q1": ("2023-01-01/2023-03-31", "quarter"),
    "2021-Q3": ("2021-07-01/2021-09-30", "quarter"),
    "2022/23 Q1": ("2022-04-01/2022-06-30", "quarter"),
    "Q4 2022-23": ("2023-01-01/2023-03-31", "quarter"),
    "20220100": ("2022-01-01/2022-03-31", "quarter"),
    "Jan to Mar 2021": ("2021-01-01/2021-03-31", "quarter"),
    "Dec-Feb 2021": ("2020-12-01/2021-02-28", "quarter"),
    "quarter ending June 2022": ("2022-04-01/2022-06-30", "quarter"),
    "2015 - 17": ("2015-01-01/2017-12-31", "pooled_years"),
    "2015-2017": ("2015-01-01/2017-12-31", "pooled_years"),
    "2017 - 18": ("2017-01-01/2018-12-31", "pooled_years"),
    "2020/21 - 24/25": ("2020-04-01/2025-03-31", "pooled_years"),
    "2020/21 to 2024/25": ("2020-04-01/2025-03-31", "pooled_years"),
    "3 years to March 2021": ("2018-04-01/2021-03-31", "pooled_years"),
    "Apr 2019 - Mar 2020": ("2019-04-01/2020-03-31", "rolling_year"),
    "Oct 2021-Sep 2022": ("2021-10-01/2022-09-30", "rolling_year"),
    "Jan 2023-Dec 2023": ("2023-01-01/2023-12-31", "rolling_year"),
    "12 months to March 2023": ("2022-04-01/2023-03-31", "rolling_year"),
    "year ending Jun 2022": ("2021-07-01/2022-06-30", "rolling_year"),
    "Year ending 28 February 2023": ("2022-03-01/2023-02-28", "rolling_year"),
    "Autumn 2022/23": ("2022-09-01/2022-12-31", "academic_term"),
    "Spring term 2023": ("2023-01-01/2023-03-31", "academic_term"),
    "Autumn and spring term 2022/23": ("2022-09-01/2023-03-31", "academic_term"),
    "2021-W05": ("2021-02-01/2021-02-07", "week"),
    "Week 5 2021": ("2021-02-01/2021-02-07", "week"),
    "w/e 05/03/2021": ("2021-02-27/2021-03-05", "week"),
    "week commencing 1 March 2021": ("2021-03-01/2021-03-07", "week"),
    "2021-S1": ("2021-01-01/2021-06-30", "range"),
    "2019-04-01/P1Y": ("2019-04-01/2020-03-31", "financial_year"),
    "2019-04-01/P3M": ("2019-04-01/2019-06-30", "quarter"),
    "2019-04-01/2020-03-31": ("2019-04-01/2020-03-31", "financial_year"),
    "01/04/2019 - 31/03/2020": ("2019-04-01/2020-03-31", "financial_year"),
}


@pytest.mark.parametrize("said", SPELLINGS)
def test_a_period_is_read_however_it_is_written(said: str) -> None:
    found = parse_period(said)
    assert (found.iso, found.type.value) == SPELLINGS[said]


@pytest.mark.parametrize(
    "said",
    [
        *("", "foo", "99", "2017/19", "13/13/2020", "2021-02-30", "2024-01-AB", "2021-W60", "Q5 2020", "2030-20"),
        *("2021 - 2019", "99999", "0000", "9999", "Winter 2021", "2017//18", "12", "1 2 3", "-1", "2020 or 2021"),
    ],
)
def test_what_is_no_period_is_named_in_the_refusal(said: str) -> None:
    with pytest.raises(PeriodUnknown) as unknown:
        parse_period(said)
    assert (repr(said) if said else "an empty cell") in unknown.value.sentence or said in unknown.value.sentence


@pytest.mark.parametrize("said", ["2010-11", "201112"])
def test_a_year_that_could_be_a_month_is_asked_about(said: str) -> None:
    with pytest.raises(PeriodUnknown, match="say in the mapping"):
        parse_period(said)
    assert parse_period(said, hint=PeriodType.FINANCIAL_YEAR).type is PeriodType.FINANCIAL_YEAR
    assert parse_period(said, hint=PeriodType.MONTH).type is PeriodType.MONTH


def test_a_hint_decides_what_a_split_year_is() -> None:
    assert parse_period("2017/18", hint=PeriodType.SCHOOL_YEAR).iso == "2017-09-01/2018-08-31"
    assert parse_period("2017-18", hint=PeriodType.POOLED_YEARS).iso == "2017-01-01/2018-12-31"
    assert parse_period("2020/21 - 22/23", hint=PeriodType.SCHOOL_YEAR).iso == "2020-09-01/2023-08-31"


_YEARS = st.integers(1800, 2150)
PERIODS = st.one_of(
    st.builds(calendar_year, _YEARS),
    st.builds(lambda y, n: calendar_year(y, years=n), _YEARS, st.integers(2, 9)),
    st.builds(lambda y, s: split_year(y, hint=PeriodType.SCHOOL_YEAR if s else None), _YEARS, st.booleans()),
    st.builds(lambda y, n: split_year(y, years=n), _YEARS, st.integers(2, 9)),
    st.builds(lambda y, m, n: months_from(date(y, m, 1), n), _YEARS, st.integers(1, 12), st.integers(1, 30)),
    st.builds(lambda y, m: months_from(date(y, m, 1), 12, kind=PeriodType.ROLLING_YEAR), _YEARS, st.integers(1, 12)),
    st.builds(
        lambda day, n: spanning(day, day + timedelta(days=n)),
        st.dates(date(1800, 1, 1), date(2150, 1, 1)),
        st.integers(0, 900),
    ),
)


@settings(max_examples=300, deadline=None)
@given(PERIODS)
def test_what_a_period_is_called_is_read_back_as_the_same_period(period: Period) -> None:
    assert parse_period(label(period)) == period


@settings(max_examples=200, deadline=None)
@given(st.lists(PERIODS, min_size=2, max_size=6))
def test_periods_sort_in_the_order_of_time_as_values_and_as_text(periods: list[Period]) -> None:
    read = [parse_period(label(period)) for period in periods]
    in_time = sorted(periods, key=lambda period: (period.start, period.end))
    assert [p.iso for p in sorted(read)] == [p.iso for p in in_time] == sorted(p.iso for p in read)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=25) | st.from_regex(r"[0-9/ \-QWMPa-z]{1,16}", fullmatch=True))
def test_nothing_but_a_refusal_comes_of_any_text(said: str) -> None:
    try:
        found = parse_period(said)
    except PeriodUnknown as unknown:
        assert unknown.sentence
    else:
        assert found.start <= found.end


def months(first: date, count: int, *, apart: int, last_days: bool) -> list[str]:
    days = [add_months(first, place * apart) for place in range(count)]
    return [((add_months(day, 1) - timedelta(days=1)) if last_days else day).isoformat() for day in days]


@pytest.mark.parametrize(
    ("days", "words", "heading", "first", "kind"),
    [
        (months(date(2020, 1, 1), 5, apart=1, last_days=False), "", "date", "2020-01-01/2020-01-31", "month"),
        (months(date(2020, 1, 1), 5, apart=1, last_days=True), "", "date", "2020-01-01/2020-01-31", "month"),
        (months(date(2020, 3, 1), 5, apart=3, last_days=True), "", "period", "2020-01-01/2020-03-31", "quarter"),
        (
            months(date(2020, 3, 1), 5, apart=3, last_days=True),
            "Annual mean",
            "period",
            "2019-04-01/2020-03-31",
            "rolling_year",
        ),
        (months(date(2020, 3, 1), 5, apart=12, last_days=True), "", "period", "2020-03-31/2020-03-31", "day"),
        (
            months(date(2020, 3, 1), 2, apart=12, last_days=True),
            "",
            "year_ending",
            "2019-04-01/2020-03-31",
            "rolling_year",
        ),
        (["2010-01-08", "2010-01-15", "2010-01-22"], "", "date", "2010-01-02/2010-01-08", "week"),
        (["2010-01-04", "2010-01-11", "2010-01-18"], "", "date", "2010-01-04/2010-01-10", "week"),
        (["2010-01-06", "2010-01-13", "2010-01-20"], "", "date", "2010-01-06/2010-01-06", "day"),
        (["2022-06-30"], "", "period", "2022-06-30/2022-06-30", "day"),
        (["2020-01-01", "2021-01-01"], "", "year", "2020-01-01/2020-12-31", "calendar_year"),
    ],
)
def test_days_are_read_by_their_rhythm_and_heading(
    days: list[str], words: str, heading: str, first: str, kind: str
) -> None:
    found = together(days, words=words, heading=heading)
    assert not found.problems
    assert (found.periods[days[0]].iso, found.periods[days[0]].type.value) == (first, kind)


def test_the_other_periods_say_whether_figures_are_months_or_years() -> None:
    assert together(["2010-11", "2011-12"], words="", heading="y").periods["2010-11"].type == "financial_year"
    assert together(["2010-11", "2012-13"], words="", heading="y").periods["2010-11"].type == "financial_year"
    assert together(["2010-11", "2010-08"], words="", heading="y").periods["2010-11"].type == "month"
    assert together(["2010-12", "2012-14"], words="", heading="y").periods["2010-12"].iso == "2010-01-01/2012-12-31"
    assert "mapping" in together(["2010-11"], words="", heading="y").problems["2010-11"]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Pupils eligible for free school meals", PeriodType.SCHOOL_YEAR),
        ("GCSE attainment", PeriodType.SCHOOL_YEAR),
        ("Waste recycled", PeriodType.FINANCIAL_YEAR),
        ("School meals, financial year", PeriodType.FINANCIAL_YEAR),
    ],
)
def test_words_beside_a_split_year_say_of_what_kind_it_is(words: str, kind: PeriodType) -> None:
    assert together(["2017/18"], words=words, heading="period").periods["2017/18"].type is kind
