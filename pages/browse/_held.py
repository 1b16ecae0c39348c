"""A dataset that is paused, the button of its owner that pauses it, and the viewer's agreements that cover it."""

from __future__ import annotations

import streamlit as st

from catalogue import holding
from catalogue.datasets import Dataset
from governance import Action, Visit, access, holds, may, standing
from governance.access import Item, Scope
from governance.agreements import reading
from governance.agreements.reading import AgreementBrief
from pages.share import _agreement_words as words
from pages.share import _pausing, _use_allowed
from pages.shell import widgets as w
from pages.shell.again import do


def notice(visit: Visit, found: Dataset) -> None:
    """Who paused it, since when and why; its owner finds the button that lifts it, or the one that pauses."""
    placed = holding.pausing(visit, found.id)
    if placed is None:
        return
    what = "" if placed.scope is Scope.DATASET else "All its data are paused. "
    first = f"Paused by {placed.organisation} since {w.day(placed.placed_at)}."
    with st.container(key="held", horizontal=True, vertical_alignment="center", gap="small"):
        w.notice(first, f"{what}“{placed.reason}” Nobody else sees the data until it is lifted.", tone="owed")
        lifts = may(visit, Action.HOLD_LIFTED, organisation_id=placed.organisation_id)
        if lifts and st.button("Lift the pause", icon=":material/play_circle:", key="lift"):
            do(lambda: holds.lift(visit, placed.id), "Lifted: everything is as it was before.")


def acts(visit: Visit, found: Dataset) -> None:
    """What its owner can do about its use: look who does, and pause it."""
    if not found.organisation_id or found.organisation_id != visit.viewer.organisation_id:
        return
    with st.container(key="heldacts", gap=None):
        w.show(w.go("Who may see it, who looked", w.href("dataset-use", id=found.id)))
        stops = holding.may_hold(visit, found.organisation_id) and holding.pausing(visit, found.id) is None
        if stops and st.button("Pause it", icon=":material/pause_circle:", type="tertiary", key="pause"):
            _pausing.ask((_pausing.dataset(found.id, found.title), _pausing.everything(visit)))


def agreements(visit: Visit, found: Dataset) -> None:
    """The agreements of the viewer's own organisation that name this dataset, and what each lets happen with it."""
    ours = {each.id: each for each in reading.agreements(visit)}
    if not ours:
        return
    lines = [_line(visit, ours[each.agreement], each) for each in _items(visit, found) if each.agreement in ours]
    if lines:
        with w.surface("covering"):
            w.heading("Agreements that cover it", number=len(lines))
            columns = [w.Column(title="Agreement", strong=True)]
            columns += [w.Column(title=each) for each in ("What may be seen", "For which use", "Until")]
            w.show(w.table(columns, lines, caption="Agreements that cover it"))


def _items(visit: Visit, found: Dataset) -> list[Item]:
    """The schedule rows that stand."""
    subject = access.Dataset(id=found.id, owner=found.organisation_id, band=access.Band(found.band.value))
    known = standing.facts(visit, [subject])
    return [each for each in known.items.get(found.id, ()) if known.stands(each, visit.now)]


def _line(visit: Visit, agreed: AgreementBrief, item: Item) -> tuple[w.Markup | str, ...]:
    row, last = item.row, item.last_day
    return (
        w.link(f"{agreed.name}, {agreed.title}", w.href("agreement", id=agreed.id)),
        _use_allowed.seen(row.detail, row.min_cell),
        w.two_lines(words.used_for(tuple(row.uses)), f"for {words.listed(sorted(row.purposes))}"),
        w.two_lines(w.day(last), words.days_left(last, visit.today)),
    )
