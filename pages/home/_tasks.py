"""One thing that waits, and what the catalogue asks: registrations, suggestions, late datasets, licences to decide."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from catalogue import curation, registering, search
from catalogue.facets import Facet
from catalogue.freshness import State
from catalogue.search import Query
from governance import Action, Visit, may
from pages.shell import widgets as w

MOST = 3
"""Things of one sort that are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing that waits, with the one button that leads to it."""

    symbol: str
    words: w.Markup
    detail: str
    action: str
    address: str


def asked_by_the_catalogue(visit: Visit, *, unclear: int) -> list[Task]:
    """The most pressing first; `unclear` datasets stand at "licence unclear"."""
    return [*_registrations(visit), *_suggested(visit), *_late(visit), *_licences(visit, unclear)]


def _registrations(visit: Visit) -> Iterator[Task]:
    for each in registering.waiting(visit):
        title = w.strong(each.answers.title or "A dataset without a name yet")
        asked = each.state == registering.CHANGES_ASKED
        words = "Changes are asked for in {}" if asked else "{} asks to be registered"
        yield Task(
            symbol="edit_note" if asked else "playlist_add_check",
            words=w.Markup(words).format(title),
            detail=each.note if asked else f"By {each.by}, {w.day(each.changed_at)}.",
            action="Change" if asked else "Decide",
            address=w.href("register" if asked else "registration", id=each.id),
        )


def _suggested(visit: Visit) -> Iterator[Task]:
    if not may(visit, Action.DATASET_CORRECTED):
        return
    waiting = curation.suggestions(visit)
    if waiting:
        first = waiting[0]
        more = f" and {len(waiting) - 1:,} more" if len(waiting) > 1 else ""
        yield Task(
            symbol="edit",
            words=w.Markup("A correction is suggested for {}{}").format(w.strong(first.title), more),
            detail=f"{first.by}: {first.reason}",
            action="Answer",
            address=w.href("suggestions"),
        )


def _late(visit: Visit) -> Iterator[Task]:
    name = visit.viewer.organisation
    if not name:
        return
    filters = {Facet.ORGANISATION.value: (name,), Facet.FRESHNESS.value: (State.LATE.value,)}
    late = search.find(visit, Query(filters=filters, size=MOST))
    for hit in late.hits:
        yield Task(
            symbol="schedule",
            words=w.Markup("{}: {}").format(w.strong(hit.title), hit.freshness.words.lower()),
            detail=hit.freshness.detail,
            action="Look",
            address=w.href("dataset", id=hit.id),
        )
    if late.total > len(late.hits):
        yield Task(
            symbol="schedule",
            words=w.Markup("{} of {}").format(w.strong(w.count(late.total - MOST, "more late dataset")), name),
            detail="Later than their own rhythm promises.",
            action="See all",
            address=w.href("catalogue", **filters),
        )


def _licences(visit: Visit, unclear: int) -> Iterator[Task]:
    if unclear and may(visit, Action.SOURCE_DECIDED):
        yield Task(
            symbol="contract",
            words=w.Markup("{} at “Licence unclear”").format(w.strong(w.count(unclear, "dataset"))),
            detail="Published, but no licence we can rely on. One decision settles a whole source.",
            action="Decide",
            address=w.href("licences"),
        )
