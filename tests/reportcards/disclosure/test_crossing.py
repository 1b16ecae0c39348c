"""What a group is, from the words of a file: every usual way to cross dimensions comes to the same place."""

from __future__ import annotations

import pytest

from reportcards.disclosure.ages import age
from reportcards.disclosure.crossing import EVERYBODY, places


def place(breakdown: str, group: str, *others: str) -> dict[str, str]:
    return dict(places([(breakdown, each) for each in (group, *others)])[breakdown, group])


@pytest.mark.parametrize(
    ("breakdown", "group"),
    [
        ("Sex | Age", "Male | 0-4"),
        ("Age | Sex", "0 to 4 | M"),
        ("Sex, Age", "Males, 0-4 yrs"),
        ("Sex by age", "Males aged 0 to 4"),
        ("Sex x age group", "Male x Y0T4"),
        ("Age and sex", "0-4 year olds: boys"),
        ("Gender by age band", "Boys 0–4"),
        ("Age (sex)", "0-4 (male)"),
        ("Detail", "Under 5 / Male"),
    ],
)
def test_a_sex_and_an_age_are_found_however_they_are_joined(breakdown: str, group: str) -> None:
    assert place(breakdown, group) == {"sex": "male", "age": "0..5"}


@pytest.mark.parametrize(
    ("breakdown", "group"),
    [("Ethnicity by sex", "White males"), ("Sex | Ethnicity", "Male | White"), ("Sex, Ethnicity", "Male, White")],
)
def test_other_dimensions_are_called_as_the_breakdown_calls_them(breakdown: str, group: str) -> None:
    assert place(breakdown, group) == {"sex": "male", "ethnicity": "white"}


def test_three_dimensions_are_three() -> None:
    assert place("Sex | Age | Ethnicity", "Male | 0-4 | White") == {"sex": "male", "age": "0..5", "ethnicity": "white"}


@pytest.mark.parametrize("group", ["Persons", "All ages", "Total", "all people", ""])
def test_all_of_a_dimension_is_everybody(group: str) -> None:
    assert places([("Sex", group)])["Sex", group] == EVERYBODY
    assert place("Sex | Age", f"Male | {group or 'All'}", "Female | 0-4") == {"sex": "male"}


def test_one_dimension_under_two_names_is_one() -> None:
    ethnic = ("White", "Asian", "Black")
    found = places(
        [("Ethnicity", each) for each in ethnic]
        + [("Ethnic group | Sex", f"{each} | {sex}") for each in ethnic for sex in ("Male", "Female")]
    )
    plain, crossed = dict(found["Ethnicity", "White"]), dict(found["Ethnic group | Sex", "White | Male"])
    assert plain.items() <= crossed.items()


def test_two_dimensions_with_the_same_values_stay_two() -> None:
    fifths = [str(each) for each in range(1, 6)]
    found = places([(name, each) for name in ("Quintile of home", "Quintile of school") for each in fifths])
    assert found["Quintile of home", "1"] != found["Quintile of school", "1"]
    mothers = place("Age of mother | Age of child", "20-24 | 0-4")
    assert mothers == {"age of mother": "20..25", "age of child": "0..5"}


@pytest.mark.parametrize(
    ("said", "years"),
    [
        ("0-4", (0, 5)),
        ("5 - 9", (5, 10)),
        ("10–11 yrs", (10, 12)),
        ("Under 18s", (0, 18)),
        ("<1", (0, 1)),
        ("up to 4", (0, 5)),
        ("65+", (65, 1000)),
        ("65 years and over", (65, 1000)),
        ("Y_GE65", (65, 1000)),
        ("Y_LT15", (0, 15)),
        ("Y15T24", (15, 25)),
        ("aged 85 or older", (85, 1000)),
        ("7 yrs", (7, 8)),
        ("7", None),
        ("18-4", None),
        ("1st quintile", None),
        ("2024/25", None),
    ],
)
def test_ages_are_read_as_people_write_them(said: str, years: tuple[int, int] | None) -> None:
    assert age(said) == years


def test_a_mere_number_is_an_age_only_where_the_breakdown_says_so() -> None:
    assert place("Age", "7") == {"age": "7..8"}
    assert place("Decile", "7") == {"decile": "7"}
