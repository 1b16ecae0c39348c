"""What was signed stays: the database refuses to change it, and whatever gets past the database is found."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

import store
from governance import machinery, operator
from governance.agreements import drafting, reading, verifying
from governance.agreements.keeping import Folder
from governance.agreements.verifying import Kept
from tests.governance.tables_of_four import NOW, Table, seated

TAMPERINGS = 10_000
TABLES = ("agreement_version", "agreement_party", "agreement_item", "agreement_grant")


@pytest.fixture
def table(home: Path) -> Table:
    return seated()


def found() -> tuple[str, ...]:
    with operator("test", now=NOW) as visit:
        return verifying.verify(visit)


def run(statement: str, **values: Any) -> None:
    with store.engine().execution_options(writes=True).begin() as connection:
        connection.execute(text(statement), values)


def without_triggers(*tables: str) -> None:
    """As somebody with the file, or the database's own rights, in hand could."""
    with store.engine().execution_options(writes=True).begin() as connection:
        if store.dialect_name() == "postgresql":
            for name in tables:
                connection.execute(text(f"ALTER TABLE {name} DISABLE TRIGGER ALL"))
            return
        wanted = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
        for name in (each for table in tables for each in connection.execute(wanted, {"table": table}).scalars().all()):
            connection.execute(text(f'DROP TRIGGER "{name}"'))


REFUSED = (
    "UPDATE agreement_version SET document = document || :more WHERE id = :version",
    "UPDATE agreement_version SET content_hash = 'x' WHERE id = :version",
    "UPDATE agreement_version SET terms_hash = 'x' WHERE id = :version",
    "UPDATE agreement_version SET activated_at = NULL WHERE id = :version",
    "UPDATE agreement_version SET frozen_at = NULL WHERE id = :version",
    "UPDATE agreement_version SET change_note = 'x', minor = 4 WHERE id = :version",
    "UPDATE agreement_version SET adviser_comment = 'x' WHERE id = :version",
    "DELETE FROM agreement_version WHERE id = :version",
    "UPDATE agreement_party SET signatory = 'x' WHERE version_id = :version",
    "UPDATE agreement_party SET signed_at = NULL WHERE version_id = :version",
    "UPDATE agreement_party SET role = 'both', signs = NOT signs WHERE version_id = :version",
    "UPDATE agreement_party SET seal = 'x' WHERE version_id = :version",
    "DELETE FROM agreement_party WHERE version_id = :version",
    "UPDATE agreement_item SET min_cell = 0 WHERE version_id = :version",
    "DELETE FROM agreement_item WHERE version_id = :version",
    "UPDATE agreement_grant SET value = 'publish' WHERE version_id = :version AND kind = 'use'",
    "DELETE FROM agreement_grant WHERE version_id = :version",
)


def test_the_database_refuses_to_change_what_was_signed(table: Table) -> None:
    _agreement, version = table.in_force()
    for statement in REFUSED:
        with pytest.raises(DBAPIError, match="what was signed never changes"):
            run(statement, **{"version": version, **({"more": b"x"} if ":more" in statement else {})})
    assert found() == ()


ADDED = (
    "INSERT INTO agreement_item VALUES (:version, 9, 'attendance', 'x', 'rows', 0, '2026-11-01', '2027-10-31')",
    "INSERT INTO agreement_grant VALUES (:version, 0, 'use', 'publish')",
    "UPDATE agreement_version SET state = 'signing' WHERE id = :version",
    "UPDATE agreement_version SET closed_at = '2026-11-22 09:00:00' WHERE id = :version",
    "UPDATE agreement_version SET looked_back = 'x' WHERE id = :version",
    "UPDATE agreement_party SET declined_why = 'x' WHERE version_id = :version",
    "UPDATE agreement SET title = 'x'",
    "UPDATE agreement SET lead_id = (SELECT id FROM organisation WHERE name = 'Trust')",
)


@pytest.mark.parametrize("statement", ADDED)
def test_what_the_database_lets_pass_is_found(table: Table, statement: str) -> None:
    agreement, version = table.in_force()
    run(statement, **({"version": version} if ":version" in statement else {}))
    assert found()
    with table.visit("Trust") as visit:
        assert reading.agreement(visit, agreement).damage


