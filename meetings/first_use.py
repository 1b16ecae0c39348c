"""How long agreements wait for their first use: days from activation to the first meeting that showed their data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from governance import Visit
from meetings.sharing import Shared, shared
from meetings.tables import AgendaRow, MeetingRow
from store import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstUse:
    """One agreement that was in force once, and the first meeting in which data that it shares were shown."""

    agreement_id: str
    agreement: str
    """As people say it: A-7."""
    title: str
    activated_on: date
    meeting: str
    """Name of the meeting in its address, "" while there was none."""
    used_on: date | None
    days: int
    """Up to the first use; up to today while there was none."""


def first_uses(visit: Visit) -> tuple[FirstUse, ...]:
    """Every agreement the viewer may read that was in force once, the longest wait first."""
    since: dict[str, dict[str, Shared]] = {}
    for dataset, each in shared(visit):
        since.setdefault(each.agreement_id, {})[dataset] = each
    looks = _looks(visit) if since else []
    found = [_first(visit, datasets, looks) for datasets in since.values()]
    return tuple(sorted(found, key=lambda each: (-each.days, each.agreement_id)))


def _looks(visit: Visit) -> list[tuple[datetime, str, list[str]]]:
    """When which meeting was shown figures of which datasets, in the order of time."""
    wanted = select(AgendaRow.seen_at, MeetingRow.name, AgendaRow.datasets)
    wanted = wanted.join(MeetingRow, MeetingRow.id == AgendaRow.meeting_id).where(AgendaRow.seen_at.is_not(None))
    found = visit.read().execute(wanted.order_by(AgendaRow.seen_at))
    return [(at, name, datasets) for at, name, datasets in found if at is not None]


def _first(visit: Visit, datasets: dict[str, Shared], looks: list[tuple[datetime, str, list[str]]]) -> FirstUse:
    began = min(datasets.values(), key=lambda each: each.activated_at)
    used = next(
        (
            (at.astimezone(settings().zone).date(), name)
            for at, name, shown in looks
            if any(each in datasets and datasets[each].activated_at <= at for each in shown)
        ),
        None,
    )
    return FirstUse(
        agreement_id=began.agreement_id,
        agreement=began.agreement,
        title=began.agreement_title,
        activated_on=began.activated_on,
        meeting=used[1] if used else "",
        used_on=used[0] if used else None,
        days=((used[0] if used else visit.today) - began.activated_on).days,
    )
