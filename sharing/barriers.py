"""What stands in the way of sharing a dataset: a fixed list of eight, what would remove each, and who would.

Two are read from the catalogue where the owner has said nothing: the format, and whether somebody is named who can say
yes. The other six are known only once somebody says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from catalogue.unopened import Unopened, unopened_one
from governance import Action, Invalid, Visit, require
from sharing.ranking import Barrier
from sharing.tables import BarrierRow

LONGEST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether one barrier stands in the way of one dataset."""

    barrier: Barrier
    stands: bool
    remedy: str = ""
    """What would remove it."""
    who: str = ""
    """Who would."""
    by: str = ""
    """Username of who said so; "" when it was read from the catalogue."""


def note(visit: Visit, dataset_id: str, said: Standing) -> None:
    """Say that a barrier stands or does not. Raises: Invalid, NotPermitted for another owner's dataset, NotFound."""
    owner = unopened_one(visit, dataset_id).organisation_id
    remedy, who = said.remedy.strip(), " ".join(said.who.split())
    if len(remedy) > LONGEST or len(who) > 200:
        raise Invalid(f"Say what would remove it in at most {LONGEST:,} characters, and who in 200.", field="remedy")
    target = f"dataset:{dataset_id}"
    grant = require(
        visit, Action.BARRIER_NOTED, target, organisation_id=owner, barrier=said.barrier.value, stands=said.stands
    )
    with visit.change(grant) as session:
        row = session.get(BarrierRow, (dataset_id, said.barrier.value))
        if row is None:
            row = BarrierRow(dataset_id=dataset_id, code=said.barrier.value)
            session.add(row)
        row.stands, row.remedy, row.who = said.stands, remedy, who
        row.by, row.changed_on = visit.viewer.username, visit.today


def barriers(visit: Visit, datasets: Iterable[Unopened]) -> Mapping[str, Mapping[Barrier, Standing]]:
    """By dataset, what is known of each barrier; what nobody knows is left out."""
    asked = {each.id: each for each in datasets}
    found: dict[str, dict[Barrier, Standing]] = {each.id: dict(_read(each)) for each in asked.values()}
    wanted = select(BarrierRow)
    if len(asked) == 1:
        wanted = wanted.where(BarrierRow.dataset_id.in_(asked))
    for row in visit.read().execute(wanted).scalars():
        if row.dataset_id in found and row.code in set(Barrier):
            found[row.dataset_id][Barrier(row.code)] = Standing(
                barrier=Barrier(row.code), stands=row.stands, remedy=row.remedy, who=row.who, by=row.by
            )
    return found


def _read(dataset: Unopened) -> Iterable[tuple[Barrier, Standing]]:
    """What the catalogue tells."""
    yield Barrier.APPROVER, Standing(barrier=Barrier.APPROVER, stands=not dataset.approver)
    if dataset.machine_readable is not None:
        yield Barrier.FORMAT, Standing(barrier=Barrier.FORMAT, stands=not dataset.machine_readable)


def counted(found: Iterable[Mapping[Barrier, Standing]]) -> Mapping[Barrier, int]:
    """How many datasets each barrier stands in the way of, the most frequent first; those of none are left out."""
    return dict(Counter(each.barrier for one in found for each in one.values() if each.stands).most_common())
