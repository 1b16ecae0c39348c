"""How to get a dataset: follow a link, or ask, and then whom and how long it takes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from catalogue.records import Record
from catalogue.spectrum import Band
from catalogue.tables import DatasetRow
from governance.people import Organisation

_ASKED_FOR = frozenset({Band.CLOSED, Band.NAMED, Band.GROUP})


class Way(StrEnum):
    """How a dataset is had."""

    LINK = "link"
    ASK = "ask"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Getting:
    """How to get it: follow a link, or ask, and then whom and how long it takes."""

    way: Way
    link: str = ""
    decides: str = ""
    """Who decides on a request, "" when nobody is named."""
    decides_for: str = ""
    """The organisation they decide for."""
    how: str = ""
    """How to ask, in the owner's or the source's words."""
    usual_days: int | None = None
    """Working days a decision usually takes, None when not stated."""
    contact: str = ""
    """E-mail address to ask at, "" when not stated."""


def getting(row: DatasetRow, record: Record, owner: Organisation | None) -> Getting:
    """Public data by its link; everything else by asking whoever decides, as far as that is stated."""
    links = (row.landing_page, *(each.download_url or each.access_url for each in record.distributions))
    link = next((each for each in links if each.startswith(("http://", "https://"))), "")
    days = record.extras.get("usual_days", "")
    usual_days = int(days) if days.isascii() and days.isdigit() else None
    asking = row.access_how or (owner.how_to_ask if owner else "")
    contact = row.contact_email or (owner.contact if owner and "@" in owner.contact else "")
    asked_for = Band(row.band) in _ASKED_FOR
    if link and not asked_for:
        return Getting(way=Way.LINK, link=link, how=row.access_how, contact=contact)
    if asked_for or asking or row.approver:
        return Getting(
            way=Way.ASK,
            link=link,
            decides=row.approver or row.contact_name,
            decides_for=owner.name if owner else row.publisher,
            how=asking,
            usual_days=usual_days,
            contact=contact,
        )
    return Getting(way=Way.UNKNOWN, contact=contact)
