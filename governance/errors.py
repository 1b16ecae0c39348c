"""Our errors, by what the reader of one should do.

CommonTableError                  show the sentence, keep the page
  + NotPermitted                  say what is needed and whom to ask
  + NotFound                      also raised for what the viewer may not know of
  + Invalid                       a form or a file: say which field and what to change
  + SourceError                   this source's harvest stops, the others go on
    - SourceUnreachable           try again later
    - SourceRefused               ask the source's steward (log-in wall, 403, address not allowed)
    - SourceUnreadable            the source answered something that is not data
  + Busy                          another process or person is doing just this; try again
  + OutOfSpace                    free some space on the server; nothing was written
"""

from __future__ import annotations


class CommonTableError(Exception):
    """One sentence a meeting chair can act on; facts also as attributes of the subclasses."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotPermitted(CommonTableError):
    """The viewer may not do this: the sentence says what is needed and whom to ask."""


class NotFound(CommonTableError):
    """Nothing of that name, or nothing the viewer may know of: both read the same."""


class Invalid(CommonTableError):
    """A value a person gave cannot be taken; `field` names it, "" when it is the whole."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class Busy(CommonTableError):
    """Another process holds what this one needs, or somebody did the same a moment earlier."""


class OutOfSpace(CommonTableError):
    """There was no room to write; what was begun is taken back whole."""

    def __init__(self) -> None:
        super().__init__(
            "There is no space left on the disk: nothing was written and nothing is lost. Free some, then try again."
        )


class SourceError(CommonTableError):
    """A source could not be read; `url` is where, `status` the HTTP status when there was one."""

    def __init__(self, sentence: str, *, url: str = "", status: int | None = None) -> None:
        super().__init__(sentence)
        self.url = url
        self.status = status


class SourceUnreachable(SourceError):
    """No answer, or the source asks to come back later; `retry_after` in seconds when it said so."""

    def __init__(
        self, sentence: str, *, url: str = "", status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(sentence, url=url, status=status)
        self.retry_after = retry_after


class SourceRefused(SourceError):
    """The source, or our own address guard, says no: asking again will not help."""


class SourceUnreadable(SourceError):
    """The source answered something else than what its kind promises."""
