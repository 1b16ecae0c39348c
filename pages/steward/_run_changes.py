"""What a run changed or would change: the counts, and each list by name."""

from __future__ import annotations

from catalogue import runs
from catalogue.history import word
from catalogue.records import Completeness
from catalogue.runs import Difference, Run, RunState
from governance import Visit
from pages.shell import widgets as w
from pages.steward import _runs_in_words as told

_KINDS = {
    "added": ("add_circle", "New"),
    "changed": ("edit", "Changed"),
    "restored": ("undo", "Back again"),
    "unchanged": ("equal", "Unchanged"),
    "rejected": ("block", "Rejected"),
    "withdrawn": ("remove_circle", "Withdrawn"),
    "missing": ("help", "Missing"),
}
_LEDES = {
    "missing": "Not in the reading, each with what the source answered when asked for it alone.",
    "withdrawn": "Left the catalogue; they come back by themselves when the source shows them again.",
    "restored": "Were missing or withdrawn, and are in the source again.",
}


def tally(visit: Visit, run: Run, *, shown: str) -> None:
    """How many datasets of each kind, each with its list; how far it read under it."""
    listed = runs.diff_counts(visit, run.id)
    counts = {**run.counts, **listed}
    with w.surface("tally"):
        w.heading("What this run changed" if run.state is RunState.APPLIED else "What this run would change")
        rows = []
        for kind, (symbol, words) in _KINDS.items():
            number = counts.get(kind, 0)
            if not number and kind not in ("added", "changed", "unchanged"):
                continue
            named = f"{words}, held" if kind == "missing" and run.state is RunState.HELD else words
            rows.append(
                (
                    symbol,
                    w.strong(named) if kind == shown else named,
                    number,
                    _list_link(run, kind, number if kind in listed or kind == "rejected" else 0),
                )
            )
        w.show(w.tally(rows))
        if run.total and told.seen(run) < run.total:
            stopped = " before the source stopped" if run.completeness is not Completeness.COMPLETE else ""
            w.show(w.meter(told.seen(run) / run.total, f"Read {told.read_so_far(run)}{stopped}"))


def _list_link(run: Run, kind: str, number: int) -> w.Markup | str:
    if kind == "unchanged" or not number:
        return ""
    _, words = _KINDS[kind]
    name = w.Markup('list<span class="ct-hide"> of {}</span>').format(words.lower())
    return w.link(name, w.href("run", id=run.id, list=kind))


def names(visit: Visit, run: Run, kind: str) -> None:
    """The datasets of one kind by name, with what changed or why."""
    total = runs.diff_counts(visit, run.id).get(kind, 0)
    page = min(w.page_asked(), -(-total // w.PAGE_SIZE))
    found = runs.diff(visit, run.id, kind=kind, limit=w.PAGE_SIZE, offset=(page - 1) * w.PAGE_SIZE)
    with w.surface("names"):
        w.heading(_KINDS[kind][1], number=total)
        if kind in _LEDES:
            w.show(w.muted(_LEDES[kind] if run.state is RunState.APPLIED or kind != "missing" else _held_lede(found)))
        body = w.Markup("").join(_line(each) for each in found)
        w.show(w.Markup('<ul class="ct-diff" role="list">{}</ul>').format(body))
        w.pager(page, -(-total // w.PAGE_SIZE), lambda number: w.href("run", id=run.id, list=kind, page=number))


def _held_lede(found: list[Difference]) -> str:
    asked = any(each.reason for each in found)
    return (
        _LEDES["missing"] if asked else "Not in the reading. The source was not asked for each: too many are missing."
    )


def _line(each: Difference) -> w.Markup:
    title = w.plain(each.title, 160) or each.identity
    named = w.link(title, w.href("dataset", id=each.dataset_id)) if each.dataset_id else w.esc(title)
    said = w.Markup("<span>{}</span>").format(each.reason) if each.reason else ""
    fields = w.Markup("").join(_field(name, old, new) for name, (old, new) in each.fields.items())
    return w.Markup("<li><b>{}</b>{}{}</li>").format(
        named, said, w.Markup("<dl>{}</dl>").format(fields) if fields else ""
    )


def _field(name: str, old: str, new: str) -> w.Markup:
    before = w.Markup("<del>{}</del>").format(w.plain(old, 120)) if old else w.muted("not stated")
    after = w.Markup("<ins>{}</ins>").format(w.plain(new, 120)) if new else w.muted("not stated any more")
    return w.Markup('<dt>{}</dt><dd>{}<span class="ct-hide"> became </span>{}{}</dd>').format(
        word(name), before, w.icon("arrow_forward"), after
    )
