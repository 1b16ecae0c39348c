"""What waits by the way to sharing: requests for data of one's organisation, for those who may decide."""

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
