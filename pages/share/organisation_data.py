"""My organisation's data: what it has in the catalogue, who may know of it, and what is being registered."""

from __future__ import annotations

from catalogue import registering
from governance import Visit
from pages import EVERYONE, Page
from pages.share import _holdings, _under_way
from pages.shell import widgets as w

PAGE = Page(title="My organisation's data", role=EVERYONE, icon="domain", order=10, path="our-data")


def render(visit: Visit) -> None:
    """What waits, what is there from closed to open, what is under way."""
    name = visit.viewer.organisation
    if not visit.viewer.organisation_id:
        w.page_header("My organisation’s data")
        w.refusal("You belong to no organisation here yet", "An administrator can say which one is yours.", key="none")
        return
    ours = _holdings.held(visit)
    every = registering.registrations(visit)
    with w.page_header(name, _lede(ours.total), eyebrow="My organisation’s data"):
        w.show(w.to_page("What is paused", w.href("holds"), symbol="pause_circle"))
        w.show(w.to_page("Register a dataset", w.href("register"), symbol="add", first=True))
    _under_way.show(visit, every)
    if ours.total:
        _holdings.show(visit, ours)
    else:
        _nothing(name)
    _under_way.decided(visit, every)


def _lede(total: int) -> str:
    if not total:
        return "What you have, who may know of it, and who answers for it."
    return f"{w.count(total, 'dataset')} in the catalogue, who may know of each, and who answers for it."


def _nothing(name: str) -> None:
    what = "Six questions, about two minutes. You say that it exists, and who may know; the data stay with you."
    with w.empty_state("dataset", f"{name} has nothing in the catalogue yet", what, key="nothing"):
        w.show(w.go("Register the first one", w.href("register")))
