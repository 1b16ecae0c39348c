"""An owner pauses one of its datasets at once and lifts the pause again; others see nothing of its data meanwhile."""

from __future__ import annotations

from collections.abc import Iterable

from catalogue.curation import dataset_row
from governance import Action, Invalid, Visit, holds, may
from governance.access import Scope
from governance.holds import Hold

_NOBODYS = "No organisation here owns this dataset, so nobody can pause it: ask whoever publishes it."


def may_hold(visit: Visit, organisation_id: str) -> bool:
    """Whether the viewer may pause what this organisation owns; nobody may what no organisation here owns."""
    return bool(organisation_id) and may(visit, Action.HOLD_PLACED, organisation_id=organisation_id)


def hold(visit: Visit, dataset_id: str, reason: str) -> str:
    """Pause a dataset at once for everybody but its owner; answers the id of the hold.

    Raises: NotFound; NotPermitted for who is no steward of its owner; Invalid without a reason or an owner.
    """
    row = dataset_row(visit.read(), dataset_id)
    if not row.organisation_id:
        raise Invalid(_NOBODYS)
    return holds.place(visit, Scope.DATASET, row.id, organisation_id=row.organisation_id, reason=reason)


def lift(visit: Visit, dataset_id: str) -> None:
    """Lift what pauses this dataset; a hold on its whole organisation stays.

    Raises: NotFound; NotPermitted; Invalid when it is not paused.
    """
    row = dataset_row(visit.read(), dataset_id)
    placed = holds.on(visit, Scope.DATASET, row.id)
    if placed is None:
        raise Invalid("This dataset is not paused.")
    holds.lift(visit, placed.id)


def pausing(visit: Visit, dataset_id: str) -> Hold | None:
    """What pauses this dataset: a hold on it, else on the organisation that owns it; None when nothing does.

    Raises: NotFound.
    """
    row = dataset_row(visit.read(), dataset_id)
    own = holds.on(visit, Scope.DATASET, row.id)
    if own is not None or not row.organisation_id:
        return own
    return holds.on(visit, Scope.ORGANISATION, row.organisation_id)


def paused(visit: Visit, dataset_ids: Iterable[str]) -> dict[str, Hold]:
    """Which of these datasets the viewer's organisation has paused one by one, by id."""
    wanted = frozenset(dataset_ids)
    placed = holds.holds(visit, open_only=True)
    return {each.object_id: each for each in placed if each.scope is Scope.DATASET and each.object_id in wanted}
