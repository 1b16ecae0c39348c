"""Back up, restore, verify: one zip that any version from its own on, and either database, can take back.

A backup holds every table as JSON lines in the order of its primary key, the files beside the database (uploads,
observations), and a manifest with the migration, row counts and a SHA-256 per table. It is read in one transaction, so
writers go on meanwhile. Tables are those of the database, not of today's code: an older backup is filled into the
tables of its own migration, and then upgraded.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Date, DateTime, LargeBinary, MetaData, Table, event, func, insert, select, text

from store.base import Moment
from store.engine import engine
from store.migrate import current, upgrade
from store.settings import settings

FORMAT = 1
CHUNK = 2_000
FOLDERS = ("uploads", "observations")
"""Folders of the data folder whose files belong to it as much as the tables do."""
NOT_OURS = ("alembic_version", "dataset_text", "dbos_", "sqlite_")
"""Tables that are made again: the search index, the migration's own, the database's own."""


class BackupRefused(RuntimeError):
    """The backup cannot be made, read or restored; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a database or a backup holds: equal contents have equal hashes."""

    revision: str
    rows: dict[str, int]
    hashes: dict[str, str]
    files: dict[str, str] = field(default_factory=dict)
    """File beside the database -> SHA-256."""
    made_at: str = ""


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"b": base64.b64encode(value).decode("ascii")}
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    ordered = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=CHUNK)
    for row in connection.execute(ordered):
        plain = {name: _plain(value) for name, value in row._mapping.items()}
        yield (
            json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode(
                "utf-8", "surrogatepass"
            )
            + b"\n"
        )


def _hash_of_file(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _files() -> list[Path]:
    folders = [settings().home / name for name in FOLDERS]
    return sorted(path for folder in folders if folder.is_dir() for path in folder.rglob("*") if path.is_file())


def _as_moment(_inspector: object, _table: Table, column: dict[str, Any]) -> None:
    if isinstance(column["type"], DateTime):
        column["type"] = Moment()


def _tables(connection: Connection) -> list[Table]:
    """The tables that the database has, those first that others refer to."""
    found = MetaData()
    event.listen(found, "column_reflect", _as_moment)
    found.reflect(connection, only=lambda name, _metadata: not name.startswith(NOT_OURS))
    return found.sorted_tables


def _name(path: Path) -> str:
    return path.relative_to(settings().home).as_posix()


def _write_table(connection: Connection, table: Table, out: IO[bytes] | None) -> tuple[int, str]:
    count, digest = 0, hashlib.sha256()
    for line in _lines(connection, table):
        count += 1
        digest.update(line)
        if out is not None:
            out.write(line)
    return count, digest.hexdigest()


def _reading() -> Connection:
    if engine().dialect.name == "postgresql":
        return engine().execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True).connect()
    return engine().execution_options(writes=False).connect()


def content() -> Content:
    """What the database holds now."""
    rows, hashes = {}, {}
    with _reading() as connection:
        for table in _tables(connection):
            rows[table.name], hashes[table.name] = _write_table(connection, table, None)
    return Content(
        revision=current(), rows=rows, hashes=hashes, files={_name(path): _hash_of_file(path) for path in _files()}
    )


def backup(target: Path, *, now: datetime) -> Content:
    """Write a backup; the file appears only when it is whole. Raises BackupRefused when the target exists."""
    if target.exists():
        raise BackupRefused(f"{target} exists already: choose another name.")
    unfinished = target.with_name(target.name + ".unfinished")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        made = _write(unfinished, now)
        unfinished.chmod(0o600)
        read(unfinished)
        unfinished.replace(target)
    finally:
        # Half a backup helps nobody, and on a full disk it takes the room of a whole one.
        unfinished.unlink(missing_ok=True)
    return made


def _write(unfinished: Path, now: datetime) -> Content:
    rows, hashes = {}, {}
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive, _reading() as connection:
        for table in _tables(connection):
            with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as out:
                rows[table.name], hashes[table.name] = _write_table(connection, table, out)
        files = {_name(path): _hash_of_file(path) for path in _files()}
        for path in _files():
            archive.write(path, _name(path))
        made = Content(
            revision=current(), rows=rows, hashes=hashes, files=files, made_at=now.isoformat(timespec="seconds")
        )
        archive.writestr("manifest.json", json.dumps({"format": FORMAT, **_as_dict(made)}, indent=1))
    return made


def _as_dict(made: Content) -> dict[str, Any]:
    return {name: getattr(made, name) for name in ("revision", "rows", "hashes", "files", "made_at")}


def _manifest(archive: zipfile.ZipFile) -> Content:
    try:
        told = json.loads(archive.read("manifest.json"))
        if told.pop("format") != FORMAT:
            raise BackupRefused("This backup was made by a newer version: upgrade the product first.")
        return Content(**told)
    except (KeyError, TypeError, ValueError) as error:
        raise BackupRefused("This file is not a backup of Common Table.") from error


def _check(archive: zipfile.ZipFile, told: Content) -> None:
    entries = {f"tables/{name}.jsonl": digest for name, digest in told.hashes.items()} | told.files
    for name, digest in entries.items():
        try:
            with archive.open(name) as handle:
                found = hashlib.file_digest(handle, "sha256").hexdigest()  # type: ignore[arg-type]
        except (KeyError, zipfile.BadZipFile) as error:
            raise BackupRefused(f"The backup is damaged: {name} cannot be read.") from error
        if found != digest:
            raise BackupRefused(f"The backup is damaged: {name} is not what was written.")


def read(source: Path) -> Content:
    """Verify a backup: every part has the hash of its manifest. Raises BackupRefused."""
    try:
        with zipfile.ZipFile(source) as archive:
            told = _manifest(archive)
            _check(archive, told)
            return told
    except (OSError, zipfile.BadZipFile) as error:
        raise BackupRefused(f"{source} cannot be read as a backup.") from error


def _native(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    for column in table.columns:
        value = row.get(column.name)
        if value is None:
            continue
        if isinstance(column.type, LargeBinary):
            row[column.name] = base64.b64decode(value["b"])
        elif isinstance(column.type, Moment):
            row[column.name] = datetime.fromisoformat(value)
        elif isinstance(column.type, Date):
            row[column.name] = date.fromisoformat(value)
    return row


def _fill(connection: Connection, table: Table, lines: IO[bytes]) -> None:
    chunk: list[dict[str, Any]] = []
    for line in lines:
        chunk.append(_native(table, json.loads(line)))
        if len(chunk) == CHUNK:
            connection.execute(insert(table), chunk)
            chunk = []
    if chunk:
        connection.execute(insert(table), chunk)


def _continue_counting(connection: Connection, table: Table) -> None:
    """PostgreSQL's sequences do not notice rows that bring their own number."""
    column = table.autoincrement_column
    if connection.dialect.name != "postgresql" or column is None:
        return
    highest = connection.execute(select(func.max(column))).scalar()
    if highest:
        named = {"table": table.name, "column": column.name, "highest": highest}
        connection.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)"), named)