def test_replacing_a_row_is_refused_or_found(home: Path) -> None:
    if store.dialect_name() != "sqlite":
        return
    table = seated()
    _agreement, version = table.in_force()
    for name, column in (("agreement_version", "id"), *((each, "version_id") for each in TABLES[1:])):
        with pytest.raises(DBAPIError, match="what was signed never changes"):
            run(f"INSERT OR REPLACE INTO {name} SELECT * FROM {name} WHERE {column} = :version", version=version)
    assert found() == ()


def test_a_document_that_cannot_be_read_is_an_alarm_and_breaks_no_list(table: Table) -> None:
    agreement, version = table.in_force()
    without_triggers(*TABLES)
    run("UPDATE agreement_version SET document = :junk WHERE id = :version", version=version, junk=b'{"title":"\xff')
    with table.visit("Schools") as visit:
        assert reading.agreements(visit)[0].title == "Young people's pathways"
        assert "cannot be read" in " ".join(reading.agreement(visit, agreement).damage)


def test_a_document_that_became_text_is_an_alarm_and_breaks_no_list(empty_home: Path) -> None:
    """Only SQLite keeps text in a column of bytes; to the letter it may still be the same."""
    store.upgrade()
    table = seated()
    agreement, _version = table.in_force()
    without_triggers(*TABLES)
    run("UPDATE agreement_version SET document = CAST(document AS TEXT)")
    assert any("not the one that was signed" in sentence for sentence in found())
    with table.visit("Schools") as visit:
        assert reading.agreements(visit)[0].title == "Young people's pathways"
        assert "not the one that was signed" in " ".join(reading.agreement(visit, agreement).damage)


def test_what_disappears_whole_is_missed(table: Table) -> None:
    table.in_force()
    without_triggers(*TABLES, "agreement")
    for name in ("agreement_grant", "agreement_item", "agreement_party", "agreement_version", "agreement"):
        run(f"DELETE FROM {name}")
    assert any("is not there any more" in sentence for sentence in found())


def kept() -> Kept:
    with machinery("test", now=NOW) as visit:
        session = visit.read()
        (one,) = verifying._kept(session, verifying.folders(session), events=verifying._events(session))
        return one


def copied(row: Any, **other: Any) -> Any:
    return type(row)(**{each.key: getattr(row, each.key) for each in row.__table__.columns} | other)


