"""The catalogue for others: DCAT, DCAT-US, a CKAN-shaped API, Atom and CSV of what is listed to everyone and live."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from catalogue.publishing.atom import atom
from catalogue.publishing.ckan import Answer, answer
from catalogue.publishing.dcat import jsonld
from catalogue.publishing.dcat_us import data_json
from catalogue.publishing.sheet import csv_file
from governance import Action, Visit, require

__all__ = ["FILES", "Answer", "answer", "atom", "csv_file", "data_json", "jsonld", "publish"]

FILES: Mapping[str, Callable[[Visit], Iterable[bytes]]] = MappingProxyType(
    {
        "catalogue.jsonld": jsonld,
        "data.json": data_json,
        "feed.xml": lambda visit: (atom(visit),),
        "catalogue.csv": csv_file,
    }
)
"""File name -> what writes it, in pieces."""

MEDIA_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "catalogue.jsonld": "application/ld+json",
        "data.json": "application/json",
        "feed.xml": "application/atom+xml",
        "catalogue.csv": "text/csv; charset=utf-8",
    }
)
"""File name -> how a web server should call it."""


def publish(visit: Visit, folder: Path) -> tuple[Path, ...]:
    """Write every file into the folder; each appears whole or not at all, so that a web server may serve it."""
    grant = require(visit, Action.PUBLISHED, "catalogue")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, pieces in FILES.items():
        path, unfinished = folder / name, folder / f".{name}.unfinished"
        with unfinished.open("wb") as file:
            file.writelines(pieces(visit))
        unfinished.replace(path)
        written.append(path)
    with visit.change(grant) as session:
        grant.witness(session)
    return tuple(written)
