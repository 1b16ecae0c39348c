"""What waits for a person: one list, made here of what every room offers, for Home and for the mails alike.

A room offers its kinds of notice in a module of its own that is called `notices` (of this room: `own`):

    @offered
    def asked(visit: Visit) -> Iterator[Notice]: ...

Its module is brought in with the background work (`entrypoints.background`). It sees with the visit's own eyes, so that
nothing is counted that the person may not know of.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from governance.notices.values import COUNTED, Kind, Notice, day
from governance.visit import Visit

__all__ = ["COUNTED", "Kind", "Notice", "counted", "day", "offered", "waiting"]

Offer = Callable[[Visit], Iterable[Notice]]
_ORDER = {kind: place for place, kind in enumerate(Kind)}
_offers: dict[str, Offer] = {}


def offered(offer: Offer) -> Offer:
    """Register a function that says what of one room waits for a visit."""
    _offers[f"{offer.__module__}.{offer.__qualname__}"] = offer
    return offer


def waiting(visit: Visit) -> tuple[Notice, ...]:
    """Everything that waits for the viewer: the most pressing kind first, within it what is due first."""
    found = [notice for name in sorted(_offers) for notice in _offers[name](visit)]
    return tuple(sorted(found, key=lambda each: (_ORDER[each.kind], each.due or date.max)))


def counted(notices: Iterable[Notice]) -> Mapping[Kind, int]:
    """How many things of which kind wait, in the order of the kinds; a kind of which none waits is left out."""
    numbers: Counter[Kind] = Counter()
    for each in notices:
        numbers[each.kind] += each.number
    return {kind: numbers[kind] for kind in Kind if numbers[kind]}
