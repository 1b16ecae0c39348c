"""Text that no database can keep, whoever notices it first."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from governance.errors import Invalid
from store import NotText


@contextlib.contextmanager
def only_text() -> Iterator[None]:
    """What is written inside ends in one sentence where a text of it holds a NUL. Raises: Invalid."""
    try:
        yield
    except NotText as error:
        raise Invalid("A text holds a character that no text can hold (NUL): take it out and try again.") from error
