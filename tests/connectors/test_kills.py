"""A harvest that is killed with -9 at any moment loses nothing, doubles nothing and finishes by itself."""

from __future__ import annotations

from pathlib import Path

from tests.kills import kill


def test_kills_at_random_moments_lose_double_and_tear_nothing(home: Path) -> None:
    figures = kill(20, during=("reading", "weighing"), count=200)
    assert figures.kills >= 20
    assert figures.at["reading"] and figures.at["weighing"]
