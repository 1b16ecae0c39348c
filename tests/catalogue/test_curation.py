"""Curators correct, place and list single datasets; others suggest."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from catalogue import curation, datasets, history
from catalogue.tables import ChangeRow, DatasetRow
from governance import Invalid, NotFound, NotPermitted, audit, operator
from tests.catalogue.made import NOW, collaboration, harvested, record, source

pytestmark = pytest.mark.usefixtures("home")


def test_a_corrected_licence_moves_the_dataset_at_once() -> None:
    made, portal = collaboration(), source()
    dataset_id = harvested(record(), source_id=portal)
    with made.as_("priya") as visit:
        assert datasets.dataset(visit, dataset_id).band == "public-unclear"
        curation.correct(visit, dataset_id, "licence", value="CC-BY-4.0", reason="It is in the file's header")
        found = datasets.dataset(visit, dataset_id)
        assert (found.band, found.placement.rule) == ("open", "R6")
        curation.undo_correction(visit, dataset_id, "licence")
        assert datasets.dataset(visit, dataset_id).band == "public-unclear"
        kinds = [each.kind for each in history.history(visit, dataset_id)]
    assert kinds == ["corrected", "corrected", "added"]


def test_a_correction_leaves_history_an_audit_row_and_a_mark_for_the_index() -> None:
    made, portal = collaboration(), source()
    dataset_id = harvested(record(), source_id=portal)
    with operator("test", now=NOW) as visit:
        before = len(visit.read().execute(select(ChangeRow)).all())
    with made.as_("priya") as visit:
        curation.correct(visit, dataset_id, "title", value=" Air,  hourly ", reason="The portal cut it")
        newest = history.history(visit, dataset_id)[0]
        assert newest.by == "priya"
        assert newest.sentence == "Corrected title: “Air, hourly” instead of “Air quality”. The portal cut it"
        [event] = audit.events(visit, target=f"dataset:{dataset_id}")
        assert (event.action, event.actor, event.detail) == ("dataset.corrected", "priya", {"field": "title"})
    with operator("test", now=NOW) as visit:
        assert len(visit.read().execute(select(ChangeRow)).all()) == before + 1


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [("title", " ", "why"), ("band", "open", "why"), ("formats", "CSV", "why"), ("title", "A title", " ")],
)
def test_a_correction_needs_a_correctable_field_a_value_and_a_reason(field: str, value: str, reason: str) -> None:
    made, portal = collaboration(), source()
    dataset_id = harvested(record(), source_id=portal)
    with made.as_("priya") as visit, pytest.raises(Invalid) as fault:
        curation.correct(visit, dataset_id, field, value=value, reason=reason)
    assert fault.value.field == ("reason" if reason == " " else field)


def test_undoing_what_was_never_corrected_is_not_found() -> None:
    made, portal = collaboration(), source()
    dataset_id = harvested(record(), source_id=portal)
    with made.as_("priya") as visit, pytest.raises(NotFound):
        curation.undo_correction(visit, dataset_id, "title")


def test_members_may_not_curate_and_stewards_only_what_is_theirs_or_nobodys() -> None:
    made, portal = collaboration(), source()
    dataset_id = harvested(record(), source_id=portal)
    owned = harvested(record("Owned"), source_id=portal, organisation_id=made.organisations["Tidewater Homes"])
    refusals = [("miriam", dataset_id), ("priya", owned), ("ada", owned)]
    for username, target in refusals:
        with made.as_(username) as visit:
            with pytest.raises(NotPermitted):
                curation.correct(visit, target, "title", value="x", reason="y")
            with pytest.raises(NotPermitted):
                curation.place_dataset(visit, target, "closed", reason="y")
            with pytest.raises(NotPermitted):
                curation.set_listing(visit, target, "everyone")
            assert not datasets.dataset(visit, target).may_curate
    with made.as_("jonas") as visit:
        curation.place_dataset(visit, owned, "closed", reason="Ours")
        assert datasets.dataset(visit, owned).may_curate


def test_a_stated_band_counts_before_the_rules_until_it_is_taken_back() -> None:
    made, portal = collaboration(), source()
    dataset_id = harvested(record(), source_id=portal)
    with made.as_("priya") as visit:
        curation.place_dataset(visit, dataset_id, "named", reason="The portal asks for an agreement")
        found = datasets.dataset(visit, dataset_id)
        assert (found.band, found.placement.rule, found.placement.confidence) == ("named", "C1", "stated")
        assert "Harbour Council" in found.placement.sentence
        curation.place_dataset(visit, dataset_id, "", reason="")
        assert datasets.dataset(visit, dataset_id).placement.rule == "R5"


def test_nobody_states_open_without_an_open_licence() -> None:
    made, portal = collaboration(), source()
    unclear = harvested(record(), source_id=portal)
    limited = harvested(record("Limited", licence=("CC-BY-NC-4.0",)), source_id=portal)
    proven = harvested(record("Proven", licence=("CC-BY-4.0",), access_right="restricted"), source_id=portal)
    with made.as_("priya") as visit:
        for dataset_id in (unclear, limited):
            with pytest.raises(Invalid) as fault:
                curation.place_dataset(visit, dataset_id, "open", reason="I think so")
            assert fault.value.field == "band"
        with pytest.raises(Invalid):
            curation.place_dataset(visit, unclear, "unknown", reason="y")
        curation.place_dataset(visit, proven, "open", reason="The restriction was a mistake, the portal confirms")
        assert datasets.dataset(visit, proven).band == "open"
        assert datasets.dataset(visit, unclear).placement.rule == "R5"


def test_a_listing_decides_who_may_know_of_it() -> None:
    made, portal = collaboration(), source()
    harbour, tidewater = (made.organisations[name] for name in ("Harbour Council", "Tidewater Homes"))
    dataset_id = harvested(record(), source_id=portal, organisation_id=harbour)

    def known() -> list[str]:
        found = []
        for username in ("miriam", "hanna"):
            with made.as_(username) as visit:
                found += [username for line in datasets.datasets(visit) if line.id == dataset_id]
        return found

    with made.as_("priya") as visit:
        curation.set_listing(visit, dataset_id, "owner")
        assert known() == ["miriam"]
        curation.set_listing(visit, dataset_id, "organisations", organisation_ids=(tidewater, tidewater))
        assert known() == ["miriam", "hanna"]
        curation.set_listing(visit, dataset_id, "organisations", organisation_ids=(harbour,))
        assert known() == ["miriam"]
        curation.set_listing(visit, dataset_id, "everyone")
        assert known() == ["miriam", "hanna"]
        newest = history.history(visit, dataset_id)[0]
        assert newest.sentence == "Who may know of it: everyone signed in."


def test_a_listing_names_known_organisations_and_leaves_somebody_who_may_know() -> None:
    made, portal = collaboration(), source()
    owned = harvested(record(), source_id=portal, organisation_id=made.organisations["Harbour Council"])
    nobodys = harvested(record("Nobody's"), source_id=portal)
    with made.as_("priya") as visit:
        for listing, chosen in (("organisations", ()), ("organisations", ("nobody",)), ("somehow", ())):
            with pytest.raises(Invalid):
                curation.set_listing(visit, owned, listing, organisation_ids=chosen)
    with made.as_("ada") as visit, pytest.raises(Invalid):
        curation.set_listing(visit, nobodys, "owner")


def test_a_harvest_never_widens_a_listing_chosen_by_hand() -> None:
    made, portal = collaboration(), source()
    dataset_id = harvested(record(), source_id=portal, organisation_id=made.organisations["Harbour Council"])
    with made.as_("priya") as visit:
        curation.set_listing(visit, dataset_id, "owner")
    with operator("test", now=NOW) as visit:
        row = visit.read().execute(select(DatasetRow).where(DatasetRow.id == dataset_id)).scalar_one()
        assert row.listing_by == "priya"


def test_a_member_suggests_and_a_steward_takes_it() -> None:
    made, portal = collaboration(), source()
    dataset_id = harvested(record(), source_id=portal)
    with made.as_("hanna") as visit:
        curation.suggest_correction(visit, dataset_id, "title", value="Air, hourly", reason="It says so inside")
        assert datasets.dataset(visit, dataset_id).title == "Air quality"
        assert [each.field for each in curation.suggestions(visit)] == ["title"]
    with made.as_("miriam") as visit:
        assert curation.suggestions(visit) == []
    with made.as_("priya") as visit:
        [waiting] = curation.suggestions(visit)
        assert (waiting.by, waiting.title, waiting.state) == ("hanna", "Air quality", "open")
        curation.settle_suggestion(visit, waiting.id, take=True)
        assert datasets.dataset(visit, dataset_id).title == "Air, hourly"
        assert curation.suggestions(visit) == []
        with pytest.raises(NotFound):
            curation.settle_suggestion(visit, waiting.id, take=True)
    with made.as_("hanna") as visit:
        assert [each.state for each in curation.suggestions(visit, state="")] == ["taken"]


def test_a_declined_suggestion_is_answered_and_changes_nothing() -> None:
    made, portal = collaboration(), source()
    dataset_id = harvested(record(), source_id=portal)
    with made.as_("hanna") as visit:
        made_one = curation.suggest_correction(visit, dataset_id, "title", value="Mine", reason="Nicer")
        with pytest.raises(NotPermitted):
            curation.settle_suggestion(visit, made_one.id, take=True)
    with made.as_("priya") as visit:
        with pytest.raises(Invalid):
            curation.settle_suggestion(visit, made_one.id, take=False)
        curation.settle_suggestion(visit, made_one.id, take=False, answer="The source's title is the known one.")
        [answered] = curation.suggestions(visit, state="declined")
        assert answered.answered_by == "priya"
        assert datasets.dataset(visit, dataset_id).title == "Air quality"


def test_a_suggestion_for_a_dataset_that_became_hidden_is_hidden_too() -> None:
    made, portal = collaboration(), source()
    tidewater = made.organisations["Tidewater Homes"]
    dataset_id = harvested(record(), source_id=portal, organisation_id=tidewater)
    with made.as_("miriam") as visit:
        kept = curation.suggest_correction(visit, dataset_id, "title", value="Mine", reason="Nicer")
    with made.as_("jonas") as visit:
        curation.set_listing(visit, dataset_id, "owner")
    for username in ("miriam", "priya"):
        with made.as_(username) as visit:
            assert curation.suggestions(visit) == []
            with pytest.raises(NotFound):
                curation.settle_suggestion(visit, kept.id, take=True)


def test_stewards_wait_for_what_they_may_settle_only() -> None:
    made, portal = collaboration(), source()
    owned = harvested(record(), source_id=portal, organisation_id=made.organisations["Tidewater Homes"])
    with made.as_("miriam") as visit:
        mine = curation.suggest_correction(visit, owned, "title", value="Mine", reason="Nicer")
        assert not mine.may_settle
    with made.as_("priya") as visit:
        assert curation.suggestions(visit) == []
    with made.as_("jonas") as visit:
        assert [each.may_settle for each in curation.suggestions(visit)] == [True]
