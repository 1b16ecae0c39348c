"""What other rooms count for the candidates: indicators made with a dataset, meetings that have it on the agenda."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from governance import Visit
from meetings import reading as meetings
from meetings.reading import ItemKind, State
from reportcards import indicators
from sharing.candidates import Demand


def demand(visit: Visit) -> Demand:
    """Of everything the viewer may know of."""
    return Demand(needed=_needed(visit), waiting=_waiting(visit))


def _needed(visit: Visit) -> Mapping[str, int]:
    """Also what a rate is divided by is needed for it."""
    every = indicators.several(visit, [each.id for each in indicators.indicators(visit)]).values()
    return Counter(needed for each in every for needed in {each.dataset_id, *each.denominators} - {""})


def _waiting(visit: Visit) -> frozenset[str]:
    planned = [each for each in meetings.meetings(visit) if each.state is State.PLANNED and each.ends_at >= visit.now]
    items = [item for each in planned for item in meetings.meeting(visit, each.name).agenda]
    return frozenset(item.about_id for item in items if item.kind is ItemKind.DATASET and item.about_id)
