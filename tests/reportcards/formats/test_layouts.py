"""Layouts of tables: what each format makes of its columns, and where it asks rather than guesses."""

from __future__ import annotations

from typing import Any

import pytest

from reportcards.formats import ColumnMapping, Read, Role, read
from reportcards.formats.fingertips_upload import HEADINGS
from reportcards.formats.headers import role_of

UPLOAD = ",".join(HEADINGS) + "\n"
SOUND = "E06000001,2024-01-01,2024-12-31,calendar_year,male,5,10,1,among_districts,1,2.5,3,2,3,1,4\n"
DOWNLOAD = (
    "Indicator ID,Indicator Name,Parent Code,Parent Name,Area Code,Area Name,Area Type,Sex,Age,Category Type,Category,"
    "Time period,Value,Lower CI 95.0 limit,Upper CI 95.0 limit,Lower CI 99.8 limit,Upper CI 99.8 limit,Count,"
    "Denominator,Value note,Recent Trend,Compared to England value or percentiles,Time period Sortable,New data,"
    "Compared to goal\n"
)


def told(text: str, name: str = "file.csv", **given: Any) -> Read:
    return read(text.encode(), name, **given)


def rows(found: Read, *columns: str) -> list[tuple[Any, ...]]:
    assert not found.is_refused, found.errors
    return found.observations.select(columns).rows()


@pytest.mark.parametrize(
    ("heading", "role"),
    [
        ("Area Code", Role.AREA_CODE),
        ("lad22cd", Role.AREA_CODE),
        ("WD23NM", Role.AREA_NAME),
        ("GSS code", Role.AREA_CODE),
        ("Local authority", Role.AREA_NAME),
        ("Time period", Role.PERIOD),
        ("units", Role.UNIT),
        ("Lower CI 95.0 limit", Role.LOWER95),
        ("Upper CI 99.8 limit", Role.UPPER998),
        ("ci_lower", Role.LOWER95),
        ("uci", Role.UPPER95),
        ("Lower 99% limit", None),
        ("lower super output area", None),
        ("favourite colour", None),
    ],
)
def test_a_heading_names_its_role_or_none(heading: str, role: Role | None) -> None:
    assert role_of(heading) is role


def test_rows_that_differ_in_one_unknown_column_make_it_a_breakdown() -> None:
    found = told("area_code,year,tribe,value\nA,2020,x,1\nA,2020,y,2\nA,2020,All,3\n")
    assert rows(found, "breakdown", "group", "value") == [("tribe", "x", 1.0), ("tribe", "y", 2.0), ("", "", 3.0)]


def test_rows_that_two_unknown_columns_tell_apart_are_asked_about() -> None:
    text = "area_code,year,foo,bar,value\nA,2020,x,p,1\nA,2020,y,q,2\nB,2020,x,q,2\nB,2020,y,r,3\n"
    (error,) = told(text).errors
    assert (error.row, error.column) == (2, "foo")
    assert "foo, bar" in error.problem and "mapping" in error.problem
    chosen = ColumnMapping(columns={"foo": Role.DIMENSION, "bar": Role.IGNORE})
    assert {group for (group,) in rows(told(text, mapping=chosen), "group")} == {"x", "y"}


def test_a_code_and_its_label_are_one_breakdown() -> None:
    found = told("area_code,year,tribe,tribe_code,value\nA,2020,x,1,1\nA,2020,y,2,2\n")
    assert rows(found, "breakdown", "group") == [("tribe", "x"), ("tribe", "y")]
    assert "tribe_code" in found.ignored


def test_what_a_publisher_made_of_the_values_is_never_a_breakdown() -> None:
    found = told("area_code,year,compared_to_England,value\nA,2020,Worse,1\nA,2021,Better,2\n")
    assert set(found.observations["breakdown"]) == {""}
    assert "anew" in found.ignored["compared_to_England"]


