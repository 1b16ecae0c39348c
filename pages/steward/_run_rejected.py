"""What a run could not take, grouped by what to change at the source, down to the raw record."""

from __future__ import annotations

from urllib.parse import quote

import streamlit as st

from catalogue import runs
from catalogue.runs import RejectedRecord, RejectionGroup, Run
from catalogue.sources import Source
from governance import Visit, people
from pages.shell import widgets as w

_SIZE = 10
_RAW_SHOWN = 20_000
_LINES_IN_A_LETTER = 40


def show(visit: Visit, run: Run, source: Source) -> None:
    """The groups as a table, the records of the chosen one under it, and a letter to whoever can mend them."""
    groups = runs.rejections(visit, run.id)
    with w.surface("rejected"):
        w.heading("Rejected records, by what to change")
        if not groups:
            w.show(_nothing(run))
            return
        columns = [
            w.Column(title="Records", align="right"),
            w.Column(title="What is wrong", strong=True),
            w.Column(title="What to change at the source"),
        ]
        rows = [
            (w.strong(f"{each.count:,}"), _wrong(run, at, each), each.what_to_change) for at, each in enumerate(groups)
        ]
        w.show(w.table(columns, rows, caption="Rejected records"))
        _letter(visit, run, source, groups=groups)
    asked = str(st.query_params.get("group", ""))
    if asked.isdigit() and int(asked) < len(groups):
        _records(visit, run, int(asked), group=groups[int(asked)])


def _nothing(run: Run) -> w.Markup:
    """All is well, or so long ago that only the counts are left."""
    if run.counts.get("rejected") or any(run.counts.get(kind) for kind in ("added", "changed", "missing", "withdrawn")):
        return w.with_icon("history", "This run is long past: its names are not kept, its counts are.")
    return w.with_icon("check_circle", "Every record that was read could be taken.")


def _wrong(run: Run, at: int, group: RejectionGroup) -> w.Markup:
    example = group.examples[0] if group.examples else None
    said = f"{group.field} “{w.plain(example.value, 60)}”" if example and example.value else ""
    for_example = said or (f"for example “{w.plain(example.remote_id, 60)}”" if example else "")
    words = w.link(group.reason, w.href("run", id=run.id, list="rejected", group=at))
    return w.two_lines(words, for_example)


def _records(visit: Visit, run: Run, at: int, *, group: RejectionGroup) -> None:
    page = min(w.page_asked(), -(-group.count // _SIZE))
    same = {"field": group.field, "reason": group.reason, "what_to_change": group.what_to_change}
    found = runs.rejected(visit, run.id, limit=_SIZE, offset=(page - 1) * _SIZE, **same)
    with w.surface("records"):
        w.heading(group.reason, number=group.count)
        for each in found:
            _record(each)
        w.pager(page, -(-group.count // _SIZE), lambda to: w.href("run", id=run.id, list="rejected", group=at, page=to))


def _record(each: RejectedRecord) -> None:
    value = w.Markup(", which says “{}”").format(w.plain(each.value, 200)) if each.value else ""
    told = w.Markup("<p><b>{}</b></p><p>{}: {}{}. {}.</p>").format(
        each.remote_id or "A record without an id",
        each.field,
        each.reason,
        value,
        each.what_to_change.rstrip("."),
    )
    w.show(w.Markup('<div class="ct-rejected">{}</div>').format(told))
    if each.raw:
        with st.expander("The raw record"):
            st.code(each.raw[:_RAW_SHOWN].decode("utf-8", "replace"), language=None, wrap_lines=True)


def _letter(visit: Visit, run: Run, source: Source, *, groups: list[RejectionGroup]) -> None:
    """A letter in the reader's own mail program: nothing is sent from here."""
    contact = people.organisation(visit, source.organisation_id).contact if source.organisation_id else ""
    lines = [f"When we read {source.name} on {w.day(run.started_at)}, we could not take these records:", ""]
    for each in groups[:_LINES_IN_A_LETTER]:
        ids = ", ".join(one.remote_id for one in each.examples if one.remote_id)
        lines.append(f"- {each.count:,}: {each.reason}. {each.what_to_change}. For example: {ids}")
    subject = quote(f"{source.name}: records that could not be read")
    address = f"mailto:{quote(contact) if '@' in contact else ''}?subject={subject}&body={quote(chr(10).join(lines))}"
    words = w.Markup("{}{}").format(w.icon("mail"), "Write to the source's owner")
    w.show(w.Markup('<p class="ct-letter">{}</p>').format(w.outside(words, address[:1900])))
