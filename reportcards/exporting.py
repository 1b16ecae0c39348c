"""Take a card away as a file: what the viewer may download, drawn in a job, kept by its content.

The card is put together anew for every request, so the file that is found by its fingerprint is one the viewer may
have: another viewer's card, or the same one after a hold, has another fingerprint. It is put together once more before
the file is handed over, for drawing it takes a while.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from governance import Action, Busy, Invalid, NotPermitted, Visit, require
from governance.access import Use
from reportcards import composing, drawing, exports
from reportcards.report import ReportCard
from store import settings


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

    Raises: Invalid for an unknown format; NotFound; NotPermitted when nothing of the card may be downloaded; Busy
    when the card changed while its file was drawn.
    """
    chosen = exports.formats().get(format)
    if chosen is None:
        raise Invalid(f"“{format}” is not a format: say one of {', '.join(exports.formats())}.")
    began = time.monotonic()
    card = _card(visit, name, pinned)
    key = exports.fingerprint(card, format)
    grant = require(visit, Action.CARD_EXPORTED, name, format=format, file=key[:16])
    with visit.change(grant) as session:
        grant.witness(session)
    visit.refresh()
    data = drawing.drawn(card, chosen.name, key=key, suffix=chosen.suffix)
    visit.refresh()
    later = replace(visit, now=visit.now + timedelta(seconds=time.monotonic() - began))
    if exports.fingerprint(_card(later, name, pinned), format) != key:
        raise Busy("The card has changed while its file was made: ask for it again.")
    return Export(file_name=chosen.file_name(card), media_type=chosen.media_type, data=data)


def _card(visit: Visit, name: str, pinned: Mapping[str, str] | None) -> ReportCard:
    """The card as of the day, with what may be downloaded. Raises NotFound, NotPermitted."""
    card = composing.whole_card(visit, name, pinned=pinned, use=Use.DOWNLOAD)
    if card.items and all(each.held for each in card.items):
        raise NotPermitted("Nothing on this card may be taken away by you: ask the owners of the data.")
    day = card.as_of.astimezone(settings().zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return replace(card, as_of=day)