def is_empty() -> bool:
    """True when the database has no tables yet, or not a row in them."""
    if not current():
        return True
    with _reading() as connection:
        return not any(connection.execute(select(table).limit(1)).first() for table in _tables(connection))


def restore(source: Path) -> Content:
    """Take a backup into an empty data folder. Raises BackupRefused when it is damaged or the folder is not empty."""
    told = read(source)
    if not is_empty():
        raise BackupRefused("The data folder is not empty: restore into a new one, then point COMMONTABLE_HOME at it.")
    upgrade(told.revision)
    with zipfile.ZipFile(source) as archive:
        with engine().begin() as connection:
            for table in _tables(connection):
                if table.name in told.rows:
                    with archive.open(f"tables/{table.name}.jsonl") as lines:
                        _fill(connection, table, lines)
                    _continue_counting(connection, table)
        for name in told.files:
            target = settings().home / name
            if not any(target.resolve().is_relative_to((settings().home / each).resolve()) for each in FOLDERS):
                raise BackupRefused(f"The backup names a file outside its folder: {name}.")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(archive.read(name))
    upgrade()
    return content()


def integrity() -> list[str]:
    """What is wrong with the database itself; [] when nothing is."""
    if engine().dialect.name == "postgresql":
        return []
    with engine().execution_options(writes=False).connect() as connection:
        problems = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
        problems += [f"foreign key: {tuple(row)}" for row in connection.execute(text("PRAGMA foreign_key_check"))]
    return [problem for problem in problems if problem != "ok"]
