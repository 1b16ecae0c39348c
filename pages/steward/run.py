"""One run of a source: how far it is, what it changed or would change, what it could not take; or all runs."""

from __future__ import annotations

import streamlit as st

from catalogue import runs, sources
from catalogue.runs import Run, RunState
from catalogue.sources import Source, SourceState
from connectors import registry
from connectors._harvest import start
from governance import Role, Visit
from pages import Page
from pages.shell import widgets as w
from pages.shell.again import do, show_only
from pages.steward import _run_changes, _run_list, _run_live, _run_rejected, _run_settling
from pages.steward import _runs_in_words as told

PAGE = Page(title="Runs", role=frozenset({Role.STEWARD, Role.ADMIN}), icon="sync", hidden=True)


def render(visit: Visit) -> None:
    """The run of the address, or all runs."""
    asked = str(st.query_params.get("id", ""))
    if not asked:
        _run_list.show(visit, str(st.query_params.get("source", "")))
        return
    run = runs.run(visit, asked)
    source = sources.source(visit, run.source_id)
    _header(visit, run, source)
    if not run.state.is_over:
        _run_live.watch(run.id)
        return
    w.show(_run_live.strip(run))
    _outcome(visit, run, source)
    left, right = st.columns([378, 726], gap="small")
    shown = _shown(run, runs.diff_counts(visit, run.id))
    with left:
        _run_changes.tally(visit, run, shown=shown)
        _ending(run)
    with right:
        if shown == "rejected" or not shown:
            _run_rejected.show(visit, run, source)
        else:
            _run_changes.names(visit, run, shown)


def _header(visit: Visit, run: Run, source: Source) -> None:
    kind = registry().get(source.kind)
    lede = f"Run {run.number}, {kind.title if kind else source.kind}, read {told.times(run)}"
    crumbs = [
        ("Steward", w.href("sources")),
        ("Sources", w.href("sources")),
        (source.name, w.href("source", id=source.id)),
    ]
    with w.page_header(source.name, lede, breadcrumbs=crumbs):
        w.show(w.to_page("All runs", w.href("run", source=source.id)))
        can_read = run.state.is_over and run.state is not RunState.HELD and source.state is not SourceState.RETIRED
        if can_read and st.button("Read again", icon=":material/refresh:", key="again"):
            do(lambda: start(visit, source.id), then=lambda begun: show_only(id=begun.id))


def _outcome(visit: Visit, run: Run, source: Source) -> None:
    """What came of it when it was not simply applied."""
    if run.state is RunState.HELD:
        _run_settling.banner(visit, run, source)
    elif run.state is RunState.FAILED:
        w.notice("Nothing was taken from this run.", f"{run.reason} The catalogue is as it was.", tone="failed")
    elif run.state is RunState.CANCELLED:
        w.notice("Cancelled.", f"{run.reason} Nothing of it is in the catalogue.", tone="owed")
        can_go_on = source.state is not SourceState.RETIRED and run == runs.runs(visit, source.id, limit=1)[0]
        if can_go_on and st.button("Go on where it stopped", key="resume"):
            do(lambda: runs.resume(visit, run.id), "It goes on where it stopped.")
    elif run.state is RunState.SUPERSEDED:
        w.notice("Overtaken.", "It was held until a later run settled the matter. Nothing of it is in the catalogue.")
    elif run.decided_by:
        did = "released" if run.state is RunState.APPLIED else "put aside"
        w.notice(f"{run.decided_by} {did} this run.", f"“{run.decided_reason}”", tone="done")


def _shown(run: Run, counts: dict[str, int]) -> str:
    """Which list stands at the right: the one asked for, else the rejected, else the largest matter for a person."""
    asked = str(st.query_params.get("list", ""))
    if asked in counts or (asked == "rejected" and run.counts.get("rejected")):
        return asked
    if run.counts.get("rejected"):
        return "rejected"
    return next((kind for kind in ("missing", "withdrawn", "added", "changed", "restored") if counts.get(kind)), "")


_PROVED = {
    "complete": "Complete: every record was seen",
    "partial": "Partial: not every record was seen, so nothing counts as missing",
    "unknown": "Not known, so nothing counts as missing",
}


_BEGAN = {"machinery": "the schedule", "operator": "the command line"}


def _ending(run: Run) -> None:
    """What the run proved, and who began it."""
    with w.surface("ending"):
        w.heading("How it ended")
        rows: list[tuple[str, str | w.Markup]] = [
            ("Reading", _PROVED.get(run.completeness.value, run.completeness.value)),
            ("Evidence", run.reason),
            ("Pages", f"{run.pages:,}"),
            ("Requests", f"{run.counts['requests']:,}" if run.counts.get("requests") else ""),
            ("Started by", _BEGAN.get(run.started_by, run.started_by)),
        ]
        w.show(w.Markup('<div class="ct-narrowfacts">{}</div>').format(w.key_values(rows)))
