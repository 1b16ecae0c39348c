"""One dataset as its owner sees it: who may see it and until when, who looked, what is feared, and how to pause it."""

from __future__ import annotations

import streamlit as st

from catalogue import holding
from catalogue.curation import NO_SUCH_DATASET
from catalogue.datasets import Dataset, dataset
from governance import Action, NotFound, Visit, holds, may
from governance.access import Scope
from governance.concerns import Concern, ConcernKind, concerns
from governance.holds import Hold
from pages import EVERYONE, Page
from pages.share import _pausing, _use_allowed, _use_looked, _words
from pages.shell import widgets as w
from pages.shell.again import do

PAGE = Page(title="Use of a dataset", role=EVERYONE, icon="shield_person", order=12, hidden=True, path="dataset-use")
_CRUMBS = [("Share", w.href("our-data")), ("My organisation’s data", w.href("our-data"))]
_LEDE = "Who may see it and until when, who looked, and how to stop it at once."


def render(visit: Visit) -> None:
    """One dataset of the viewer's organisation; of any other there is nothing at this address."""
    found = _own(visit, str(st.query_params.get("id", "")))
    placed = holding.pausing(visit, found.id)
    with w.page_header(found.title, _LEDE, breadcrumbs=[*_CRUMBS, (w.plain(found.title, 60), "")]):
        w.show(w.to_page("Its page", w.href("dataset", id=found.id)))
        if placed is None and holding.may_hold(visit, found.organisation_id):
            _pause(visit, found)
    if placed is not None:
        _paused(visit, placed)
    grants = _use_allowed.allowed(visit, found)
    left, right = w.main_and_side()
    with left:
        _use_allowed.show(found, grants)
        _use_looked.show(visit, found)
    with right, w.surface("aside"):
        blocks = (_use_allowed.purposes(grants), _incidents(visit, found), _before(visit, found))
        w.show(w.Markup('<div class="ct-sideblocks">{}</div>').format(w.Markup("").join(blocks)))


def _own(visit: Visit, dataset_id: str) -> Dataset:
    found = dataset(visit, dataset_id)
    if not found.organisation_id or found.organisation_id != visit.viewer.organisation_id:
        raise NotFound(NO_SUCH_DATASET)
    return found


def _pause(visit: Visit, found: Dataset) -> None:
    if st.button("Pause it", type="primary", icon=":material/pause_circle:", key="pause"):
        _pausing.ask((_pausing.dataset(found.id, found.title), _pausing.everything(visit)))


def _paused(visit: Visit, placed: Hold) -> None:
    what = "This dataset is" if placed.scope is Scope.DATASET else "All data of your organisation are"
    words = f"{what} paused since {w.day(placed.placed_at)}. Nobody outside {placed.organisation} sees the data."
    with w.held_banner(words, f"{_words.name_of(visit, placed.by)}: “{placed.reason}”", key="paused"):
        lifts = may(visit, Action.HOLD_LIFTED, organisation_id=placed.organisation_id)
        if lifts and st.button("Lift the pause", icon=":material/play_circle:", key="lift"):
            do(lambda: holds.lift(visit, placed.id), "Lifted: everything is as it was before.")


def _incidents(visit: Visit, found: Dataset) -> w.Markup:
    """What happened or is feared to do harm; other concerns stand on the dataset's own page."""
    harm = [each for each in concerns(visit, about_kind="dataset", about_id=found.id) if each.kind is ConcernKind.HARM]
    lines = [_incident(each) for each in harm]
    tell = w.link("Tell of one", w.href("raise-concern", about=f"dataset:{found.id}"))
    return w.aside_block("Incidents", *(lines or [w.muted("Nobody has told of any harm.")]), tell)


def _incident(each: Concern) -> w.Markup:
    state = "open" if each.is_open else each.state.value
    words = w.link(f"“{w.plain(each.words, 120)}”", w.href("concern", id=each.id))
    return w.Markup("{} {}").format(words, w.muted(f"{w.day(each.raised_on)}, {state}"))


def _before(visit: Visit, found: Dataset) -> w.Markup:
    """Earlier pauses of this dataset."""
    ended = [
        each
        for each in holds.holds(visit)
        if each.scope is Scope.DATASET and each.object_id == found.id and each.lifted_at is not None
    ]
    if not ended:
        return w.Markup("")
    lines = [
        w.Markup("{} {}").format(f"{w.day(each.placed_at)} to {w.day(each.lifted_at)}:", w.muted(f"“{each.reason}”"))
        for each in ended
    ]
    return w.aside_block("Paused before", *lines)
