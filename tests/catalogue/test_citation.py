"""A dataset can be cited in one sentence, with the words its licence asks for."""

from __future__ import annotations

from datetime import date
from typing import Any

from catalogue.citation import cite
from catalogue.licences import licence
from catalogue.records import Record

SEEN = date(2026, 11, 21)


def record(**fields: Any) -> Record:
    page = "https://data.harbour.example/eyfs"
    given = {
        "title": "Early years profile",
        "publisher": "Harbour Council",
        "modified": "2026-10-30",
        "landing_page": page,
    }
    return Record(**{"remote_id": "d1", "identity": "d1", **given, **fields})


def test_a_citation_names_publisher_year_title_licence_and_day() -> None:
    found = cite(record(), accessed=SEEN, licence=licence("OGL-UK-3.0"))
    assert found.sentence == (
        "Harbour Council (2026). Early years profile [data set]. Licence: Open Government Licence v3.0. "
        "https://data.harbour.example/eyfs, looked at on 21 November 2026."
    )


def test_the_words_a_licence_dictates_are_given() -> None:
    said = cite(record(), accessed=SEEN, licence=licence("OGL-UK-3.0")).acknowledgement
    assert said == "Contains public sector information licensed under the Open Government Licence v3.0."
    by = cite(record(), accessed=SEEN, licence=licence("CC-BY-4.0")).acknowledgement
    assert by.startswith("“Early years profile” by Harbour Council, licensed under Creative Commons Attribution 4.0")
    assert cite(record(), accessed=SEEN, licence=licence("CC0-1.0")).acknowledgement == ""


def test_braces_in_a_title_are_text() -> None:
    said = cite(record(title="Set {publisher} {0}"), accessed=SEEN, licence=licence("ODbL-1.0")).acknowledgement
    assert said.startswith("Contains information from Set {publisher} {0}, which")


def test_a_doi_is_preferred_and_what_is_not_stated_is_said() -> None:
    found = cite(record(identifier="doi:10.5285/d7b25308", modified="", publisher=""), accessed=SEEN)
    assert "https://doi.org/10.5285/d7b25308, looked at" in found.sentence
    assert found.sentence.startswith("Publisher not stated (no date).")
    assert "Licence not stated" in found.sentence


def test_the_fields_leave_out_what_is_not_stated() -> None:
    names = [name for name, _ in cite(record(), accessed=SEEN).fields]
    assert names == ["dct:title", "dct:publisher", "dct:modified", "dct:identifier", "dcat:landingPage"]
