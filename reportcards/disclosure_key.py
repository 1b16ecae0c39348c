"""The secret of an installation, in a file of its own beside the database: with both, small hidden counts are guessed.

It names hidden values in the release ledger and fixes how a cell is rounded. It is in no table and no backup, so that
a copy of either tells nothing; whoever moves an installation takes the file along by itself.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path

from sqlalchemy import select

from governance import Invalid, Visit, machinery
from governance.policy import Housekeeping
from reportcards.tables import KeyRow, ReleaseRow, RevisionRow
from store import settings

FILE = "disclosure.key"
BYTES = 32
LOST = b""
"""In the place of a key that was there and is not any more: nothing can be protected together with what was shown."""
_NAME = "disclosure"


def secret(visit: Visit) -> bytes:
    """The key of this installation, made when it is first needed; LOST when its file is gone but numbers were shown."""
    path = settings().home / FILE
    if path.is_file():
        return path.read_bytes()
    with machinery("reads the disclosure key", now=visit.now) as own:
        row = own.read().get(KeyRow, _NAME)
        if row is None and own.read().execute(select(ReleaseRow.revision_id).limit(1)).first() is not None:
            return LOST
        _write(path, row.key if row is not None else secrets.token_bytes(BYTES))
        if row is not None:
            with own.change(Housekeeping(reason="the disclosure key has moved into a file of its own")) as session:
                session.delete(session.get(KeyRow, _NAME))
                # Whoever knows all but a few hidden numbers of a file could try them against its plain hash.
                for revision in session.execute(select(RevisionRow)).scalars():
                    revision.checksum = ""
    return path.read_bytes()


def required(key: bytes) -> bytes:
    """The key itself. Raises Invalid when it is lost."""
    if key == LOST:
        raise Invalid(
            f"The file {FILE} is missing from the data folder, and without it numbers that are not open cannot be "
            "protected together with those shown before: put it back from where it is kept, and import again."
        )
    return key


def fingerprint(key: bytes, data: bytes) -> str:
    """Tells whether two files are equal, and without the key nothing about what is in them; "" when it is lost."""
    if key == LOST:
        return ""
    made = hmac.new(key, b"file\x1f", "sha256")
    made.update(data)
    return made.hexdigest()


def mark(key: bytes) -> str:
    """Tells which key made a release; nothing about the key."""
    return hmac.digest(key, b"which key", "sha256").hex()[:16]


def _write(path: Path, key: bytes) -> None:
    """Appears whole or not at all, readable by its owner only, and never replaces one made meanwhile."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made, name = tempfile.mkstemp(dir=path.parent, prefix=f".{FILE}-")
    try:
        with os.fdopen(made, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(name)
    finally:
        Path(name).unlink()
