"""What waits by the way to sharing: requests for data of one's organisation, and uses to hold against the charter."""

from __future__ import annotations

from collections.abc import Iterator

from governance import Visit
from governance.notices import Kind, Notice, offered
from sharing import uses


@offered
def asked_for_data(visit: Visit) -> Iterator[Notice]:
    """Requests that wait for the viewer's decision, the one that has waited longest first."""
    for each in uses.waiting(visit):
        since = f"waiting for {each.days} day{'' if each.days == 1 else 's'}" if each.days else "asked today"
        yield Notice(
            kind=Kind.REQUEST,
            key=f"{Kind.REQUEST}:{each.id}:{each.version}",
            words="Your data are asked for: {}",
            subject=each.title,
            detail=f"{each.organisation}, {since}. {each.summary}",
            action="Decide",
            page="request",
            query={"id": each.id},
        )


@offered
def to_hold_against_the_charter(visit: Visit) -> Iterator[Notice]:
    """Uses that every owner agreed to: they begin once somebody has held them against it."""
    for each in uses.to_check(visit):
        yield Notice(
            kind=Kind.CHARTER,
            key=f"{Kind.CHARTER}:{each.id}:{each.version}",
            words="To be held against the charter: {}",
            subject=each.title,
            detail=f"{each.organisation} asked, the owners agreed. {each.summary}",
            action="Answer",
            page="charter-check",
            query={"use": each.id},
        )
