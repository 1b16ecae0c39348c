"""What the shell knows of the collaboration it serves; `app.py` tells it at the start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo

PRODUCT = "Common Table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The collaboration's own words on the first screen."""

    title: str = PRODUCT
    """The collaboration's name."""
    vision: str = ""
    """Its vision in one line; "" when not agreed yet."""
    zone: tzinfo = UTC
    """Its time zone: moments are shown in it."""
    contact: str = ""
    """Whom to ask for an account or a forgotten password; "" names the administrator."""


_here = Place()


def introduce(place: Place) -> None:
    """Say whose product this is; until then it is nobody's in particular."""
    global _here
    _here = place


def here() -> Place:
    """The collaboration this process serves."""
    return _here
