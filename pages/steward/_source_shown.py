"""One source: its run under way or its last one, the runs before, what the catalogue holds of it, its settings."""

from __future__ import annotations

import json

import streamlit as st

from catalogue import runs, sources
from catalogue.facets import Facet
from catalogue.runs import Run, RunState
from catalogue.sources import Source, SourceState
from connectors import registry
from connectors._harvest import start
from governance import Visit, people
from pages.shell import widgets as w
from pages.shell.again import do
from pages.steward import _run_list, _run_live, _source_retiring, _source_row
from pages.steward import _runs_in_words as told

_MOST_RUNS = 8


def show(visit: Visit, source: Source) -> None:
    """The page of a source."""
    found = runs.runs(visit, source.id, limit=_MOST_RUNS)
    latest = found[0] if found else None
    _header(visit, source, latest)
    if source.state is SourceState.RETIRED:
        _source_retiring.retired(visit, source)
    elif latest is not None and not latest.state.is_over:
        _run_live.watch(latest.id)
    elif latest is not None:
        _last(latest)
    left, right = w.main_and_side()
    with left, w.surface("itsruns"):
        _runs(source, found)
    with right:
        with w.surface("holds"):
            _holds(visit, source)
        with w.surface("settings"):
            _settings(visit, source)


def _header(visit: Visit, source: Source, latest: Run | None) -> None:
    kind = registry().get(source.kind)
    where = w.Markup('{}, <span class="ct-where">{}</span>').format(kind.title if kind else source.kind, source.shown)
    crumbs = [("Steward", w.href("sources")), ("Sources", w.href("sources"))]
    with w.page_header(source.name, where, breadcrumbs=crumbs):
        w.show(w.to_page("Change", w.href("source", id=source.id, change="yes"), symbol="edit"))
        busy = latest is not None and (not latest.state.is_over or latest.state is RunState.HELD)
        can_read = not busy and source.state is not SourceState.RETIRED
        if can_read and st.button("Read now", type="primary", icon=":material/refresh:", key="read"):
            do(lambda: start(visit, source.id))


def _last(run: Run) -> None:
    """What came of the last run, with the one thing to do about it."""
    address = w.href("run", id=run.id)
    if run.state is RunState.HELD:
        with w.held_banner("The last run waits for you. Nothing has been changed.", run.reason, key="last"):
            w.show(w.to_page("Settle it", address, first=True))
        return
    _, words = told.STATES[run.state]
    action = w.link("See the run", address)
    if run.state is RunState.FAILED:
        w.notice(f"{words}.", f"{told.outcome(run)} The catalogue is as it was.", tone="failed", action=action)
    else:
        w.notice(f"{words}.", told.outcome(run), tone="done", action=action)


def _runs(source: Source, found: list[Run]) -> None:
    w.heading("Runs")
    if not found:
        w.show(w.muted("It was not read yet."))
        return
    w.show(_run_list.lines(found, named=False))
    if len(found) == _MOST_RUNS:
        w.show(w.go("All its runs", w.href("run", source=source.id)))


def _holds(visit: Visit, source: Source) -> None:
    w.heading("In the catalogue")
    counts = _source_row.bands(visit, source)
    w.show(w.Markup('<div class="ct-holds">{}</div>').format(_source_row.holdings(counts)))
    if counts:
        w.show(w.go("Browse them", w.href("catalogue", **{Facet.SOURCE.value: source.name})))


def _settings(visit: Visit, source: Source) -> None:
    w.heading("How it is read")
    owner = people.organisation(visit, source.organisation_id).name if source.organisation_id else "nobody here"
    mapped = json.loads(source.options.get("mapping") or "{}")
    rows: list[tuple[str, w.Markup | str]] = [
        ("Answers", owner),
        ("When", _source_row.next_reading(source)),
        ("Key", "Kept, never shown" if sources.has_token(source.id) else ""),
        ("Let through", ", ".join(source.allow)),
        ("Columns", f"{w.count(len(mapped), 'column')} chosen by hand" if mapped else ""),
        ("Added", w.day(source.created_at)),
    ]
    w.show(w.Markup('<div class="ct-narrowfacts">{}</div>').format(w.key_values(rows)))
    if source.state is SourceState.ACTIVE and not source.is_file:
        if st.button("Pause", icon=":material/pause:", key="pause", type="tertiary"):
            do(lambda: sources.pause(visit, source.id), f"{source.name} is paused: it is read only when asked.")
    elif source.state is SourceState.PAUSED and st.button("Read by its schedule again", key="resume", type="tertiary"):
        do(
            lambda: sources.resume(visit, source.id),
            f"{source.name} is read {_source_row.OFTEN[source.schedule]} again.",
        )
    _source_retiring.offer(visit, source)
