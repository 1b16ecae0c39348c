"""Formats get one name each, from what the source states."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.formats import format_name, format_of, read_format
from catalogue.records import Distribution

NAMES = [
    ("CSV", "CSV"),
    (".csv", "CSV"),
    ("text/csv;charset=utf-8", "CSV"),
    ("http://publications.europa.eu/resource/authority/file-type/CSV", "CSV"),
    ("https://www.iana.org/assignments/media-types/text/csv", "CSV"),
    ("zip+csv", "CSV"),
    ("ZIP + XML", "XML"),
    ("CSV, XLSX", "CSV"),
    ("Excel (xlsx)", "XLSX"),
    ("application/vnd.ms-excel", "XLS"),
    ("application/vnd.geo+json", "GeoJSON"),
    ("RDF_XML", "RDF"),
    ("OGC WMS", "WMS"),
    ("WFS_SRVC", "WFS"),
    ("KMZ", "KML"),
    ("Web Page", "HTML"),
    ("Shapefile", "Shapefile"),
]


@pytest.mark.parametrize(("stated", "name"), NAMES)
def test_spellings_of_one_format_have_one_name(stated: str, name: str) -> None:
    found = read_format(stated)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("stated", ["CSV", "JSON", "XLSX", "ODS", "GeoPackage", "WFS", "Esri REST"])
def test_open_machine_readable_formats_pass(stated: str) -> None:
    found = read_format(stated)
    assert found is not None
    assert found.open


@pytest.mark.parametrize("stated", ["PDF", "HTML", "XLS", "Shapefile", "PNG", "ZIP", "DOCX", "API", "WMS", "TXT"])
def test_pictures_pages_and_formats_with_an_owner_do_not_pass(stated: str) -> None:
    found = read_format(stated)
    assert found is not None
    assert not found.open


def test_the_ending_of_an_address_is_no_statement() -> None:
    assert format_of(Distribution(download_url="https://example.org/data.csv")) is None
    assert format_name(Distribution(download_url="https://example.org/data.csv")) == ""


def test_the_media_type_helps_where_the_format_says_only_how_it_comes() -> None:
    assert format_name(Distribution(format="ZIP", media_type="text/csv")) == "CSV"
    assert format_name(Distribution(format="", media_type="application/json")) == "JSON"
    assert format_name(Distribution(format="PDF", media_type="application/json")) == "PDF"


def test_an_unknown_format_keeps_its_own_words() -> None:
    assert format_name(Distribution(format="Frobnicate 2")) == "Frobnicate 2"
    assert format_of(Distribution(format="Frobnicate 2")) is None


@given(st.text(max_size=60))
def test_any_text_can_be_asked_for(stated: str) -> None:
    found = read_format(stated)
    assert found is None or found.name
