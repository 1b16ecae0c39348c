"""Runs of sources against a fake one: first, unchanged, changed, held, released, cancelled, killed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from catalogue import runs, sources
from catalogue.effective import decode
from catalogue.runs import RunState
from catalogue.tables import (
    AliasRow,
    ChangeRow,
    CorrectionRow,
    DatasetRow,
    DocumentRow,
    HistoryRow,
    RunRow,
    SourceRow,
    StagedPageRow,
    StagedRecordRow,
)
from governance import Busy, Housekeeping, Invalid, NotFound, audit, machinery
from store import bulk_delete
from tests.catalogue.fake_source import FakeSource, Fault, Killed, record
from tests.catalogue.harvests import DAY, MONDAY, add_source, carry_on, count, harvest, shelf, states, visiting


@pytest.fixture
def fake(home: Path) -> FakeSource:
    """A source of forty datasets, added and not read yet."""
    add_source()
    made = FakeSource()
    made.fill(40)
    return made


def _rows() -> dict[str, dict[str, Any]]:
    return {
        name: {key: value for key, value in vars(row).items() if key != "_sa_instance_state"}
        for name, row in shelf().items()
    }


def _audited(action: str = "") -> int:
    with visiting() as visit:
        return len(audit.events(visit, action=action, limit=1000))


def _run(run_id: str) -> runs.Run:
    with visiting() as visit:
        return runs.run(visit, run_id)


def test_a_first_run_adds_everything(fake: FakeSource) -> None:
    result = harvest(fake)
    assert (result.status, result.completeness) == ("applied", "complete")
    assert (result.added, result.changed, result.unchanged, result.live) == (40, 0, 0, 40)
    assert set(states().values()) == {"live"}
    assert count(HistoryRow) == count(DocumentRow) == 40


def test_an_unchanged_source_costs_no_write_but_the_run_and_its_audit_row(fake: FakeSource) -> None:
    harvest(fake)
    before, fake.mapped = _rows(), 0
    counted = [count(table) for table in (HistoryRow, ChangeRow, AliasRow)]
    audited = _audited()
    result = harvest(fake, MONDAY + DAY)
    assert (result.added, result.changed, result.unchanged, result.live) == (0, 0, 40, 40)
    assert fake.mapped == 0
    assert _rows() == before
    assert [count(table) for table in (HistoryRow, ChangeRow, AliasRow)] == counted
    assert _audited() == audited + 1
    assert count(StagedPageRow) == count(StagedRecordRow) == 0


def test_a_change_is_told_by_field(fake: FakeSource) -> None:
    harvest(fake)
    fake.put(record("d0003", title="Renamed"))
    result = harvest(fake, MONDAY + DAY)
    assert (result.added, result.changed, result.unchanged) == (0, 1, 39)
    assert shelf()["d0003"].title == "Renamed"
    with visiting() as visit:
        (difference,) = runs.diff(visit, result.run)
        assert difference.kind == "changed"
        assert difference.fields == {"title": ("Dataset d0003", "Renamed")}


def test_bytes_that_say_the_same_cost_no_write_every_night(fake: FakeSource) -> None:
    harvest(fake)
    for night in range(1, 6):
        fake.put(*(replace(each, fingerprint=f"{night}{each.identity}") for each in fake.holds.values()))
        before = _rows()
        assert harvest(fake, MONDAY + night * DAY).unchanged == 40
        if night > 1:
            assert _rows() == before
    assert shelf()["d0000"].fingerprint == "1d0000"
    harvest(fake, MONDAY + 9 * DAY)
    assert shelf()["d0000"].fingerprint == "5d0000"


def test_a_dataset_is_withdrawn_after_two_complete_runs_and_seven_days_and_never_before(fake: FakeSource) -> None:
    harvest(fake)
    gone = fake.holds.pop("d0001")
    first = harvest(fake, MONDAY + DAY)
    assert (first.missing, first.withdrawn, first.live) == (1, 0, 39)
    assert shelf()["d0001"].state_reason == (
        "Not in the source's list since 24 November 2026. The portal answers 404: the dataset does not exist."
    )
    assert harvest(fake, MONDAY + 7 * DAY).withdrawn == 0
    last = harvest(fake, MONDAY + 8 * DAY)
    assert (last.missing, last.withdrawn, last.live) == (0, 1, 39)
    assert states()["d0001"] == "withdrawn"
    fake.put(gone)
    back = harvest(fake, MONDAY + 9 * DAY)
    assert (back.restored, back.added, back.changed, back.live) == (1, 0, 0, 40)
    assert states()["d0001"] == "live"


def test_a_long_pause_alone_withdraws_nothing(fake: FakeSource) -> None:
    harvest(fake)
    del fake.holds["d0001"]
    assert harvest(fake, MONDAY + 90 * DAY).withdrawn == 0
    assert states()["d0001"] == "missing"


def test_a_dataset_that_only_the_list_leaves_out_stays_live_with_a_notice(fake: FakeSource) -> None:
    harvest(fake)
    fake.unlisted = {"d0001"}
    for day in (1, 5, 20):
        result = harvest(fake, MONDAY + day * DAY)
        assert (result.missing, result.withdrawn, result.live) == (0, 0, 40)
    row = shelf()["d0001"]
    assert row.state == "live"
    assert row.notice.startswith("The source's list leaves it out, but the source still has it.")
    fake.unlisted = set()
    harvest(fake, MONDAY + 21 * DAY)
    assert shelf()["d0001"].notice == ""


def test_a_source_that_does_not_answer_the_question_withdraws_nothing(fake: FakeSource) -> None:
    harvest(fake)
    del fake.holds["d0001"]
    fake.is_deaf = True
    for day in (1, 8, 30):
        assert harvest(fake, MONDAY + day * DAY).withdrawn == 0
    fake.is_deaf = False
    assert harvest(fake, MONDAY + 31 * DAY).withdrawn == 1


def test_a_kind_that_cannot_be_asked_withdraws_after_the_grace(fake: FakeSource) -> None:
    harvest(fake)
    fake.can_be_asked = False
    del fake.holds["d0001"]
    harvest(fake, MONDAY + DAY)
    assert "cannot be asked" in shelf()["d0001"].state_reason
    assert harvest(fake, MONDAY + 8 * DAY).withdrawn == 1
    assert fake.asked == []


def test_what_was_made_private_stays_known_until_it_is_withdrawn_and_is_its_owners_then(fake: FakeSource) -> None:
    harvest(fake)
    fake.private = {"d0001"}
    harvest(fake, MONDAY + DAY)
    row = shelf()["d0001"]
    assert (row.state, row.listing) == ("missing", "everyone")
    assert "403" in row.state_reason
    harvest(fake, MONDAY + 8 * DAY)
    row = shelf()["d0001"]
    assert (row.state, row.listing) == ("withdrawn", "owner")
    fake.private = set()
    harvest(fake, MONDAY + 9 * DAY)
    row = shelf()["d0001"]
    assert (row.state, row.listing) == ("live", "everyone")


def test_a_dataset_that_turns_private_is_its_owners_at_once(home: Path) -> None:
    add_source(organisation_id="harbour")
    fake = FakeSource()
    fake.fill(3)
    harvest(fake)
    fake.put(record("d0001", is_private=True))
    result = harvest(fake, MONDAY + DAY)
    row = shelf()["d0001"]
    assert (result.changed, row.listing, row.organisation_id) == (1, "owner", "harbour")
    fake.put(record("d0001"))
    harvest(fake, MONDAY + 2 * DAY)
    assert shelf()["d0001"].listing == "everyone"


def test_a_listing_chosen_by_hand_is_not_widened(fake: FakeSource) -> None:
    harvest(fake)
    with machinery("test") as visit, visit.change(Housekeeping(reason="test")) as session:
        row = session.get_one(DatasetRow, shelf()["d0001"].number)
        row.listing, row.listing_by = "organisations", "miriam"
    fake.put(record("d0001", title="Changed"))
    harvest(fake, MONDAY + DAY)
    assert (shelf()["d0001"].title, shelf()["d0001"].listing) == ("Changed", "organisations")


@pytest.mark.parametrize(("gone", "status"), [(5, "applied"), (6, "held"), (20, "held")])
def test_more_than_five_missing_of_forty_hold_the_run(fake: FakeSource, gone: int, status: str) -> None:
    harvest(fake)
    before = _rows()
    for number in range(gone):
        del fake.holds[f"d{number:04d}"]
    fake.put(record("new"))
    result = harvest(fake, MONDAY + DAY)
    assert (result.status, result.missing) == (status, gone)
    if status == "held":
        assert _rows() == before
        assert (result.added, result.live) == (1, 40)
        with visiting() as visit:
            assert runs.diff_counts(visit, result.run) == {"missing": gone, "added": 1}
            assert [each.title for each in runs.diff(visit, result.run, kind="added")] == ["Dataset new"]


def test_an_empty_answer_holds_even_a_small_source(home: Path) -> None:
    add_source()
    fake = FakeSource()
    fake.fill(2)
    harvest(fake)
    fake.fault = Fault.EMPTY
    result = harvest(fake, MONDAY + DAY)
    assert (result.status, result.live, result.missing) == ("held", 2, 2)
    assert set(states().values()) == {"live"}


def test_a_released_run_marks_missing_at_once_and_withdraws_by_the_grace(fake: FakeSource) -> None:
    harvest(fake)
    for number in range(10):
        del fake.holds[f"d{number:04d}"]
    fake.put(record("new"))
    held = harvest(fake, MONDAY + DAY)
    with visiting(MONDAY + DAY) as visit:
        released = runs.release(visit, held.run, "the portal has moved them elsewhere")
    assert released.state is RunState.APPLIED
    assert (released.result.missing, released.result.added, released.result.live) == (10, 1, 31)
    assert "the portal has moved them elsewhere" in shelf()["d0000"].state_reason
    nightly = harvest(fake, MONDAY + 2 * DAY)
    assert (nightly.status, nightly.missing, nightly.withdrawn) == ("applied", 10, 0)
    assert harvest(fake, MONDAY + 8 * DAY).withdrawn == 10
    assert count(StagedRecordRow) == count(StagedPageRow) == 0
    assert _audited("run.released") == 1


def test_a_rejected_run_leaves_everything_as_it_was(fake: FakeSource) -> None:
    harvest(fake)
    before = _rows()
    fake.fault = Fault.EMPTY
    held = harvest(fake, MONDAY + DAY)
    with visiting(MONDAY + DAY) as visit:
        with pytest.raises(Invalid):
            runs.reject(visit, held.run, "  ")
        rejected = runs.reject(visit, held.run, "the portal is being repaired")
        assert (rejected.state, rejected.decided_by) == (RunState.REJECTED, "operator")
        with pytest.raises(Invalid, match="not held any more"):
            runs.release(visit, held.run, "after all")
    assert _rows() == before


def test_a_later_good_run_supersedes_a_held_one(fake: FakeSource) -> None:
    harvest(fake)
    fake.fault = Fault.EMPTY
    held = harvest(fake, MONDAY + DAY)
    fake.fault = Fault.DEAD
    harvest(fake, MONDAY + 2 * DAY)
    assert _run(held.run).state is RunState.HELD
    fake.fault = Fault.NONE
    assert harvest(fake, MONDAY + 3 * DAY).unchanged == 40
    assert _run(held.run).state is RunState.SUPERSEDED
    with visiting() as visit:
        assert runs.waiting(visit) == []


def test_a_reading_that_breaks_off_adds_and_changes_and_misses_nothing(fake: FakeSource) -> None:
    harvest(fake)
    fake.put(record("a-new"), record("d0000", title="Renamed"))
    for number in range(20, 40):
        del fake.holds[f"d{number:04d}"]
    fake.fault, fake.seed = Fault.BREAKS_OFF, 0
    result = harvest(fake, MONDAY + DAY)
    assert (result.status, result.completeness) == ("applied", "partial")
    assert (result.added, result.changed, result.missing) == (1, 1, 0)
    assert "stopped answering" in result.reason
    assert set(states().values()) == {"live"}


def test_a_source_that_is_down_leaves_the_catalogue_untouched_and_keeps_its_sentence(fake: FakeSource) -> None:
    harvest(fake)
    before = _rows()
    fake.fault = Fault.DEAD
    result = harvest(fake, MONDAY + DAY)
    assert (result.status, result.reason) == ("failed", "The source does not answer: try again later.")
    assert result.live == 40
    assert _rows() == before


@pytest.mark.parametrize("fault", [Fault.DEFECT, Fault.NO_ENDING, Fault.UNKNOWN])
def test_a_reading_without_a_proved_end_misses_nothing(fake: FakeSource, fault: Fault) -> None:
    harvest(fake)
    del fake.holds["d0039"]
    fake.fault, fake.seed = fault, 3
    result = harvest(fake, MONDAY + DAY)
    assert (result.missing, result.live) == (0, 40)
    assert result.completeness != "complete"


def test_a_rejected_record_counts_as_seen_and_says_so_beside_the_dataset(fake: FakeSource) -> None:
    harvest(fake)
    fake.fault, fake.seed = Fault.REJECTS, 5
    result = harvest(fake, MONDAY + DAY)
    assert result.rejected > 5
    assert (result.missing, result.live, result.status) == (0, 40, "applied")
    noticed = [row for row in shelf().values() if row.notice]
    assert noticed and noticed[0].notice == "The source's latest version could not be taken: no title."
    with visiting() as visit:
        (group,) = runs.rejections(visit, result.run)
        assert (group.reason, group.what_to_change, group.count) == (
            "No title",
            "Give the dataset a title",
            result.rejected,
        )
        assert len(group.examples) == 3 and group.examples[0].raw
    fake.fault = Fault.NONE
    harvest(fake, MONDAY + 2 * DAY)
    assert not any(row.notice for row in shelf().values())


def test_records_that_cannot_be_told_apart_keep_a_run_from_missing_anything(fake: FakeSource) -> None:
    harvest(fake)
    fake.fault, fake.seed = Fault.REJECTS, 5
    del fake.holds["d0002"]
    result = harvest(fake, MONDAY + DAY)
    assert (result.missing, result.completeness) == (0, "partial")


def test_a_dataset_under_a_new_id_is_the_same_dataset(fake: FakeSource) -> None:
    harvest(fake)
    ids = {row.title: row.id for row in shelf().values()}
    fake.holds = {
        f"new-{name}": record(f"new-{name}", aliases=each.aliases, title=each.title)
        for name, each in fake.holds.items()
    }
    result = harvest(fake, MONDAY + DAY)
    assert (result.added, result.changed, result.missing, result.live) == (0, 40, 0, 40)
    assert {row.title: row.id for row in shelf().values()} == ids
    fake.holds = {}
    fake.fill(40)
    assert harvest(fake, MONDAY + 2 * DAY).changed == 40
    assert {row.title: row.id for row in shelf().values()} == ids


def test_a_name_that_two_records_claim_moves_nothing(fake: FakeSource) -> None:
    harvest(fake)
    aliases = fake.holds.pop("d0001").aliases
    fake.put(record("one", aliases=aliases), record("two", aliases=aliases))
    result = harvest(fake, MONDAY + DAY)
    assert (result.added, result.missing) == (2, 1)


def test_a_name_shared_with_a_dataset_that_is_still_there_makes_a_new_dataset(fake: FakeSource) -> None:
    harvest(fake)
    fake.put(record("copy", aliases=fake.holds["d0001"].aliases))
    result = harvest(fake, MONDAY + DAY)
    assert (result.added, result.changed, result.missing) == (1, 0, 0)


def test_an_incomplete_reading_moves_no_identity(fake: FakeSource) -> None:
    harvest(fake)
    old = fake.holds.pop("d0039")
    fake.put(record("a-new-id", aliases=old.aliases))
    fake.fault, fake.seed = Fault.BREAKS_OFF, 3
    result = harvest(fake, MONDAY + DAY)
    assert (result.added, result.changed) == (0, 0)
    assert "wait for a complete reading" in result.reason
    fake.fault = Fault.NONE
    assert harvest(fake, MONDAY + 2 * DAY).changed == 1
    assert len(shelf()) == 40


def test_corrections_survive_and_the_sources_word_is_kept_beside_them(fake: FakeSource) -> None:
    harvest(fake)
    number = shelf()["d0001"].number
    with machinery("test") as visit, visit.change(Housekeeping(reason="test")) as session:
        session.add(
            CorrectionRow(
                number=number, field="title", value="Better", source_said="Dataset d0001", by="miriam", at=MONDAY
            )
        )
    fake.put(record("d0001", title="Worse", description="New words"))
    harvest(fake, MONDAY + DAY)
    assert (shelf()["d0001"].title, shelf()["d0001"].description) == ("Better", "New words")
    with machinery("test") as visit:
        document = visit.read().get_one(DocumentRow, number)
        assert decode(document.record).title == "Worse"


def test_two_records_with_one_id_give_the_same_dataset_in_any_order(home: Path) -> None:
    add_source()
    old, new = record("twin", title="Old", modified="2020-01-01"), record("twin", title="New", modified="2024-01-01")
    for night, order in enumerate([(old, new), (new, old), (old, new)]):
        fake = FakeSource(page=1 + night % 2)
        fake.holds = {str(place): each for place, each in enumerate(order)}
        result = harvest(fake, MONDAY + night * DAY)
        assert shelf()["twin"].title == "New"
        assert result.changed == 0


def test_a_source_is_read_once_at_a_time_and_says_since_when(fake: FakeSource) -> None:
    runs.install(fake)
    with visiting() as visit:
        begun = runs.begin(visit, "Harbour")
        with pytest.raises(Busy, match="Harbour is already being read, since 06:00 on 23 November 2026"):
            runs.begin(visit, "Harbour")
    assert carry_on(begun.id).added == 40
    assert harvest(fake, MONDAY + DAY).unchanged == 40


@pytest.mark.parametrize("page", range(6))
def test_a_run_that_died_goes_on_behind_its_last_page(fake: FakeSource, page: int) -> None:
    runs.install(fake)
    fake.kill_at = page
    with visiting() as visit:
        begun = runs.begin(visit, "Harbour")
    with pytest.raises(Killed):
        carry_on(begun.id)
    assert _run(begun.id).pages == page
    fake.kill_at, fake.read_pages = None, 0
    result = carry_on(begun.id)
    assert (result.added, result.live, result.status) == (40, 40, "applied")
    assert fake.read_pages == 6 - page
    assert carry_on(begun.id) == result


def test_a_cancelled_run_leaves_nothing_and_can_go_on(fake: FakeSource, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []
    monkeypatch.setattr("catalogue.harvesting.jobs.start", lambda _name, _key, run_id: started.append(run_id))
    runs.install(fake)
    fake.kill_at = 3
    with visiting() as visit:
        begun = runs.begin(visit, "Harbour")
        with pytest.raises(Killed):
            carry_on(begun.id)
        cancelled = runs.cancel(visit, begun.id)
        assert (cancelled.state, cancelled.result.status) == (RunState.CANCELLED, "failed")
        assert carry_on(begun.id).reason == "Cancelled by Operator."
        assert shelf() == {}
        runs.resume(visit, begun.id)
    assert started == [begun.id]
    fake.kill_at, fake.read_pages = None, 0
    assert carry_on(begun.id).added == 40
    assert fake.read_pages == 3
    with visiting() as visit, pytest.raises(Invalid):
        runs.resume(visit, begun.id)


def test_a_new_run_forgets_a_cancelled_one(fake: FakeSource) -> None:
    runs.install(fake)
    fake.kill_at = 3
    with visiting() as visit:
        begun = runs.begin(visit, "Harbour")
        with pytest.raises(Killed):
            carry_on(begun.id)
        runs.cancel(visit, begun.id)
    fake.kill_at = None
    assert harvest(fake, MONDAY + DAY).added == 40
    assert count(StagedRecordRow) == 0
    with visiting() as visit, pytest.raises(Invalid):
        runs.resume(visit, begun.id)


def test_two_sources_never_write_one_row(fake: FakeSource) -> None:
    add_source("Upland")
    harvest(fake)
    other = FakeSource()
    other.put(record("d0001", title="Another dataset d0001"))
    assert harvest(other, name="Upland").added == 1
    assert harvest(fake, MONDAY + DAY).unchanged == 40
    with visiting() as visit:
        assert visit.read().query(DatasetRow).filter_by(identity="d0001").count() == 2


def test_a_run_is_found_by_the_beginning_of_its_id_and_by_number(fake: FakeSource) -> None:
    result = harvest(fake)
    with visiting() as visit:
        assert runs.run(visit, result.run[:8]).id == result.run
        assert runs.run(visit, "1", source="Harbour").id == result.run
        assert [each.id for each in runs.runs(visit, "Harbour")] == [result.run]
        assert runs.latest(visit)[sources.source(visit, "Harbour").id].id == result.run
        for unknown in ("0", "%%%%%%", "ffffffffff"):
            with pytest.raises(NotFound):
                runs.run(visit, unknown)


def test_progress_is_seen_while_a_run_is_under_way(fake: FakeSource) -> None:
    runs.install(fake)
    fake.kill_at = 3
    with visiting() as visit:
        begun = runs.begin(visit, "Harbour")
        with pytest.raises(Killed):
            carry_on(begun.id)
        seen = runs.progress(visit, begun.id)
    assert (seen.state, seen.pages, seen.read, seen.total) == (RunState.READING, 3, 21, 40)


def test_what_the_connector_learned_is_given_back(fake: FakeSource) -> None:
    harvest(fake)
    with visiting() as visit:
        found = sources.source(visit, "Harbour")
    assert sources.address_of(found.id).memory == {"paging": "offset"}


def test_a_source_that_asks_to_come_back_later_is_left_alone_until_then(home: Path) -> None:
    add_source(schedule=sources.Schedule.HOURLY)
    fake = FakeSource(fault=Fault.DEAD)
    harvest(fake)
    with visiting() as visit:
        due = visit.read().query(SourceRow).one().due_at
    assert due is not None and due > MONDAY
    assert count(RunRow) == 1


def test_a_run_whose_pages_were_lost_changes_nothing(fake: FakeSource) -> None:
    harvest(fake)
    before = _rows()
    runs.install(fake)
    fake.kill_at = 3
    with visiting(MONDAY + DAY) as visit:
        begun = runs.begin(visit, "Harbour")
    with pytest.raises(Killed):
        carry_on(begun.id)
    with machinery("test") as own, own.change(Housekeeping(reason="test")) as session:
        bulk_delete(session, StagedPageRow, run_id=begun.id, number=1)
    fake.kill_at = None
    result = carry_on(begun.id)
    assert (result.status, result.missing) == ("failed", 0)
    assert "not whole any more" in result.reason
    assert _rows() == before


def test_a_run_counts_the_requests_of_all_its_parts(fake: FakeSource) -> None:
    first = harvest(fake)
    fake.unlisted = {"d0003", "d0004"}
    second = harvest(fake, MONDAY + DAY)
    assert [_run(each.run).counts["requests"] for each in (first, second)] == [6, 6 + 2]
    runs.install(fake)
    fake.kill_at, fake.unlisted = 3, set()
    with visiting(MONDAY + 2 * DAY) as visit:
        begun = runs.begin(visit, "Harbour")
    with pytest.raises(Killed):
        carry_on(begun.id)
    fake.kill_at = None
    carry_on(begun.id)
    assert _run(begun.id).counts["requests"] == 6


def test_names_and_raw_records_of_old_runs_are_forgotten(fake: FakeSource, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.harvesting.DETAILS_KEPT", 2)
    first = harvest(fake)
    second = harvest(fake, MONDAY + DAY)
    with visiting() as visit:
        assert len(runs.diff(visit, first.run, limit=100)) == 40
    harvest(fake, MONDAY + 2 * DAY)
    with visiting() as visit:
        assert runs.diff(visit, first.run) == []
        assert runs.run(visit, first.run).counts["added"] == 40
        assert runs.run(visit, second.run).number == 2
