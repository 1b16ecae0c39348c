"""The datasets that can stand in a schedule: what the giving parties own, as far as the viewer may know of it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalogue import search
from catalogue.datasets import dataset, organisation_page
from catalogue.facets import Facet
from catalogue.owned import owned
from catalogue.search import Query
from governance import NotFound, Visit
from governance.access import Band
from governance.agreements.checks import Subject
from governance.agreements.document import Document, ScheduleLine

_MOST = 500
_FOUND = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A dataset that may be given."""

    id: str
    title: str
    owner: str
    """Id of the organisation that owns it."""
    organisation: str
    """Its name."""
    band: str

    @property
    def words(self) -> str:
        """As it stands in a list to choose from."""
        return f"{self.title} · {self.organisation}" if self.organisation else self.title


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """The datasets that may be given, by id."""

    choices: Mapping[str, Choice]
    has_more: bool
    """Whether an organisation owns more than fit into a list: the others are found by a word of their title."""


def offered(visit: Visit, givers: Iterable[str], *, schedule: Iterable[ScheduleLine] = (), typed: str = "") -> Offer:
    """Each giver's own by title, what `typed` finds of the rest, and what stands in the schedule already."""
    found: dict[str, Choice] = {}
    has_more = False
    for giver in dict.fromkeys(givers):
        held = organisation_page(visit, giver, limit=_MOST)
        has_more = has_more or held.total > _MOST
        ids = [line.id for line in held.datasets]
        if typed.strip() and held.total > _MOST:
            asked = {Facet.ORGANISATION.value: (held.name,)}
            ids += [hit.id for hit in search.find(visit, Query(text=typed, filters=asked, size=_FOUND)).hits]
        for each in owned(visit, ids):
            if each.organisation_id == giver:
                band = each.band.value
                found[each.id] = Choice(id=each.id, title=each.title, owner=giver, organisation=held.name, band=band)
    for line in schedule:
        if line.dataset and line.dataset not in found:
            kept = Choice(id=line.dataset, title=line.title, owner=line.owner, organisation="", band="unknown")
            found[line.dataset] = kept
    return Offer(choices=found, has_more=has_more)


def subjects(visit: Visit, document: Document) -> dict[str, Subject]:
    """What the checks need of the schedule's datasets; one that the viewer may not know of is left out."""
    found: dict[str, Subject] = {}
    for line in document.schedule:
        with contextlib.suppress(NotFound):
            each = dataset(visit, line.dataset)
            found[each.id] = Subject(
                id=each.id,
                title=each.title,
                owner=each.organisation_id,
                band=Band(each.band.value),
                person_level=each.person_level,
            )
    return found
