"""Sources: every portal, feed and register that is read, how the last reading went, and when the next one is."""

from __future__ import annotations

import streamlit as st

from catalogue import runs, sources
from catalogue.sources import Source
from governance import Role, Visit
from pages import Page
from pages.shell import widgets as w
from pages.shell.again import looking
from pages.steward import _source_row

PAGE = Page(title="Sources", role=frozenset({Role.STEWARD, Role.ADMIN}), icon="sync", order=10)
_EVERY = 1.5
"""Seconds between two looks while something is read."""
_LEDE = "The portals, feeds and registers that are read into the catalogue."


def render(visit: Visit) -> None:
    """Every source with its last run, what it holds and what can be done."""
    found = sources.sources(visit)
    with w.page_header("Sources", _LEDE):
        if found:
            w.show(w.to_page("All runs", w.href("run")))
            w.show(w.to_page("Add a source", w.href("source"), symbol="add", first=True))
    if not found:
        _none_yet()
        return
    if any(not each.state.is_over for each in runs.latest(visit).values()):
        st.fragment(_watch, run_every=_EVERY)()
    else:
        _rows(visit)


def _none_yet() -> None:
    what = (
        "A source is a web address or a file: a CKAN portal, a data.json feed, or an agency's own list. "
        "You can try it before anything is kept."
    )
    with w.empty_state("sync", "Nothing is read yet", what, key="nosources"):
        w.show(w.to_page("Add the first source", w.href("source"), symbol="add", first=True))


def _watch() -> None:
    """The rows again and again, for as long as something is read."""
    with looking(touch=False) as visit:
        if all(each.state.is_over for each in runs.latest(visit).values()):
            st.rerun(scope="app")
        _rows(visit)


def _rows(visit: Visit) -> None:
    newest = runs.latest(visit)
    with w.surface("sources"):
        for each in _in_order(sources.sources(visit)):
            _source_row.show(visit, each, newest.get(each.id))


def _in_order(found: list[Source]) -> list[Source]:
    """By name, with those that are not read any more at the end."""
    return sorted(found, key=lambda each: (each.state is sources.SourceState.RETIRED, each.name.casefold()))
