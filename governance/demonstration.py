"""The made-up collaboration: who can be signed in as, while the data folder holds the demo."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from store.settings import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Somebody made up, one a role."""

    username: str
    display: str
    says: str
    """What they come to do, in a few words."""
    password: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """What the demo says of itself."""

    title: str
    vision: str
    people: tuple[DemoPerson, ...]


def _file() -> Path:
    return settings().home / "demo.json"


def demo() -> Demo | None:
    """The demo of this data folder; None when its data are real."""
    if not _file().is_file():
        return None
    told = json.loads(_file().read_text(encoding="utf-8"))
    return Demo(title=told["title"], vision=told["vision"], people=tuple(DemoPerson(**each) for each in told["people"]))


def demo_people() -> Sequence[DemoPerson]:
    """Whom a visitor of the demo can sign in as; () when the data are real."""
    found = demo()
    return found.people if found else ()


def mark(made_up: Demo) -> None:
    """Mark the data folder as holding this demo, plainly and for good."""
    _file().write_text(json.dumps(asdict(made_up), ensure_ascii=False, indent=1), encoding="utf-8")
