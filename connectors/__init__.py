"""Bring metadata in: one file per kind of source, found by a scan of this folder.

A connector is one decorated generator with no database, no sleeping and no HTTP client of its own:

    @connector("ckan", title="CKAN portal", about="...", version=1)
    def read(source, web, after, known): yield Page(...)

It yields pages as it reads them and states, on the last page, the ending it proved. When a reading cannot go on
it raises a SourceError; what was yielded before stays staged.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from catalogue.records import Known, Page, Probe, SourceAddress
from connectors._web import Web

Reader = Callable[[SourceAddress, Web, str, Known], Iterator[Page]]
Prober = Callable[[SourceAddress, Web, str], Probe]


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """A kind of source."""

    name: str
    title: str
    about: str
    """One sentence for the person who chooses a kind."""
    version: int
    """Raised when the mapping changes, so that unchanged records are mapped anew."""
    read: Reader
    probe: Prober | None = None
    upload: tuple[str, ...] = ()
    """File endings that can be uploaded instead of giving an address."""


_found: dict[str, Connector] = {}


def connector(
    name: str, *, title: str, about: str, version: int = 1, upload: tuple[str, ...] = ()
) -> Callable[[Reader], Reader]:
    """Declare a generator as the reader of a kind of source. Raises ValueError when the name is taken."""

    def declare(read: Reader) -> Reader:
        if name in _found and _found[name].read.__module__ != read.__module__:
            raise ValueError(f"two connectors are called {name!r}: {_found[name].read.__module__}, {read.__module__}")
        _found[name] = Connector(
            name=name,
            title=title,
            about=about,
            version=version,
            read=read,
            upload=upload,
        )
        return read

    return declare


def prober(name: str) -> Callable[[Prober], Prober]:
    """Declare the question a connector asks before a record of its kind may be withdrawn."""

    def declare(probe: Prober) -> Prober:
        _found[name] = replace(_found[name], probe=probe)
        return probe

    return declare


@cache
def registry() -> dict[str, Connector]:
    """Every connector by name, in alphabetical order."""
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            importlib.import_module(f"{__name__}.{module.name}")
    return dict(sorted(_found.items()))
