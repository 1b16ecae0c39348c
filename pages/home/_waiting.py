"""What waits for the viewer, the most pressing first: held runs, warnings, agreements, concerns, the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from catalogue import runs
from governance import Action, Visit, may
from pages.home import _owed, _worries
from pages.home._tasks import MOST, Task, asked_by_the_catalogue
from pages.shell import widgets as w
from reportcards import watching


def tasks(visit: Visit, *, unclear: int) -> list[Task]:
    """Everything that waits, the most pressing first; `unclear` datasets stand at "licence unclear"."""
    return [
        *_held(visit),
        *_warned(visit),
        *_owed.asked_by_agreements(visit),
        *_worries.asked_by_concerns(visit),
        *_owed.late_promises(visit),
        *asked_by_the_catalogue(visit, unclear=unclear),
        *_owed.paused(visit),
    ]


def show(waiting: list[Task]) -> None:
    """The list, each with its button."""
    with w.surface("waiting"):
        w.heading("Waiting for you", number=len(waiting))
        for place, task in enumerate(waiting):
            with w.item(f"wait-{place}", task.words, symbol=task.symbol, detail=task.detail):
                w.show(w.to_page(task.action, task.address))


def _held(visit: Visit) -> Iterator[Task]:
    if not may(visit, Action.RUN_RELEASED):
        return
    for run in runs.waiting(visit):
        yield Task(
            symbol="back_hand",
            words=w.Markup("A reading of {} is held").format(w.strong(run.source_name)),
            detail=f"{run.reason} Nothing has been changed.",
            action="Settle",
            address=w.href("run", id=run.id),
        )


def _warned(visit: Visit) -> Iterator[Task]:
    if not may(visit, Action.WARNING_ANSWERED):
        return
    for each in watching.unanswered(visit)[:MOST]:
        yield Task(
            symbol="notifications",
            words=w.Markup("{} warns").format(w.strong(each.indicator)),
            detail=f"{each.words}. {each.owner} is called.",
            action="Answer",
            address=w.href("indicator", card=each.card, item=each.item),
        )
