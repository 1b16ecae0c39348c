"""Agency registers: the template, other people's spreadsheets through a mapping, and rows that cannot be taken."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.records import Completeness, Page, Record, Rejection, Seen, SourceAddress
from connectors import inventory
from connectors._register_columns import TEMPLATE, guess_mapping, normal
from connectors._web import Web
from connectors.inventory import preview, template_csv
from governance.errors import SourceUnreadable

Write = Callable[..., Path]


def pages(
    path: Path,
    *,
    options: Mapping[str, str] | None = None,
    after: str = "",
    known: Callable[[str, str], bool] = lambda *_: False,
) -> list[Page]:
    return list(inventory.read(source(path, options), Web(), after, known))


def source(path: Path, options: Mapping[str, str] | None = None) -> SourceAddress:
    return SourceAddress(name="test", kind="inventory", location=str(path), options=dict(options or {}))


def items(read: list[Page]) -> list[Any]:
    return [item for page in read for item in page.items]


def records(read: list[Page]) -> list[Record]:
    return [item for item in items(read) if isinstance(item, Record)]


def rejections(read: list[Page]) -> list[Rejection]:
    return [item for item in items(read) if isinstance(item, Rejection)]


def ending(read: list[Page]) -> tuple[Completeness, str]:
    last = read[-1].ending
    assert last is not None
    return last.completeness, last.reason


@pytest.fixture
def register(tmp_path: Path) -> Write:
    """Writes a CSV file: text as it is (UTF-8), bytes as they are, rows through a CSV writer."""

    def write(content: str | bytes | list[list[str]]) -> Path:
        path = tmp_path / "register.csv"
        if isinstance(content, list):
            made = io.StringIO()
            csv.writer(made).writerows(content)
            content = made.getvalue()
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture
def workbook(tmp_path: Path) -> Write:
    """Writes an XLSX file from sheets of rows."""

    def write(sheets: dict[str, list[list[Any]]], hidden: tuple[str, ...] = ()) -> Path:
        path = tmp_path / "register.xlsx"
        with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd", "in_memory": True}) as book:
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                if name in hidden:
                    sheet.hide()
                else:
                    sheet.activate()
                for place, row in enumerate(rows):
                    sheet.write_row(place, 0, row)
        return path

    return write


def test_the_template_is_read_back_as_its_own_example(register: Write) -> None:
    read = pages(register(template_csv()))
    assert rejections(read) == []
    assert ending(read) == (Completeness.COMPLETE, "1 of 1 rows read; the whole file was read")
    record = records(read)[0]
    assert (record.remote_id, record.identity) == ("HS-014", "HS-014")
    assert (record.title, record.publisher) == ("School attendance by year group", "Education Services")
    assert (record.extras["band"], record.person_level, record.row_count) == ("named", "aggregate", 4200)
    assert record.columns == ("school", "year group", "term", "sessions attended")
    assert [one.format for one in record.distributions] == ["CSV", "PDF"]
    assert (record.modified, record.temporal_start) == ("2024-09-30", "2015")
    assert record.approver == "Head of Education Services"
    assert record.warnings == ()


def test_every_field_of_the_template_reaches_the_record(register: Write) -> None:
    values = {column.field: column.example or "x" for column in TEMPLATE} | {
        "licence": "CC-BY-4.0",
        "link": "https://example.org/d",
        "temporal_end": "2020",
    }
    read = pages(register([[column.heading for column in TEMPLATE], [values[column.field] for column in TEMPLATE]]))
    record = records(read)[0]
    told = repr(record)
    for column in TEMPLATE:
        first = values[column.field].split(";")[0].strip()
        assert first in told, column.field
    assert record.landing_page == "https://example.org/d"
    assert {one.access_url for one in record.distributions} == {"https://example.org/d"}


def test_no_heading_means_two_fields() -> None:
    names = [normal(name) for column in TEMPLATE for name in (column.heading, *column.aliases)]
    assert len(names) == len(set(names))


def test_headings_are_understood_in_other_spellings_but_never_by_likeness() -> None:
    assert guess_mapping(["DATASET_NAME", "Agency ", "E-mail", "Licence", "Übersicht"]) == {
        "title": "DATASET_NAME",
        "publisher": "Agency ",
        "contact_email": "E-mail",
        "licence": "Licence",
    }
    assert guess_mapping(["Titles of chapters", "Emails sent", "Open"]) == {}
    assert guess_mapping(["Name", "Title"])["title"] == "Title"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=20), max_size=20))
def test_a_guess_maps_each_field_and_each_column_at_most_once(headings: list[str]) -> None:
    found = guess_mapping(headings)
    assert set(found.values()) <= set(headings)
    assert len(set(found.values())) == len(found)


def test_any_list_is_read_through_a_mapping(register: Write) -> None:
    path = register([["Nr", "What", "Who", "Colour"], ["7", "Bus stops", "Transport", "red"]])
    mapping = json.dumps({"reference": "Nr", "title": "What", "publisher": "Who"})
    record = records(pages(path, options={"mapping": mapping}))[0]
    assert (record.identity, record.title, record.publisher) == ("7", "Bus stops", "Transport")
    assert record.extras == {"Colour": "red"}


def test_a_column_that_was_renamed_stops_the_reading_instead_of_emptying_a_field(register: Write) -> None:
    path = register([["Nr", "What", "License type"], ["7", "Bus stops", "CC0"]])
    mapping = json.dumps({"reference": "Nr", "title": "What", "licence": "Licence type"})
    with pytest.raises(SourceUnreadable, match="The column 'Licence type', chosen for 'Licence', is not in the file"):
        pages(path, options={"mapping": mapping})


def test_a_file_without_a_known_title_column_asks_which_column_holds_what(register: Write) -> None:
    with pytest.raises(SourceUnreadable, match=r"choose which column holds what \(the file has Nr, What\)"):
        pages(register([["Nr", "What"], ["7", "Bus stops"]]))


@pytest.mark.parametrize("mapping", ["{", "[]", '{"title": 1}', '"x"'])
def test_a_spoiled_mapping_is_said_so(register: Write, mapping: str) -> None:
    with pytest.raises(SourceUnreadable, match="choose the columns again"):
        pages(register(template_csv()), options={"mapping": mapping})


def test_a_preview_shows_headings_rows_and_the_guess(register: Write) -> None:
    path = register([["Register of 2024"], [], ["Ref", "Name", ""], *[[str(n), f"Set {n}", "x"] for n in range(9)]])
    found = preview(source(path), Web(), rows=2)
    assert found.headers == ("Ref", "Name", "column 3")
    assert found.rows == (("0", "Set 0", "x"), ("1", "Set 1", "x"))
    assert found.mapping == {"reference": "Ref", "title": "Name"}
    assert found.count == 9
    assert inventory.headers(source(path), Web()) == ["Ref", "Name", "column 3"]


def test_without_a_column_of_references_the_title_is_the_identity_and_that_is_said(register: Write) -> None:
    read = pages(register([["title", "agency"], ["Bus stops", "x"], ["Bus stops", "y"], ["Parks", "x"]]))
    assert {record.identity for record in records(read)} == {"Bus stops", "Parks"}
    assert [one.reason for one in rejections(read)] == ["Title used for more than one dataset"]
    completeness, reason = ending(read)
    assert completeness is Completeness.COMPLETE
    assert "a dataset is known by its title" in reason


def test_a_row_without_a_reference_makes_the_reading_partial(register: Write) -> None:
    read = pages(register([["Reference", "Title"], ["1", "A"], ["", "B"], ["3", ""]]))
    assert [(one.remote_id, one.field, one.reason) for one in rejections(read)] == [
        ("row 3", "Reference (row 3)", "No reference"),
        ("3", "Title (row 4)", "No title"),
    ]
    assert ending(read)[0] is Completeness.PARTIAL


def test_a_row_without_a_title_but_with_a_reference_still_counts_as_seen(register: Write) -> None:
    read = pages(register([["Reference", "Title"], ["1", "A"], ["3", ""]]))
    assert rejections(read)[0].identity == "3"
    assert ending(read)[0] is Completeness.COMPLETE


def test_of_two_rows_with_one_reference_the_same_is_kept_in_any_order(register: Write) -> None:
    rows = [["1", "A"], ["1", "B"], ["2", "C"], ["2", "C"]]
    kept = []
    for order in (rows, rows[::-1]):
        read = pages(register([["Reference", "Title"], *order]))
        kept.append({record.identity: record.title for record in records(read)})
        assert sorted(one.reason for one in rejections(read)) == [
            "Listed more than once",
            "Reference used for more than one dataset",
        ]
    assert kept[0] == kept[1]


def test_rows_of_another_length_are_listed_with_their_line(register: Write) -> None:
    read = pages(register('Reference,Title\n1,A\n2\n3,C,x,y\n4,D,,\n"5,E\n6,F\n'))
    assert [record.remote_id for record in records(read)] == ["1", "4"]
    assert [(one.field, one.reason) for one in rejections(read)] == [
        ("row 6", "Quotation mark never closed"),
        ("row 3", "Row of another length than the heading"),
        ("row 4", "Row of another length than the heading"),
    ]
    assert ending(read)[0] is Completeness.PARTIAL


def test_a_cell_that_swallows_the_rest_is_named_by_its_line_and_its_length(register: Write) -> None:
    read = pages(register('Reference,Title\n1,A\n2,"B\n' + "3,C\n" * 60_000))
    assert [record.remote_id for record in records(read)] == ["1"]
    found = rejections(read)[0]
    assert (found.field, found.reason) == ("row 3", "Cell of more than 200,000 letters")
    assert found.what_to_change == "Shorten it, or close the mark opened in line 3: no row after it can be told apart"
    assert ending(read)[0] is Completeness.PARTIAL


def test_a_quotation_mark_inside_a_cell_costs_one_row_only(register: Write) -> None:
    read = pages(register('Reference,Title\n1,"A "big" one"\n2,"B\nb"\n3,C\n'))
    assert [(record.remote_id, record.title) for record in records(read)] == [("2", "B b"), ("3", "C")]
    assert [(one.field, one.reason) for one in rejections(read)] == [("row 2", "Quotation mark inside a cell")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_usual_separators_are_recognised(register: Write, delimiter: str) -> None:
    read = pages(register(f'Reference{delimiter}"Title, long"{delimiter}Name\n1{delimiter}"a,b"{delimiter}c\n'))
    assert [(record.remote_id, record.title) for record in records(read)] == [("1", "c")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_right_however_it_is_marked(register: Write, encoding: str) -> None:
    read = pages(register("Reference,Title\n1,Ōtautahi café\n".encode(encoding)))
    assert records(read)[0].title == "Ōtautahi café"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_refused_by_its_name(register: Write, encoding: str) -> None:
    with pytest.raises(SourceUnreadable, match="UTF-16 without a mark"):
        pages(register("Reference,Title\n1,Ōtautahi café\n".encode(encoding)))


def test_other_text_is_refused_until_a_person_says_how_it_was_saved(register: Write) -> None:
    path = register("Reference,Title\n1,Café\n".encode("windows-1252"))
    with pytest.raises(SourceUnreadable, match="Line 2 holds letters that are not UTF-8"):
        pages(path)
    assert records(pages(path, options={"encoding": "windows-1252"}))[0].title == "Café"
    with pytest.raises(SourceUnreadable, match="is not one of"):
        pages(path, options={"encoding": "rot13"})


def test_unknown_words_are_left_unknown_with_a_warning(register: Write) -> None:
    headings = ["Reference", "Title", "How open", "Person level", "Last updated", "Number of rows", "Link", "Email"]
    row = ["1", "A", "quite open", "some", "03/04/2024", "many", "javascript:alert(1)", "nobody"]
    record = records(pages(register([headings, row])))[0]
    assert "band" not in record.extras
    assert (record.person_level, record.modified, record.row_count, record.landing_page) == ("", "", None, "")
    assert {warning.field for warning in record.warnings} == {
        "How open",
        "Person level",
        "Last updated",
        "Number of rows",
        "Link",
        "Contact email",
    }


@pytest.mark.parametrize(
    ("said", "band"),
    [
        ("Closed", "closed"),
        ("Shared: named", "named"),
        ("GROUP", "group"),
        ("public-limited", "public-limited"),
        ("Public, licence unclear", "public-unclear"),
        ("open", "open"),
        ("Unknown", "unknown"),
    ],
)
def test_bands_are_read_in_the_words_people_use(register: Write, said: str, band: str) -> None:
    record = records(pages(register([["Reference", "Title", "How open"], ["1", "A", said]])))[0]
    assert record.extras["band"] == band


def test_a_workbook_is_read_from_its_first_visible_filled_sheet(workbook: Write) -> None:
    from datetime import date

    path = workbook(
        {
            "Notes": [["hidden"], ["x"]],
            "Empty": [],
            "Register": [["Reference", "Title", "Last updated", "Rows"], [14, "A", date(2024, 9, 30), 1200.0]],
            "Other": [["Reference", "Title"], ["9", "Z"]],
        },
        hidden=("Notes",),
    )
    record = records(pages(path))[0]
    assert (record.remote_id, record.modified, record.row_count) == ("14", "2024-09-30", 1200)
    assert preview(source(path), Web()).sheets == ("Empty", "Register", "Other")
    assert records(pages(path, options={"sheet": "Other"}))[0].remote_id == "9"
    with pytest.raises(SourceUnreadable, match="no sheet 'Missing'"):
        pages(path, options={"sheet": "Missing"})


def test_a_formula_gives_the_value_people_see_and_else_its_own_text(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Reference", "Title"])
        sheet.write_row(1, 0, ["1"])
        sheet.write_formula(1, 1, '="Bus "&"stops"', value="Bus stops")
        sheet.write_row(2, 0, ["2"])
        sheet.write_string(2, 1, "=cmd|' /C calc'!A0")
    assert [record.title for record in records(pages(path))] == ["Bus stops", "=cmd|' /C calc'!A0"]


def test_a_cell_that_shows_an_error_is_unknown_with_a_warning(workbook: Write) -> None:
    record = records(pages(workbook({"R": [["Reference", "Title", "Owner"], ["1", "A", "#REF!"]]})))[0]
    assert record.publisher == ""
    assert record.warnings[0].problem == "the sheet shows an error here"


def test_a_reading_is_taken_up_again_behind_any_page(register: Write) -> None:
    path = register([["Reference", "Title"], *[[str(n), f"Set {n}"] for n in range(1, 1_102)]])
    whole = pages(path)
    assert [len(page.items) for page in whole] == [500, 500, 101]
    assert pages(path, after=whole[0].cursor) == whole[1:]
    assert ending(pages(path, after=whole[-1].cursor)) == ending(whole)


def test_a_row_that_did_not_change_is_only_seen_until_the_mapping_changes(register: Write) -> None:
    path = register([["Reference", "Title", "Notes"], ["1", "A", "n"]])
    held = records(pages(path))[0].fingerprint
    known = lambda identity, fingerprint: fingerprint == held  # noqa: E731
    assert items(pages(path, known=known)) == [Seen(identity="1", fingerprint=held)]
    moved = register([["Notes", "Reference", "Title"], ["n", "1", "A"]])
    assert items(pages(moved, known=known)) == [Seen(identity="1", fingerprint=held)]
    mapping = json.dumps({"reference": "Reference", "title": "Title"})
    assert isinstance(items(pages(path, options={"mapping": mapping}, known=known))[0], Record)


def test_a_heading_without_rows_is_complete_with_nothing_in_it(register: Write) -> None:
    read = pages(register("Reference,Title\n"))
    assert items(read) == []
    assert ending(read)[0] is Completeness.COMPLETE


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel workbook"),
        (b"%PDF-1.7", "not a spreadsheet"),
        (b"PK\x03\x04" + b"x" * 100, "damaged"),
        (b'{"dataset": []}', "not a spreadsheet"),
        (b"R\x00e\x00f\x00,\x00T\x00i\x00t\x00l\x00e\x00\n\x00" * 20, "UTF-16"),
        (("Reference,Title\n" + "1,A\n" * 20_002).encode(), "more than 20,000 rows"),
    ],
)
def test_what_is_no_register_is_refused_with_one_sentence(register: Write, content: bytes, said: str) -> None:
    with pytest.raises(SourceUnreadable) as refused:
        pages(register(content))
    assert said in refused.value.sentence
    assert refused.value.sentence.endswith(".")


def test_a_file_beyond_ten_megabytes_is_not_taken_in(register: Write) -> None:
    with pytest.raises(SourceUnreadable, match="larger than 10 MB"):
        pages(register(b"x" * (10 << 20) + b"y"))


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "register.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(SourceUnreadable, match="not an Excel workbook"):
        pages(path)
