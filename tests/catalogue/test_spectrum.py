"""Every dataset stands on the spectrum with a rule, and not stated is never guessed as open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.access import Level, read_access, read_notes
from catalogue.formats import format_of
from catalogue.licences import resolve
from catalogue.records import Distribution, Record, SourceAddress
from catalogue.spectrum import RULES, Band, Confidence, Decision, Placement, Stated, place
from connectors import registry
from connectors._web import Web

CSV = Distribution(download_url="https://example.org/a.csv", format="CSV")
PDF = Distribution(download_url="https://example.org/a.pdf", format="PDF")
OGL = "Open Government Licence v3.0"
ON = date(2026, 11, 21)


def record(**fields: Any) -> Record:
    return Record(**{"remote_id": "d1", "identity": "d1", "title": "Dataset", **fields})


def stands(**fields: Any) -> tuple[Band, str]:
    placement = place(record(**fields))
    return placement.band, placement.rule


def decided(**fields: Any) -> Decision:
    empty = {"band": None, "licence": None, "access_value": None, "licence_value": None}
    by = {"decided_by": "Ada Steward", "decided_on": ON, "reason": "The terms page names it"}
    return Decision(**{**empty, **by, **fields})


def test_bands_are_ordered_from_closed_to_open() -> None:
    assert [band.value for band in Band] == [
        *("closed", "named", "group", "public-limited", "public-unclear", "open", "unknown"),
    ]
    assert [band.label for band in Band] == [
        *("Closed", "Named", "Group", "Public, limited", "Licence unclear", "Open", "Not stated"),
    ]
    assert [band.position for band in Band] == list(range(7))
    assert all(band.explains.endswith(".") for band in Band)


def test_an_open_licence_a_readable_file_and_no_limits_are_open() -> None:
    placement = place(record(licence=(OGL,), access_right="public", distributions=(CSV,)))
    assert (placement.band, placement.rule, placement.confidence) == (Band.OPEN, "R6", Confidence.STATED)
    assert placement.short == OGL
    assert placement.next_step == ""


def test_access_that_is_only_linked_is_derived() -> None:
    assert place(record(licence=(OGL,), distributions=(CSV,))).confidence is Confidence.DERIVED


@pytest.mark.parametrize("stated", ["NON_PUBLIC", "non-public", "SENSITIVE", "CONFIDENTIAL", "closed", "private"])
def test_what_is_not_public_is_closed(stated: str) -> None:
    assert stands(access_right=stated, licence=(OGL,), distributions=(CSV,)) == (Band.CLOSED, "R1")


def test_what_is_not_public_is_named_when_the_source_says_how_to_ask() -> None:
    assert stands(access_right="non-public", access_how="Write to the data team") == (Band.NAMED, "R1")
    assert stands(access_right="non-public", access_how="None") == (Band.CLOSED, "R1")


def test_what_is_called_closed_stays_closed_even_with_somebody_to_ask() -> None:
    assert stands(access_right="closed", access_how="Write to the data team") == (Band.CLOSED, "R1")


def test_restricted_access_is_named_or_for_a_group() -> None:
    assert stands(access_right="restricted public") == (Band.NAMED, "R2")
    assert stands(access_right="Restricted - Partly", access_how="Apply online") == (Band.NAMED, "R2")
    assert stands(access_right="registered users") == (Band.GROUP, "R2")
    assert stands(access_right="restricted", rights="Only for partner agencies") == (Band.GROUP, "R2")
    assert stands(licence=("Restricted",), distributions=(CSV,)) == (Band.NAMED, "R2")
    assert stands(extras={"is_requestdata_type": "true"}) == (Band.NAMED, "R2")
    assert stands(access_right="Trusted Research Environment") == (Band.NAMED, "R2")


def test_the_reason_given_for_a_restriction_does_not_close_it() -> None:
    assert stands(access_right="restricted public", rights="Protected by the Privacy Act") == (Band.NAMED, "R2")


def test_controlled_information_marked_on_a_file_closes_the_dataset() -> None:
    marked = replace(CSV, access_right="CUI: CUI//SP-PRVCY, agency")
    assert stands(licence=("CC0",), distributions=(marked,)) == (Band.CLOSED, "R1")


def test_a_note_about_personal_data_is_heard() -> None:
    notes = "Cases by ward. Contains personal data: access on request."
    placement = place(record(description=notes))
    assert (placement.band, placement.rule, placement.confidence) == (Band.NAMED, "R1", Confidence.INFERRED)
    assert "Contains personal data: access on request." in [one.value for one in placement.evidence]


def test_a_private_dataset_is_closed_and_never_open() -> None:
    private = record(is_private=True, licence=(OGL,), access_right="public", distributions=(CSV,))
    assert (place(private).band, place(private).rule) == (Band.CLOSED, "R3")
    assert place(private, stated=Stated(band=Band.OPEN, by="Ada", on=ON, reason="")).band is Band.CLOSED
    assert place(private, decisions=[decided(band=Band.OPEN, licence_value=OGL)]).band is Band.CLOSED
    assert stands(is_private=True, access_right="registered users") == (Band.GROUP, "R2")


@pytest.mark.parametrize(
    "terms", ["cc-by-nc", "CC-BY-ND-4.0", "INSPIRE End User Licence", "All rights reserved", "non-commercial use only"]
)
def test_terms_that_limit_use_are_public_limited(terms: str) -> None:
    assert stands(licence=(terms,), distributions=(CSV,)) == (Band.PUBLIC_LIMITED, "R4")


def test_limits_in_the_rights_text_count_as_terms() -> None:
    assert stands(rights="For non-commercial use only.", distributions=(CSV,)) == (Band.PUBLIC_LIMITED, "R4")


def test_public_without_a_licence_is_unclear() -> None:
    placement = place(record(access_right="public", distributions=(CSV,)))
    assert (placement.band, placement.rule) == (Band.PUBLIC_UNCLEAR, "R5")
    assert placement.sentence == "Public, licence unclear: the page states no licence."
    assert placement.short == "Published, but the page states no licence"


@pytest.mark.parametrize(
    "terms",
    [
        *("notspecified", "Open", "other-open", "Public Domain", "https://hub.example/datasets/1/license", "cc-by-x"),
        "You may use it under the Open Government Licence with our thanks",
    ],
)
def test_a_licence_that_is_not_proven_is_unclear(terms: str) -> None:
    assert stands(licence=(terms,), access_right="public", distributions=(CSV,)) == (Band.PUBLIC_UNCLEAR, "R5")


def test_an_open_licence_without_a_readable_file_is_limited() -> None:
    assert stands(licence=(OGL,), distributions=(PDF,)) == (Band.PUBLIC_LIMITED, "R7")
    assert place(record(licence=(OGL,), distributions=(PDF,))).short == "Openly licensed, but only as PDF"
    xls = replace(CSV, format="XLS")
    assert stands(licence=(OGL,), distributions=(xls,)) == (Band.PUBLIC_LIMITED, "R7")
    assert stands(licence=(OGL,), distributions=(replace(CSV, format=""),)) == (Band.PUBLIC_LIMITED, "R7")
    assert stands(licence=(OGL,), access_right="public") == (Band.PUBLIC_LIMITED, "R7")
    assert stands(licence=(OGL,), landing_page="https://example.org/about") == (Band.PUBLIC_LIMITED, "R7")


def test_an_open_licence_behind_an_account_is_limited() -> None:
    found = place(record(licence=(OGL,), access_right="open_with_account", distributions=(CSV,)))
    assert (found.band, found.rule) == (Band.PUBLIC_LIMITED, "R8")
    assert found.short == "Openly licensed, but an account is needed"


def test_an_open_licence_without_any_link_is_not_placed() -> None:
    assert stands(licence=(OGL,)) == (Band.UNKNOWN, "R10")
    assert stands(licence=(OGL,), distributions=(replace(CSV, download_url=""),)) == (Band.UNKNOWN, "R10")


def test_the_portals_own_page_is_no_link() -> None:
    assert stands(landing_page="https://portal.example/dataset/d1") == (Band.UNKNOWN, "R10")
    assert stands(landing_page="https://portal.example/about/d1") == (Band.PUBLIC_UNCLEAR, "R5")


def test_contradictions_go_to_the_more_closed_side_and_to_a_person() -> None:
    closed = replace(CSV, access_right="non-public")
    mixed = place(record(access_right="public", licence=(OGL,), distributions=(CSV, closed)))
    assert (mixed.band, mixed.rule, mixed.review) == (Band.CLOSED, "R9", True)
    copyright_claimed = place(
        record(
            licence=(OGL,), distributions=(CSV,), extras={"isopen": "true", "access_constraints": "(c) Crown Copyright"}
        )
    )
    assert (copyright_claimed.band, copyright_claimed.rule) == (Band.PUBLIC_LIMITED, "R9")
    in_passing = place(record(licence=(OGL,), distributions=(CSV,), rights="Access is restricted to staff only"))
    assert (in_passing.band, in_passing.rule) == (Band.CLOSED, "R9")


def test_an_acknowledgement_is_no_contradiction() -> None:
    for said in (
        "Contains OS data (c) Crown copyright 2024",
        "(c) Council, licensed under the OGL v3.0",
        "No limitations",
    ):
        assert stands(licence=(OGL,), distributions=(CSV,), rights=said) == (Band.OPEN, "R6")


def test_linked_data_about_identifiable_people_are_never_open() -> None:
    found = place(record(licence=(OGL,), distributions=(CSV,), person_level="identifiable"))
    assert (found.band, found.rule, found.review) == (Band.CLOSED, "R9", True)


def test_a_file_with_its_own_closed_terms_limits_the_dataset() -> None:
    assert stands(licence=(OGL,), distributions=(CSV, replace(CSV, licence="cc-by-nc"))) == (Band.PUBLIC_LIMITED, "R4")
    own = replace(CSV, licence="https://example.org/our-terms")
    assert stands(licence=(OGL,), distributions=(own,)) == (Band.PUBLIC_UNCLEAR, "R5")
    assert stands(distributions=(replace(CSV, licence="CC-BY-4.0"),)) == (Band.OPEN, "R6")


def test_an_empty_record_is_not_placed() -> None:
    placement = place(record())
    assert (placement.band, placement.rule, placement.confidence) == (Band.UNKNOWN, "R10", Confidence.NONE)


def test_the_band_an_agency_writes_in_its_register_is_read_but_open_is_still_proven() -> None:
    assert stands(extras={"band": "closed"}, access_how="Write to us") == (Band.CLOSED, "R1")
    assert stands(extras={"band": "named"}) == (Band.NAMED, "R2")
    assert stands(extras={"band": "group"}) == (Band.GROUP, "R2")
    assert stands(extras={"band": "open"}, distributions=(CSV,)) == (Band.PUBLIC_UNCLEAR, "R5")
    assert stands(extras={"band": "open"}, licence=(OGL,), distributions=(CSV,)) == (Band.OPEN, "R6")
    assert stands(extras={"band": "public-limited"}, distributions=(CSV,)) == (Band.PUBLIC_LIMITED, "R4")
    assert stands(extras={"band": "public-limited"}, licence=(OGL,), distributions=(CSV,))[0] is Band.PUBLIC_LIMITED


def test_a_person_sets_the_band_of_one_dataset() -> None:
    by_owner = Stated(band=Band.GROUP, by="Ben Owner", on=ON, reason="Agreement A-07 names five organisations")
    placement = place(record(licence=(OGL,), distributions=(CSV,)), stated=by_owner)
    assert (placement.band, placement.rule, placement.confidence) == (Band.GROUP, "C1", Confidence.STATED)
    assert placement.short == "Agreement A-07 names five organisations"
    assert "21 November 2026" in placement.sentence


def test_a_licence_decided_for_a_source_opens_what_passes_the_other_tests() -> None:
    silent = record(access_right="public", distributions=(CSV,))
    terms = [decided(licence="CC-BY-4.0", licence_value="")]
    assert (place(silent, decisions=terms).band, place(silent, decisions=terms).rule) == (Band.OPEN, "C2")
    assert place(replace(silent, distributions=(PDF,)), decisions=terms).band is Band.PUBLIC_LIMITED
    assert place(replace(silent, access_right="non-public"), decisions=terms).rule == "R1"
    assert place(replace(silent, licence=("other",)), decisions=terms).rule == "R5"


def test_a_band_decided_for_a_source_covers_one_raw_value_and_nothing_more() -> None:
    listed = record(access_right="Level 2", licence=("Terms A",), distributions=(CSV,))
    group = [decided(band=Band.GROUP, access_value="Level 2")]
    assert place(listed, decisions=group).band is Band.GROUP
    assert place(replace(listed, access_right="level 2"), decisions=group).rule == "R5"
    opened = [decided(band=Band.OPEN, licence_value="Terms A")]
    assert place(listed, decisions=opened).band is Band.OPEN
    assert place(replace(listed, access_right="restricted"), decisions=opened).band is Band.NAMED
    assert place(replace(listed, rights="Confidential"), decisions=opened).band is not Band.OPEN
    assert place(listed, decisions=[decided(band=Band.OPEN)]).rule == "R5"


def test_a_decision_can_overrule_the_value_it_covers() -> None:
    odd = record(access_right="restricted", licence=(OGL,), distributions=(CSV,))
    assert place(odd, decisions=[decided(band=Band.PUBLIC_LIMITED, access_value="restricted")]).rule == "C2"


def test_every_rule_is_listed_once_with_words_for_the_documentation() -> None:
    assert [rule.id for rule in RULES] == ["C1", "C2", *(f"R{number}" for number in range(1, 11))]
    assert all(rule.title and rule.explains.endswith(".") for rule in RULES)


WORDS = st.sampled_from(
    [
        *(
            "",
            "public",
            "PUBLIC",
            "restricted",
            "non-public",
            "NON_PUBLIC",
            "closed",
            "open_with_account",
            "true",
            "N/A",
        ),
        *("Confidential", "On request", "registered users", "No restrictions", "(c) Council", "All rights reserved"),
        *("Contains personal data: access on request", "For non-commercial use only", "Parking, by street"),
        *("Internal use only", "Sur demande", "Not for public release", "Access is restricted", "Freely available"),
    ]
)
TERMS = st.sampled_from(
    [
        *("", "cc-by", "CC-BY-4.0", "cc-by-nc", OGL, "uk-ogl", "other-open", "notspecified", "Open", "Restricted"),
        *("cc-zero", "https://creativecommons.org/licenses/by/4.0/", "under the Open Government Licence", "odc-odbl"),
        *("INSPIRE End User Licence", "https://example.org/terms", "CC BY 4.0 but not for commercial use", "private"),
    ]
)
FILES = st.builds(
    Distribution,
    download_url=st.sampled_from(["", "https://example.org/a", "ftp://example.org/a", "javascript:alert(1)"]),
    format=st.sampled_from(["", "CSV", "PDF", "XLS", "zip", "GeoJSON", "Frobnicate"]),
    media_type=st.sampled_from(["", "text/csv", "text/html"]),
    licence=TERMS,
    access_right=WORDS,
)
RECORDS = st.builds(
    Record,
    remote_id=st.just("d1"),
    identity=st.just("d1"),
    title=st.text(max_size=10),
    description=st.one_of(WORDS, st.text(max_size=40)),
    licence=st.lists(st.one_of(TERMS, st.text(max_size=20)), max_size=3).map(tuple),
    access_right=st.one_of(WORDS, st.text(max_size=20)),
    rights=st.one_of(WORDS, st.text(max_size=20)),
    is_private=st.booleans(),
    landing_page=st.sampled_from(["", "https://example.org/about", "http://[bad", "https://example.org/dataset/d1"]),
    access_how=st.sampled_from(["", "Write to us", "none"]),
    person_level=st.sampled_from(["", "none", "aggregate", "de-identified", "identifiable"]),
    distributions=st.lists(FILES, max_size=3).map(tuple),
    extras=st.dictionaries(
        st.sampled_from(["access_constraints", "isopen", "use-limitation", "Access Rights", "band", "colour"]),
        WORDS,
        max_size=3,
    ),
)


def restrictions(one: Record) -> Iterator[str]:
    """Every word of a record that limits access or use, looked for without the rules."""
    texts = [one.access_right, one.rights, *(file.access_right for file in one.distributions)]
    texts += [value for key, value in one.extras.items() if key not in ("isopen", "colour")]
    yield from (text for text in texts if read_access(text).level in (Level.RESTRICTED, Level.NON_PUBLIC))
    yield from (text for text in [*texts, *one.licence] if resolve([text]).limits_use)
    if read_notes(one.description).level in (Level.RESTRICTED, Level.NON_PUBLIC):
        yield one.description


@settings(max_examples=500)
@given(RECORDS)
def test_not_stated_is_never_guessed_as_open(one: Record) -> None:
    placement = place(one)
    if placement.band is not Band.OPEN:
        return
    statements = [*one.licence, *(file.licence for file in one.distributions)]
    assert any(resolve([statement]).proven_open for statement in statements)
    assert any((found := format_of(file)) and found.machine_readable for file in one.distributions)
    assert not one.is_private
    assert list(restrictions(one)) == []


@settings(max_examples=200)
@given(RECORDS)
def test_every_record_gets_a_place_with_a_reason(one: Record) -> None:
    placement = place(one)
    assert placement.rule in {rule.id for rule in RULES}
    assert placement.sentence and placement.short and placement.evidence
    assert "\n" not in placement.sentence + placement.short
    assert bool(placement.next_step) == (placement.band is not Band.OPEN)


@settings(max_examples=200)
@given(RECORDS, st.sampled_from(["non-public", "Confidential", "restricted"]))
def test_one_more_restriction_never_makes_a_dataset_more_open(any_record: Record, said: str) -> None:
    one = replace(any_record, person_level="")
    stricter = replace(one, rights=f"{one.rights}\n{said}")
    before, after = place(one).band, place(stricter).band
    assert after is not Band.OPEN
    assert before is Band.UNKNOWN or after.position <= before.position


FEEDS = [
    ("arcgis_hub/03c-02_20210119.json", "data_json", {"public-unclear/R5": 177}),
    ("arcgis_hub/08b-42091_20210119.json", "data_json", {"public-unclear/R5": 39}),
    ("ckan/birmingham_package_search.json", "ckan", {"public-limited/R7": 10}),
    ("ckan/datagovuk_package_show_toilets.json", "ckan", {"open/R6": 1}),
    ("dcat_us/ar_justicia.json", "data_json", {"open/R6": 18}),
    ("dcat_us/consumerfinance_2025-01-31.json", "data_json", {"public-unclear/R5": 11}),
    ("usmart/cycling_scotland.json", "data_json", {"open/R6": 85, "public-limited/R7": 6}),
]


def placed(file: Path, kind: str) -> Counter[str]:
    source = SourceAddress(name="feed", kind=kind, location=str(file))
    pages = registry()[kind].read(source, Web(), "", lambda *_: False)
    records = [item for page in pages for item in page.items if isinstance(item, Record)]
    return Counter(f"{found.band}/{found.rule}" for found in map(place, records))


@pytest.mark.parametrize(("name", "kind", "expected"), FEEDS, ids=[name for name, _, _ in FEEDS])
def test_real_feeds_stand_where_their_own_words_put_them(
    shared: Path, name: str, kind: str, expected: dict[str, int]
) -> None:
    assert placed(shared / "data" / "harvest" / name, kind) == expected


def test_a_federal_inventory_keeps_its_three_levels_apart(shared: Path) -> None:
    found = placed(shared / "data" / "harvest" / "dcat_us" / "gsa_2025-01-31.json", "data_json")
    assert sum(count for key, count in found.items() if key.startswith("closed/")) == 33
    assert sum(count for key, count in found.items() if key.startswith("named/")) == 1
    assert found["open/R6"] > 150


def test_no_sentence_repeats_a_full_stop() -> None:
    samples: list[Placement] = [
        place(record(access_right="Not for release.")),
        place(record(licence=("No commercial use.",), distributions=(CSV,))),
        place(record(), stated=Stated(band=Band.NAMED, by="Ben", on=ON, reason="Two analysts.")),
    ]
    assert not [one.sentence for one in samples if re.search(r"\.\.(?!\.)", one.sentence)]
