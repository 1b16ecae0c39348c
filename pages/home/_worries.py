"""Concerns that wait for the viewer: their own for the next step, others' about the data of their organisation."""

from __future__ import annotations

from collections.abc import Mapping

from catalogue import knowing
from governance import Visit
from governance.concerns import Concern, ShowAs, State, concerns
from pages.home._tasks import MOST, Task
from pages.shell import widgets as w

_MINE: Mapping[State, tuple[str, str, str]] = {
    State.RESTATED: ("Your concern was said back to you", "restated", "Agree"),
    State.ANSWERED: ("Your concern was answered", "answer", "Say what became of it"),
}
_THEIRS: Mapping[State, tuple[str, str]] = {
    State.RAISED: ("waits to be said back", "Say it back"),
    State.AGREED: ("waits for an answer", "Answer"),
}


def asked_by_concerns(visit: Visit) -> list[Task]:
    """What one's own concerns wait for, then those about the data of one's organisation."""
    every = concerns(visit)
    mine = [_mine(each) for each in every if each.is_mine and each.state in _MINE]
    about = [each for each in every if not each.is_mine and each.state in _THEIRS and each.about.kind == "dataset"]
    ours = _ours(visit, about)
    return [*mine, *(_theirs(each) for each in ours[:MOST]), *_more(len(ours) - MOST)]


def _mine(each: Concern) -> Task:
    words, said, action = _MINE[each.state]
    return Task(
        symbol="chat",
        words=w.Markup("{}: {}").format(words, w.strong(f"“{w.plain(each.words, 100)}”")),
        detail=f"{each.restated_by if said == 'restated' else each.answered_by}: “{w.plain(getattr(each, said), 160)}”",
        action=action,
        address=w.href("concern", id=each.id),
    )


def _ours(visit: Visit, about: list[Concern]) -> list[Concern]:
    owner = visit.viewer.organisation_id
    known = knowing.briefs(visit, [each.about.id for each in about]) if owner else {}
    return [each for each in about if each.about.id in known and known[each.about.id].organisation_id == owner]


def _theirs(each: Concern) -> Task:
    waits, action = _THEIRS[each.state]
    who = each.organisation or ("A partner" if each.show_as is ShowAs.PARTNER else "Somebody")
    return Task(
        symbol="chat",
        words=w.Markup("A concern about {} {}").format(w.strong(each.about.title), waits),
        detail=f"{who}: “{w.plain(each.words, 160)}”",
        action=action,
        address=w.href("concern", id=each.id),
    )


def _more(left: int) -> list[Task]:
    if left < 1:
        return []
    words = w.strong(w.count(left, "more concern"))
    return [Task(symbol="chat", words=words, detail="About your data.", action="See all", address=w.href("concerns"))]
