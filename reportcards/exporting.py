"""Take a card away as a file: what the viewer may download, drawn in a job, kept by its content.

The card is put together anew for every request, so the file that is found by its fingerprint is one the viewer may
have: another viewer's card, or the same one after a hold, has another fingerprint.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from governance import Action, Invalid, NotPermitted, Visit, require
from governance.access import Use
from reportcards import composing, drawing, exports
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
    data = drawing.drawn(card, chosen.name, key=key, suffix=chosen.suffix)
    return Export(file_name=chosen.file_name(card), media_type=chosen.media_type, data=data)
