"""What an import may keep: small numbers of data that are not open are in no file, no table and no answer."""

from __future__ import annotations

import dataclasses
import hashlib
import stat
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from sqlalchemy import select

from governance import Invalid, machinery
from governance.policy import Housekeeping
from reportcards import disclosing, disclosure_key, importing, indicators, observations, revisions
from reportcards.disclosure import OPEN
from reportcards.disclosure.ledger import cell_of, unknown
from reportcards.importing import Order
from reportcards.indicators import Indicator
from reportcards.tables import KeyRow, ReleaseRow, RevisionRow
from store import backup
from tests.catalogue.made import NOW
from tests.reportcards import ground
from tests.reportcards.ground import Ground, counts

WHOLE = [(41, 900), (44, 910), (47, 905)]
GROUPS = {"Age: 0 to 9": [(4, 300), (19, 310), (16, 305)], "Age: 10 to 13": [(17, 300), (12, 300), (15, 300)]}
REST = [(20, 300), (13, 300), (16, 300)]


@pytest.fixture
def table(home: Path) -> Ground:
    return ground.ground()


def rows(groups: dict[str, list[tuple[int, int]]] | None = None) -> list[str]:
    told = {**(groups or GROUPS), "Age: 14 to 17": REST}
    return counts("C", WHOLE) + [row for group, each in told.items() for row in counts("C", each, group=group)]


def releases(table: Ground) -> list[ReleaseRow]:
    with machinery("test", now=NOW) as visit:
        return list(visit.read().execute(select(ReleaseRow).order_by(ReleaseRow.released_at)).scalars())


def test_a_hidden_number_is_in_the_file_of_no_revision(table: Ground) -> None:
    dataset = table.dataset("Cases", "group", owner="Harbour Council")
    made = table.indicator(dataset, "C", rows(), value_type="proportion")
    with table.people.as_("priya") as visit:
        revision = revisions.revisions(visit, made.id)[0].id
    facts = pl.read_parquet(observations.file_of(revision))
    first = facts.filter(pl.col("period_start").dt.year() == 2008, pl.col("breakdown") != "")
    hidden = first.filter(pl.col("value").is_null())
    assert "0 to 9" in hidden["group"].to_list() and hidden.height >= 2, "one alone is the total minus the others"
    for row in hidden.to_dicts():
        assert [row[name] for name in ("value", "count", "denominator", "lower95", "upper95")] == [None] * 5
        assert (row["obs_status"], row["conf_status"], row["note"]) == ("Q", "C", "")
        assert "suppressed to protect people" in row["held"]
    assert facts.filter(pl.col("breakdown") == "")["count"].to_list() == [41, 44, 47]
    assert 4.0 not in facts["count"].drop_nulls().to_list()


def test_the_ledger_keeps_what_was_shown_and_no_small_number(table: Ground) -> None:
    dataset = table.dataset("Cases", "group", owner="Harbour Council")
    table.indicator(dataset, "C", rows(), value_type="proportion")
    (kept,) = releases(table)
    assert kept.audience == disclosing.EVERYBODY and kept.document["hidden"] >= 2
    with table.people.as_("ada") as visit:
        assert visit.read().execute(select(ReleaseRow)).all() == [], "the ledger is nobody's to read"


def test_what_was_hidden_stays_hidden_in_the_next_revision(table: Ground) -> None:
    """Shown a year later as a larger number, the old small one could be told from what has changed since."""
    dataset = table.dataset("Cases", "group", owner="Harbour Council")
    made = table.indicator(dataset, "C", rows(), value_type="proportion")
    again = table.take(dataset, rows(), at=NOW + timedelta(days=30))
    assert (again.changed, again.hidden > 0) == (0, True)
    assert len(releases(table)) == 2
    facts = observations.chosen(again.revision, made.id)
    small = facts.filter(pl.col("group") == "0 to 9", pl.col("period_start").dt.year() == 2008)
    assert small["count"].to_list() == [None]


def test_open_data_are_kept_as_they_are(table: Ground) -> None:
    made = table.indicator(table.dataset("Cases"), "C", rows(), value_type="proportion")
    with table.people.as_("hanna") as visit:
        facts = observations.chosen(revisions.revisions(visit, made.id)[0].id, made.id)
    assert facts["value"].null_count() == 0 and 4.0 in facts["count"].to_list()
    assert releases(table) == []


