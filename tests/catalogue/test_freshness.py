"""Update frequencies in any spelling become a period; freshness is told in words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.freshness import Rhythm, State, freshness, grace, read_period

TODAY = date(2026, 11, 21)

PERIODS = [
    ("http://publications.europa.eu/resource/authority/frequency/ANNUAL", "yearly"),
    ("ANNUAL_2", "twice a year"),
    ("BIENNIAL", "every two years"),
    ("R/P1Y", "yearly"),
    ("R/P3M", "quarterly"),
    ("R/P0.5M", "twice a month"),
    ("R/P2W", "every two weeks"),
    ("P4Y", "every four years"),
    ("R/PT1H", "hourly"),
    ("http://purl.org/cld/freq/semiannual", "twice a year"),
    ("threeTimesAYear", "three times a year"),
    ("http://purl.org/linked-data/sdmx/2009/code#freq-A", "yearly"),
    ("Q", "quarterly"),
    ("365", "yearly"),
    ("7", "weekly"),
    ("fortnightly", "every two weeks"),
    ("every 2 weeks", "every two weeks"),
    ("twice a year", "twice a year"),
    ("weekly, on Thursdays", "weekly"),
    ("Diária", "daily"),
    ("Mensal, a partir da segunda quinzena", "monthly"),
    ("trimestriel", "quarterly"),
    ("jährlich", "yearly"),
    ("semestrale", "twice a year"),
]


@pytest.mark.parametrize(("stated", "words"), PERIODS)
def test_a_frequency_is_read(stated: str, words: str) -> None:
    found = read_period(stated)
    assert (found.rhythm, found.words) == (Rhythm.REGULAR, words)


def test_frequencies_without_a_number_of_days_are_told_apart() -> None:
    kinds = {
        "notPlanned": Rhythm.NEVER,
        "-1": Rhythm.NEVER,
        "Never": Rhythm.NEVER,
        "irregular": Rhythm.AS_NEEDED,
        "asNeeded": Rhythm.AS_NEEDED,
        "-2": Rhythm.AS_NEEDED,
        "R/PT1S": Rhythm.CONTINUOUS,
        "Continous": Rhythm.CONTINUOUS,
        "UPDATE_CONT": Rhythm.CONTINUOUS,
        "": Rhythm.UNKNOWN,
        "UNKNOWN": Rhythm.UNKNOWN,
        "Other": Rhythm.UNKNOWN,
        "Eleição": Rhythm.UNKNOWN,
    }
    assert {stated: read_period(stated).rhythm for stated in kinds} == kinds


def test_weekly_data_received_sixteen_days_ago_are_nine_days_late() -> None:
    found = freshness("2026-11-05", "weekly", today=TODAY)
    assert (found.state, found.words) == (State.LATE, "9 days late")
    assert found.detail == "Weekly. Last updated 5 November 2026."
    assert found.due_on == date(2026, 11, 12)


def test_the_grace_comes_between_fresh_and_late() -> None:
    states = [freshness(f"2026-11-{day:02}", "weekly", today=TODAY).state for day in (14, 13, 7, 6)]
    assert states == [State.FRESH, State.DUE, State.DUE, State.LATE]
    assert [grace(days) for days in (1, 7, 30.4, 91.3, 365.25)] == [1, 7, 14, 30, 60]


def test_without_a_frequency_nobody_can_say_whether_it_is_late() -> None:
    found = freshness("2010-01-01", "", today=TODAY)
    assert found.state is State.UNKNOWN
    assert found.detail == "How often it is updated is not stated. Last updated 1 January 2010."


def test_a_date_that_has_not_come_yet_is_not_fresh() -> None:
    assert freshness("2031-01-01", "daily", today=TODAY).state is State.UNKNOWN


def test_a_bare_year_is_not_made_into_a_day() -> None:
    assert freshness("2024", "yearly", today=TODAY).detail == "Yearly. Last updated 2024."
    assert freshness("2026", "yearly", today=TODAY).state is State.FRESH


def test_a_review_counts_as_an_update() -> None:
    stale = freshness("2020-01-01", "yearly", today=TODAY)
    reviewed = freshness("2020-01-01", "yearly", today=TODAY, reviewed_on=date(2026, 10, 1))
    assert (stale.state, reviewed.state) == (State.LATE, State.FRESH)


def test_the_owners_own_limit_replaces_the_grace() -> None:
    assert freshness("2026-11-10", "weekly", today=TODAY, stale_after_days=30).state is State.FRESH
    assert freshness("2026-11-10", "yearly", today=TODAY, stale_after_days=10).state is State.LATE


def test_finished_data_are_not_late() -> None:
    found = freshness("2001-01-01", "not planned", today=TODAY)
    assert (found.state, found.words) == (State.FRESH, "No more updates planned")


def test_data_called_continuous_are_not_taken_at_their_word() -> None:
    found = freshness("2010-01-01", "R/PT1S", today=TODAY)
    assert (found.state, found.words) == (State.LATE, "No update for 16 years")


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_gets_an_answer(modified: str, frequency: str) -> None:
    found = freshness(modified, frequency, today=TODAY)
    assert found.words and found.detail


@given(st.dates(date(1990, 1, 1), TODAY), st.sampled_from([stated for stated, _ in PERIODS]))
def test_a_later_update_is_never_less_fresh(when: date, frequency: str) -> None:
    order = [State.LATE, State.DUE, State.FRESH]
    earlier = freshness(when.isoformat(), frequency, today=TODAY).state
    later = freshness(TODAY.isoformat(), frequency, today=TODAY).state
    assert order.index(later) >= order.index(earlier)
