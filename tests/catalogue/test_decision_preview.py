"""What a licence decision would move is said before it is made, and is what then happens."""

from __future__ import annotations

import pytest

from catalogue import curation, datasets, decisions
from catalogue.decision_preview import would_move
from catalogue.spectrum import Band
from governance import NotPermitted
from tests.catalogue.made import collaboration, harvested, record, source

pytestmark = pytest.mark.usefixtures("home")
TERMS = "https://portal.example/terms"


def test_a_preview_says_what_the_decision_then_does_and_changes_nothing() -> None:
    made, portal, other = collaboration(), source("One"), source("Two")
    covered = [harvested(record(f"Covered {place}", licence=(TERMS,)), source_id=portal) for place in range(4)]
    harvested(record("Elsewhere", licence=(TERMS,)), source_id=other)
    harvested(record("Longer", licence=(TERMS + "/more",)), source_id=portal)
    harvested(record("Gone", licence=(TERMS,)), source_id=portal, state="withdrawn")
    with made.as_("priya") as visit:
        curation.place_dataset(visit, covered[0], "closed", reason="Holds names")
        found = would_move(visit, portal, TERMS, licence="CC-BY-4.0")
        assert (dict(found.to), found.is_whole) == ({Band.OPEN: 3}, True)
        assert datasets.dataset(visit, covered[1]).band == "public-unclear"
        assert would_move(visit, portal, TERMS, band="public-limited").to == {Band.PUBLIC_LIMITED: 3}
        decisions.decide(visit, portal, TERMS, licence="CC-BY-4.0", reason="Their terms page")
        assert would_move(visit, portal, TERMS, licence="CC-BY-4.0").to == {}
        assert would_move(visit, portal, TERMS, band="public-limited").to == {Band.PUBLIC_LIMITED: 3}


def test_a_preview_counts_only_what_the_viewer_may_know_of() -> None:
    made, portal = collaboration(), source("One")
    harvested(record("Seen", licence=(TERMS,)), source_id=portal)
    owner = made.organisations["Tidewater Homes"]
    harvested(record("Hidden", licence=(TERMS,)), source_id=portal, listing="owner", organisation_id=owner)
    with made.as_("priya") as visit:
        assert would_move(visit, portal, TERMS, licence="CC-BY-4.0").to == {Band.OPEN: 1}
    with made.as_("jonas") as visit:
        assert would_move(visit, portal, TERMS, licence="CC-BY-4.0").to == {Band.OPEN: 2}
    with made.as_("miriam") as visit, pytest.raises(NotPermitted):
        would_move(visit, portal, TERMS, licence="CC-BY-4.0")


def test_a_source_that_states_nothing_is_previewed_by_what_states_nothing() -> None:
    made, portal = collaboration(), source("One")
    harvested(record("Silent"), source_id=portal)
    harvested(record("Spoken", licence=(TERMS,)), source_id=portal)
    with made.as_("priya") as visit:
        assert would_move(visit, portal, "", licence="CC0-1.0").to == {Band.OPEN: 1}
