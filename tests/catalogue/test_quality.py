"""Quality is told in words, by where a dataset stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from catalogue.freshness import freshness
from catalogue.quality import across, findings, summary
from catalogue.records import Distribution, FieldWarning, Record
from catalogue.spectrum import Band

CSV = Distribution(download_url="https://example.org/a.csv", format="CSV")
FULL: dict[str, Any] = {
    "description": "Sessions missed by pupils at each school, with reason codes, each week since 2019.",
    "publisher": "Northgate Schools",
    "contact_email": "data@northgate.example",
    "keywords": ("attendance",),
    "modified": "2026-11-05",
    "accrual_periodicity": "weekly",
    "temporal_start": "2019-09-01",
    "spatial": "Northgate",
}


def record(**fields: Any) -> Record:
    return Record(**{"remote_id": "d1", "identity": "d1", "title": "Attendance", **fields})


def missing(one: Record, band: Band) -> set[str]:
    return {finding.field for finding in findings(one, band) if not finding.good}


def test_a_complete_open_dataset_lacks_nothing() -> None:
    one = record(**FULL, licence=("CC-BY-4.0",), distributions=(CSV,))
    assert missing(one, Band.OPEN) == set()
    assert summary(findings(one, Band.OPEN)) == "The description is complete."


def test_a_closed_dataset_is_not_blamed_for_having_no_download() -> None:
    assert missing(record(**FULL), Band.CLOSED) == {"access_how", "approver", "rights", "person_level", "columns"}
    assert missing(record(**FULL), Band.OPEN) == {"licence", "files"}


def test_a_closed_dataset_is_asked_who_decides_and_what_is_in_it() -> None:
    asked = record(
        **FULL,
        access_how="Write to the data lead",
        approver="Head of attendance",
        rights="Personal data",
        person_level="identifiable",
        columns=("pupil", "week", "sessions"),
    )
    assert missing(asked, Band.NAMED) == set()


def test_missing_things_come_first() -> None:
    found = findings(record(title="Bare"), Band.UNKNOWN)
    goods = [finding.good for finding in found]
    assert goods == sorted(goods)
    assert not goods[0]


def test_a_bare_record_is_summed_up_in_one_sentence() -> None:
    said = summary(findings(record(), Band.PUBLIC_UNCLEAR))
    assert said.startswith("Little is stated. Missing: a description, a publisher, a contact")


def test_a_good_record_names_the_few_things_it_lacks() -> None:
    one = record(**{**FULL, "spatial": ""}, licence=("CC-BY-4.0",), distributions=(CSV,))
    assert summary(findings(one, Band.OPEN)) == "Well described, except for the area covered."


def test_only_a_pdf_is_said_to_be_hard_to_use() -> None:
    one = record(
        **FULL, licence=("CC-BY-4.0",), distributions=(Distribution(access_url="https://a.example", format="PDF"),)
    )
    assert missing(one, Band.PUBLIC_LIMITED) == {"machine_readable"}


def test_repairs_and_lateness_are_said() -> None:
    repaired = record(**FULL, warnings=(FieldWarning(field="modified", value="31/02/2026", problem="not a date"),))
    late = freshness("2026-11-05", "weekly", today=date(2026, 11, 21))
    said = [finding.say for finding in findings(repaired, Band.OPEN, freshness=late)]
    assert "It is 9 days late." in said
    assert "Some fields were cut or could not be read: modified." in said


def test_words_that_only_fill_a_field_are_not_counted() -> None:
    filled = record(**FULL, licence=("notspecified",), rights="n/a", distributions=(CSV,))
    assert missing(filled, Band.PUBLIC_UNCLEAR) == {"licence"}


def test_a_source_is_summed_up_with_the_most_missing_first() -> None:
    good = record(**FULL, licence=("CC-BY-4.0",), distributions=(CSV,))
    bad = record(**FULL, distributions=(CSV,))
    tallies = across(findings(one, Band.OPEN) for one in (good, bad, bad))
    assert tallies[0].say == "1 of 3 datasets state a licence."
    assert (tallies[0].good, tallies[0].total) == (1, 3)
    assert across([]) == ()
