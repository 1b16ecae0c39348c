"""All runs, of every source or of one, the newest first."""

from __future__ import annotations

from catalogue import runs, sources
from catalogue.runs import Run, RunState
from governance import Visit
from pages.shell import widgets as w
from pages.steward import _runs_in_words as told


def show(visit: Visit, source_id: str) -> None:
    """A page of the list."""
    source = sources.source(visit, source_id) if source_id else None
    of = f" of {source.name}" if source else ""
    crumbs = [("Steward", w.href("sources")), ("Sources", w.href("sources"))]
    w.page_header(f"Runs{of}", "Every time a source was read, the newest first.", breadcrumbs=crumbs)
    page = w.page_asked()
    found = runs.runs(visit, source_id or None, limit=w.PAGE_SIZE + 1, offset=(page - 1) * w.PAGE_SIZE)
    if not found:
        with w.empty_state("sync", "No runs here", "Read a source, and its run appears here.", key="noruns"):
            w.show(w.go("Go to the sources", w.href("sources")))
        return
    with w.surface("runs"):
        w.show(lines(found[: w.PAGE_SIZE]))
    _turns(source_id, page, more=len(found) > w.PAGE_SIZE)


def lines(found: list[Run], *, named: bool = True) -> w.Markup:
    """Runs one under the other: how each ended, which it was, what came of it, when; `named` says of which source."""
    return w.changes([_line(each, named=named) for each in found], label="Runs")


def _line(run: Run, *, named: bool) -> w.Markup:
    symbol, words = told.STATES[run.state]
    owed = run.state in (RunState.HELD, RunState.FAILED)
    name = f"{run.source_name}, run {run.number}" if named else f"Run {run.number}"
    said = w.Markup("{}: {}").format(w.link(name, w.href("run", id=run.id)), told.outcome(run))
    return w.change(words, said, symbol=symbol, when=w.moment(run.started_at), tone="worse" if owed else "")


def _turns(source_id: str, page: int, *, more: bool) -> None:
    if page > 1:
        w.show(w.go("Later runs", w.href("run", source=source_id, page=page - 1)))
    if more:
        w.show(w.go("Earlier runs", w.href("run", source=source_id, page=page + 1)))
