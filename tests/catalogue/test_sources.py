"""Sources: what can be added, what they keep secret, when they are due, and how one is retired."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from catalogue import retiring, runs, sources, uploads
from catalogue.sources import NewSource, Schedule, SourceState
from governance import Busy, Invalid, Kind, NotFound, NotPermitted, Role, Viewer, audit
from governance.visit import of_person
from tests.catalogue.fake_source import FakeSource
from tests.catalogue.harvests import DAY, MONDAY, add_source, harvest, shelf, states, visiting

HERE = "http://harbour.example/"


def _new(**values: object) -> NewSource:
    return NewSource(**{"name": "Harbour", "kind": "fake", "location": HERE, **values})  # type: ignore[arg-type]


def _person(*roles: Role) -> Viewer:
    return Viewer(
        username="miriam",
        display="Miriam",
        kind=Kind.PERSON,
        person_id="p",
        organisation_id="o",
        roles=frozenset(roles),
    )


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("name", {"name": "  "}),
        ("name", {"name": "a\x00b"}),
        ("name", {"name": "x" * 121}),
        ("kind", {"kind": "guess"}),
        ("location", {"location": "ftp://harbour.example/"}),
        ("location", {"location": "file:///etc/passwd"}),
        ("location", {"location": "http:///nothing"}),
        ("location", {"location": "http://user:secret@harbour.example/"}),
        ("location", {"location": "http://harbour.example:99999/"}),
        ("location", {"location": "http://harbour.example/a b"}),
        ("location", {"location": "javascript:alert(1)"}),
        ("location", {"location": "/no/such/file.csv"}),
        ("location", {"location": ""}),
        ("location", {"location": "nul\0.csv"}),
        ("location", {"location": f"{'long' * 1_000}.csv"}),
        ("location", {"location": "~nobody-of-that-name/register.csv"}),
        ("location", {"location": "half\ud800.csv"}),
        ("allow", {"allow": ("harbour.example",)}),
        ("allow", {"allow": ("harbour.example:0",)}),
        ("allow", {"allow": ("10.0.0.0/8:80",)}),
        ("allow", {"allow": ("*:80",)}),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_field(home: Path, field: str, values: dict[str, object]) -> None:
    with visiting() as visit:
        with pytest.raises(Invalid) as refused:
            sources.add(visit, _new(**values), kinds=["fake"])
        assert refused.value.field == field
        assert sources.sources(visit) == []


@pytest.mark.parametrize("pair", ["127.0.0.1:18500", "[::1]:80", "Harbour.Example:8443"])
def test_what_the_address_guard_lets_through_is_host_and_port(home: Path, pair: str) -> None:
    assert add_source(allow=(pair,)).allow == (pair.lower(),)


def test_a_name_is_taken_whatever_its_letters_case(home: Path) -> None:
    add_source("Harbour")
    with pytest.raises(Invalid, match="already"):
        add_source("harbour")


def test_an_operator_may_read_a_local_file_and_a_person_only_what_was_uploaded(home: Path, tmp_path: Path) -> None:
    register = tmp_path / "register.csv"
    register.write_text("title\n")
    with visiting() as visit:
        assert sources.add(visit, _new(location=str(register)), kinds=["fake"]).is_file
    uploaded = home / uploads.UPLOADS / "ours.csv"
    uploaded.parent.mkdir(parents=True)
    uploaded.write_text("title\n")
    with of_person(_person(Role.STEWARD), now=MONDAY) as visit:
        for outside in (str(register), "../commontable.sqlite", "/etc/passwd"):
            with pytest.raises(Invalid):
                sources.add(visit, _new(name="Theirs", location=outside), kinds=["fake"])
        assert sources.add(visit, _new(name="Ours", location="ours.csv"), kinds=["fake"]).location == "ours.csv"


def test_a_member_sees_and_adds_no_source(home: Path) -> None:
    add_source()
    with of_person(_person(Role.MEMBER), now=MONDAY) as visit:
        assert sources.sources(visit) == []
        with pytest.raises(NotFound):
            sources.source(visit, "Harbour")
        with pytest.raises(NotPermitted):
            sources.add(visit, _new(name="Mine"), kinds=["fake"])


def test_a_token_is_for_the_harvest_only(home: Path) -> None:
    found = add_source(token=" s3cret \n")
    assert sources.address_of(found.id).token == "s3cret"
    assert sources.has_token(found.id)
    with of_person(_person(Role.STEWARD), now=MONDAY) as visit:
        assert "s3cret" not in repr(sources.source(visit, "Harbour"))
        sources.change(visit, "Harbour", _new(name="Harbour Open Data"), kinds=["fake"])
        assert sources.address_of(found.id).token == "s3cret"
        sources.change(visit, found.id, _new(token="new"), kinds=["fake"])
        assert sources.address_of(found.id).token == "new"
        sources.change(visit, found.id, _new(), kinds=["fake"], drop_token=True)
    assert not sources.has_token(found.id)
    with visiting() as visit:
        assert "s3cret" not in repr(audit.events(visit))


def test_addresses_in_the_audit_carry_no_key(home: Path) -> None:
    with visiting() as visit:
        sources.add(visit, _new(location="https://harbour.example/data.json?api_key=s3cret#x"), kinds=["fake"])
        assert "s3cret" not in repr(audit.events(visit))
    assert sources.shown("https://[::1]:80/a?b") == "https://[::1]:80/a"


def test_a_renamed_source_renames_its_datasets_source(home: Path) -> None:
    add_source()
    fake = FakeSource()
    fake.fill(2)
    harvest(fake)
    with visiting() as visit:
        sources.change(visit, "Harbour", _new(name="Port"), kinds=["fake"])
    assert {row.source_name for row in shelf().values()} == {"Port"}


@pytest.mark.parametrize(
    ("schedule", "after"),
    [(Schedule.HOURLY, timedelta(hours=1)), (Schedule.DAILY, DAY), (Schedule.WEEKLY, 7 * DAY)],
)
def test_a_schedule_says_when_a_source_is_due(home: Path, schedule: Schedule, after: timedelta) -> None:
    add_source(schedule=schedule)
    with visiting() as visit:
        assert [each.name for each in sources.due(visit)] == ["Harbour"]
    harvest(FakeSource())
    with visiting(MONDAY + after - timedelta(seconds=1)) as visit:
        assert sources.due(visit) == []
    with visiting(MONDAY + after) as visit:
        assert [each.name for each in sources.due(visit)] == ["Harbour"]
        sources.pause(visit, "Harbour")
        visit.refresh()
        assert sources.due(visit) == []
        assert sources.resume(visit, "Harbour").state is SourceState.ACTIVE


def test_a_source_without_a_schedule_waits_to_be_asked(home: Path) -> None:
    add_source()
    with visiting(MONDAY + 400 * DAY) as visit:
        assert sources.due(visit) == []


def test_a_retired_source_takes_its_datasets_along_and_brings_them_back(home: Path) -> None:
    add_source(schedule=Schedule.DAILY)
    fake = FakeSource()
    fake.fill(8)
    harvest(fake)
    del fake.holds["d0001"]
    harvest(fake, MONDAY + DAY)
    before = states()
    with visiting(MONDAY + 2 * DAY) as visit:
        shown = retiring.preview(visit, "Harbour")
        assert (shown.live, shown.missing, shown.withdrawn, shown.leaving, shown.held) == (7, 1, 0, 8, False)
        with pytest.raises(Invalid):
            retiring.retire(visit, "Harbour", " ")
        retired = retiring.retire(visit, "Harbour", "the portal was closed")
        assert (retired.state, retired.due_at) == (SourceState.RETIRED, None)
        assert set(states().values()) == {"withdrawn"}
        assert shelf()["d0000"].state_reason == "Its source was retired: the portal was closed"
        gone = retiring.retired(visit, "Harbour")
        assert (gone.reason, gone.datasets) == ("the portal was closed", 8)
        with pytest.raises(Invalid, match="retired"):
            runs.begin(visit, "Harbour")
        retiring.bring_back(visit, "Harbour")
        assert states() == before
        assert retiring.retired(visit, "Harbour").datasets == 0
        with pytest.raises(Invalid, match="not retired"):
            retiring.bring_back(visit, "Harbour")


def test_a_held_run_goes_aside_with_its_source_and_waits_for_nobody(home: Path) -> None:
    add_source()
    fake = FakeSource()
    fake.fill(20)
    harvest(fake)
    fake.holds.clear()
    held = harvest(fake, MONDAY + DAY)
    with visiting(MONDAY + DAY) as visit:
        assert retiring.preview(visit, "Harbour").held
        retiring.retire(visit, "Harbour", "the portal was closed")
        assert runs.waiting(visit) == []
        assert runs.run(visit, held.run).decided_reason == "Its source was retired: the portal was closed"
        with pytest.raises(Invalid, match="not held any more"):
            runs.release(visit, held.run, "they are gone")
        retiring.bring_back(visit, "Harbour")
    assert set(states().values()) == {"live"}


def test_a_cancelled_run_does_not_go_on_once_its_source_is_retired(home: Path) -> None:
    add_source()
    with visiting() as visit:
        begun = runs.begin(visit, "Harbour")
        runs.cancel(visit, begun.id)
        retiring.retire(visit, "Harbour", "the portal was closed")
        with pytest.raises(Invalid, match="is retired"):
            runs.resume(visit, begun.id)


def test_a_source_is_not_retired_while_it_is_read(home: Path) -> None:
    add_source()
    with visiting() as visit:
        runs.begin(visit, "Harbour")
        with pytest.raises(Busy):
            retiring.retire(visit, "Harbour", "the portal was closed")