def test_a_breakdown_that_everybody_knows_is_one_even_where_all_rows_are_alike_in_it() -> None:
    found = told("area_code,year,ethnicity,value\nA,2020,Asian,1\nB,2020,Asian,2\n")
    assert rows(found, "breakdown", "group") == [("ethnicity", "Asian")] * 2


def test_several_columns_of_values_are_several_indicators() -> None:
    found = told("area_code,year,births,deaths\nA,2020,1,2\n")
    assert rows(found, "indicator", "value", "row") == [("births", 1.0, 2), ("deaths", 2.0, 2)]
    assert found.rows == 1


def test_a_column_per_year_is_a_table_of_years() -> None:
    found = told("area_code,2019/20,2020/21\nA,1,c\n")
    assert rows(found, "period", "period_type", "value") == [
        ("2019/20", "financial_year", 1.0),
        ("2020/21", "financial_year", None),
    ]


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("year,month,area,value\n2021,1,A,3\n2021,March,A,4\n", ["2021-01-01", "2021-03-01"]),
        ("year,quarter,area,value\n2021/22,1,A,3\n2021/22,Q2,A,4\n", ["2021-04-01", "2021-07-01"]),
        ("year,week,area,value\n2021,1,A,3\n2021,5,A,4\n", ["2021-01-04", "2021-02-01"]),
        (
            "date_from,date_to,area,value\n01/04/2021,30/06/2021,A,3\n01/07/2021,30/09/2021,A,4\n",
            ["2021-04-01", "2021-07-01"],
        ),
        (
            "time_period,time_identifier,area,value\n202122,Academic year,A,3\n202223,Academic year,A,4\n",
            ["2021-09-01", "2022-09-01"],
        ),
        (
            "time_period,time_identifier,area,value\n202122,Autumn term,A,3\n202122,Spring term,A,4\n",
            ["2021-09-01", "2022-01-01"],
        ),
    ],
)
def test_a_period_may_stand_in_two_columns(text: str, periods: list[str]) -> None:
    assert [start.isoformat() for (start,) in rows(told(text), "period_start")] == periods


def test_the_finest_area_of_a_row_is_its_area() -> None:
    text = (
        "time_period,country_code,country_name,region_name,la_name,value\n"
        "2021,E92,England,,,1\n2021,E92,England,North,,2\n2021,E92,England,North,Trafford,3\n"
    )
    assert rows(told(text), "area_code", "area_name") == [("E92", "England"), ("", "North"), ("", "Trafford")]


def test_sex_is_three_words_and_any_other_group_is_kept() -> None:
    found = told("area_code,year,gender,value\nA,2020,Boys,1\nA,2020,F,2\nA,2020,,3\nA,2020,Non-binary,4\n")
    assert rows(found, "sex", "group") == [("male", ""), ("female", ""), ("persons", ""), ("", "Non-binary")]


def test_a_status_that_is_a_colour_is_no_status() -> None:
    found = told("area_code,year,value,status\nA,2020,1,Green\nA,2021,2,Red\n")
    assert found.flags == {"A": 2}
    assert "status" in found.ignored
    stated = told("area_code,year,value,status\nA,2020,1,provisional\nA,2021,,suppressed\nA,2022,3,revised\n")
    assert rows(stated, "obs_status", "conf_status", "note") == [
        ("P", "F", ""),
        ("Q", "C", ""),
        ("A", "F", "revised, says the publisher"),
    ]


def test_a_sound_upload_is_read() -> None:
    found = told(UPLOAD + SOUND)
    assert found.format == "fingertips-upload"
    assert rows(found, "area_code", "sex", "age", "group", "value", "lower998", "period_type") == [
        ("E06000001", "male", "5-10", "1", 2.5, 1.0, "calendar_year")
    ]


