"""One licence decision settles every dataset of a source that carries the very same raw value."""

from __future__ import annotations

import time

import pytest

from catalogue import curation, datasets, decisions, history
from catalogue.records import Distribution
from governance import Invalid, NotFound, NotPermitted
from tests.catalogue.made import CSV, collaboration, harvested, record, source

pytestmark = pytest.mark.usefixtures("home")
TERMS = "https://portal.example/terms"


def test_groups_are_made_of_the_very_same_raw_value() -> None:
    made, first, second = collaboration(), source("One"), source("Two")
    for place in range(3):
        harvested(record(f"Terms {place}", licence=(TERMS,)), source_id=first)
    harvested(record("Terms with a title", licence=(TERMS, "Terms of use of the portal")), source_id=first)
    harvested(record("Other terms", licence=(TERMS + "2",)), source_id=first)
    harvested(record("Nothing said"), source_id=second)
    file = Distribution(download_url="https://data.example/a.csv", format="CSV", licence="Open")
    harvested(record("Said of the file", distributions=(file,)), source_id=second)
    harvested(record("Withdrawn"), source_id=second, state="withdrawn")
    harvested(record("Open anyway", licence=("CC0-1.0",)), source_id=second)
    with made.as_("priya") as visit:
        found = {(each.source_name, each.licence_value): each for each in decisions.licence_groups(visit)}
    assert {key: each.datasets for key, each in found.items()} == {
        ("One", TERMS): 4,
        ("One", TERMS + "2"): 1,
        ("Two", ""): 1,
        ("Two", "Open"): 1,
    }
    assert [one.title for one in found["One", TERMS].examples] == ["Terms 0", "Terms 1", "Terms 2"]


def test_a_decision_moves_all_of_them_and_those_harvested_later() -> None:
    made, portal, other = collaboration(), source("One"), source("Two")
    covered = [harvested(record(f"Covered {place}", licence=(TERMS,)), source_id=portal) for place in range(5)]
    elsewhere = harvested(record("Elsewhere", licence=(TERMS,)), source_id=other)
    different = harvested(record("Different", licence=("See the terms",)), source_id=portal)
    with made.as_("priya") as visit:
        moved = decisions.decide(visit, portal, TERMS, licence="CC-BY-4.0", reason="The terms page says CC BY 4.0")
        assert moved == 5
        places = [datasets.dataset(visit, each).placement for each in covered]
        assert {(each.band.value, each.rule, each.confidence.value) for each in places} == {("open", "C2", "stated")}
        assert datasets.dataset(visit, elsewhere).band == "public-unclear"
        assert datasets.dataset(visit, different).band == "public-unclear"
        assert history.history(visit, covered[0])[0].sentence.startswith(
            "Moved from “licence unclear” to “open”. The terms"
        )
    later = harvested(record("Later", licence=(TERMS,)), source_id=portal)
    with made.as_("miriam") as visit:
        assert datasets.dataset(visit, later).placement.rule == "C2"
        with pytest.raises(NotPermitted):
            decisions.licence_groups(visit)
        with pytest.raises(NotPermitted):
            decisions.decide(visit, portal, TERMS, band="closed", reason="no")


def test_a_decision_taken_back_leaves_the_rules() -> None:
    made, portal = collaboration(), source()
    dataset_id = harvested(record(), source_id=portal)
    with made.as_("priya") as visit:
        decisions.decide(visit, portal, "", band="public-limited", reason="The site has terms of use")
        [kept] = decisions.decisions(visit)
        assert (kept.licence_value, kept.band, kept.by) == ("", "public-limited", "priya")
        assert datasets.dataset(visit, dataset_id).band == "public-limited"
        assert decisions.undecide(visit, kept.id) == 1
        assert datasets.dataset(visit, dataset_id).placement.rule == "R5"
        assert decisions.decisions(visit) == []
        with pytest.raises(NotFound):
            decisions.undecide(visit, kept.id)


def test_a_second_decision_on_a_value_takes_the_place_of_the_first() -> None:
    made, portal = collaboration(), source()
    dataset_id = harvested(record(licence=(TERMS,)), source_id=portal)
    with made.as_("priya") as visit:
        decisions.decide(visit, portal, TERMS, licence="CC-BY-4.0", reason="So it seems")
        decisions.decide(visit, portal, TERMS, licence="CC-BY-NC-4.0", reason="I read it again")
        assert [each.licence for each in decisions.decisions(visit, source_id=portal)] == ["CC-BY-NC-4.0"]
        assert datasets.dataset(visit, dataset_id).band == "public-limited"


def test_a_decision_does_not_overrule_a_stated_band() -> None:
    made, portal = collaboration(), source()
    dataset_id = harvested(record(licence=(TERMS,)), source_id=portal)
    with made.as_("priya") as visit:
        curation.place_dataset(visit, dataset_id, "named", reason="Asked for on the phone")
        assert decisions.decide(visit, portal, TERMS, licence="CC-BY-4.0", reason="Terms page") == 0
        assert datasets.dataset(visit, dataset_id).band == "named"


def test_a_decision_covers_hidden_datasets_but_counts_only_what_the_steward_may_know() -> None:
    made, portal = collaboration(), source()
    tidewater = made.organisations["Tidewater Homes"]
    harvested(record("Seen", licence=(TERMS,)), source_id=portal)
    hidden = harvested(record("Hidden", licence=(TERMS,)), source_id=portal, listing="owner", organisation_id=tidewater)
    with made.as_("priya") as visit:
        assert [each.datasets for each in decisions.licence_groups(visit)] == [1]
        assert decisions.decide(visit, portal, TERMS, licence="CC-BY-4.0", reason="Terms page") == 1
    with made.as_("hanna") as visit:
        assert datasets.dataset(visit, hidden).placement.rule == "C2"


@pytest.mark.parametrize(
    "choice", [{}, {"licence": "CC-BY-4.0", "band": "open"}, {"band": "open"}, {"band": "unknown"}, {"licence": "?"}]
)
def test_a_decision_is_a_known_licence_or_a_band_that_needs_no_proof(choice: dict[str, str]) -> None:
    made, portal = collaboration(), source()
    with made.as_("priya") as visit, pytest.raises(Invalid):
        decisions.decide(visit, portal, TERMS, reason="y", **choice)


def test_a_decision_needs_a_reason_and_a_source() -> None:
    made, portal = collaboration(), source()
    with made.as_("priya") as visit:
        with pytest.raises(Invalid):
            decisions.decide(visit, portal, TERMS, band="closed", reason=" ")
        with pytest.raises(NotFound):
            decisions.decide(visit, "nowhere", TERMS, band="closed", reason="y")


def test_four_hundred_datasets_move_in_one_transaction() -> None:
    made, portal = collaboration(), source()
    ids = [harvested(record(f"Number {place}", distributions=(CSV,)), source_id=portal) for place in range(400)]
    with made.as_("priya") as visit:
        began = time.process_time()
        assert decisions.decide(visit, portal, "", licence="CC0-1.0", reason="The terms page") == 400
        spent = time.process_time() - began
        assert {datasets.dataset(visit, each).band.value for each in ids[::40]} == {"open"}
        assert decisions.licence_groups(visit) == []
    print(f"400 datasets: {spent:.2f} s of CPU")
