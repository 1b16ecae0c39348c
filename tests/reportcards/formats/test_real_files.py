"""Real files of councils, statistical offices and health bodies: each is read whole, or refused for a true reason."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from reportcards.formats import OBSERVATIONS, ColumnMapping, Read, read
from reportcards.formats.periods import PeriodType, parse_period

NOT_OBSERVATIONS = re.compile(r"/meta\.csv$|/cipfa\w*\.csv$")
"""Lists of indicators and of neighbours, which hold no values."""
SCHOOL_YEARS = {"grades_5_or_above_ks4", "obese_reception", "obese_year6", "progress_8_score", "children_dental_decay"}


def files(shared: Path, folder: str) -> list[Path]:
    found = sorted((shared / "data/indicators" / folder).rglob("*.csv"))
    assert found
    return found


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def taken(path: Path, *, sidecar: bytes | None = None) -> Read:
    found = read(path.read_bytes(), path.name, sidecar=sidecar)
    assert not found.is_refused, (path.name, found.errors[:3])
    assert found.observations.schema == OBSERVATIONS
    assert found.missing == sum(found.flags.get(code, 0) for code in "OMLHQ")
    assert sum(found.flags.values()) == found.observations.height
    assert (
        found.observations.select("indicator", "area_code", "obs_status", "group").null_count().sum_horizontal()[0] == 0
    )
    assert (found.observations["period_start"] <= found.observations["period_end"]).all()
    return found


@pytest.mark.parametrize(
    "name",
    [
        "trafford_themes/data/children/obese_year6.csv",
        "trafford_themes/data/climate/energy_performance_certificates.csv",
        "trafford_themes/data/climate/household_waste_recycling.csv",
        "uk_sdg/indicator_8-5-2.csv",
        "nhs/ons_mortality.csv",
        "fingertips_formats/next_upload_valid.csv",
        "fingertips_formats/pholio_upload_template.xlsx",
    ],
)
def test_the_remembered_mapping_reads_a_file_in_the_same_way(shared: Path, name: str) -> None:
    path = shared / "data/indicators" / name
    found = taken(path)
    again = read(path.read_bytes(), path.name, mapping=ColumnMapping.from_json(found.mapping.as_json()))
    assert again.observations.equals(found.observations)


@pytest.mark.parametrize("folder", ["trafford_themes", "trafford_ward_data"])
def test_every_table_of_a_council_is_read_with_its_rows_values_and_periods(shared: Path, folder: str) -> None:
    read_of = 0
    for path in files(shared, folder):
        rows = lines(path)
        if NOT_OBSERVATIONS.search(str(path)):
            refused = read(path.read_bytes(), path.name)
            assert refused.is_refused
            assert any("no column is known to hold the" in error.problem for error in refused.errors)
            continue
        found = taken(path)
        values = [name for name in rows[0] if name == "value" or name.startswith("value_")]
        given = [row[name] for row in rows for name in values if row[name] != "NA"]
        assert found.format == "tidy"
        assert found.rows == len(rows)
        assert found.observations.height == len(rows) * len(values)
        assert found.missing == len(rows) * len(values) - len(given)
        assert found.observations["value"].sum() == pytest.approx(sum(map(float, given)))
        assert found.observations["period"].n_unique() == len({row["period"] for row in rows})
        area = "area_code" if "area_code" in rows[0] else "station_code"
        assert found.areas == len({row[area] for row in rows})
        read_of += 1
    assert read_of >= 36


def test_periods_of_a_council_mean_what_their_words_say(shared: Path) -> None:
    themes = shared / "data/indicators/trafford_themes/data"
    kinds = {}
    for path in files(shared, "trafford_themes"):
        if not NOT_OBSERVATIONS.search(str(path)):
            kinds[path.stem] = set(taken(path).observations["period_type"])
    for name in SCHOOL_YEARS:
        assert PeriodType.SCHOOL_YEAR in kinds[name], name
    assert kinds["household_waste_recycling"] == {"financial_year"}
    assert kinds["energy_performance_certificates"] == {"quarter"}
    assert kinds["no2_concentration"] == {"rolling_year"}
    assert kinds["claimant_count"] == {"month"}
    assert kinds["economic_inactivity"] == {"rolling_year"}
    assert kinds["life_expectancy"] == {"pooled_years"}
    quarters = taken(themes / "economy/planning_applications_major.csv").observations
    first = quarters.filter(pl.col("period") == "2022/23 Q3")
    assert first["period_start"].unique().to_list() == [parse_period("October 2022").start]


def test_one_indicator_in_two_measures_is_two_indicators(shared: Path) -> None:
    path = shared / "data/indicators/trafford_themes/data/climate/household_waste_recycling.csv"
    found = taken(path)
    assert len(found.indicators) == 2
    assert {indicator.name.rsplit("(", 1)[1] for indicator in found.indicators} == {"Percentage)", "Frequency)"}


def test_male_and_female_are_the_sex_under_whatever_heading_they_stand(shared: Path) -> None:
    found = taken(shared / "data/indicators/trafford_themes/data/health/life_expectancy.csv")
    assert set(found.observations["sex"]) == {"male", "female"}
    assert set(found.observations["breakdown"]) == {""}
    assert "compared_to_England" in found.ignored


def test_every_sdg_table_is_read_with_its_statuses_and_metadata(shared: Path) -> None:
    statuses = {
        "Normal value": "A",
        "Missing value; suppressed": "Q",
        "Missing value": "O",
        "Definition differs": "D",
        "Low reliability": "U",
    }
    for path in files(shared, "uk_sdg"):
        rows = lines(path)
        sidecar = path.with_name(path.name.replace("indicator_", "meta_")).with_suffix(".md").read_bytes()
        found = taken(path, sidecar=sidecar)
        assert found.format == "open-sdg"
        assert found.rows == found.observations.height == len(rows)
        for said, code in statuses.items():
            stated = [row for row in rows if row["Observation status"] == said and (code not in "AD" or row["Value"])]
            assert found.flags.get(code, 0) >= len(stated), (path.name, said)
        assert found.observations["period"].n_unique() == len({row["Year"] for row in rows})
        told = found.indicators[0]
        assert told.name and told.definition and told.sources and "<" not in told.definition


def test_school_years_of_the_metadata_decide_what_the_years_are(shared: Path) -> None:
    folder = shared / "data/indicators/uk_sdg"
    early = taken(folder / "indicator_4-2-1.csv", sidecar=(folder / "meta_4-2-1.md").read_bytes())
    crime = taken(folder / "indicator_16-1-4.csv", sidecar=(folder / "meta_16-1-4.md").read_bytes())
    assert set(early.observations["period_type"]) == {"school_year"}
    assert set(crime.observations["period_type"]) == {"financial_year"}


def test_a_number_that_its_publisher_marked_as_suppressed_is_not_read(shared: Path) -> None:
    path = shared / "data/indicators/uk_sdg/indicator_16-1-4.csv"
    marked = [row for row in lines(path) if row["Observation status"].endswith("suppressed")]
    found = taken(path)
    hidden = found.observations.filter(pl.col("obs_status") == "Q")
    assert any(row["Value"] for row in marked)
    assert hidden.height == len(marked)
    assert hidden["value"].null_count() == hidden.height
    assert set(hidden["conf_status"]) == {"C"}
    assert any("not read" in warning for warning in found.warnings)


def test_every_vintage_of_an_sdg_table_is_read_or_holds_no_value(shared: Path) -> None:
    for path in files(shared, "uk_sdg_vintages"):
        rows = lines(path)
        values = [name for name in rows[0] if name == "Value"] or [name for name in rows[0] if name != "year"]
        if any(row[name] for row in rows for name in values):
            found = taken(path)
            assert found.observations.height == len(rows) * len(values)
        else:
            (error,) = read(path.read_bytes(), path.name).errors
            assert "has a value" in error.problem


def test_months_of_hospitals_and_weeks_of_deaths_are_read(shared: Path) -> None:
    folder = shared / "data/indicators/nhs"
    months = taken(folder / "ae_attendances.csv")
    rows = lines(folder / "ae_attendances.csv")
    assert (months.rows, months.observations.height) == (len(rows), 3 * len(rows))
    assert {indicator.code for indicator in months.indicators} == {"attendances", "breaches", "admissions"}
    assert set(months.observations["period_type"]) == {"month"}
    assert set(months.observations["breakdown"]) == {"type"}
    weeks = taken(folder / "ons_mortality.csv")
    assert weeks.observations.height == len(lines(folder / "ons_mortality.csv"))
    assert set(weeks.observations["period_type"]) == {"week"}
    assert any("taken as everyone" in warning for warning in weeks.warnings)


UPLOADS = {
    "next_upload_InvalidHeadersAndInvalidDataRows.csv": {(1, "Col0, Col1, Col2, Col3, Col4, Col5")},
    "next_upload_SwitchedHeadersAndValidDataRows.csv": {(1, "date_to"), (1, "date_from")},
    "next_upload_ValidHeadersInvalidDataRows.csv": {(2, "date_from"), (3, "date_to")},
    "next_upload_invalid.csv": {(1, "")},
}


@pytest.mark.parametrize("name", UPLOADS)
def test_an_invalid_upload_is_refused_naming_row_and_column(shared: Path, name: str) -> None:
    found = read((shared / "data/indicators/fingertips_formats" / name).read_bytes(), name)
    assert {(error.row, error.column) for error in found.errors} == UPLOADS[name]
    assert found.observations.is_empty()


def test_the_valid_upload_is_read(shared: Path) -> None:
    found = taken(shared / "data/indicators/fingertips_formats/next_upload_valid.csv")
    assert (found.format, found.rows, found.observations.height, found.areas) == ("fingertips-upload", 9, 9, 2)
    assert set(found.observations["age"]) == {"5-10", "65+", "15+", "up to 40", ""}
    assert set(found.observations["sex"]) == {"male", "female", "persons"}
    assert found.warnings, "its limits are crossed, which is said"


def test_the_pholio_template_is_read_from_its_sheet(shared: Path) -> None:
    path = shared / "data/indicators/fingertips_formats/pholio_upload_template.xlsx"
    found = taken(path)
    assert (found.format, found.rows, found.observations.height) == ("pholio", 3, 3)
    assert found.periods == ("2012-07-01", "2012-09-30")
    financial = read(path.read_bytes(), path.name, mapping=ColumnMapping(period_type=PeriodType.FINANCIAL_YEAR))
    assert financial.periods == ("2012-10-01", "2012-12-31")
    assert any("calendar years" in warning for warning in found.warnings) and not financial.warnings
