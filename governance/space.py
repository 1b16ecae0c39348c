"""A full disk, whoever notices it first: the system when a file is written, or the database."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError

from governance.errors import OutOfSpace

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_SQLITE_FULL, _POSTGRES_FULL = "database or disk is full", "53100"
"""SQLite's own words for SQLITE_FULL; the SQLSTATE disk_full."""


@contextlib.contextmanager
def enough_space() -> Iterator[None]:
    """What is written inside, to a file or to the database, ends in one sentence when there is no room for it.

    Raises: OutOfSpace.
    """
    try:
        yield
    except (OSError, DBAPIError, ValueError) as error:
        if _is_full(error):
            raise OutOfSpace from error
        raise


def _is_full(error: BaseException | None) -> bool:
    """Whether it is that, or happened while that was dealt with: closing what could not be written fails too."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        if isinstance(error, DBAPIError) and _says_full(error.orig):
            return True
        error = error.__cause__ or error.__context__
    return False


def _says_full(error: BaseException | None) -> bool:
    return _SQLITE_FULL in str(error) or getattr(error, "sqlstate", "") == _POSTGRES_FULL
