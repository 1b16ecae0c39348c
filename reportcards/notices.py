"""What waits by the report cards: warnings, for those whom their rule calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from governance import Action, Visit, may
from governance.notices import Kind, Notice, offered
from governance.people import organisations, people
from reportcards import calling
from reportcards.calling import Unanswered


@offered
def warned(visit: Visit) -> Iterator[Notice]:
    """The unanswered warnings of rules that call the viewer, or that the viewer made."""
    found = calling.unanswered(visit)
    if not found:
        return
    calls = _Calls(
        people={each.username: each.display for each in people(visit, active_only=True)},
        hosts={each.id: each.name for each in organisations(visit)},
    )
    for each in found:
        if calls.reach(visit, each):
            yield Notice(
                kind=Kind.WARNING,
                key=f"{Kind.WARNING}:{each.id}",
                words="{} warns",
                subject=each.indicator,
                detail=f"{each.words}. {each.owner} is called.",
                action="Answer" if may(visit, Action.WARNING_ANSWERED) else "Look",
                page="indicator",
                query={"card": each.card, "item": each.item},
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Calls:
    """Who is called is written in words: people by name, else organisations, else everybody who may answer."""

    people: Mapping[str, str]
    hosts: Mapping[str, str]

    def reach(self, visit: Visit, each: Unanswered) -> bool:
        """A person who is named is told in any case; of an organisation those who may answer."""
        viewer, called = visit.viewer, each.owner.casefold()
        if viewer.username == each.by:
            return True
        named = [username for username, display in self.people.items() if display.casefold() in called]
        if named:
            return viewer.username in named
        agencies = [identifier for identifier, name in self.hosts.items() if name.casefold() in called]
        answers = may(visit, Action.WARNING_ANSWERED)
        return answers and (not agencies or viewer.organisation_id in agencies)
