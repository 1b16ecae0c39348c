"""Reading datasets: the page, the list, the origins of fields, who publishes what."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from catalogue import curation, datasets, fields, history, overview
from catalogue.datasets import Way
from catalogue.fields import From
from catalogue.owned import owned
from governance import NotFound, NotPermitted, operator
from tests.catalogue.made import NOW, collaboration, harvested, harvested_again, record, source

pytestmark = pytest.mark.usefixtures("home")


def test_a_dataset_tells_its_place_its_owner_and_how_to_get_it() -> None:
    made, portal = collaboration(), source()
    dataset_id = harvested(record(licence=("CC-BY-4.0",), contact_name="Data desk"), source_id=portal)
    with made.as_("hanna") as visit:
        found = datasets.dataset(visit, dataset_id)
    assert (found.band.value, found.placement.rule, found.getting.way) == ("open", "R6", Way.LINK)
    assert found.getting.link == "https://data.example/file.csv"
    assert (found.contact_name, found.source_name, found.formats) == ("Data desk", "Harbour Open Data", ("CSV",))
    assert found.licence is not None
    assert found.licence.title.startswith("Creative Commons Attribution")
    assert found.freshness.words == "Updated 1 Oct 2026"
    assert "Harbour Council (2026). Air quality [data set]" in found.citation.sentence
    assert found.quality_words


def test_a_dataset_can_be_written_out_as_json() -> None:
    made, portal = collaboration(), source()
    dataset_id = harvested(record(extras={"theme": "air"}), source_id=portal)
    with made.as_("hanna") as visit:
        told = json.loads(json.dumps(asdict(datasets.dataset(visit, dataset_id)), default=str))
    assert (told["id"], told["band"], told["getting"]["way"]) == (dataset_id, "public-unclear", "link")


def test_a_restricted_dataset_says_whom_to_ask() -> None:
    made, portal = collaboration(), source()
    said = record(access_right="restricted", distributions=(), approver="Dele Adeyemi", access_how="Write to him.")
    dataset_id = harvested(replace(said, extras={"usual_days": "4"}), source_id=portal)
    with made.as_("hanna") as visit:
        getting = datasets.dataset(visit, dataset_id).getting
    assert (getting.way, getting.decides, getting.usual_days) == (Way.ASK, "Dele Adeyemi", 4)
    assert getting.how == "Write to him."


def test_a_hidden_dataset_and_one_that_never_was_read_the_same() -> None:
    made, portal = collaboration(), source()
    hidden = harvested(
        record("Secret"), source_id=portal, listing="owner", organisation_id=made.organisations["Harbour Council"]
    )
    with made.as_("jonas") as visit:
        sentences = set()
        for dataset_id in (hidden, "0" * 16):
            for ask in (
                datasets.dataset,
                fields.fields_and_sources,
                datasets.raw,
                lambda v, i: curation.correct(v, i, "title", value="x", reason="y"),
                lambda v, i: curation.place_dataset(v, i, "closed", reason="y"),
                lambda v, i: curation.set_listing(v, i, "everyone"),
                lambda v, i: curation.suggest_correction(v, i, "title", value="x", reason="y"),
            ):
                with pytest.raises(NotFound) as fault:
                    ask(visit, dataset_id)
                sentences.add(fault.value.sentence)
            assert history.history(visit, dataset_id) == []
        assert len(sentences) == 1
    with made.as_("miriam") as visit:
        assert datasets.dataset(visit, hidden).title == "Secret"


def test_named_organisations_may_know_of_a_dataset_listed_for_them() -> None:
    made, portal = collaboration(), source()
    tidewater = made.organisations["Tidewater Homes"]
    dataset_id = harvested(
        record("Shared"),
        source_id=portal,
        listing="organisations",
        organisation_id=made.organisations["Harbour Council"],
        listed_for=(tidewater,),
    )
    with made.as_("hanna") as visit:
        assert datasets.dataset(visit, dataset_id).listed_for == ("Tidewater Homes",)


def test_an_owners_list_says_of_each_dataset_what_its_page_says() -> None:
    made, portal = collaboration(), source()
    mine, tidewater = made.organisations["Harbour Council"], made.organisations["Tidewater Homes"]
    ids = [
        harvested(record("Air quality", contact_name="Data desk"), source_id=portal, organisation_id=mine),
        harvested(record("Berths", modified="2019-01-01", accrual_periodicity="annual"), source_id=portal),
        harvested(
            record("Cranes"),
            source_id=portal,
            listing="organisations",
            organisation_id=mine,
            listed_for=(tidewater,),
        ),
        harvested(record("Secret"), source_id=portal, listing="owner", organisation_id=mine),
    ]
    names = ("id", "title", "band", "organisation_id", "listing", "listed_for", "freshness", "state", "contact_name")
    with made.as_("miriam") as visit:
        found = owned(visit, ids[::-1])
        pages = [datasets.dataset(visit, each) for each in ids[::-1]]
        assert [[getattr(each, name) for name in names] for each in found] == [
            [getattr(each, name) for name in names] for each in pages
        ]
        assert found[1].listed_for == ("Tidewater Homes",)
    with made.as_("jonas") as visit:
        assert [each.title for each in owned(visit, [*ids, "0" * 32])] == ["Air quality", "Berths", "Cranes"]


def test_each_field_says_where_it_came_from() -> None:
    made, portal = collaboration(), source()
    said = record(keywords=("air",))
    dataset_id = harvested(said, source_id=portal)
    with made.as_("priya") as visit:
        curation.correct(visit, dataset_id, "title", value="Air quality, hourly", reason="The portal cut it")
        found = {each.field: each for each in fields.fields_and_sources(visit, dataset_id)}
    assert found["title"].origin is From.CURATOR
    assert (found["title"].value, found["title"].corrected_by) == ("Air quality, hourly", "priya")
    assert found["title"].source_now_says is None
    assert found["keywords"].origin is From.SOURCE
    assert found["keywords"].value == "air"
    assert found["band"].origin is From.DERIVED


def test_a_correction_survives_the_harvest_and_tells_what_the_source_says_now() -> None:
    made, portal = collaboration(), source()
    said = record(keywords=("air",))
    dataset_id = harvested(said, source_id=portal)
    with made.as_("priya") as visit:
        curation.correct(visit, dataset_id, "title", value="Mine", reason="Better")
        curation.correct(visit, dataset_id, "keywords", value="smog\nair", reason="Better")
        harvested_again(dataset_id, replace(said, title="Theirs, new", keywords=("air", "wind")))
        visit.refresh()
        found = {each.field: each for each in fields.fields_and_sources(visit, dataset_id)}
        assert datasets.dataset(visit, dataset_id).title == "Mine"
    assert found["title"].source_now_says == "Theirs, new"
    assert (found["keywords"].value, found["keywords"].source_now_says) == ("smog, air", "air, wind")


def test_only_stewards_read_the_raw_record() -> None:
    made, portal = collaboration(), source()
    dataset_id = harvested(replace(record(), raw=b'{"as":"written"}'), source_id=portal)
    with made.as_("priya") as visit:
        assert datasets.raw(visit, dataset_id) == b'{"as":"written"}'
    with made.as_("miriam") as visit, pytest.raises(NotPermitted):
        datasets.raw(visit, dataset_id)


def test_the_list_pages_through_everything_the_viewer_may_know_of(monkeypatch: pytest.MonkeyPatch) -> None:
    made, portal = collaboration(), source()
    monkeypatch.setattr(datasets, "PAGE", 3)
    ids = {harvested(record(f"Number {place}"), source_id=portal) for place in range(7)}
    gone = harvested(record("Gone"), source_id=portal, state="withdrawn")
    own = made.organisations["Harbour Council"]
    hidden = harvested(record("Hidden"), source_id=portal, listing="owner", organisation_id=own)
    with made.as_("hanna") as visit:
        assert {line.id for line in datasets.datasets(visit)} == {*ids, gone}
        assert [line.id for line in datasets.datasets(visit)] == sorted([*ids, gone])
        assert {line.id for line in datasets.datasets(visit, state="live")} == ids
        assert [line.id for line in datasets.datasets(visit, limit=4)] == sorted([*ids, gone])[:4]
        assert list(datasets.datasets(visit, source="Another")) == []
        first = sorted([*ids, gone])[4]
        assert len(list(datasets.datasets(visit, after=first))) == 3
    with operator("test", now=NOW) as visit:
        assert hidden in {line.id for line in datasets.datasets(visit, source="Harbour Open Data")}


def test_a_publisher_of_hidden_datasets_only_is_nobody_to_others(home: Path) -> None:
    made, portal = collaboration(), source()
    own = made.organisations["Harbour Council"]
    harvested(record("A", publisher="Quiet Office"), source_id=portal, listing="owner", organisation_id=own)
    harvested(record("B", publisher="Loud Office"), source_id=portal)
    with made.as_("hanna") as visit:
        assert [each.name for each in datasets.publishers(visit)] == ["Loud Office"]
        assert datasets.publisher(visit, "Loud Office").total == 1
        with pytest.raises(NotFound):
            datasets.publisher(visit, "Quiet Office")
        assert datasets.organisation_page(visit, own).total == 0
    with made.as_("miriam") as visit:
        page = datasets.organisation_page(visit, own)
        assert (page.total, page.name, page.how_to_ask) == (1, "Harbour Council", "Write to the data desk.")


def test_the_overview_counts_each_band_of_each_holder() -> None:
    made, portal = collaboration(), source()
    harvested(record("A", publisher="Harbour Council"), source_id=portal)
    harvested(record("B", publisher="harbour  council", licence=("CC0-1.0",)), source_id=portal)
    harvested(record("C", publisher=""), source_id=portal)
    harvested(record("D", publisher="Aardvark Society"), source_id=portal)
    harvested(record("E", publisher="Aardvark Society"), source_id=portal, state="withdrawn")
    with made.as_("hanna") as visit:
        found = overview.overview(visit)
    assert [holder.name for holder in found.holders] == ["Aardvark Society", "Harbour Council", "Not stated"]
    assert found.holders[1].organisation_id == made.organisations["Harbour Council"]
    assert dict(found.holders[1].counts) == {"open": 1, "public-unclear": 1}
    assert (found.total, dict(found.counts)) == (4, {"open": 1, "public-unclear": 3})


def test_the_home_page_tells_what_is_new_by_source() -> None:
    made, portal = collaboration(), source()
    for place in range(3):
        harvested(record(f"Number {place}", licence=("CC0-1.0",) if place else ()), source_id=portal)
    with made.as_("hanna") as visit:
        found = overview.headline(visit, since=NOW.replace(hour=1))
        assert (found.total, found.holders) == (3, 1)
        [news] = found.news
        assert (news.kind, news.source_name, news.datasets, news.open) == ("added", "Harbour Open Data", 3, 2)
        assert overview.headline(visit, since=NOW).news == ()
