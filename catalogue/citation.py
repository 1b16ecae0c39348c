"""How to cite a dataset: one sentence, the words its licence dictates, and the same facts as fields.

Source: the order follows DataCite's recommended citation (creator, year, title, version, publisher, identifier).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from catalogue.licences import Licence
from catalogue.reasons import day
from catalogue.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A dataset as it is cited."""

    sentence: str
    acknowledgement: str
    """The words the licence asks for, "" when it asks for none."""
    fields: tuple[tuple[str, str], ...]
    """The same facts under their DCAT names, those not stated left out."""


def cite(record: Record, *, accessed: date, licence: Licence | None = None, publisher: str = "") -> Citation:
    """The citation of a dataset as it was looked at on a day; `publisher` corrects the source's own wording."""
    who = publisher or record.publisher
    year = _year(record.modified) or _year(record.issued)
    where = _address(record)
    parts = [
        f"{who or 'Publisher not stated'} ({year or 'no date'})",
        record.title.rstrip("."),
        "[data set]",
        f"Licence: {licence.short}" if licence else "Licence not stated",
        f"{where}, looked at on {day(accessed)}" if where else f"Looked at on {day(accessed)}",
    ]
    sentence = f"{parts[0]}. {parts[1]} {parts[2]}. {'. '.join(parts[3:])}."
    return Citation(
        sentence=sentence,
        acknowledgement=_acknowledgement(record, licence, who),
        fields=tuple((name, value) for name, value in _fields(record, licence, who) if value),
    )


def _acknowledgement(record: Record, licence: Licence | None, publisher: str) -> str:
    if licence is None or not licence.attribution:
        return ""
    if licence.citation:
        year = _year(record.modified) or _year(record.issued)
        words = {"title": record.title, "publisher": publisher, "year": year}
        return re.sub(r"\{(title|publisher|year)\}", lambda found: words[found[1]], licence.citation).strip()
    where = f" ({licence.url})" if licence.url else ""
    return f"“{record.title}” by {publisher or 'its publisher'}, licensed under {licence.title}{where}."


def _fields(record: Record, licence: Licence | None, publisher: str) -> tuple[tuple[str, str], ...]:
    return (
        ("dct:title", record.title),
        ("dct:publisher", publisher),
        ("dct:issued", record.issued),
        ("dct:modified", record.modified),
        ("dct:identifier", record.identifier or record.remote_id),
        ("dcat:landingPage", record.landing_page),
        ("dct:license", (licence.url or licence.title) if licence else ""),
    )


def _address(record: Record) -> str:
    identifier = record.identifier.strip()
    if doi := re.search(r"\b10\.\d{4,9}/[^\s<>\"]+", identifier):
        return f"https://doi.org/{doi.group(0)}"
    if identifier.startswith(("http://", "https://")):
        return identifier
    return record.landing_page.strip()


def _year(stated: str) -> str:
    found = re.match(r"\d{4}", stated.strip())
    return found.group(0) if found else ""
