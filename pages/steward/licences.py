"""Licences: what sources write that we cannot rely on, and one decision that settles it for a whole source."""

from __future__ import annotations

import streamlit as st

from catalogue import decisions
from catalogue.decisions import LicenceGroup, SourceDecision
from governance import Role, Visit
from pages import Page
from pages.shell import widgets as w
from pages.shell.again import do
from pages.steward import _licence_decision

PAGE = Page(title="Licences", role=frozenset({Role.STEWARD, Role.ADMIN}), icon="contract", order=20)
_LEDE = "Published, but under no licence we can rely on. One decision settles every dataset that says the same."


def render(visit: Visit) -> None:
    """What waits for a decision, and the decisions in force."""
    source = str(st.query_params.get("source", ""))
    groups = [each for each in decisions.licence_groups(visit) if source in ("", each.source_id)]
    w.page_header("Licences", _LEDE)
    if source:
        w.show(w.muted(w.Markup("Only of one source. {}").format(w.link("Show all", w.href("licences")))))
    if groups:
        _waiting(groups, source)
    else:
        what = "Whenever a source states a licence that nobody can be sure about, it is listed here."
        w.empty_state("contract", "No licence waits for a decision", what, key="nolicences")
    _in_force(visit, source)


def _waiting(groups: list[LicenceGroup], source: str) -> None:
    pages = -(-len(groups) // w.PAGE_SIZE)
    page = min(w.page_asked(), pages)
    with w.surface("waiting"):
        number = sum(each.datasets for each in groups)
        w.heading("Waiting for a decision", number=len(groups), note=w.count(number, "dataset"))
        for place, group in enumerate(groups[(page - 1) * w.PAGE_SIZE : page * w.PAGE_SIZE]):
            _group(place, group)
        w.pager(page, pages, lambda to: w.href("licences", source=source, page=to))


def _group(place: int, group: LicenceGroup) -> None:
    said = f"“{w.plain(group.licence_value, 140)}”" if group.licence_value else "No licence is stated"
    examples = w.Markup(", ").join(
        w.link(w.plain(each.title, 70), w.href("dataset", id=each.id)) for each in group.examples
    )
    more = group.datasets - len(group.examples)
    also = f" and {more:,} more" if more > 0 else ""
    detail = w.Markup("{}: {}{}").format(w.strong(group.source_name), examples, also)
    with w.item(f"group-{place}", w.strong(said), symbol=str(group.datasets), detail=detail):
        if st.button("Decide", key=f"decide-{place}", help=f"For {w.count(group.datasets, 'dataset')}"):
            _licence_decision.ask(group)


def _in_force(visit: Visit, source: str) -> None:
    found = decisions.decisions(visit, source_id=source)
    if not found:
        return
    with w.surface("inforce"):
        w.heading("Decisions in force", number=len(found))
        for each in found:
            _decision(visit, each)


def _decision(visit: Visit, each: SourceDecision) -> None:
    said = f"“{w.plain(each.licence_value, 100)}”" if each.licence_value else "No licence stated"
    stands = w.esc(each.licence_title) if each.licence else w.band_badge(each.band)
    words = w.Markup('{} <span class="ct-muted">counts as</span> {}').format(w.strong(said), stands)
    detail = f"{each.source_name}. {each.by}, {w.day(each.at)}: {each.reason}"
    with w.item(f"decision-{each.id}", words, symbol="gavel", detail=detail):
        if st.button("Take it back", key=f"undo-{each.id}", help="The rules decide again."):
            do(lambda: decisions.undecide(visit, each.id), "The decision was taken back: the rules decide again.")
