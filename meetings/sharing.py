"""Since when which dataset is shared under which agreement, as far as the viewer may read the agreements."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from governance import Visit
from governance.agreements import reading
from store import settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """One dataset in one agreement, from the first version that shared it."""

    agreement_id: str
    agreement: str
    """As people say it: A-7."""
    agreement_title: str
    title: str
    """Of the dataset, as the agreement names it."""
    activated_at: datetime

    @property
    def activated_on(self) -> date:
        """The day in the collaboration's time zone."""
        return self.activated_at.astimezone(settings().zone).date()


def shared(visit: Visit) -> Iterator[tuple[str, Shared]]:
    """Every dataset that an agreement in force once shared, agreement by agreement: its id, and since when."""
    for brief in reading.agreements(visit):
        newest = reading.agreement(visit, brief.id)
        first: dict[str, Shared] = {}
        versions = [(each.activated_at, each.label) for each in newest.versions if each.activated_at is not None]
        for activated_at, label in sorted(versions):
            same = label == newest.version.label
            view = newest if same else reading.agreement(visit, brief.id, version=label)
            for line in view.document.schedule:
                found = Shared(
                    agreement_id=brief.id,
                    agreement=brief.name,
                    agreement_title=brief.title,
                    title=line.title,
                    activated_at=activated_at,
                )
                first.setdefault(line.dataset, found)
        yield from first.items()


def newly_shared(visit: Visit, since: datetime | None) -> dict[str, Shared]:
    """Datasets shared for the first time after this moment; None takes all that ever were."""
    found: dict[str, Shared] = {}
    for identifier, each in shared(visit):
        if identifier not in found or each.activated_at < found[identifier].activated_at:
            found[identifier] = each
    return {
        identifier: each
        for identifier, each in sorted(found.items(), key=lambda pair: (pair[1].activated_at, pair[1].title))
        if since is None or each.activated_at > since
    }
