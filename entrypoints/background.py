"""Background work: every module of the rooms that does some, brought in before the jobs are launched."""

from __future__ import annotations

import importlib

MODULES = (
    "connectors._harvest",
    "governance.concerns.telling",
    "reportcards.drawing",
    "reportcards.revisions",
)
"""Each registers its workflows, readers or daily turns when it is imported."""


def load() -> None:
    """Bring them in: a process that has not done so would be handed work that it does not know."""
    for name in MODULES:
        importlib.import_module(name)
