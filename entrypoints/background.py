"""Background work and notices: every module of the rooms that has some, brought in before the jobs are launched."""

from __future__ import annotations

import importlib

MODULES = (
    "catalogue.notices",
    "connectors._harvest",
    "entrypoints.delivering",
    "governance.concerns.telling",
    "governance.notices.own",
    "reportcards.drawing",
    "reportcards.imports",
    "reportcards.notices",
    "reportcards.revisions",
    "sharing.notices",
)
"""Each registers its workflows, readers, daily turns or notices when it is imported."""


def load() -> None:
    """Bring them in: a process that has not done so would be handed work that it does not know."""
    for name in MODULES:
        importlib.import_module(name)
