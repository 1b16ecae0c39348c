"""The ways by which data travel, and how sensitive data each may carry: read from `channels.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LEVELS = ("none", "aggregate", "de-identified", "identifiable")
"""How closely data tell of persons, least first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One way."""

    id: str
    name: str
    carries: str
    """The most sensitive level of LEVELS that it may carry."""
    only_open: bool = False

    def takes(self, level: str, *, is_open: bool) -> bool:
        """Whether data of this level may travel so; a level that is not known counts as the most sensitive."""
        return (is_open or not self.only_open) and sensitivity(level) <= sensitivity(self.carries)


def sensitivity(level: str) -> int:
    """0 for none to 3 for identifiable; what is not one of LEVELS counts as identifiable."""
    return LEVELS.index(level) if level in LEVELS else len(LEVELS) - 1


@cache
def channels() -> Mapping[str, Channel]:
    """All of them by id, best first."""
    told = tomllib.loads(Path(__file__).with_name("channels.toml").read_text(encoding="utf-8"))
    return {each["id"]: Channel(**each) for each in told["channel"]}


def fitting(level: str, *, is_open: bool) -> Channel:
    """The best one that may carry data of this level."""
    return next(each for each in channels().values() if each.takes(level, is_open=is_open))
