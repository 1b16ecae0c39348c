"""One source in the list: what it is, how its last run went, when it is read next, what the catalogue holds of it."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from catalogue import search
from catalogue.facets import Facet
from catalogue.runs import Run, RunState
from catalogue.search import Query
from catalogue.sources import Schedule, Source, SourceState
from connectors import registry
from connectors._harvest import start
from governance import Visit, people
from pages.shell import widgets as w
from pages.shell.again import do
from pages.steward import _runs_in_words as told

OFTEN = {
    Schedule.MANUAL: "only when asked",
    Schedule.HOURLY: "every hour",
    Schedule.DAILY: "every day",
    Schedule.WEEKLY: "every week",
}


def show(visit: Visit, source: Source, run: Run | None) -> None:
    """The row, with the one button that fits."""
    with st.container(key=f"sourcerow-{source.id}", horizontal=True, vertical_alignment="center", gap="medium"):
        w.show(
            w.Markup('<div class="ct-source-row"><div>{}</div><div>{}</div></div>').format(
                _words(visit, source, run), holdings(bands(visit, source))
            )
        )
        with st.container(key=f"sourceaction-{source.id}", width=130):
            _button(visit, source, run)


def bands(visit: Visit, source: Source) -> Mapping[str, int]:
    """Band -> live datasets of the source that the viewer may know of."""
    filters = {Facet.SOURCE.value: (source.name,), Facet.STATE.value: ("live",)}
    found = search.find(visit, Query(filters=filters, size=1))
    return {each.value: each.count for each in found.facets[Facet.BAND.value] if each.count and found.total}


def holdings(counts: Mapping[str, int]) -> w.Markup:
    """How many datasets, how many of them have a stated place, and the spectrum in small."""
    total = sum(counts.values())
    if not total:
        return w.muted("No datasets in the catalogue")
    stated = total - counts.get("unknown", 0)
    share = "all with a stated place" if stated == total else f"{_percent(stated, total)} with a stated place"
    words = w.Markup("<p><b>{}</b>, {}</p>").format(w.count(total, "dataset"), share)
    return w.Markup("{}{}").format(words, w.spectrum_bar(counts, small=True))


def _percent(part: int, whole: int) -> str:
    """Rounded so that only all are 100 % and only none are 0 %."""
    return f"{min(max(round(100 * part / whole), 1 if part else 0), 99 if part < whole else 100)} %"


def next_reading(source: Source) -> str:
    """When it is read next, in words."""
    if source.state is SourceState.RETIRED:
        return "Not read any more"
    if source.state is SourceState.PAUSED:
        return "Paused: read only when asked"
    if source.due_at is None or source.schedule is Schedule.MANUAL:
        return "Read only when asked"
    return f"Read {OFTEN[source.schedule]}, next {w.moment(source.due_at)}"


def _words(visit: Visit, source: Source, run: Run | None) -> w.Markup:
    kind = registry().get(source.kind)
    owner = people.organisation(visit, source.organisation_id).name if source.organisation_id else ""
    what = ", ".join(filter(None, [kind.title if kind else source.kind, owner]))
    return w.Markup('<h2>{}</h2><p>{}</p><p class="ct-ran">{}</p><p>{}</p>').format(
        w.link(source.name, w.href("source", id=source.id)),
        w.Markup('{}, <span class="ct-where">{}</span>').format(what, source.shown),
        _last(run),
        next_reading(source),
    )


def _last(run: Run | None) -> w.Markup:
    if run is None:
        return w.Markup("{}").format(w.with_icon("schedule", "Not read yet"))
    when = w.link(f"{w.moment(run.started_at)}", w.href("run", id=run.id))
    return w.Markup("{} {}: {}").format(told.state(run), when, told.outcome(run))


def _button(visit: Visit, source: Source, run: Run | None) -> None:
    if run is not None and not run.state.is_over:
        w.show(w.to_page("Watch", w.href("run", id=run.id)))
    elif run is not None and run.state is RunState.HELD:
        w.show(w.to_page("Settle", w.href("run", id=run.id)))
    elif source.state is not SourceState.RETIRED and st.button("Read now", key=f"read-{source.id}", width="stretch"):
        do(lambda: start(visit, source.id), f"{source.name} is being read. You can leave this page.")
