"""The one next step of somebody who is new here and for whom nothing waits."""

from __future__ import annotations

from governance import Role, Visit
from pages.shell import widgets as w

_Step = tuple[str, str, str, str]
_EMPTY: dict[Role, _Step] = {
    Role.STEWARD: (
        "Add the first source",
        "A portal or a register that your partners publish. Its datasets appear here as soon as it has been read.",
        "Add a source",
        "sources",
    ),
    Role.MEMBER: (
        "Register the first dataset",
        "Six questions. You decide who may know that it exists; the data themselves stay where they are.",
        "Register a dataset",
        "register",
    ),
}
_FILLED: dict[Role, _Step] = {
    Role.ADMIN: (
        "Bring the others to the table",
        "Add the organisations that take part, and invite a person of each by a link that works once.",
        "Invite people",
        "people",
    ),
    Role.STEWARD: (
        "See where everything stands",
        "The spectrum shows each organisation from closed to open, and which licences wait for a decision.",
        "Open the spectrum",
        "spectrum",
    ),
    Role.CHAIR: (
        "See what the table has",
        "Every organisation from closed to open, on one page that fits a wall.",
        "Open the spectrum",
        "spectrum",
    ),
    Role.MEMBER: (
        "Look for one thing you need",
        "Type a subject or a place. Each dataset says how to get it and who decides.",
        "Search the catalogue",
        "catalogue",
    ),
}
_ORDER = (Role.ADMIN, Role.STEWARD, Role.CHAIR, Role.MEMBER)


def show(visit: Visit, *, empty: bool) -> None:
    """One sentence, one button."""
    words, detail, action, path = _step(visit, _EMPTY if empty else _FILLED)
    with w.surface("firststep"):
        w.heading("A good next step" if visit.last_here else "A good first step")
        w.finding(words, detail)
        w.show(w.to_page(action, w.href(path), first=True))


def _step(visit: Visit, steps: dict[Role, _Step]) -> _Step:
    role = next((role for role in _ORDER if role in visit.viewer.roles and role in steps), Role.MEMBER)
    return steps[role]
