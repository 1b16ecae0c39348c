"""The home page: what waits for whom, what has changed, the one next step."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from catalogue import curation, registering, saved
from catalogue.answers import Answers
from catalogue.search import Query
from pages.shell.place import Place, here, introduce
from tests.catalogue import made
from tests.catalogue.made import NOW, Collaboration
from tests.pages.drawn import draw, markup, text

HOME = "pages.home.home"
ANSWERS = Answers(
    title="Repairs",
    description="Repairs done, by kind and day, with the time they took.",
    people="no",
    answers_for="miriam",
    frequency="monthly",
    listing="everyone",
)


@pytest.fixture
def table(home: Path) -> Collaboration:
    return made.collaboration()


def test_the_greeting_follows_the_collaborations_clock(table: Collaboration) -> None:
    assert "Good morning, Miriam" in text(draw(HOME, table.viewers["miriam"], now=NOW))
    assert "Good evening, Miriam" in text(draw(HOME, table.viewers["miriam"], now=NOW + timedelta(hours=10)))
    assert "Saturday 21 November 2026" in text(draw(HOME, table.viewers["miriam"], now=NOW))


def test_the_vision_stands_under_the_greeting(table: Collaboration) -> None:
    before = here()
    introduce(Place(vision="Every child starts school ready."))
    try:
        assert "Every child starts school ready." in text(draw(HOME, table.viewers["miriam"], now=NOW))
    finally:
        introduce(before)


def test_a_newcomer_sees_one_next_step_that_fits_their_role(table: Collaboration) -> None:
    member, steward = (draw(HOME, table.viewers[each], now=NOW) for each in ("miriam", "priya"))
    assert "Register the first dataset" in text(member)
    assert "Add the first source" in text(steward)
    made.harvested(made.record(licence=("cc-by-4.0",)), source_id=made.source())
    assert "Look for one thing you need" in text(draw(HOME, table.viewers["miriam"], now=NOW))
    assert "Bring the others to the table" not in text(draw(HOME, table.viewers["miriam"], now=NOW))


def test_a_registration_waits_for_its_steward_and_changes_wait_for_who_drafted_it(table: Collaboration) -> None:
    with table.as_("miriam") as visit:
        drafted = registering.save_draft(visit, ANSWERS)
        registering.submit(visit, drafted.id)
    said = draw(HOME, table.viewers["priya"], now=NOW)
    assert "Repairs asks to be registered" in text(said)
    assert f"/registration?id={drafted.id}" in markup(said)
    assert "Repairs" not in text(draw(HOME, table.viewers["jonas"], now=NOW))
    with table.as_("priya") as visit:
        registering.ask_changes(visit, drafted.id, note="Name the wards.")
    back = draw(HOME, table.viewers["miriam"], now=NOW)
    assert "Changes are asked for in Repairs" in text(back)
    assert "Name the wards." in text(back)


def test_suggestions_and_unclear_licences_wait_for_stewards_only(table: Collaboration) -> None:
    unclear = made.harvested(made.record("Play areas"), source_id=made.source())
    with table.as_("hanna") as visit:
        curation.suggest_correction(visit, unclear, "title", value="Playgrounds", reason="Their name")
    steward, member = (text(draw(HOME, table.viewers[each], now=NOW)) for each in ("priya", "miriam"))
    assert "A correction is suggested for Play areas" in steward
    assert "1 dataset at “Licence unclear”" in steward
    assert "Licence unclear" not in member
    assert "suggested" not in member


def test_late_data_of_ones_own_organisation_wait_for_its_people(table: Collaboration) -> None:
    late = made.record("Attendance", accrual_periodicity="weekly", modified="2026-10-01", licence=("cc-by-4.0",))
    made.harvested(late, source_id=made.source())
    assert "Attendance: " in text(draw(HOME, table.viewers["miriam"], now=NOW))
    assert "days late" in text(draw(HOME, table.viewers["miriam"], now=NOW))
    assert "Attendance" not in text(draw(HOME, table.viewers["hanna"], now=NOW))


def test_what_changed_since_the_last_visit_is_told_by_source(table: Collaboration) -> None:
    source_id = made.source()
    for title in ("One", "Two"):
        made.harvested(made.record(title, licence=("cc-by-4.0",)), source_id=source_id)
    told = draw(HOME, table.viewers["miriam"], now=NOW, last_here=NOW - timedelta(days=4))
    assert "Since you were last here Tuesday 17 November" in text(told)
    assert "2 datasets" in text(told)
    assert "from Harbour Open Data, 2 of them open." in text(told)
    later = NOW + timedelta(days=1)
    assert "Nothing has changed" in text(draw(HOME, table.viewers["miriam"], now=later, last_here=later))
    assert "Since you were last here" not in text(draw(HOME, table.viewers["miriam"], now=NOW))


def test_news_of_hidden_datasets_are_told_to_their_owner_only(table: Collaboration) -> None:
    tidewater = table.organisations["Tidewater Homes"]
    hidden = made.record("Tenancy files", access_right="non-public")
    made.harvested(hidden, source_id=made.source(), listing="owner", organisation_id=tidewater)
    since = NOW - timedelta(days=1)
    assert "Tenancy files" in text(draw(HOME, table.viewers["hanna"], now=NOW, last_here=since))
    other = text(draw(HOME, table.viewers["miriam"], now=NOW, last_here=since))
    assert "Tenancy files" not in other
    assert "There are no datasets yet." in other


def test_saved_searches_say_how_much_is_new(table: Collaboration) -> None:
    with table.as_("miriam", now=NOW - timedelta(days=1)) as visit:
        saved.save_search(visit, "Air", Query(text="air", filters={"theme": ("Environment",)}))
    made.harvested(made.record(themes=("Environment",), licence=("cc-by-4.0",)), source_id=made.source())
    told = draw(HOME, table.viewers["miriam"], now=NOW)
    assert "1 new" in text(told)
    assert "/catalogue?q=air&amp;theme=Environment" in markup(told)
    assert "Your searches" not in text(draw(HOME, table.viewers["hanna"], now=NOW))
