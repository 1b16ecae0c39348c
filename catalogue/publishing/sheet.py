"""The catalogue as one CSV file, a line a dataset."""

from __future__ import annotations

from collections.abc import Iterator

from catalogue.publishing.cells import csv_lines
from catalogue.publishing.entries import Entry, entries
from governance import Visit

HEADER = (
    "id",
    "title",
    "description",
    "publisher",
    "band",
    "why",
    "licence",
    "licence_as_stated",
    "how_to_ask",
    "contact",
    "contact_email",
    "keywords",
    "themes",
    "formats",
    "updates",
    "issued",
    "modified",
    "period_from",
    "period_to",
    "area",
    "landing_page",
    "files",
    "source",
    "page",
)


def csv_file(visit: Visit) -> Iterator[bytes]:
    """Every published dataset, a line a piece."""
    return csv_lines(HEADER, (_cells(entry) for entry in entries(visit)))


def _cells(entry: Entry) -> list[str]:
    record = entry.record
    return [
        entry.id,
        record.title,
        record.description,
        record.publisher,
        entry.band,
        entry.why,
        entry.licence.title if entry.licence else "",
        entry.licence_raw,
        record.access_how,
        record.contact_name,
        record.contact_email,
        "; ".join(record.keywords),
        "; ".join(record.themes),
        "; ".join(entry.formats),
        record.accrual_periodicity,
        record.issued,
        record.modified,
        record.temporal_start,
        record.temporal_end,
        record.spatial,
        record.landing_page,
        " ".join(file.download_url or file.access_url for file in record.distributions),
        entry.source,
        entry.page,
    ]