def other_than(value: Any, chance: random.Random) -> Any:
    """Something else of the same sort, mostly near by."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + chance.choice([-5, -1, 1, 10])
    if isinstance(value, datetime):
        return chance.choice([None, value + timedelta(microseconds=chance.choice([-(10**6), 1, 10**9]))])
    if isinstance(value, date):
        return value + timedelta(days=chance.choice([-1, 1, 365]))
    if isinstance(value, bytes):
        place = chance.randrange(len(value))
        return chance.choice(
            [
                value[:place] + bytes([value[place] ^ (1 << chance.randrange(8))]) + value[place + 1 :],
                value[:place],
                b"",
            ]
        )
    if isinstance(value, str) and value:
        place = chance.randrange(len(value))
        return value[:place] + chance.choice([each for each in "aX0é " if each != value[place]]) + value[place + 1 :]
    return chance.choice(["x", "active"]) if isinstance(value, str) else NOW + timedelta(days=chance.randrange(1, 999))


def tampered_rows(rows: list[Any], chance: random.Random) -> list[Any]:
    """One row changed in one column, taken out, or added in the likeness of another."""
    place = chance.randrange(len(rows))
    row, rest = rows[place], rows[:place] + rows[place + 1 :]
    column = chance.choice([each.key for each in row.__table__.columns])
    changed = copied(row, **{column: other_than(getattr(row, column), chance)})
    return chance.choice([[*rest, changed]] * 6 + [rest, [*rows, changed]])


def tampered(whole: Kept, chance: random.Random) -> Kept:
    folder = whole.folder
    made = {
        "agreement": folder.agreement,
        "versions": folder.versions,
        "parties": [each for rows in folder.parties.values() for each in rows],
        "items": [each for rows in whole.items.values() for each in rows],
        "grants": [each for rows in whole.grants.values() for each in rows],
    }
    what = chance.choice(list(made))
    if what == "agreement":
        (made["agreement"],) = tampered_rows([folder.agreement], chance)[-1:] or [copied(folder.agreement, title="x")]
        if made["agreement"] is folder.agreement:
            made["agreement"] = copied(folder.agreement, kind="other")
    else:
        made[what] = tampered_rows(made[what], chance)

    def grouped(rows: list[Any]) -> dict[str, list[Any]]:
        by: dict[str, list[Any]] = {}
        for row in rows:
            by.setdefault(row.version_id, []).append(row)
        return by

    return Kept(
        folder=Folder(
            session=folder.session,
            agreement=made["agreement"],
            versions=made["versions"],
            parties=grouped(made["parties"]),
        ),
        items=grouped(made["items"]),
        grants=grouped(made["grants"]),
        events=whole.events,
    )


def long_lived(table: Table) -> str:
    """An agreement with terms, an amendment in force, and new terms that are being talked through."""
    agreement, _first = table.in_force()
    second = table.amended(
        agreement, table.line("attendance", "Schools", min_cell=20), table.line("tenancies", "Housing", min_cell=5)
    )
    table.open(second)
    table.sign("Council", agreement, second)
    table.sign("Schools", agreement, second)
    with table.visit("Council") as visit:
        drafting.for_review(visit, drafting.amend(visit, agreement, terms=True))
    return agreement


def damaged(whole: Kept) -> bool:
    """Also rows of a version that is not there are found, by the check of the whole."""
    ids = {each.id for each in whole.folder.versions}
    strays = {each for rows in (whole.folder.parties, whole.items, whole.grants) for each in rows} - ids
    return bool(strays or verifying.damages(whole))


def test_ten_thousand_random_tamperings_are_all_found(empty_home: Path) -> None:
    store.upgrade()
    long_lived(seated())
    whole, chance = kept(), random.Random(20261122)
    assert not damaged(whole)
    missed = [number for number in range(TAMPERINGS) if not damaged(tampered(whole, chance))]
    assert missed == []


def rows_of(name: str) -> list[dict[str, Any]]:
    with store.engine().connect() as connection:
        return [dict(row) for row in connection.execute(text(f"SELECT * FROM {name}")).mappings()]


def put_back(name: str, rows: list[dict[str, Any]]) -> None:
    columns = list(rows[0])
    with store.engine().execution_options(writes=True).begin() as connection:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        connection.execute(text(f"DELETE FROM {name}"))
        listed = ", ".join(f'"{each}"' for each in columns)
        connection.execute(
            text(f"INSERT INTO {name} ({listed}) VALUES ({', '.join(f':{each}' for each in columns)})"), rows
        )


def tamper(name: str, row: dict[str, Any], chance: random.Random) -> str:
    """One statement against one row; what it was."""
    known = " AND ".join(f'"{each}" IS :{each}' for each in row)
    if chance.random() < 0.2:
        run(f"DELETE FROM {name} WHERE {known}", **row)
        return f"{name}: a row deleted"
    column = chance.choice(list(row))
    value = f"{row[column]}x" if isinstance(row[column], str) else other_than(row[column], chance)
    value = 1 - row[column] if column == "signs" else value
    value = value.isoformat(sep=" ") if isinstance(value, datetime) else value
    run(f'UPDATE {name} SET "{column}" = :tampered WHERE {known}', tampered=value, **row)
    return f"{name}.{column} = {value!r}"


def test_what_is_changed_in_the_file_is_found_in_the_audit_too(empty_home: Path) -> None:
    store.upgrade()
    long_lived(seated())
    names, chance = [*TABLES, "agreement", "audit", "audit", "audit"], random.Random(4)
    without_triggers(*names)
    whole = {name: rows_of(name) for name in names}
    assert found() == ()
    done = 0
    while done < 150:
        name = chance.choice(names)
        try:
            what = tamper(name, chance.choice(whole[name]), chance)
        except DBAPIError:
            continue
        assert found(), what
        put_back(name, whole[name])
        done += 1
    assert found() == ()
