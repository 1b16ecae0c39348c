"""Draw a card that was laid down as a file: the durable job behind every export. Light, so that any worker has it."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path
from typing import Any

import msgspec

from governance import enough_space
from reportcards.report import ReportCard
from store import jobs, settings

WORKFLOW = "export"
PATIENCE = 180.0
"""Seconds that somebody waits for a file at most."""
KEPT_DAYS = 7


def folder() -> Path:
    """Where the files lie until they are forgotten."""
    return settings().home / "exports"


def drawn(card: ReportCard, format: str, *, key: str, suffix: str) -> bytes:
    """The file of this key, drawn by whichever process works when it is not there yet."""
    done = folder() / f"{key}{suffix}"
    if not done.is_file():
        folder().mkdir(parents=True, exist_ok=True)
        _put(folder() / f"{key}.card", msgspec.json.encode(card))
        try:
            jobs.start(WORKFLOW, f"{WORKFLOW}-{key}", key, format)
            jobs.wait(f"{WORKFLOW}-{key}", PATIENCE)
        except RuntimeError:
            draw(key, format)
    if not done.is_file():
        draw(key, format)
    return done.read_bytes()


def _put(target: Path, data: bytes) -> None:
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        with enough_space():
            unfinished.write_bytes(data)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


@jobs.workflow(WORKFLOW)
def draw(key: str, format: str) -> dict[str, Any]:
    """Draw the card that was laid down under this key; killed, it is drawn again."""
    return jobs.step(_draw, key, format, name="draw")


def _draw(key: str, format: str) -> dict[str, Any]:
    from reportcards import exports

    laid, chosen = folder() / f"{key}.card", exports.formats()[format]
    done = folder() / f"{key}{chosen.suffix}"
    if not done.is_file():
        _put(done, chosen.write(msgspec.json.decode(laid.read_bytes(), type=ReportCard)))
        laid.unlink(missing_ok=True)
    return {"drawn": key}


@jobs.on_day
def _forget() -> None:
    """Files are only kept to be given out again soon."""
    until = time.time() - KEPT_DAYS * 86_400
    for each in folder().glob("*"):
        with contextlib.suppress(OSError):
            if each.stat().st_mtime < until:
                each.unlink()
