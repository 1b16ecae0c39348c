"""Take a card away as a file: what the viewer may download, drawn in a job, kept by its content.

The card is put together anew for every request, so the file that is found by its fingerprint is one the viewer may
have: another viewer's card, or the same one after a hold, has another fingerprint.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from governance import Action, Invalid, NotPermitted, Visit, require
from governance.access import Use
from reportcards import composing, exports
from reportcards.exports._typefaces import keep_in
from reportcards.report import ReportCard
from store import jobs, settings

WORKFLOW = "export"
PATIENCE = 180.0
"""Seconds that somebody waits for a file at most."""
KEPT_DAYS = 7
_CARD = msgspec.json.Decoder(ReportCard)


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file to be saved."""

    file_name: str
    media_type: str
    data: bytes


def formats() -> tuple[exports.Format, ...]:
    """Every kind of file a card can become, by name."""
    return tuple(exports.formats().values())


def export(visit: Visit, name: str, format: str, *, pinned: Mapping[str, str] | None = None) -> Export:
    """The card as a file, with what this viewer may download; what is not for them says so in it.

    Raises: Invalid for an unknown format; NotFound; NotPermitted when nothing of the card may be downloaded.
    """
    chosen = exports.formats().get(format)
    if chosen is None:
        raise Invalid(f"“{format}” is not a format: say one of {', '.join(exports.formats())}.")
    card = composing.whole_card(visit, name, pinned=pinned, use=Use.DOWNLOAD)
    if card.items and all(each.held for each in card.items):
        raise NotPermitted("Nothing on this card may be taken away by you: ask the owners of the data.")
    day = card.as_of.astimezone(settings().zone).replace(hour=0, minute=0, second=0, microsecond=0)
    card = replace(card, as_of=day)
    key = exports.fingerprint(card, format)
    grant = require(visit, Action.CARD_EXPORTED, name, format=format, file=key[:16])
    with visit.change(grant) as session:
        grant.witness(session)
    visit.refresh()
    return Export(file_name=chosen.file_name(card), media_type=chosen.media_type, data=_drawn(card, chosen, key=key))


def _folder() -> Path:
    return settings().home / "exports"


def _drawn(card: ReportCard, chosen: exports.Format, *, key: str) -> bytes:
    done = _folder() / f"{key}{chosen.suffix}"
    if not done.is_file():
        _folder().mkdir(parents=True, exist_ok=True)
        _put(_folder() / f"{key}.card", msgspec.json.encode(card))
        try:
            jobs.start(WORKFLOW, f"{WORKFLOW}-{key}", key, chosen.name)
            jobs.wait(f"{WORKFLOW}-{key}", PATIENCE)
        except RuntimeError:
            draw(key, chosen.name)
    return done.read_bytes()


def _put(target: Path, data: bytes) -> None:
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.write_bytes(data)
    unfinished.replace(target)


@jobs.workflow(WORKFLOW)
def draw(key: str, format: str) -> dict[str, Any]:
    """Draw the card that was laid down under this key; killed, it is drawn again."""
    return jobs.step(_draw, key, format, name="draw")


def _draw(key: str, format: str) -> dict[str, Any]:
    keep_in(settings().home / "typefaces")
    laid, chosen = _folder() / f"{key}.card", exports.formats()[format]
    _put(_folder() / f"{key}{chosen.suffix}", chosen.write(_CARD.decode(laid.read_bytes())))
    laid.unlink(missing_ok=True)
    return {"drawn": key}


@jobs.on_tick
def _forget() -> None:
    """Files are only kept to be given out again soon."""
    until = time.time() - KEPT_DAYS * 86_400
    for each in _folder().glob("*"):
        with contextlib.suppress(OSError):
            if each.stat().st_mtime < until:
                each.unlink()
