"""`commontable serve` with a clock that a test sets: `python -m tests.browser.served_with_clock FILE serve --port N`.

FILE holds the seconds by which this server's clock is ahead; it is read at every look, so a test moves the time of a
running server. The product itself has no such door: its one clock is replaced here, before it starts.
"""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from unittest.mock import patch

from entrypoints import cli
from governance import visit


def set_clock(file: Path, to: datetime) -> None:
    """Let the server whose clock this file moves believe that it is this moment, from now on."""
    beside = file.with_suffix(".new")
    beside.write_text(str((to - datetime.now(UTC)).total_seconds()), "ascii")
    beside.replace(file)


def _ahead(file: Path) -> type[datetime]:
    """What `governance.visit.clock` asks instead of the machine."""

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(seconds=float(file.read_text("ascii")))

    return Ahead


def _stay(_program: str, command: Sequence[str]) -> None:
    """What `serve` would turn this process into, run inside it: a new program would have its own clock again."""
    at = command.index("-m") + 1
    sys.argv = list(command[at:])
    runpy.run_module(command[at], run_name="__main__", alter_sys=True)


def main(file: Path, arguments: Sequence[str]) -> None:
    """Run one command of the product under the clock of the file."""
    sys.argv = ["commontable", *arguments]
    with patch.object(visit, "datetime", _ahead(file)), patch.object(os, "execv", _stay):
        cli.main()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