@pytest.mark.parametrize(
    ("place", "value", "column"),
    [
        (0, "", "area_code"),
        (1, "01/01/2024", "date_from"),
        (2, "2024-13-01", "date_to"),
        (2, "2023-12-31", "date_to"),
        (3, "aeon", "period_type"),
        (4, "boy?", "sex"),
        (5, "five", "age_from_years_inclusive"),
        (6, "4", "age_to_years_inclusive"),
        (7, "11", "deprivation_decile"),
        (9, "x1", "count"),
        (10, "much", "value"),
        (15, "a lot", "upper_ci_99_8"),
    ],
)
def test_an_upload_with_one_wrong_cell_is_refused_naming_it(place: int, value: str, column: str) -> None:
    cells = SOUND.strip().split(",")
    cells[place] = value
    found = told(UPLOAD + SOUND.replace("E06000001", "E06000002") + ",".join(cells) + "\n")
    assert [(error.row, error.column) for error in found.errors] == [(3, column)]


@pytest.mark.parametrize(
    ("headings", "column"),
    [
        (UPLOAD.replace("date_to,", "", 1), "date_to"),
        (UPLOAD.replace("sex,", "gender,", 1), "sex"),
        (UPLOAD.replace("upper_ci_99_8", "upper_ci_99_8,extra"), "extra"),
    ],
)
def test_an_upload_with_wrong_headings_is_refused_naming_them(headings: str, column: str) -> None:
    found = told(headings + SOUND.strip() + ("," if "extra" in headings else "") + "\n")
    assert (1, column) in {(error.row, error.column) for error in found.errors}


def test_a_download_of_fingertips_is_read_and_an_area_under_two_parents_taken_once() -> None:
    one = (
        "108,Deaths,{},England,E92,England,England,Persons,<75 yrs,,,2001 - 03,385.1,384,386,,,495,1300,,,,20010000,,\n"
    )
    note = "108,Deaths,,,E06,X,UA,Male,<75 yrs,Deciles,Most deprived,2002/03 - 04/05,,,,,,,,Hidden,,,20020000,,\n"
    found = told(DOWNLOAD + one.format("") + one.format("E92") + note)
    assert found.format == "fingertips-download"
    assert rows(found, "indicator", "indicator_name", "breakdown", "group", "sex", "value", "lower95", "note") == [
        ("108", "Deaths", "", "", "persons", 385.1, 384.0, ""),
        ("108", "Deaths", "Deciles", "Most deprived", "male", None, None, "Hidden"),
    ]
    clash = told(DOWNLOAD + one.format("") + one.format("E92").replace("385.1", "399.9"))
    assert [(error.row, error.column) for error in clash.errors] == [(3, "Time period")]


@pytest.mark.parametrize(
    ("said", "start", "end", "kind"),
    [
        ("2001 - 03", "2001-01-01", "2003-12-31", "pooled_years"),
        ("2011/12 - 13/14", "2011-04-01", "2014-03-31", "pooled_years"),
        ("2019/20", "2019-04-01", "2020-03-31", "financial_year"),
        ("2014/15 Q4", "2015-01-01", "2015-03-31", "quarter"),
        ("2017/18 Q2 - 2018/19 Q1", "2017-07-01", "2018-06-30", "rolling_year"),
        ("2020 Q3 - 2021 Q2", "2020-07-01", "2021-06-30", "rolling_year"),
        ("Q1 2020 - Q4 2021", "2020-01-01", "2021-12-31", "pooled_years"),
        ("Aug 2018 - Jul 2019", "2018-08-01", "2019-07-31", "rolling_year"),
        ("Apr 2019", "2019-04-01", "2019-04-30", "month"),
    ],
)
def test_the_periods_of_a_fingertips_download_are_understood(said: str, start: str, end: str, kind: str) -> None:
    """With the byte order mark, the quotes and the columns that a download of today has beside the older ones."""
    head = DOWNLOAD.replace("percentiles,Time", "percentiles,Compared to Region value or percentiles,Time")
    head = head.replace("goal\n", "goal,Time period range\n")
    row = f'90366,"Births, low weight",E92,England,E06,Hartlepool,UA,Male,All ages,,,{said},75,74,76,73,77,75,100,,'
    row += '"Cannot be calculated",Worse,Similar,20010000,,,3y\n'
    found = read((head + row).encode("utf-8-sig"), "indicators-CountyUA.data.csv")
    assert found.format == "fingertips-download"
    assert [tuple(map(str, each)) for each in rows(found, "period_start", "period_end", "period_type")] == [
        (start, end, kind)
    ]


