"""The steward's pages: what they say of sources and runs, what may be done, what nobody may see."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from catalogue import curation, decisions, runs, search, sources
from catalogue.records import Completeness
from catalogue.runs import Run, RunState
from catalogue.sources import NewSource, Schedule, Source
from catalogue.tables import DiffRow
from pages.shell import widgets as w
from pages.steward import _runs_in_words as told
from pages.steward import _source_row
from pages.steward._run_live import strip
from tests.catalogue import made
from tests.catalogue.fake_source import FakeSource, Fault
from tests.catalogue.harvests import MONDAY, add_source, harvest
from tests.catalogue.made import NOW, Collaboration
from tests.pages.drawn import draw, markup, refused, text

AT = MONDAY + timedelta(hours=2)
RUN = Run(
    id="r1",
    source_id="s1",
    source_name="Harbour",
    number=3,
    state=RunState.HELD,
    completeness=Completeness.COMPLETE,
    reason="143 of 812 datasets were not in the reading: nothing was changed.",
    started_at=MONDAY,
    ended_at=MONDAY + timedelta(minutes=4),
    started_by="priya",
    decided_by="",
    decided_reason="",
    pages=9,
    read=660,
    total=812,
    counts=MappingProxyType({"added": 12, "changed": 38, "missing": 143, "rejected": 9}),
)


@pytest.fixture
def table(home: Path) -> Collaboration:
    return made.collaboration()


def page(name: str, table: Collaboration, who: str = "priya", **query: Any) -> str:
    app = draw(f"pages.steward.{name}", table.viewers[who], now=AT, **query)
    assert not app.exception
    return text(app)


def held(fake: FakeSource) -> str:
    """A source of 30 of which 15 are missing from the second reading; answers the held run."""
    fake.fill(30)
    harvest(fake)
    for identity in list(fake.holds)[:15]:
        del fake.holds[identity]
    return harvest(fake, MONDAY + timedelta(hours=1)).run


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RunState.READING, ["Read (now)", "669 of 812", "Checked (later)", "Applied (later)"]),
        (RunState.WEIGHING, ["Read (done)", "Checked (now)"]),
        (RunState.HELD, ["Checked (done)", "Held (held)", "waits for a person", "50 changes ready"]),
        (RunState.APPLIED, ["Applied (done)", "50 changes", "Published (done)"]),
        (RunState.FAILED, ["Failed (now)", "Applied (later)"]),
        (RunState.REJECTED, ["Put aside (now)", "Published (later)"]),
    ],
)
def test_the_steps_of_a_run_say_how_far_it_is(state: RunState, words: list[str]) -> None:
    said = " ".join(w.Markup(strip(dataclasses.replace(RUN, state=state))).striptags().split())
    assert [each for each in words if each not in said] == []
    assert "Held" not in said or state is RunState.HELD


def test_a_run_that_changed_nothing_says_so_and_one_that_did_counts_it() -> None:
    nothing = dataclasses.replace(RUN, state=RunState.APPLIED, counts=MappingProxyType({"unchanged": 4}))
    assert told.outcome(nothing) == "Nothing changed."
    assert told.outcome(dataclasses.replace(RUN, state=RunState.APPLIED)) == (
        "12 new, 38 changed, 143 missing, 9 rejected."
    )
    assert told.times(RUN).endswith("06:00 to 06:04")


@pytest.mark.parametrize(
    ("unknown", "all_of_them", "words"),
    [(0, 9, "all with a stated place"), (1, 9999, "99 % with a stated place"), (9998, 9999, "1 % with a stated place")],
)
def test_only_all_is_all(unknown: int, all_of_them: int, words: str) -> None:
    assert words in _source_row.holdings({"open": all_of_them - unknown, "unknown": unknown})


def test_without_a_source_the_page_says_what_to_do(table: Collaboration) -> None:
    said = page("sources", table)
    assert "Nothing is read yet" in said
    assert "Add the first source" in said


def test_every_source_stands_with_its_last_run_and_what_the_catalogue_holds_of_it(table: Collaboration) -> None:
    add_source("Harbour", schedule=Schedule.DAILY)
    add_source("Quiet")
    fake = FakeSource()
    fake.fill(12)
    harvest(fake)
    said = page("sources", table)
    assert "12 new." in said
    assert "12 datasets" in said
    assert "Read every day, next Tue 24 Nov 2026 06:00" in said
    assert "Not read yet" in said


def test_a_paused_source_is_not_read_by_itself(table: Collaboration) -> None:
    add_source("Harbour", schedule=Schedule.DAILY)
    with table.as_("priya") as visit:
        sources.pause(visit, "Harbour")
    assert "Paused: read only when asked" in page("sources", table)


def test_a_held_run_says_what_has_not_happened_and_offers_the_safest_thing_first(table: Collaboration) -> None:
    add_source()
    run_id = held(FakeSource())
    app = draw("pages.steward.run", table.viewers["priya"], now=AT, id=run_id)
    said = text(app)
    assert "15 datasets were missing, so nothing has been removed." in said
    assert said.count("nothing was changed") == 1, "the banner does not repeat its own sentence"
    assert [each.label for each in app.button] == ["Read again", "They are really gone", "Put this run aside"]
    assert "Dataset d0000" in said and "Missing 15" in said
    assert "The last run waits for you" in page("source", table, id=source_id(table))


def source_id(table: Collaboration, name: str = "Harbour") -> str:
    with table.as_("priya") as visit:
        return sources.source(visit, name).id


def test_a_settled_run_says_who_settled_it_and_why(table: Collaboration) -> None:
    add_source()
    run_id = held(FakeSource())
    with table.as_("priya", now=AT) as visit:
        runs.reject(visit, run_id, "The portal was being moved")
    said = page("run", table, id=run_id)
    assert "priya put aside this run. “The portal was being moved”" in said
    assert "Published (later)" in said


def test_a_released_run_lists_what_it_did_and_each_dataset_once(table: Collaboration) -> None:
    add_source()
    run_id = held(FakeSource())
    with table.as_("priya", now=AT) as visit:
        runs.release(visit, run_id, "They were taken down")
        assert runs.diff_counts(visit, run_id) == {"missing": 15}
        assert all("They were taken down" in each.reason for each in runs.diff(visit, run_id))
    said = page("run", table, id=run_id)
    assert "Held (done)" in said and "released by priya" in said


def test_what_could_not_be_taken_is_grouped_with_what_to_change_and_the_raw_record(table: Collaboration) -> None:
    add_source()
    fake = FakeSource(fault=Fault.REJECTS)
    fake.fill(60)
    run_id = harvest(fake).run
    with table.as_("priya") as visit:
        groups = runs.rejections(visit, run_id)
    assert groups
    said = page("run", table, id=run_id)
    assert groups[0].reason in said and groups[0].what_to_change in said
    app = draw("pages.steward.run", table.viewers["priya"], now=AT, id=run_id, list="rejected", group="0")
    assert groups[0].examples[0].remote_id in text(app)
    assert not app.exception


def test_an_old_run_whose_names_are_forgotten_keeps_its_counts_and_offers_no_list(table: Collaboration) -> None:
    add_source()
    fake = FakeSource()
    fake.fill(3)
    run_id = harvest(fake).run
    with table.as_("ada") as visit, visit.change(made.GRANT) as session:
        session.query(DiffRow).delete()
    app = draw("pages.steward.run", table.viewers["priya"], now=AT, id=run_id, list="added")
    assert "New3" in text(app)
    assert "list=added" not in markup(app)
    assert "names are not kept" in text(app)


def test_what_changed_stands_with_what_it_said_and_what_it_says(table: Collaboration) -> None:
    from tests.catalogue.fake_source import record

    add_source()
    fake = FakeSource()
    fake.fill(3)
    harvest(fake)
    fake.put(record("d0001", "Berths <b>by</b> pier"))
    run_id = harvest(fake, MONDAY + timedelta(hours=1)).run
    app = draw("pages.steward.run", table.viewers["priya"], now=AT, id=run_id, list="changed")
    assert "<del>Dataset d0001</del>" in markup(app)
    assert "<ins>Berths" in markup(app) and "<b>by</b>" not in markup(app)


@pytest.mark.parametrize("asked", ["0", "-1", "\N{SUPERSCRIPT TWO}", "999999999999", "x"])
def test_a_page_number_nobody_could_mean_is_the_first_page(table: Collaboration, asked: str) -> None:
    add_source()
    fake = FakeSource()
    fake.fill(3)
    run_id = harvest(fake).run
    assert "Dataset d0000" in page("run", table, id=run_id, list="added", page=asked)


def test_a_failed_run_says_that_the_catalogue_is_as_it_was(table: Collaboration) -> None:
    add_source()
    run_id = harvest(FakeSource(fault=Fault.DEAD)).run
    said = page("run", table, id=run_id)
    assert "Nothing was taken from this run." in said
    assert "The catalogue is as it was." in said
    assert "Failed" in page("run", table)


def test_a_run_or_source_that_is_not_there_is_not_found(table: Collaboration) -> None:
    for name in ("run", "source"):
        app = draw(f"pages.steward.{name}", table.viewers["priya"], now=AT, id="no-such-thing")
        assert refused(app).startswith("NotFound")


def test_a_key_is_never_drawn_again(table: Collaboration) -> None:
    new = NewSource(
        name="Portal", kind="ckan", location="https://one.example/?apikey=alsosecret", token="hunter2hunter2"
    )
    with table.as_("ada") as visit:
        kept: Source = sources.add(visit, new, kinds=("ckan",))
    shown = draw("pages.steward.source", table.viewers["ada"], now=AT, id=kept.id)
    assert "Kept, never shown" in text(shown)
    assert "alsosecret" not in markup(shown) and "alsosecret" not in page("sources", table)
    form = draw("pages.steward.source", table.viewers["ada"], now=AT, id=kept.id, change="yes")
    assert all("hunter2" not in str(each.value) for each in form.text_input)


def test_only_an_administrator_lets_an_address_of_our_own_network_through(table: Collaboration) -> None:
    labels = {
        who: [each.label for each in draw("pages.steward.source", table.viewers[who], now=AT).text_input]
        for who in ("priya", "ada")
    }
    assert "Let through (host:port)" in labels["ada"]
    assert "Let through (host:port)" not in labels["priya"]


def test_licences_that_wait_and_decisions_in_force_stand_apart(table: Collaboration) -> None:
    portal = made.source("One")
    for place in range(4):
        made.harvested(made.record(f"Terms {place}", licence=("See <our> terms",)), source_id=portal)
    said = page("licences", table)
    assert "Waiting for a decision 1 4 datasets" in said
    assert "Terms 0, Terms 1, Terms 2 and 1 more" in said
    with table.as_("priya") as visit:
        decisions.decide(visit, portal, "See <our> terms", licence="CC-BY-4.0", reason="Their letter of May")
    said = page("licences", table)
    assert "No licence waits for a decision" in said
    assert "Their letter of May" in said


def test_a_suggestion_stands_beside_what_the_field_says_now(table: Collaboration) -> None:
    dataset = made.harvested(made.record("Berths", contact_email="old@harbour.example"), source_id=made.source())
    with table.as_("miriam") as visit:
        curation.suggest_correction(visit, dataset, "contact_email", value="new@harbour.example", reason="It bounces")
    app = draw("pages.steward.suggestions", table.viewers["priya"], now=AT)
    assert "<del>old@harbour.example</del>" in markup(app)
    assert "<ins>new@harbour.example</ins>" in markup(app)
    assert [each.label for each in app.button] == ["Take it", "Answer instead"]
    app.button[0].click().run()
    with table.as_("priya") as visit:
        assert [each.state for each in curation.suggestions(visit, state="")] == ["taken"]
    assert "No suggestion waits" in page("suggestions", table)
    assert "Taken" in page("suggestions", table)


def test_what_another_organisation_owns_is_answered_there(table: Collaboration) -> None:
    owner = table.organisations["Tidewater Homes"]
    dataset = made.harvested(made.record("Homes"), source_id=made.source(), organisation_id=owner)
    with table.as_("priya") as visit:
        curation.suggest_correction(visit, dataset, "contact_email", value="new@tide.example", reason="It bounces")
    mine = draw("pages.steward.suggestions", table.viewers["priya"], now=AT)
    assert "A steward of the organisation that owns it answers." in text(mine)
    assert [each.label for each in mine.button] == []
    assert "No suggestion waits" in page("suggestions", table, "ada")
    theirs = draw("pages.steward.suggestions", table.viewers["jonas"], now=AT)
    assert [each.label for each in theirs.button] == ["Take it", "Answer instead"]


def test_the_audit_says_in_words_who_did_what_to_what(table: Collaboration) -> None:
    add_source()
    owner = table.organisations["Harbour Council"]
    dataset = made.harvested(made.record("Berths"), source_id=made.source(), organisation_id=owner)
    with table.as_("ada") as visit:
        curation.set_listing(visit, dataset, "owner", organisation_ids=[])
        sources.pause(visit, "Harbour")
    app = draw("pages.steward.audit", table.viewers["ada"], now=NOW)
    said = text(app)
    assert "Source changed" in said and "Harbour" in said
    assert "Dataset listing changed" in said
    assert f'href="/dataset?id={dataset}"' in markup(app)
    assert "state: paused" in said


def test_words_are_lines_and_a_line_of_one_word_is_refused(table: Collaboration) -> None:
    app = draw("pages.steward.words", table.viewers["priya"], now=NOW)
    app.text_area[0].set_value("pupils, school children\n\nberth, mooring")
    app.button[0].click().run()
    with table.as_("priya") as visit:
        assert search.synonyms(visit) == (("pupils", "school children"), ("berth", "mooring"))
    app = draw("pages.steward.words", table.viewers["priya"], now=NOW)
    app.text_area[0].set_value("alone")
    app.button[0].click().run()
    assert "two different words" in text(app)
