"""CKAN portals: the datasets that package_search lists, or a saved answer of one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from catalogue.records import Known, Page, Probe, ProbeAnswer, SourceAddress
from connectors import connector, prober
from connectors._ckan_files import from_file
from connectors._ckan_map import VERSION
from connectors._ckan_names import by_name, names
from connectors._ckan_pages import Batch, Pages, Place, place
from connectors._ckan_portal import Door, Portal, PortalSaysNo, find
from connectors._ckan_tally import Tally
from connectors._web import Web
from governance.errors import SourceError, SourceRefused, SourceUnreachable, SourceUnreadable


@connector(
    "ckan",
    title="CKAN portal",
    about="A data portal that runs CKAN, such as data.gov.uk or a city's own; also a saved answer of one.",
    version=VERSION,
    upload=(".json", ".json.gz"),
)
def read(source: SourceAddress, web: Web, after: str, known: Known) -> Iterator[Page]:  # noqa: PLR0917  the Reader contract
    """Every dataset of a portal; with a token, the private ones of its organisations too, drafts never."""
    if "://" not in source.location:
        yield from from_file(web.document(source.location), Path(source.location).name, known)
        return
    portal = _portal(source, web)
    start = place(after)
    pages = Pages(portal, private=bool(source.token), keyset=source.memory.get("paging") == "id")
    batches = pages.read(start)
    try:
        batch, batches = _first(pages, batches, start)
    except (PortalSaysNo, SourceUnreachable) as error:
        if start.read or not (isinstance(error, PortalSaysNo) or error.status in (500, 502, 503)):
            raise
        yield from _by_name(portal, known, error)
        return
    tally = Tally(known, site=portal.door.base, before=start.read)
    yield from _turned(batch, batches, tally, memory=_Memory(portal, pages))


@prober("ckan")
def probe(source: SourceAddress, web: Web, identity: str) -> Probe:
    """Ask a portal for one dataset; a deleted one answers 403 to the public, as a private one does."""
    from ckanapi.errors import CKANAPIError, NotAuthorized, NotFound

    if "://" not in source.location:
        return Probe(answer=ProbeAnswer.UNKNOWN, sentence="The source is a file: there is nobody to ask.")
    try:
        found = _portal(source, web).action("package_show", id=identity)
    except NotFound:
        return Probe(answer=ProbeAnswer.GONE, sentence="The portal answers 404: the dataset does not exist.")
    except NotAuthorized:
        said = "The portal answers 403: the dataset was made private or deleted."
        return Probe(answer=ProbeAnswer.PRIVATE, sentence=said)
    except SourceError as error:
        return Probe(answer=ProbeAnswer.UNKNOWN, sentence=f"The portal gave no clear answer. {error.sentence}")
    except (CKANAPIError, KeyError, RecursionError):
        said = "The portal gave no clear answer: what it sent is not what CKAN sends."
        return Probe(answer=ProbeAnswer.UNKNOWN, sentence=said)
    return _present(found)


def _present(found: Any) -> Probe:
    if not isinstance(found, dict) or not found.get("id"):
        said = "The portal answers 200, but not with a dataset."
        return Probe(answer=ProbeAnswer.UNKNOWN, sentence=said)
    state = str(found.get("state") or "active").lower()
    if state == "deleted":
        return Probe(answer=ProbeAnswer.GONE, sentence="The portal answers 200: the dataset is marked as deleted.")
    if state != "active":
        said = f"The portal answers 200: the dataset is marked as {state[:20]}."
        return Probe(answer=ProbeAnswer.PRIVATE, sentence=said)
    return Probe(
        answer=ProbeAnswer.PRESENT,
        sentence="The portal answers 200: the dataset is there, its list left it out.",
    )


class _Memory:
    """What the next reading wants to know: where the API is, and how the portal is best read."""

    def __init__(self, portal: Portal, pages: Pages) -> None:
        self._door, self._pages = portal.door, pages

    def told(self, *, moved: bool) -> MappingProxyType[str, str]:
        paging = "id" if moved or self._pages.by == "id" else "offset"
        door = self._door
        return MappingProxyType({"base": door.base, "path": door.path, "method": door.method, "paging": paging})


def _portal(source: SourceAddress, web: Web) -> Portal:
    """The portal where it was found last time; else by looking for it."""
    memory = source.memory
    base = memory.get("base", "")
    if base and urlsplit(base).hostname == urlsplit(source.location).hostname:
        door = Door(base=base, path=memory.get("path", ""), method=memory.get("method", "GET"))
        portal = Portal(web, door, source.token)
        try:
            portal.result("package_search", {"rows": 0})
        except (SourceUnreadable, SourceRefused):
            pass
        else:
            return portal
    return find(web, source.location, source.token)


def _first(pages: Pages, batches: Iterator[Batch], start: Place) -> tuple[Batch, Iterator[Batch]]:
    """The first page: it must hold datasets when the portal says that it has some."""
    try:
        batch = next(batches)
    except PortalSaysNo as error:
        if error.status not in (400, 409) or start.read:
            raise
        # Some portals refuse every order but their own.
        pages.unsorted()
        batches = pages.read(start)
        batch = next(batches)
    count = batch.fetched.count
    if not batch.fetched.packages and not batch.too_large and not start.read and count != 0:
        said = (
            "an empty list without a count"
            if count is None
            else f"{count:,} datasets in its count and none in its list"
        )
        raise SourceUnreadable(f"The portal contradicts itself: it gives {said}.")
    return batch, batches


def _turned(batch: Batch, batches: Iterator[Batch], tally: Tally, *, memory: _Memory) -> Iterator[Page]:
    while True:
        page = batch.fetched
        items = (tally.too_large(batch.behind.at),) if batch.too_large else tally.items(page.packages, page.keys)
        ending = tally.ending(batch, len(items))
        if ending is not None:
            ending = replace(ending, memory=memory.told(moved=tally.moved))
        yield Page(items=items, cursor=batch.behind.cursor(), total=tally.last_count(), ending=ending)
        if ending is not None:
            return
        try:
            batch = next(batches)
        except SourceError as error:
            cut = replace(tally.cut(error.sentence), memory=memory.told(moved=False))
            yield Page(items=(), cursor=batch.behind.cursor(), total=tally.last_count(), ending=cut)
            return


def _by_name(portal: Portal, known: Known, broken: SourceError) -> Iterator[Page]:
    """Fall back to the list of names; without one, the search's own error is the one to tell."""
    try:
        wanted = names(portal)
    except SourceError:
        raise broken from None
    yield from by_name(portal, wanted, known)