def test_an_indicator_can_have_a_rule_of_its_own(table: Ground) -> None:
    dataset = table.dataset("Cases")
    with table.people.as_("priya") as visit:
        indicators.save(visit, Indicator(code="C", name="C", dataset_id=dataset, value_type="proportion", threshold=10))
    assert table.take(dataset, rows()).hidden >= 2


def test_what_its_source_calls_confidential_is_not_kept_even_of_open_data(table: Ground) -> None:
    dataset = table.dataset("Cases")
    head = ground.HEAD.replace("Status", "Conf status")
    data = "\n".join([head, "C,V,Vale,2008,,,331.5,,,C", "C,V,Vale,2009,,,332.5,,,F"]).encode()
    with table.people.as_("priya") as visit:
        done = disclosing_commit(visit, data, dataset)
    facts = observations.chosen(done, "")
    assert facts.height == 0
    kept = pl.read_parquet(observations.file_of(done))
    assert kept.sort("period_start")["value"].to_list() == [None, 332.5]
    assert kept.sort("period_start")["held"].to_list() == [disclosing.WITHHELD, ""]
    assert b"331.5" not in observations.file_of(done).read_bytes()


def disclosing_commit(visit: object, data: bytes, dataset: str) -> str:
    done = importing.commit(visit, Order(data=data, file_name="c.csv", dataset_id=dataset))  # type: ignore[arg-type]
    assert done.status == "committed", done.errors
    return done.revision


def test_whole_numbers_that_may_count_people_are_protected_as_counts(table: Ground) -> None:
    dataset = table.dataset("Waiting", "named", owner="Harbour Council")
    rows = [f"Children waiting,V,Vale,{2008 + place},,,{value},,," for place, value in enumerate((31, 3, 28))]
    done = table.take(dataset, rows)
    kept = pl.read_parquet(observations.file_of(done.revision)).sort("period_start")
    assert kept["value"].to_list() == [31, None, 28] and done.hidden == 1


@pytest.mark.parametrize(
    "head", [ground.HEAD.replace("Count", "Lower CI 95").replace("Denominator", "Upper CI 95"), ground.HEAD]
)
def test_what_comes_without_a_count_cannot_be_checked_and_is_not_kept(table: Ground, head: str) -> None:
    """From a share and its interval anybody works out of how many it was."""
    dataset = table.dataset("Cases", "group", owner="Harbour Council")
    interval = "12.5,61.5" if "CI" in head else ","
    data = f"{head}\nC,V,Vale,2008,,,33.25,{interval},\n".encode()
    with table.people.as_("priya") as visit:
        done = importing.commit(visit, Order(data=data, file_name="c.csv", dataset_id=dataset))
    kept = pl.read_parquet(observations.file_of(done.revision))
    assert kept.select("value", "lower95", "upper95").row(0) == (None, None, None)
    assert kept["held"].to_list() == [disclosing.UNCHECKED] and done.hidden == 1
    assert any("without a count" in each for each in done.explained), done


def test_the_rule_follows_the_band_unless_the_indicator_says_otherwise() -> None:
    plain = Indicator(code="C", name="C")
    assert disclosing.rule_of(plain, "open") is OPEN
    for band in ("public-limited", "public-unclear", "group", "named", "closed", "unknown"):
        assert disclosing.rule_of(plain, band).threshold == disclosing.THRESHOLD
    assert disclosing.rule_of(dataclasses.replace(plain, threshold=0), "named") is OPEN
    assert disclosing.rule_of(dataclasses.replace(plain, threshold=5), "open").threshold == 5
    assert disclosing.in_words(plain, "group").startswith("Counts from 1 to 9 are not shown")
    assert disclosing.in_words(plain, "open") == "Nothing is hidden: the data are open."


def test_a_total_that_comes_later_by_itself_does_not_give_away_what_was_hidden(table: Ground) -> None:
    dataset = table.dataset("Cases", "group", owner="Harbour Council")
    wards = [
        row for area, count in (("W1", 41), ("W2", 3), ("W3", 58)) for row in counts("C", [(count, 900)], area=area)
    ]
    table.indicator(dataset, "C", wards, value_type="count")
    later = table.take(dataset, counts("C", [(102, 2700)], area="D"), at=NOW + timedelta(days=1))
    facts = pl.read_parquet(observations.file_of(later.revision))
    assert facts["count"].to_list() == [None], "102 - 41 - 58 is the three people of W2"
    other = table.take(dataset, counts("C", [(5200, 90000)], area="E"), at=NOW + timedelta(days=2))
    shown = pl.read_parquet(observations.file_of(other.revision))
    assert shown["count"].to_list() == [5200], "a country is not the sum of three wards"


