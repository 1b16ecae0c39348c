"""Try a source before it is added: its first page, read and placed, and nothing kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from catalogue import sources
from catalogue.records import Record, Rejection, SourceAddress
from catalogue.sources import NewSource
from catalogue.spectrum import Band, place
from connectors import registry
from connectors._web import Web
from governance import SourceUnreadable, Visit

SAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One record as the catalogue would show it."""

    title: str
    publisher: str
    band: Band


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What the first page of a source holds."""

    total: int | None
    """How many records the source says it has, None when it does not say."""
    records: int
    """Records on the first page that can be taken."""
    samples: tuple[Sample, ...]
    rejections: tuple[Rejection, ...]
    """Records on the first page that cannot."""
    requests: int


def try_reading(visit: Visit, new: NewSource, *, of: str = "") -> Trial:
    """Read the first page of a source without storing anything; `of` is the source it would change.

    Raises: NotPermitted; Invalid; SourceError, each with the sentence to show.
    """
    with opened(visit, new, of=of) as (address, web):
        pages = registry()[address.kind].read(address, web, "", lambda _identity, _fingerprint: False)
        page = next(iter(pages), None)
        if page is None:
            raise SourceUnreadable("The source gave nothing to read.", url=sources.shown(new.location))
        records = [item for item in page.items if isinstance(item, Record)]
        samples = [Sample(title=one.title, publisher=one.publisher, band=place(one).band) for one in records[:SAMPLES]]
        return Trial(
            total=page.total,
            records=len(records),
            samples=tuple(samples),
            rejections=tuple(item for item in page.items if isinstance(item, Rejection)),
            requests=web.requests,
        )


@contextmanager
def opened(visit: Visit, new: NewSource, *, of: str = "") -> Iterator[tuple[SourceAddress, Web]]:
    """A source's address and a client for it, before it is added. Raises NotPermitted, NotFound, Invalid."""
    address = sources.address_to_try(visit, new, kinds=tuple(registry()), of=of)
    web = Web(allow=address.allow, token=address.token)
    try:
        yield address, web
    finally:
        web.close()
