"""Taking in a file of numbers: whole or not at all, as a revision of its own, with what changed told to the value."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import store
from governance import Invalid, NotFound, NotPermitted, OutOfSpace, audit, operator
from reportcards import composing, importing, indicators, observations, recording, revisions
from reportcards.formats import ColumnMapping, Role
from reportcards.importing import Order
from reportcards.report import Part, Point, Polarity
from store.settings import Settings
from tests.catalogue.made import NOW
from tests.governance.test_space import files_up_to
from tests.reportcards import ground
from tests.reportcards.ground import Ground, months, order, years

pytestmark = pytest.mark.usefixtures("home")


@pytest.fixture
def table(home: Path) -> Ground:
    return ground.ground()


def files() -> list[Path]:
    return sorted(observations.folder().glob("*")) if observations.folder().is_dir() else []


def kept(table: Ground, dataset: str) -> list[tuple[str, int, int]]:
    with table.people.as_("priya") as visit:
        return [
            (each.name, each.revision, each.observations) for each in indicators.indicators(visit, dataset_id=dataset)
        ]


def test_a_committed_file_is_a_revision_with_its_numbers_beside_the_database(table: Ground) -> None:
    dataset = table.dataset("Absence")
    done = table.take(dataset, years("Absence", [5, 6, None, 7]))
    assert (done.status, done.rows, done.observations, done.indicators, done.areas) == ("committed", 4, 4, 1, 1)
    assert (done.changed, done.added, done.removed, done.missing) == (0, 4, 0, 1)
    assert [each.stem for each in files()] == [done.revision]
    facts = observations.chosen(done.revision, done.indicator_ids[0])
    assert facts["value"].to_list() == [5, 6, None, 7]
    assert facts["held"].to_list() == ["", "", "not stated by the source", ""]
    assert kept(table, dataset) == [("Absence", 1, 4)]
    with operator("test", now=NOW) as visit:
        assert audit.verify(visit).ok


def test_a_dry_run_says_the_same_and_keeps_nothing(table: Ground) -> None:
    dataset = table.dataset("Absence")
    with table.people.as_("priya") as visit:
        tried = importing.check(visit, order(dataset, years("Absence", [5, 6])))
    assert (tried.status, tried.revision, tried.added) == ("valid", "", 2)
    assert files() == [] and kept(table, dataset) == []
    done = table.take(dataset, years("Absence", [5, 6]))
    same = ("format", "rows", "observations", "series", "periods", "areas", "flags", "missing", "added", "hidden")
    assert [getattr(tried, name) for name in same] == [getattr(done, name) for name in same]


def test_a_refused_file_names_its_rows_and_keeps_nothing(table: Ground) -> None:
    dataset = table.dataset("Absence")
    table.take(dataset, years("Absence", [5, 6]))
    before = files()
    refused = table.take(dataset, [*years("Absence", [5, 6]), "Absence,V,Vale,2010,,,lots,,,"])
    assert (refused.status, refused.revision, refused.error_count) == ("refused", "", 1)
    assert (refused.errors[0].row, refused.errors[0].column, refused.errors[0].value) == (4, "Value", "lots")
    assert files() == before and kept(table, dataset) == [("Absence", 1, 2)]


def test_rows_that_say_the_same_twice_are_refused(table: Ground) -> None:
    dataset = table.dataset("Absence")
    done = table.take(dataset, [*years("Absence", [5, 6]), "Absence,V,Vale,2008,,,9,,,"])
    assert done.status == "refused" and done.errors
    assert files() == []


def test_every_file_of_a_dataset_is_the_next_revision_of_its_indicators(table: Ground) -> None:
    dataset = table.dataset("Absence")
    table.take(dataset, years("A", [5, 6]))
    table.take(dataset, [*years("A", [5, 6.5, 7]), *years("B", [1, 2])], at=NOW + timedelta(days=1))
    last = table.take(dataset, years("A", [5]), at=NOW + timedelta(days=2))
    assert (last.changed, last.added, last.removed) == (0, 0, 2)
    assert kept(table, dataset) == [("A", 3, 1), ("B", 1, 2)]
    with table.people.as_("miriam") as visit:
        told = revisions.revisions(visit, last.indicator_ids[0])
    assert [(each.number, each.changed, each.added, each.removed) for each in told] == [
        (3, 0, 0, 2),
        (2, 1, 1, 0),
        (1, 0, 2, 0),
    ]
    assert [each.before for each in told] == [told[1].id, told[2].id, ""]


def test_the_same_file_again_changes_nothing(table: Ground) -> None:
    dataset = table.dataset("Absence")
    table.take(dataset, years("A", [5, None, 7.25]))
    again = table.take(dataset, years("A", [5, None, 7.25]))
    assert (again.status, again.changed, again.added, again.removed) == ("committed", 0, 0, 0)
    with table.people.as_("miriam") as visit:
        assert revisions.differences(visit, again.indicator_ids[0], again.revision) == ()


_VALUES = st.dictionaries(st.integers(2000, 2012), st.none() | st.integers(0, 40).map(lambda n: n / 4), min_size=1)


def _rows(values: dict[int, float | None]) -> list[str]:
    told = [f"A,V,Vale,{year},,,{'' if value is None else value},,," for year, value in values.items()]
    return [*told, "A,W,West,1999,,,1,,,"]


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=_VALUES, now=_VALUES)
def test_what_changed_is_told_to_the_value(
    before: dict[int, float | None], now: dict[int, float | None], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store.use_settings(Settings(home=tmp_path_factory.mktemp("home")))
    store.upgrade()
    table = ground.ground()
    dataset = table.dataset("Absence")
    table.take(dataset, _rows(before))
    done = table.take(dataset, _rows(now), at=NOW + timedelta(days=1))
    with table.people.as_("miriam") as visit:
        told = {
            each.period_start.year: each for each in revisions.differences(visit, done.indicator_ids[0], done.revision)
        }
    naive = {
        year: (before.get(year), now.get(year))
        for year in before.keys() | now.keys()
        if (year in before) != (year in now) or before.get(year) != now.get(year)
    }
    assert {year: (each.was, each.now) for year, each in told.items()} == naive
    kinds = [each.kind for each in told.values()]
    assert (done.changed, done.added, done.removed) == tuple(map(kinds.count, ("changed", "added", "removed")))
    assert done.added == len(now.keys() - before.keys()) and done.removed == len(before.keys() - now.keys())


def test_how_columns_were_read_is_remembered_for_the_dataset(table: Ground) -> None:
    dataset, other = table.dataset("Absence"), table.dataset("Waiting")
    odd = b"Where,When,What it was\nVale,2010,5\nVale,2011,6\n"
    mapping = ColumnMapping(columns={"Where": Role.AREA_NAME, "When": Role.PERIOD, "What it was": Role.VALUE})
    told = Order(data=odd, file_name="odd.csv", dataset_id=dataset, mapping=mapping)
    with table.people.as_("priya") as visit:
        assert importing.remembered(visit, dataset) is None
        assert importing.commit(visit, told).status == "committed"
        assert importing.remembered(visit, dataset) is not None
        again = importing.commit(visit, Order(data=odd, file_name="odd.csv", dataset_id=dataset))
        assert (again.status, again.changed, again.added) == ("committed", 0, 0)
        assert importing.remembered(visit, other) is None


def test_what_a_steward_said_of_an_indicator_goes_before_the_look_of_its_file(table: Ground) -> None:
    """Told that the values count people, the next file is protected as counts, whatever it looks like."""
    dataset = table.dataset("Waiting", "group", owner="Harbour Council")
    rows = ["Waiting,V,Vale,2010,,,3.0,,,", "Waiting,V,Vale,2011,,,40.5,,,"]
    first = table.take(dataset, rows)
    with table.people.as_("priya") as visit:
        said = indicators.indicator(visit, first.indicator_ids[0])
        assert said.value_type == "other"
        indicators.save(visit, replace(said, value_type="count"))
    again = table.take(dataset, rows)
    assert again.hidden == 1
    assert observations.chosen(again.revision, said.id)["value"].to_list() == [None, 40.5]


def test_numbers_need_a_dataset_that_the_importer_may_know_of(table: Ground) -> None:
    hidden = table.dataset("Reviews", "closed", owner="Tidewater Homes", listing="owner")
    with table.people.as_("priya") as visit:
        for unknown in ("nothing-of-the-kind", hidden):
            with pytest.raises(Invalid, match="There is no such dataset, or you may not know of it"):
                importing.commit(visit, order(unknown, years("A", [5])))
    assert files() == []


@pytest.mark.parametrize("username", ["miriam", "carl"])
def test_only_stewards_import(table: Ground, username: str) -> None:
    dataset = table.dataset("Absence")
    with table.people.as_(username) as visit:
        for act in (importing.commit, importing.check, importing.preview):
            with pytest.raises(NotPermitted, match="ask a steward"):
                act(visit, order(dataset, years("A", [5])))
    assert files() == [] and kept(table, dataset) == []


def test_an_import_that_fails_while_it_is_recorded_leaves_the_old_state(
    table: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = table.dataset("Absence")
    first = table.take(dataset, years("A", [5, 6]))

    def die(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(recording, "_name_areas", die)
        with pytest.raises(KeyboardInterrupt):
            table.take(dataset, years("A", [5, 6.5]))
    assert kept(table, dataset) == [("A", 1, 2)]
    assert first.revision in {each.stem for each in files()}, "what nobody refers to is swept up later"
    done = table.take(dataset, years("A", [5, 6.5]))
    assert (done.changed, kept(table, dataset)) == (1, [("A", 2, 2)])


def test_numbers_of_an_import_that_was_killed_before_its_record_are_removed_a_day_later(table: Ground) -> None:
    dataset = table.dataset("Absence")
    first = table.take(dataset, years("A", [5, 6]))
    for left in ("e" * 32 + ".parquet", "d" * 32 + ".unfinished"):
        (observations.folder() / left).write_bytes(b"PAR1")
    assert kept(table, dataset) == [("A", 1, 2)]
    assert revisions.forget_orphans(now=datetime.now(UTC)) == 0, "an import under way is left alone"
    assert revisions.forget_orphans(now=datetime.now(UTC) + timedelta(days=2)) == 2
    assert [each.stem for each in files()] == [first.revision]


def test_numbers_whose_file_is_gone_are_one_clear_sentence_and_never_an_empty_figure(table: Ground) -> None:
    lost = table.indicator(table.dataset("Absence"), "A", years("A", [5, 6]))
    whole = table.indicator(table.dataset("Roll"), "B", years("B", [7, 8]))
    name = table.card("Both", lost, whole)
    with table.people.as_("priya") as visit:
        gone = revisions.newest(visit, [lost.id])[lost.id].id
        observations.file_of(gone).unlink()
        with pytest.raises(observations.NumbersMissing, match=f"{gone}.parquet from a backup"):
            observations.scan(gone)
        items = {each.name: each for each in composing.whole_card(visit, name).items}
        assert items["A"].held == composing.LOST and items["A"].latest is None
        assert items["B"].held is None, "the others are shown"
        assert composing.measurement(visit, name, items["A"].item, part=Part.AREAS).held == composing.LOST
        assert indicators.contents(visit, [lost.id, whole.id])[lost.id].is_lost
        with pytest.raises(observations.NumbersMissing):
            revisions.differences(visit, lost.id, gone)
        with pytest.raises(observations.NumbersMissing):
            importing.check(visit, order(lost.dataset_id, years("A", [5, 6.5])))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("absence_2026-05-01.csv", "absence_2026-06-01.csv"),
        ("absence 20260501 v2.csv", "absence 20260601 v3.csv"),
        ("absence__2026-05__64ed0ba4c8.csv", "absence.csv"),
        ("absence (1).csv", "absence-copy.csv"),
        ("indicator_8-10-2.csv", "indicator_8-10-2__2026-06-01__64ed0ba4c8.csv"),
    ],
)
def test_another_copy_of_a_file_that_names_no_indicator_is_a_revision_of_the_same(
    table: Ground, first: str, second: str
) -> None:
    dataset = table.dataset("Absence")
    for name, value in ((first, 5), (second, 6)):
        told = Order(data=f"Year,Value\n2024,4\n2025,{value}\n".encode(), file_name=name, dataset_id=dataset)
        with table.people.as_("priya") as visit:
            done = importing.commit(visit, told)
    assert (done.status, done.changed, done.added) == ("committed", 1, 0)
    assert len(kept(table, dataset)) == 1


def test_files_about_different_things_or_years_stay_apart(table: Ground) -> None:
    dataset = table.dataset("Absence")
    for name in ("absence.csv", "lateness.csv", "census_2021.csv", "census_2011.csv", "indicator_1-2-1.csv"):
        told = Order(data=b"Year,Value\n2024,4\n2025,5\n", file_name=name, dataset_id=dataset)
        with table.people.as_("priya") as visit:
            assert importing.commit(visit, told).status == "committed"
    assert len(kept(table, dataset)) == 5


def test_a_file_with_its_metadata_is_the_same_indicator_as_without(table: Ground) -> None:
    dataset = table.dataset("Child mortality")
    data = b"Year,Sex,Value\n2024,,4\n2024,Female,5\n2025,,5\n2025,Female,4\n"
    meta = b"---\nindicator: 3.2.1\nindicator_name: Deaths of children under five\n---\n"
    for sidecar in (meta, None):
        told = Order(data=data, file_name="indicator_3-2-1.csv", dataset_id=dataset, sidecar=sidecar)
        with table.people.as_("priya") as visit:
            done = importing.commit(visit, told)
    assert (done.status, done.changed, done.added, done.removed) == ("committed", 0, 0, 0)
    assert kept(table, dataset) == [("Deaths of children under five", 2, 4)]


def _values(points: tuple[Point, ...]) -> list[float | None]:
    return [each.value for each in points]


def test_a_pinned_card_and_an_old_revision_show_the_old_numbers(table: Ground) -> None:
    dataset = table.dataset("Absence")
    old, new = [5, 6, 5.5, 7], [5, 6, 6.5, 7, 8]
    made = table.indicator(dataset, "A", months("A", old), polarity=Polarity.LOW)
    name = table.card("Children", made)
    table.take(dataset, months("A", new), at=NOW + timedelta(days=3))
    with table.people.as_("miriam", now=NOW + timedelta(days=4)) as visit:
        today = composing.report_card(visit, name).items[0]
        first = revisions.revisions(visit, made.id)[1]
        pinned = composing.report_card(visit, name, pinned={today.item: first.id})
        opened = composing.measurement(visit, name, today.item, revision=first.id)
        assert today.series and pinned.items[0].series and opened.series
        assert _values(today.series.points) == new
        assert [each.was for each in today.series.points] == [None, None, 5.5, None, None]
        assert _values(pinned.items[0].series.points) == _values(opened.series.points) == old
        assert pinned.pinned == {today.item: first.id}
        assert "revision 1" in opened.source_line and "revision 2" in today.source_line
        assert [(each.number, each.is_shown) for each in opened.revisions] == [(2, False), (1, True)]
        with pytest.raises(NotFound, match="no such revision"):
            composing.measurement(visit, name, today.item, revision="f" * 32)


def _told(path: Path) -> list[tuple[str, str, float | None]]:
    """Year and value of a published file, read as plainly as can be."""
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    found = []
    for row in rows:
        plain = {name.lower(): value for name, value in row.items()}
        value = plain.get("value", plain.get("under5_mortalityrate", ""))
        found.append((plain["year"], value))
    return sorted((year, "", float(value) if value else None) for year, value in found)


def test_dated_vintages_of_one_indicator_are_its_revisions_and_each_can_be_reopened(
    table: Ground, shared: Path
) -> None:
    dataset = table.dataset("Deaths of children under five")
    published = sorted((shared / "data" / "indicators" / "uk_sdg_vintages").glob("indicator_*.csv"))
    taken: list[tuple[Path, importing.Imported]] = []
    for day, path in enumerate(published):
        told = Order(data=path.read_bytes(), file_name=path.name, dataset_id=dataset)
        with table.people.as_("priya", now=NOW + timedelta(days=day)) as visit:
            done = importing.commit(visit, told)
        if done.status == "committed" and done.indicators == 1:
            taken.append((path, done))
    assert len(taken) == 11
    assert {done.indicator_ids for _, done in taken} == {taken[0][1].indicator_ids}
    identifier = taken[0][1].indicator_ids[0]
    with table.people.as_("miriam", now=NOW + timedelta(days=99)) as visit:
        assert [each.id for each in reversed(revisions.revisions(visit, identifier))] == [
            done.revision for _, done in taken
        ]
    for path, done in taken:
        facts = observations.chosen(done.revision, identifier)
        opened = sorted((str(row["period_start"].year), "", row["value"]) for row in facts.to_dicts())
        assert _multiset(opened) == _multiset(_told(path)), path.name


def _multiset(told: list[tuple[str, str, float | None]]) -> list[tuple[str, float]]:
    return sorted((year, -1.0 if value is None else value) for year, _, value in told)


def test_an_import_without_room_says_so_and_keeps_the_old_state(table: Ground) -> None:
    dataset = table.dataset("Absence")
    first = table.take(dataset, years("A", [5, 6]))
    with files_up_to(200), pytest.raises(OutOfSpace, match="no space left on the disk"):
        observations.write("f" * 32, observations.scan(first.revision))
    assert [each.stem for each in files()] == [first.revision], "nothing half written is left"
    assert kept(table, dataset) == [("A", 1, 2)]