def test_more_dimensions_than_can_be_followed_are_not_kept_and_that_is_said(table: Ground) -> None:
    dataset = table.dataset("Cases", "group", owner="Harbour Council")
    names = [f"D{each}" for each in range(7)]
    deep = f"C,V,Vale,2008,{' | '.join(names)},{' | '.join(name.lower() for name in names)},40,40,100,"
    done = table.take(dataset, ["C,V,Vale,2008,,,50,50,100,", deep])
    kept = pl.read_parquet(observations.file_of(done.revision)).sort("breakdown")
    assert kept["value"].to_list() == [50, None] and kept["held"].to_list() == ["", disclosing.TOO_DEEP]
    assert any("more than 6 dimensions" in each for each in done.explained)


# ---- What a copy of the database tells ----


def guessed(table: Ground, keys: list[bytes]) -> bool:
    """Whether anybody who has these keys and the ledger can tell a right guess of a hidden number from a wrong one."""
    names = {name for row in releases(table) for each in row.document["releases"] for name, *_ in each["hidden"]}
    tries = [(key, name, count) for key in [b"", *keys] for name in names for count in range(12)]
    return any(unknown(key, cell_of(name), count) == name for key, name, count in tries)


def test_hidden_numbers_cannot_be_guessed_with_a_copy_of_the_database_or_a_backup(table: Ground, home: Path) -> None:
    dataset = table.dataset("Cases", "group", owner="Harbour Council")
    given = rows()
    table.indicator(dataset, "C", given, value_type="proportion")
    copied = backup.backup(home / "all.zip", now=NOW)
    assert not any(disclosure_key.FILE in each for each in copied.files)
    key = (home / disclosure_key.FILE).read_bytes()
    assert stat.S_IMODE((home / disclosure_key.FILE).stat().st_mode) == 0o600
    with machinery("test", now=NOW) as visit:
        in_tables = [each.key for each in visit.read().execute(select(KeyRow)).scalars()]
        (revision,) = visit.read().execute(select(RevisionRow)).scalars()
    assert guessed(table, [key]), "the control: with the key anybody can"
    assert not guessed(table, in_tables)
    data = "\n".join([ground.HEAD, *given]).encode()
    assert revision.checksum not in (hashlib.sha256(data).hexdigest(), "")
    assert revision.checksum == disclosure_key.fingerprint(key, data), "the control: this is the file"


def test_the_key_of_an_older_installation_moves_out_of_the_database(table: Ground, home: Path) -> None:
    dataset = table.dataset("Cases", "group", owner="Harbour Council")
    table.take(dataset, rows())
    key = (home / disclosure_key.FILE).read_bytes()
    (home / disclosure_key.FILE).unlink()
    with machinery("test", now=NOW) as visit, visit.change(Housekeeping(reason="as it was")) as session:
        session.add(KeyRow(name="disclosure", key=key))
        next(iter(session.execute(select(RevisionRow)).scalars())).checksum = "a plain hash"
    table.take(dataset, rows(), at=NOW + timedelta(days=1))
    assert (home / disclosure_key.FILE).read_bytes() == key
    with machinery("test", now=NOW) as visit:
        assert visit.read().execute(select(KeyRow)).all() == []
        assert "a plain hash" not in visit.read().execute(select(RevisionRow.checksum)).scalars().all()


def test_without_the_key_closed_numbers_wait_and_open_ones_do_not(table: Ground, home: Path) -> None:
    closed, open_one = table.dataset("Cases", "group", owner="Harbour Council"), table.dataset("Open cases")
    table.take(closed, rows())
    kept = (home / disclosure_key.FILE).read_bytes()
    (home / disclosure_key.FILE).unlink()
    with pytest.raises(Invalid, match=disclosure_key.FILE):
        table.take(closed, rows(), at=NOW + timedelta(days=1))
    assert table.take(open_one, rows()).status == "committed"
    (home / disclosure_key.FILE).write_bytes(bytes(32))
    with pytest.raises(Invalid, match="not the one"):
        table.take(closed, rows(), at=NOW + timedelta(days=1))
    (home / disclosure_key.FILE).write_bytes(kept)
    assert table.take(closed, rows(), at=NOW + timedelta(days=1)).changed == 0
