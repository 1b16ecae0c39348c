"""How ready an owner is to share a dataset: its own people's to know, said by its stewards.

Nobody is to be pushed by a list. So others learn of it in one case only: when the owner is ready or happy to, and
chose to tell them. What others see of a dataset is worked out without it otherwise (see `sharing.candidates`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from catalogue.unopened import unopened_one
from governance import Action, Invalid, Visit, require
from sharing.ranking import Comfort
from sharing.tables import ReadinessRow

_FINE = (Comfort.READY, Comfort.HAPPY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What the reader may know of it."""

    organisation_id: str
    """The owner for which it was said."""
    comfort: Comfort
    """For other organisations "ready" where the owner told them, whichever of the two it is."""
    told: bool
    """Partners may know that it is ready."""
    by: str
    """Username; "" for other organisations."""
    changed_on: date | None
    """None for other organisations."""


def say(visit: Visit, dataset_id: str, comfort: Comfort, *, tell: bool = False) -> None:
    """Set it. The audit hears that something was said, not what.

    Raises: Invalid when partners are to be told of less than "ready", NotPermitted, NotFound.
    """
    owner = unopened_one(visit, dataset_id).organisation_id
    chosen = Comfort(comfort)
    grant = require(visit, Action.READINESS_SAID, f"dataset:{dataset_id}", organisation_id=owner)
    if tell and chosen not in _FINE:
        raise Invalid("Partners are told only that you are ready: choose that, or do not tell them.", field="tell")
    with visit.change(grant) as session:
        row = session.execute(
            select(ReadinessRow).where(ReadinessRow.dataset_id == dataset_id).with_for_update()
        ).scalar_one_or_none()
        if row is None:
            row = ReadinessRow(dataset_id=dataset_id)
            session.add(row)
        row.organisation_id, row.comfort, row.told = owner, chosen.value, tell
        row.by, row.changed_on = visit.viewer.username, visit.today


def readiness(visit: Visit, dataset_id: str = "") -> Mapping[str, Readiness]:
    """By dataset, as far as the viewer may know it."""
    wanted = select(ReadinessRow)
    if dataset_id:
        wanted = wanted.where(ReadinessRow.dataset_id == dataset_id)
    return {row.dataset_id: _readiness(visit, row) for row in visit.read().execute(wanted).scalars()}


def _readiness(visit: Visit, row: ReadinessRow) -> Readiness:
    own = visit.viewer.sees_all or row.organisation_id == visit.viewer.organisation_id
    return Readiness(
        organisation_id=row.organisation_id,
        comfort=Comfort(row.comfort) if own else Comfort.READY,
        told=row.told,
        by=row.by if own else "",
        changed_on=row.changed_on if own else None,
    )
