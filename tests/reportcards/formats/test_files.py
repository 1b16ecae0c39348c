"""Files of any kind: encodings, separators, workbooks, sizes; what is wrong is named by row and column."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from reportcards.formats import ColumnMapping, Read, Role, preview, read, registry
from reportcards.formats.mapping import MappingUnreadable
from reportcards.formats.periods import PeriodType


def told(text: str | bytes, **given: Any) -> Read:
    return read(text.encode() if isinstance(text, str) else text, "file.csv", **given)


def test_formats_are_found_by_a_scan_of_their_folder() -> None:
    assert list(registry()) == [
        "fingertips-download",
        "fingertips-upload",
        "open-sdg",
        "pholio",
        "sdmx-csv",
        "tidy",
    ]
    assert all(one.title and one.about.endswith(".") for one in registry().values())


@pytest.mark.parametrize(
    "data",
    [
        "area_name,year,value\nCafé,2020,1.5\nCafé,2021,2\n".encode(),
        "area_name,year,value\r\nCafé,2020,1.5\r\nCafé,2021,2\r\n".encode("utf-8-sig"),
        "area_name,year,value\nCafé,2020,1.5\nCafé,2021,2\n".encode("cp1252"),
        "area_name,year,value\nCafé,2020,1.5\nCafé,2021,2\n".encode("utf-16"),
        "area_name,year,value\nCafé,2020,1.5\nCafé,2021,2\n".encode("utf-32"),
        "area_name;year;value\nCafé;2020;1,5\nCafé;2021;2,0\n".encode(),
        "sep=;\narea_name;year;value\nCafé;2020;1,5\nCafé;2021;2,0\n".encode(),
        "area_name\tyear\tvalue\nCafé\t2020\t1.5\nCafé\t2021\t2\n".encode(),
        "A list of cafés\n\nArea name,Year,Value,,\nCafé,2020,1.5,,\n\n Café ,2021,2,,\n".encode(),
    ],
    ids=["plain", "mark and CRLF", "cp1252", "utf-16", "utf-32", "semicolons", "sep", "tabs", "title and blanks"],
)
def test_a_table_is_the_same_however_it_was_saved(data: bytes) -> None:
    found = told(data)
    assert not found.is_refused, found.errors
    assert found.observations.select("area_name", "period", "value").rows() == [
        ("Café", "2020", 1.5),
        ("Café", "2021", 2.0),
    ]


@pytest.mark.parametrize(
    ("text", "row", "column", "said"),
    [
        ("", 0, "", "empty"),
        ("area_code,year,value\n", 1, "", "no row below"),
        ("<html><body>no</body>", 0, "", "web page"),
        ('{"a": 1}', 0, "", "not a table"),
        ("area_code,year,value\nA,2020,1\nA,2021\n", 3, "", "2 cells"),
        ("area_code,year,value\nA,2020,1,9\n", 2, "", "4 cells"),
        ('area_code,year,value\nA,2020,"1\n', 2, "", "never closed"),
        ('area_code,year,value\nA,2020,"1\n' + "B,2021,2\n" * 20_000, 2, "", "more than 100,000 letters"),
        ('area_code,year,value\nA,"20"20,1\nB,2020,2\n', 2, "", "quotation mark"),
        ("area_code,year,value\nA,2020,1\nB,2020,1e309\n", 3, "value", "larger number than can be kept"),
        ("area_code,year,value,multiplier\nA,2020,1,units\nB,2020,1e308,thousands\n", 3, "value", "larger number"),
        ("area_code,year,value\nA\x00,2020,1\n", 0, "", "NUL"),
        ("area_code,year,value\nA,20x0,1\n", 2, "year", "'20x0' is not a period"),
        ("area_code,year,value\nA,,1\nB,2020,1\n", 2, "year", "an empty cell"),
        ("area_code,year,value\nA,2020,1\nB,2020,many\n", 3, "value", "not a number"),
        ("area_code,year,value\nA,2020,1\nA,2020,2\n", 3, "year", "row 2"),
        ("area_code,year,value\nA,2020,1\nA,2020,1\n", 3, "year", "row 2"),
        ("area_code,year,value,value\nA,2020,1,2\n", 1, "value", "several columns"),
        ("area_code,year,value\nA,2020,12%\nB,2020,0.12\n", 3, "value", "have a sign"),
        ("area_code,year,value,status\nA,2020,1,missing\n", 2, "status", "has a value although"),
        ("area_code,year,value\nA,2020,\nB,2020,c\n", 2, "value", "no row of the file has a value"),
        ("area_code;year;value\nA;2020;1,234\n", 2, "value", "decimal mark"),
        ("area_code,colour\nA,red\n", 1, "area_code, colour", "hold the period"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(text: str, row: int, column: str, said: str) -> None:
    found = told(text)
    assert found.is_refused and found.observations.is_empty()
    assert [(error.row, error.column) for error in found.errors if said in error.problem] == [(row, column)]


def test_errors_past_the_hundredth_are_counted() -> None:
    found = told("area_code,year,value\n" + "".join(f"A{n},2020,x{n}\n" for n in range(250)))
    assert (len(found.errors), found.error_count) == (100, 250)
    assert [error.row for error in found.errors[:3]] == [2, 3, 4]


def workbook(sheets: dict[str, list[Any]], formats: dict[tuple[int, int], str] | None = None) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        for (row_number, column), shown in (formats or {}).items():
            sheet.cell(row_number, column).number_format = shown
    del book[book.sheetnames[0]]
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_a_workbook_is_read_from_the_sheet_that_holds_the_table() -> None:
    data = workbook(
        {
            "Notes": [["About this file"], ["Written by hand", "twice"]],
            "Data": [
                ["Title"],
                [],
                ["area_code", "date", "value"],
                ["A", date(2023, 3, 1), 0.125],
                ["B", date(2023, 4, 1), "c"],
            ],
        },
        formats={(4, 3): "0.0%", (4, 2): "mmm yyyy", (5, 2): "mmm yyyy"},
    )
    found = read(data, "file.xlsx")
    assert not found.is_refused, found.errors
    assert found.observations.select("row", "period", "period_type", "value", "unit", "obs_status").rows() == [
        (4, "2023-03", "month", 12.5, "%", "A"),
        (5, "2023-04", "month", None, "", "Q"),
    ]


def test_a_workbook_with_two_tables_asks_which() -> None:
    rows = [["area_code", "year", "value"], ["A", 2020, 1]]
    data = workbook({"One": rows, "Two": rows})
    (error,) = read(data, "file.xlsx").errors
    assert "One, Two" in error.problem
    assert not read(data, "file.xlsx", mapping=ColumnMapping(sheet="Two")).is_refused
    assert read(data, "file.xlsx", mapping=ColumnMapping(sheet="Three")).is_refused


def test_a_formula_whose_value_was_never_saved_is_no_missing_value() -> None:
    found = read(workbook({"One": [["area_code", "year", "value"], ["A", 2020, "=1+1"], ["B", 2020, 1]]}), "file.xlsx")
    assert [(error.row, "formula" in error.problem) for error in found.errors] == [(2, True)]


def test_a_row_that_no_spreadsheet_has_is_refused_before_the_time_is_up() -> None:
    plain = workbook({"One": [["area_code", "year", "value"], ["A", 2020, 1]]})
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as changed:
        for member in given.namelist():
            changed.writestr(member, given.read(member).replace(b'<row r="2"', b'<row r="99999999999999"'))
    found = read(made.getvalue(), "file.xlsx")
    assert [error.problem for error in found.errors] == [
        "The sheet names a row that no spreadsheet has: save the values in a new workbook."
    ]


def test_hostile_workbooks_and_tables_are_refused_with_a_sentence(shared: Path) -> None:
    for path in sorted((shared / "attacks/dev/files").glob("*")):
        if path.suffix in {".xlsx", ".csv"} and path.name != "ragged.csv":
            found = read(path.read_bytes(), path.name)
            assert found.is_refused, path.name
            assert all(error.problem and len(error.problem) < 400 for error in found.errors), path.name


def test_a_large_file_is_read_with_progress() -> None:
    source = random.Random(1)
    rows = [
        f"E{area:08},Area {area},{year}/{(year + 1) % 100:02},Indicator {indicator},{source.random():.6f}\n"
        for indicator in range(20)
        for area in range(250)
        for year in range(2000, 2024)
    ]
    seen: list[tuple[int, int | None]] = []
    found = told("area_code,area_name,period,indicator,value\n" + "".join(rows), progress=lambda *at: seen.append(at))
    assert found.observations.height == found.rows == len(rows) == 120_000
    assert [done for done, _ in seen] == [50_000, 100_000, 120_000]
    assert {total for _, total in seen} == {120_000}
    assert found.observations["row"].to_list() == list(range(2, 120_002))


def test_a_preview_shows_columns_their_roles_and_samples() -> None:
    found = preview(b"area_code,year,value,rank\nA,2020,1,1\nB,2020,c,2\n", "file.csv")
    assert found.format == "tidy"
    assert {column.heading: column.role for column in found.columns} == {
        "area_code": Role.AREA_CODE,
        "year": Role.PERIOD,
        "value": Role.VALUE,
        "rank": None,
    }
    assert found.columns[0].samples == ("A", "B")
    assert found.columns[3].why_not
    assert found.first_rows == (("A", "2020", "1", "1"), ("B", "2020", "c", "2"))
    assert found.read.flags == {"A": 1, "Q": 1}


def test_a_mapping_says_what_headings_do_not_and_is_remembered_as_text() -> None:
    text = "wo,wann,was\nA,2010-11,5\nB,2010-11,6\n"
    assert {error.column for error in told(text).errors} == {"wann"}
    said = ColumnMapping(
        columns={"wo": Role.AREA_CODE, "wann": Role.PERIOD, "was": Role.VALUE}, period_type=PeriodType.SCHOOL_YEAR
    )
    found = told(text, mapping=ColumnMapping.from_json(said.as_json()))
    assert not found.is_refused
    assert found.periods == ("2010-09-01", "2011-08-31")
    assert found.observations["area_code"].to_list() == ["A", "B"]
    assert ColumnMapping.from_json(found.mapping.as_json()) == found.mapping


def test_a_mapping_that_names_no_column_of_the_file_is_an_error() -> None:
    found = told("area_code,year,value\nA,2020,1\n", mapping=ColumnMapping(columns={"wo": Role.AREA_CODE}))
    assert [(error.row, error.column) for error in found.errors] == [(1, "wo")]
    assert told("a,b\n1,2\n", format="spreadsheet").is_refused


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a JSON text"),
        (b"\xff\xfe{", "not a JSON text"),
        ("[" * 100_000, "not a JSON text"),
        ("9" * 5_000, "not a JSON text"),
        ("[]", "is a JSON object of columns, format"),
        ('{"columns": ["a"]}', "its columns one of headings"),
        ('{"columns": {"a": "colour"}}', "'colour' is not what a column holds: choose one of indicator,"),
        ('{"columns": {"a": ["b"]}}', "is not what a column holds"),
        ('{"colums": {"a": "value"}}', "has no field 'colums': it has columns,"),
        ('{"sheet": 3}', "The sheet of a mapping is not a word"),
        ('{"decimal": "x"}', "a comma or a full stop"),
        ('{"period_type": "era"}', "'era' is not a kind of period: choose one of "),
    ],
)
def test_a_mapping_that_is_none_is_refused_in_a_sentence(text: str | bytes, said: str) -> None:
    with pytest.raises(MappingUnreadable) as told:
        ColumnMapping.from_json(text)
    assert said in str(told.value)
    assert str(told.value).endswith(".")


@pytest.mark.parametrize(
    ("sidecar", "said"),
    [
        (b"---\na: &x [1]\nb: *x\n---\n", "by reference"),
        (b"---\na: [1\n---\n", "not YAML"),
        (b"x" * (2 << 20), "larger"),
    ],
)
def test_metadata_that_cannot_be_trusted_is_refused(sidecar: bytes, said: str) -> None:
    found = told("Year,Value\n2020,1\n", sidecar=sidecar)
    assert said in found.errors[0].problem


def test_metadata_name_the_indicator_its_definition_and_its_sources() -> None:
    sidecar = (
        b"---\nindicator_name: global.1-1-title\nindicator_available: Children <b>read</b> to\n"
        b"computation_units: Percentage (%)\nnational_geographical_coverage: Wales\n"
        b"source_organisation_1: Office\nsource_url_1: https://example.org\nsource_active_2: false\n"
        b"source_organisation_2: Gone\n---\n"
    )
    found = told("Year,Value\n2020,1\n", sidecar=sidecar)
    (one,) = found.indicators
    assert (one.name, one.unit, one.geography) == ("Children read to", "Percentage (%)", "Wales")
    assert one.sources == ("Office, https://example.org",)
    assert found.observations["area_name"].to_list() == ["Wales"]


def test_everything_but_numbers_and_dates_is_text_that_is_never_null() -> None:
    found = told("area_code,year,value\nA,2020,1\nB,2020,\n").observations
    texts = [name for name, kind in found.schema.items() if kind == pl.String]
    assert found.select(pl.col(texts).null_count()).row(0) == (0,) * len(texts)
