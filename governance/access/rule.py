"""Who may use which data for what, at one moment: one order of questions, the first answer counts.

Whatever is missing or not known refuses. Rows never combine: one schedule row allows the whole of a use, or nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from governance.access.values import Band, Dataset, Detail, Member, Scope, Use, Why
from governance.access.world import Item, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer to one look; computed for this moment and never kept."""

    ok: bool
    why: Why
    agreement: str | None = None
    """The agreement that allows it; None for own and open data, and for every refusal."""
    detail: Detail | None = None
    """The finest detail allowed; None when refused."""
    min_cell: int | None = None
    """The smallest count that may be shown, 0 for own and open data; None when refused."""
    item: Item | None = None
    """The schedule row that allows it; of a refusal the one that came furthest, whose lead can be asked."""


FREE = {why: Decision(ok=True, why=why, detail=Detail.ROWS, min_cell=0) for why in (Why.OWN, Why.OPEN)}
"""The two ways in without an agreement: nothing is coarsened, nothing is hidden."""

STAGES = (
    Why.ACCOUNT,
    Why.NO_AGREEMENT,
    Why.NOT_SIGNED,
    Why.NOT_STARTED,
    Why.ENDED,
    Why.PAUSED,
    Why.USE,
    Why.PURPOSE,
    Why.COVERED,
)
"""How far a look came. Of several refusals the furthest is told: the one nearest to a yes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    member: Member
    use: Use
    dataset: Dataset
    purpose: str
    now: datetime
    today: date


def paused(world: World, dataset: Dataset, *, organisation: str, now: datetime) -> bool:
    """Whether a hold on the dataset, its owner or the organisation that asks is in force."""
    organisations = {dataset.owner, organisation}
    return world.held(Scope.DATASET, dataset.id, now) or any(
        world.held(Scope.ORGANISATION, each, now) for each in organisations
    )


def _is_for(item: Item, look: _Look) -> bool:
    listed = look.dataset.band != Band.NAMED or look.member.username in item.row.people
    return look.dataset.owner in item.givers and look.member.organisation in item.takers and listed


def _stage(world: World, item: Item, look: _Look) -> Why:
    """The first question that this row answers with no, in the order of STAGES; `covered` when there is none."""
    version, row = item.version, item.row
    activated = version.activated_at is not None and version.activated_at <= look.now
    closed = version.closed_at is not None and version.closed_at <= look.now
    if not _is_for(item, look):
        return Why.NO_AGREEMENT
    if not (activated and item.signed):
        return Why.NOT_SIGNED
    if look.today < max(version.starts_on, row.first):
        return Why.NOT_STARTED
    if closed or look.today > item.last_day:
        return Why.ENDED
    if world.held(Scope.AGREEMENT, item.agreement, look.now):
        return Why.PAUSED
    if look.use not in row.uses:
        return Why.USE
    return Why.COVERED if look.purpose in row.purposes else Why.PURPOSE


def _preference(item: Item) -> tuple[int, int, str, int, int]:
    """Smallest first: finest detail, larger minimum cell; then a fixed order, so that equals do not take turns."""
    version, row = item.version, item.row
    return (-row.detail.fineness, -row.min_cell, item.agreement, -version.major, -version.minor)


def _by_agreement(world: World, look: _Look) -> Decision:
    stages = [(_stage(world, item, look), item) for item in world.items.get(look.dataset.id, ())]
    why = max((stage for stage, _item in stages), key=STAGES.index, default=Why.NO_AGREEMENT)
    if why is Why.NO_AGREEMENT:
        return Decision(ok=False, why=why)
    best = min((item for stage, item in stages if stage is why), key=_preference)
    if why is not Why.COVERED:
        return Decision(ok=False, why=why, item=best)
    row = best.row
    return Decision(ok=True, why=why, agreement=best.agreement, detail=row.detail, min_cell=row.min_cell, item=best)


def decide(world: World, username: str, *, use: Use, dataset: str, purpose: str, now: datetime) -> Decision:
    """Whether this person may use this dataset so, for this purpose, now.

    Raises ValueError when `now` has no time zone: the day could not be told.
    """
    today = world.today(now)
    member, subject = world.people.get(username), world.dataset(dataset)
    if member is None or not member.active:
        return Decision(ok=False, why=Why.ACCOUNT)
    if world.held(Scope.PERSON, username, now):
        return Decision(ok=False, why=Why.PAUSED)
    if subject.owner and subject.owner == member.organisation:
        return FREE[Why.OWN]
    if paused(world, subject, organisation=member.organisation, now=now):
        return Decision(ok=False, why=Why.PAUSED)
    if subject.band == Band.OPEN:
        return FREE[Why.OPEN]
    look = _Look(member=member, use=use, dataset=subject, purpose=purpose, now=now, today=today)
    return _by_agreement(world, look)


def strictest(decisions: Sequence[Decision]) -> Decision:
    """One answer for a figure made from several datasets: all must allow it; coarsest detail, largest minimum cell.

    The first refusal is the answer. No source at all is a refusal. `agreement` and `item` are told when one allows all.
    """
    if not decisions:
        return Decision(ok=False, why=Why.NO_AGREEMENT)
    refused = next((decision for decision in decisions if not decision.ok), None)
    if refused:
        return refused
    agreements = {decision.agreement for decision in decisions} - {None}
    items = {id(decision.item): decision.item for decision in decisions if decision.item is not None}
    reasons = {decision.why for decision in decisions}
    return Decision(
        ok=True,
        why=next(why for why in (Why.COVERED, Why.OPEN, Why.OWN) if why in reasons),
        agreement=agreements.pop() if len(agreements) == 1 else None,
        detail=min((decision.detail or Detail.METADATA for decision in decisions), key=lambda each: each.fineness),
        min_cell=max(decision.min_cell or 0 for decision in decisions),
        item=next(iter(items.values())) if len(items) == 1 else None,
    )
