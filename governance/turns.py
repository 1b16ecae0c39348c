"""Two who write the same at the same moment: the second is told so in a sentence."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

from sqlalchemy.exc import IntegrityError

from governance.errors import Busy

log = logging.getLogger(__name__)
_SQLITE_TAKEN, _POSTGRES_TAKEN = "UNIQUE constraint failed", "23505"
"""SQLite's own words, of a primary key too; the SQLSTATE unique_violation."""


@contextlib.contextmanager
def nobody_was_first() -> Iterator[None]:
    """A row that cannot be written because another one took its place since one looked. Raises: Busy."""
    try:
        yield
    except IntegrityError as error:
        if not _is_taken(error.orig):
            raise
        log.info("a row was there already: %s", str(error.orig).partition("\n")[0])
        raise Busy("Somebody did the same at this very moment: look at what is there now, then try again.") from error


def _is_taken(error: BaseException | None) -> bool:
    return str(error).startswith(_SQLITE_TAKEN) or getattr(error, "sqlstate", "") == _POSTGRES_TAKEN
