"""The pages of the catalogue: what they say to whom."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from catalogue import curation, saved
from catalogue.records import Distribution
from catalogue.search import Query, Sort
from governance import operator, people
from pages.browse._looking import Looking, at_page, narrowed_words
from tests.catalogue import made
from tests.catalogue import shelf as shelves
from tests.catalogue.made import NOW, Collaboration
from tests.governance import tables_of_four
from tests.pages.drawn import draw, markup, refused, text

CATALOGUE, DATASET = "pages.browse.catalogue", "pages.browse.dataset"
ORGANISATION, SPECTRUM = "pages.browse.organisation", "pages.browse.spectrum"
HOSTILE = "<img src=x onerror=alert(1)> [x](javascript:alert(2)) \u202eevil"


@pytest.fixture
def table(home: Path) -> Collaboration:
    return made.collaboration()


@pytest.fixture
def shelf(table: Collaboration) -> Iterator[dict[str, str]]:
    """Ids by title: an open one, an unclear one, a closed one of Tidewater that only Tidewater knows of."""
    source_id = made.source()
    tidewater = table.organisations["Tidewater Homes"]
    open_one = made.record("Air quality", licence=("cc-by-4.0",), themes=("Environment",))
    closed = made.record("Tenancy files", access_right="non-public", approver="Head of housing", access_how="Write.")
    yield {
        "open": made.harvested(open_one, source_id=source_id),
        "unclear": made.harvested(made.record("Play areas"), source_id=source_id),
        "hidden": made.harvested(closed, source_id=source_id, listing="owner", organisation_id=tidewater),
    }


def test_the_catalogue_counts_what_its_viewer_may_know_of(table: Collaboration, shelf: dict[str, str]) -> None:
    assert "2 datasets from 1 organisation" in text(draw(CATALOGUE, table.viewers["miriam"], now=NOW))
    assert "3 datasets from 2 organisations" in text(draw(CATALOGUE, table.viewers["hanna"], now=NOW))


@pytest.mark.parametrize("module", ["pages.home.home", CATALOGUE, "pages.browse.spectrum"])
def test_every_page_counts_the_same_datasets_and_organisations(table: Collaboration, module: str) -> None:
    portal = made.source()
    for place, publisher in enumerate(("Harbour Council", "harbour council", "Quay Press", "")):
        made.harvested(made.record(f"Berths {place}", publisher=publisher), source_id=portal)
    assert "4 datasets from 2 organisations" in text(draw(module, table.viewers["miriam"], now=NOW))


def test_the_line_over_the_results_says_what_was_asked(table: Collaboration, shelf: dict[str, str]) -> None:
    app = draw(CATALOGUE, table.viewers["miriam"], now=NOW, q="air", theme="Environment", band="open")
    assert "1 dataset for “air” in Open in theme Environment" in text(app)
    assert f"/dataset?id={shelf['open']}" in markup(app)


def test_a_list_says_which_datasets_an_agreement_covers_for_who_looks(home: Path) -> None:
    four = tables_of_four.seated()
    four.in_force()
    with operator("test", now=NOW) as visit:
        people.invite(visit, people.Newcomer(username="trust-steward", organisation_id=four.ids["Trust"]))
    owned = {"attendance": "Schools", "jobs": "Council"}
    shelves.put(
        [
            shelves.dataset(number, name.title(), id=name, organisation_id=four.ids[owner], band="group")
            for number, (name, owner) in enumerate(owned.items(), start=1)
        ]
    )
    later = tables_of_four.NOW + timedelta(hours=1)
    with four.visit("Trust") as visit:
        viewer = visit.viewer
    assert text(draw(CATALOGUE, viewer, now=later)).count("Covered by an agreement") == 1
    narrowed = text(draw(CATALOGUE, viewer, now=later, access="covered"))
    assert "1 dataset covered by an agreement" in narrowed and "Jobs" not in narrowed
    assert "Covered by an agreement" not in text(draw(CATALOGUE, viewer, now=later + timedelta(days=400)))


def test_an_address_nobody_could_mean_draws_the_whole_catalogue(table: Collaboration, shelf: dict[str, str]) -> None:
    app = draw(CATALOGUE, table.viewers["miriam"], now=NOW, band="sideways", access="mine", page="-7", sort="colour")
    assert not app.exception
    assert "2 datasets" in text(app)


def test_a_filter_without_a_match_counts_what_there_is_without_it(table: Collaboration, shelf: dict[str, str]) -> None:
    said = text(draw(CATALOGUE, table.viewers["miriam"], now=NOW, q="air", format="PDF"))
    assert "No dataset matches “air” as PDF" in said
    assert "There is 1 without the filters." in said


def test_an_empty_catalogue_tells_each_role_what_to_do(table: Collaboration) -> None:
    assert "Register a dataset" in text(draw(CATALOGUE, table.viewers["miriam"], now=NOW))
    assert "/sources" not in markup(draw(CATALOGUE, table.viewers["miriam"], now=NOW))
    assert "/sources" in markup(draw(CATALOGUE, table.viewers["priya"], now=NOW))


def test_source_and_state_are_filters_of_stewards_only(table: Collaboration, shelf: dict[str, str]) -> None:
    def filters(username: str) -> list[str]:
        app = draw(CATALOGUE, table.viewers[username], now=NOW)
        return [each.proto.popover.label for each in app.get("popover")]

    usual = ["Your access", "Organisation", "Theme", "Format", "Licence", "Freshness", "Area", "Life event"]
    assert filters("miriam") == usual
    assert filters("priya") == [*usual, "Source", "State"]


def test_opening_a_saved_search_counts_as_having_looked(table: Collaboration, shelf: dict[str, str]) -> None:
    with table.as_("miriam", now=NOW - timedelta(days=1)) as visit:
        kept = saved.save_search(visit, "Air", Query(text="air"))
    with table.as_("miriam") as visit:
        assert saved.saved_searches(visit)[0].new == 1
    draw(CATALOGUE, table.viewers["miriam"], now=NOW + timedelta(minutes=1), q="air", saved=kept)
    with table.as_("miriam") as visit:
        assert saved.saved_searches(visit)[0].new == 0


def test_a_page_of_results_has_an_address_that_keeps_the_question() -> None:
    asked = Looking(text="a&b", filters={"theme": ("X", "Y")}, sort=Sort.TITLE)
    given = parse_qs(urlsplit(at_page(asked, 3)).query)
    assert given == {"q": ["a&b"], "theme": ["X", "Y"], "sort": ["title"], "page": ["3"]}
    assert "page" not in at_page(asked, 1)
    assert narrowed_words(asked) == "in theme X or Y"
    asked = Looking(filters={"band": ("group",), "access": ("own", "covered")})
    assert narrowed_words(asked) == "in Group of your organisation or covered by an agreement"


def test_hidden_and_unknown_datasets_fail_alike(table: Collaboration, shelf: dict[str, str]) -> None:
    def error(identifier: str) -> str:
        app = draw(DATASET, table.viewers["miriam"], now=NOW, id=identifier)
        assert not markup(app), "something was drawn before it was known to be missing"
        return refused(app)

    assert error(shelf["hidden"]) == error("0123456789abcdef") == error("")
    assert error("x").startswith("NotFound: ")


def test_a_dataset_says_why_it_stands_there_and_how_to_get_it(table: Collaboration, shelf: dict[str, str]) -> None:
    said = text(draw(DATASET, table.viewers["miriam"], now=NOW, id=shelf["open"]))
    assert "Open: CC BY 4.0, as CSV, with no limit on access." in said
    assert "You may use, change and share it if you name where it is from" in said
    closed = text(draw(DATASET, table.viewers["hanna"], now=NOW, id=shelf["hidden"]))
    assert "Your own organisation holds it. Head of housing at Tidewater Homes decides." in closed


def test_what_a_person_may_do_with_a_dataset_follows_their_role(table: Collaboration, shelf: dict[str, str]) -> None:
    def buttons(username: str, name: str) -> list[str]:
        app = draw(DATASET, table.viewers[username], now=NOW, id=shelf[name])
        return [each.label for each in app.button]

    assert buttons("miriam", "open") == ["Follow", "Suggest a correction"]
    assert buttons("priya", "open") == ["Follow", "Correct a field", "Set its place", "Raw record"]
    assert "Who may know of it" in buttons("jonas", "hidden")


def test_a_missing_dataset_gives_the_reason_the_probe_found(table: Collaboration) -> None:
    gone = made.harvested(made.record("Gone"), source_id=made.source(), state="missing")
    assert "Not seen at its source since" in text(draw(DATASET, table.viewers["miriam"], now=NOW, id=gone))


def test_a_correction_shows_who_made_it_and_what_the_source_says_now(
    table: Collaboration, shelf: dict[str, str]
) -> None:
    with table.as_("priya") as visit:
        curation.correct(visit, shelf["unclear"], "title", value="Playgrounds", reason="Their usual name")
    made.harvested_again(shelf["unclear"], made.record("Play spaces", identity="play-areas"))
    app = draw(DATASET, table.viewers["miriam"], now=NOW, id=shelf["unclear"])
    assert "Playgrounds" in text(app)
    app.session_state[f"tabs-{shelf['unclear']}"] = "Fields and sources"
    said = text(app.run())
    assert "Source now says: “Play spaces”" in said
    assert "by priya" in said


def test_a_stated_place_says_who_set_it(table: Collaboration, shelf: dict[str, str]) -> None:
    with table.as_("priya") as visit:
        curation.place_dataset(visit, shelf["unclear"], "named", reason="Two analysts use it")
    said = text(draw(DATASET, table.viewers["miriam"], now=NOW, id=shelf["unclear"]))
    assert "Set by Harbour Council on 21 November 2026" in said


def test_what_a_portal_writes_stands_on_every_page_as_text(table: Collaboration) -> None:
    file = Distribution(title=HOSTILE, description=HOSTILE, download_url="javascript:alert(3)", format=HOSTILE)
    said = made.record(
        HOSTILE,
        identity="hostile",
        description=HOSTILE,
        publisher=HOSTILE,
        contact_name=HOSTILE,
        contact_email="javascript:alert(4)@x",
        landing_page="javascript:alert(5)",
        licence=(HOSTILE,),
        keywords=(HOSTILE,),
        themes=(HOSTILE,),
        spatial=HOSTILE,
        distributions=(file,),
    )
    bad = made.harvested(said, source_id=made.source(HOSTILE[:40]))
    steward = table.viewers["priya"]
    drawn = [
        draw(CATALOGUE, steward, now=NOW, q="evil"),
        draw(DATASET, steward, now=NOW, id=bad),
        draw(ORGANISATION, steward, now=NOW, publisher=" ".join(HOSTILE.split())),
        draw(SPECTRUM, steward, now=NOW, rule=HOSTILE),
        draw("pages.home.home", steward, now=NOW, last_here=NOW - timedelta(days=1)),
    ]
    for app in drawn:
        assert "<img" not in markup(app)
        assert 'href="javascript' not in markup(app).lower()


def test_markdown_in_a_description_runs_nothing_and_its_links_say_where_they_lead(
    table: Collaboration, shared: Path
) -> None:
    payloads = json.loads((shared / "attacks" / "dev" / "files" / "markdown.json").read_text(encoding="utf-8"))
    assert len(payloads) == 10
    source = made.source("Portal")
    for place, said in enumerate(payloads):
        record = made.record(f"{said} {place}", identity=f"md-{place}", description=said, publisher=said)
        bad = made.harvested(record, source_id=source)
        for app in (
            draw(DATASET, table.viewers["priya"], now=NOW, id=bad),
            draw(CATALOGUE, table.viewers["priya"], now=NOW),
        ):
            shown = markup(app).lower()
            assert not app.exception
            assert re.search(r"<(script|img|iframe|svg onload)", shown) is None, said
            assert re.search(r'href="(?!https?:|mailto:|[/?#])', shown) is None, said
            links = re.findall(r'<a[^>]*href="https://evil[^>]*>', shown)
            assert all("noopener" in link for link in links)
            assert shown.count('class="ct-host">(evil.example)') >= len(links), "a way out says where it leads"


def test_the_organisation_page_shows_ours_by_id_and_others_by_name(table: Collaboration, shelf: dict[str, str]) -> None:
    ours = draw(ORGANISATION, table.viewers["miriam"], now=NOW, id=table.organisations["Harbour Council"])
    assert "Write to the data desk." in text(ours)
    assert "Air quality" in text(ours)
    empty = draw(ORGANISATION, table.viewers["miriam"], now=NOW, id=table.organisations["Tidewater Homes"])
    assert "It has nothing here yet" in text(empty)
    assert refused(draw(ORGANISATION, table.viewers["miriam"], now=NOW, publisher="Nobody"))


def test_the_spectrum_page_explains_every_band_and_rule(table: Collaboration, shelf: dict[str, str]) -> None:
    from catalogue.spectrum import RULES, Band

    said = text(draw(SPECTRUM, table.viewers["miriam"], now=NOW))
    for band in Band:
        assert band.explains in said
    for rule in RULES:
        assert rule.explains in said
    assert "Stewards decide." in said
    assert "/licences" not in markup(draw(SPECTRUM, table.viewers["miriam"], now=NOW))
    assert "/licences" in markup(draw(SPECTRUM, table.viewers["priya"], now=NOW))


def test_many_holders_are_summed_up_without_losing_a_dataset() -> None:
    from catalogue.overview import Holder, Overview
    from pages.browse.spectrum import _rows

    holders = tuple(Holder(name=f"Holder {n:03}", counts={"open": n + 1}) for n in range(100))
    rows = _rows(Overview(holders=holders, counts={"open": 5050}))
    assert sum(counts["open"] for _, counts in rows) == 5050
    assert "smaller" in str(rows[-1][0])


def test_a_viewer_without_an_organisation_can_still_read_a_dataset(table: Collaboration, shelf: dict[str, str]) -> None:
    nobody = replace(table.viewers["miriam"], organisation="", organisation_id="")
    assert not draw(DATASET, nobody, now=NOW, id=shelf["open"]).exception
