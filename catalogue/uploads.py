"""Uploaded files: kept in the data folder, named relative to it, so that a restored backup still finds them."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from sqlalchemy import select

from catalogue.tables import SourceRow
from governance import Action, Invalid, Visit, enough_space, machinery, require
from store import settings

UPLOADS = "uploads"
"""The folder of the data folder where uploaded files are kept."""
MOST_MEGABYTES = 20
_DAY = 24 * 3600.0
_ODD = re.compile(r"[^\w.-]+")


def keep_upload(visit: Visit, name: str, data: bytes) -> str:
    """Keep a file that somebody uploaded; what it returns is a location for `sources.NewSource`.

    The same content under the same name is kept once; what no source took up within a day is thrown away.
    Raises: NotPermitted; Invalid for a file that is empty or too large; OutOfSpace.
    """
    require(visit, Action.SOURCE_ADDED)
    if not data:
        raise Invalid("This file is empty: choose another one.", field="location")
    if len(data) > MOST_MEGABYTES << 20:
        raise Invalid(f"This file is larger than {MOST_MEGABYTES} MB: publish it at a web address.", field="location")
    _throw_away(visit)
    plain = _ODD.sub("-", Path(name.replace("\\", "/")).name).strip("-.")[-80:] or "file"
    kept = folder() / hashlib.sha256(data).hexdigest()[:16] / plain
    if not kept.is_file():
        with enough_space():
            _write(kept, data)
    return kept.relative_to(folder()).as_posix()


def _write(kept: Path, data: bytes) -> None:
    """The file appears only when it is whole."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_name(f".{kept.name}.unfinished")
    try:
        unfinished.write_bytes(data)
        unfinished.replace(kept)
    finally:
        unfinished.unlink(missing_ok=True)


def folder() -> Path:
    """Where uploaded files are."""
    return (settings().home / UPLOADS).resolve()


def within(path: Path) -> Path | None:
    """The file, when it is one of the uploaded files; None for any other file of this machine."""
    resolved = (path if path.is_absolute() else folder() / path).resolve()
    return resolved if resolved.is_relative_to(folder()) and resolved.is_file() else None


def kept_as(path: Path) -> str:
    """How a source remembers this file: an uploaded one by its place among the uploads, any other by its whole path."""
    resolved = path.resolve()
    return resolved.relative_to(folder()).as_posix() if resolved.is_relative_to(folder()) else str(resolved)


def opened_as(location: str) -> str:
    """Where a remembered location is on this machine; an address stays as it is."""
    return location if "://" in location or Path(location).is_absolute() else str(folder() / location)


def _throw_away(visit: Visit) -> None:
    """What was tried out and then not added may hold what nobody meant to leave here."""
    with machinery("clears uploads that no source uses") as own:
        used = set(own.read().execute(select(SourceRow.location)).scalars())
    for path in folder().glob("*/*"):
        is_old = visit.now.timestamp() - path.stat().st_mtime > _DAY
        if is_old and not {kept_as(path), str(path)} & used:
            path.unlink(missing_ok=True)
