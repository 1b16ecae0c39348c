"""The latest changes of published datasets as an Atom feed. Source: RFC 4287."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from xml.etree import ElementTree

from sqlalchemy import select

from catalogue.publishing.entries import changed_last, home_address, page_address
from catalogue.publishing.words import xml_text
from catalogue.spectrum import Band
from catalogue.tables import DatasetRow, HistoryRow
from governance import Visit
from store.settings import settings

NEWEST = 100
_ATOM = "http://www.w3.org/2005/Atom"
_TOLD = {
    "added": "Added to the catalogue.",
    "approved": "Added to the catalogue.",
    "changed": "Its description changed.",
    "corrected": "A curator corrected its description.",
    "placed": "Its place on the spectrum was looked at.",
    "restored": "Seen again at its source.",
}
"""What the feed says: never the values from before, which may be from a time when fewer people could know of it."""


def atom(visit: Visit) -> bytes:
    """The newest hundred changes; what is hidden, missing or withdrawn leaves no trace in it."""
    ElementTree.register_namespace("", _ATOM)
    feed = ElementTree.Element(f"{{{_ATOM}}}feed")
    _add(feed, "id", home_address() + "/feed.xml" if home_address() else "urn:commontable:feed")
    _add(feed, "title", f"{settings().title}: changes to the catalogue")
    _add(feed, "updated", _moment(changed_last(visit)))
    _add(_add(feed, "author"), "name", settings().title)
    if home_address():
        _add(feed, "link", rel="alternate", href=home_address())
        _add(feed, "link", rel="self", href=home_address() + "/feed.xml")
    for event, row in _latest(visit):
        _add_entry(feed, event, row)
    written: bytes = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _latest(visit: Visit) -> list[tuple[HistoryRow, DatasetRow]]:
    wanted = (
        select(HistoryRow, DatasetRow)
        .join(DatasetRow, DatasetRow.number == HistoryRow.number)
        .where(DatasetRow.state == "live", DatasetRow.listing == "everyone", HistoryRow.kind.in_(tuple(_TOLD)))
        .order_by(HistoryRow.at.desc(), DatasetRow.id, HistoryRow.kind)
        .limit(NEWEST)
    )
    return [(event, row) for event, row in visit.read().execute(wanted)]


def _add_entry(feed: ElementTree.Element, event: HistoryRow, row: DatasetRow) -> None:
    item = _add(feed, "entry")
    # The event's own number would tell how much happened to datasets that are not published.
    key = f"{row.id} {event.kind} {event.at.isoformat()}"
    _add(item, "id", f"urn:commontable:change:{hashlib.sha256(key.encode()).hexdigest()[:32]}")
    _add(item, "title", row.title or "Untitled dataset")
    _add(item, "updated", _moment(event.at))
    _add(item, "summary", f"{_TOLD[event.kind]} It stands at {Band(row.band).label.lower()}.")
    _add(_add(item, "author"), "name", row.publisher or settings().title)
    _add(item, "category", term=row.band)
    if address := page_address(row.id):
        _add(item, "link", rel="alternate", href=address)


def _add(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    found = ElementTree.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    found.text = xml_text(text) or None
    return found


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
