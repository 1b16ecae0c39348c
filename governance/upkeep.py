"""Health and backups, for the administrator's page and the command line."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from governance import audit
from governance.errors import Invalid, NotFound
from governance.policy import Action, require
from governance.space import enough_space
from governance.visit import Visit
from store import backup as keeping
from store import engine, ready, settings

LITTLE_SPACE = 500_000_000
"""Bytes free under which the page warns: harvests and backups need room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptBackup:
    """One backup in the data folder."""

    name: str
    made_at: datetime
    octets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How the installation is."""

    database: str
    up_to_date: bool
    free_octets: int
    little_space: bool
    events: int
    head: str
    backups: tuple[KeptBackup, ...]
    """Newest first."""


def _folder() -> Path:
    return settings().home / "backups"


def backups(visit: Visit) -> tuple[KeptBackup, ...]:
    """The backups in the data folder, newest first. Raises NotPermitted."""
    require(visit, Action.BACKED_UP)
    found = [
        KeptBackup(
            name=path.name,
            made_at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
            octets=path.stat().st_size,
        )
        for path in sorted(_folder().glob("*.zip"), reverse=True)
    ]
    return tuple(sorted(found, key=lambda each: each.made_at, reverse=True))


def health(visit: Visit) -> Health:
    """How the installation is. Raises NotPermitted."""
    kept = backups(visit)
    free = shutil.disk_usage(settings().home).free
    named = {"sqlite": "SQLite, embedded", "postgresql": "PostgreSQL"}
    return Health(
        database=named.get(engine().dialect.name, engine().dialect.name),
        up_to_date=ready(),
        free_octets=free,
        little_space=free < LITTLE_SPACE,
        events=audit.count(visit),
        head=audit.head(),
        backups=kept,
    )


def back_up(visit: Visit, target: Path | None = None) -> tuple[Path, keeping.Content]:
    """Write a backup, by default into the data folder, and tell the audit.

    Raises: Invalid when it cannot be made; OutOfSpace.
    """
    name = f"commontable-{visit.now:%Y%m%d-%H%M%S}.zip"
    grant = require(visit, Action.BACKED_UP, name)
    path = target or _folder() / name
    if path.is_dir():
        path = path / name
    try:
        with enough_space():
            made = keeping.backup(path, now=visit.now)
    except keeping.BackupRefused as error:
        raise Invalid(str(error)) from error
    with visit.change(grant) as session:
        grant.witness(session)
    return path, made


def backup_file(visit: Visit, name: str) -> bytes:
    """One backup, to be downloaded. Raises NotFound."""
    if name not in {each.name for each in backups(visit)}:
        raise NotFound("There is no backup of that name.")
    return (_folder() / name).read_bytes()
