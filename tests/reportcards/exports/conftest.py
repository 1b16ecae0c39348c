"""The files of the example cards, written once for all tests of the session."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from reportcards.exports import formats
from tests.reportcards import examples


@pytest.fixture(scope="session")
def files() -> Mapping[str, bytes]:
    """The card of eight in every format."""
    card = examples.eight()
    return {name: one.write(card) for name, one in formats().items()}


@pytest.fixture(scope="session")
def hostile_files() -> Mapping[str, bytes]:
    """The card of hostile texts in every format."""
    card = examples.hostile()
    return {name: one.write(card) for name, one in formats().items()}
