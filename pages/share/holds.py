"""What my organisation has paused: each pause with its reason and a button that lifts it, and what was lifted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

import streamlit as st

from catalogue import holding, knowing
from governance import Action, Visit, holds, may
from governance.access import Scope
from governance.agreements import reading
from governance.holds import Hold
from governance.people import people
from pages import EVERYONE, Page
from pages.share import _pausing
from pages.shell import widgets as w
from pages.shell.again import do

PAGE = Page(title="What is paused", role=EVERYONE, icon="pause_circle", order=15, hidden=True)
_CRUMBS = [("Share", w.href("our-data")), ("My organisation’s data", w.href("our-data"))]
_LEDE = "Who owns data can stop it at once, with a reason, and let it go on just as it was."


def render(visit: Visit) -> None:
    """What is paused now, what was; the button that pauses."""
    placed = holds.holds(visit)
    now = [each for each in placed if each.lifted_at is None]
    with w.page_header("What is paused", _LEDE, breadcrumbs=_CRUMBS):
        stops = holding.may_hold(visit, visit.viewer.organisation_id)
        if stops and st.button("Pause something", icon=":material/pause_circle:", key="pause"):
            _pausing.ask(_pausing.all_but_datasets(visit))
    named = _names(visit, placed)
    if now:
        _open(visit, now, named)
    else:
        what = "One dataset is paused from its own page: choose it in the list of your organisation’s data."
        with w.empty_state("play_circle", "Nothing is paused", what, key="nothing"):
            w.show(w.go("My organisation’s data", w.href("our-data")))
    _lifted(visit, [each for each in placed if each.lifted_at is not None], named)


def _open(visit: Visit, now: list[Hold], named: Mapping[str, w.Markup]) -> None:
    known = _people(visit)
    with w.surface("paused"):
        w.heading("Paused now", number=len(now))
        for each in now:
            words = w.Markup("{}, since {}").format(named[each.id], w.day(each.placed_at))
            detail = f"{each.organisation}, {known.get(each.by, each.by)}: “{each.reason}”"
            with w.item(each.id, words, symbol="pause_circle", detail=detail):
                lifts = may(visit, Action.HOLD_LIFTED, organisation_id=each.organisation_id)
                if lifts and st.button("Lift it", key=f"lift-{each.id}"):
                    do(partial(holds.lift, visit, each.id), "Lifted: everything is as it was before.")


def _lifted(visit: Visit, before: list[Hold], named: Mapping[str, w.Markup]) -> None:
    if not before:
        return
    known = _people(visit)

    def when(moment: datetime | None, who: str) -> w.Markup:
        return w.two_lines(w.day(moment), known.get(who, who))

    with st.expander(f"Lifted earlier: {len(before):,}"):
        columns = [w.Column(title="What", strong=True)]
        columns += [w.Column(title=each) for each in ("Paused", "Lifted", "Why it was paused")]
        rows = [
            (named[each.id], when(each.placed_at, each.by), when(each.lifted_at, each.lifted_by), each.reason)
            for each in before
        ]
        w.show(w.table(columns, rows, caption="Lifted earlier"))


def _people(visit: Visit) -> dict[str, str]:
    return {each.username: each.display for each in people(visit)}


def _names(visit: Visit, placed: tuple[Hold, ...]) -> dict[str, w.Markup]:
    """What each hold is on, as a link where there is a page for it."""
    sets = knowing.briefs(visit, [each.object_id for each in placed if each.scope is Scope.DATASET])
    agreed = {each.id: each for each in reading.agreements(visit)} if placed else {}
    known = _people(visit)

    def name(each: Hold) -> w.Markup:
        if each.scope is Scope.DATASET and each.object_id in sets:
            return w.link(sets[each.object_id].title, w.href("dataset-use", id=each.object_id))
        if each.scope is Scope.AGREEMENT and each.object_id in agreed:
            found = agreed[each.object_id]
            return w.link(f"Agreement {found.name}, {found.title}", w.href("agreement", id=found.id))
        if each.scope is Scope.PERSON:
            return w.esc(f"What {known.get(each.object_id, each.object_id)} sees of others")
        if each.scope is Scope.ORGANISATION:
            return w.esc(f"Everything of {each.organisation}")
        return w.esc("Something that is not here any more")

    return {each.id: name(each) for each in placed}