SDMX = (
    "DATAFLOW,FREQ,REF_AREA,INDICATOR,SEX,SECTOR,ADJUSTMENT,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS,UNIT_MULT,DECIMALS\n"
    "X:Y(1.0),A,UK,POP,M,S1,N,2021,5.5,P,F,3,1\n"
    "X:Y(1.0),A,UK,POP,_T,_T,N,2021,,Q,,3,1\n"
    "X:Y(1.0),Q,UK,POP,_T,_T,N,2021-Q3,7,A,N,0,1\n"
)


def test_sdmx_csv_is_read_by_its_standard() -> None:
    found = told(SDMX)
    assert found.format == "sdmx-csv"
    assert rows(found, "sex", "breakdown", "group", "value", "obs_status", "conf_status", "period_type") == [
        ("male", "SECTOR", "S1", 5500.0, "P", "F", "calendar_year"),
        ("persons", "", "", None, "Q", "C", "calendar_year"),
        ("persons", "", "", 7.0, "A", "N", "quarter"),
    ]
    assert {"FREQ", "ADJUSTMENT", "DECIMALS"} <= set(found.ignored)


def test_sdmx_csv_with_labels_is_read_by_its_codes() -> None:
    text = "STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA: Area,TIME_PERIOD: Time,OBS_VALUE: Value,OBS_STATUS: Status\n"
    found = told(text + "dataflow,X,I,UK: United Kingdom,2021,5.5,P: Provisional value\n")
    assert rows(found, "area_code", "value", "obs_status") == [("UK", 5.5, "P")]


@pytest.mark.parametrize(
    ("text", "row", "column"),
    [
        (SDMX.replace(",P,F,3", ",??,F,3"), 2, "OBS_STATUS"),
        (SDMX.replace(",P,F,3", ",P,secret,3"), 2, "CONF_STATUS"),
        (SDMX.replace("A,N,0,1", "A,N,dozen,1"), 4, "UNIT_MULT"),
        (SDMX.replace("2021-Q3", "2021-Q7"), 4, "TIME_PERIOD"),
        ("STRUCTURE,ACTION,REF_AREA,TIME_PERIOD,OBS_VALUE\ndataflow,D,UK,2021,1\n", 2, "ACTION"),
    ],
)
def test_sdmx_csv_with_a_code_of_no_list_is_refused(text: str, row: int, column: str) -> None:
    assert (row, column) in {(error.row, error.column) for error in told(text).errors}


def test_open_sdg_makes_every_other_column_a_breakdown_and_blank_everyone() -> None:
    text = (
        "Year,Series,Sex,Tribe,Home,Observation status,Unit multiplier,Unit measure,GeoCode,Value\n"
        "2020,S,,,,Normal value,Thousands,Persons,,2\n2020,S,Female,x,h,Low reliability,Units,Persons,E92,1\n"
    )
    found = told(text)
    assert found.format == "open-sdg"
    assert rows(found, "indicator", "sex", "breakdown", "group", "value", "obs_status", "unit") == [
        ("S", "persons", "", "", 2000.0, "A", "Persons"),
        ("S", "female", "Tribe | Home", "x | h", 1.0, "U", "Persons"),
    ]
    wrong = told(text.replace("Low reliability", "Hm"))
    assert [(error.row, error.column, error.value) for error in wrong.errors] == [(3, "Observation status", "Hm")]
