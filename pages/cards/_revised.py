"""The revisions of an indicator's numbers: which there are, what each changed, and the old ones to look at."""

from __future__ import annotations

import streamlit as st

from governance import Visit
from pages.cards import _words
from pages.shell import widgets as w
from reportcards import composing, words
from reportcards.report import Measurement, ReportCard, RevisionBrief
from reportcards.revisions import Difference

_MOST = 200


def revisions(visit: Visit, card: ReportCard, shown: Measurement) -> None:
    """The list, newest first; under it what the chosen one changed."""
    with w.surface("revisions"):
        w.heading("Revisions", number=len(shown.revisions))
        columns = [
            w.Column(title="Revision", strong=True),
            w.Column(title="Received"),
            w.Column(title="What it changed"),
        ]
        rows = [_row(card, shown, each) for each in sorted(shown.revisions, key=lambda each: -each.number)]
        w.show(w.table([*columns, w.Column(title="Look")], rows, caption="Revisions"))
    asked = str(st.query_params.get("changes", ""))
    chosen = next((each for each in shown.revisions if each.id == asked), None)
    if chosen is not None:
        _differences(visit, card, shown, chosen=chosen)


def _row(card: ReportCard, shown: Measurement, each: RevisionBrief) -> tuple[str | w.Markup, ...]:
    here = {"card": card.name, "item": shown.item}
    open_it = w.link("Show it", w.href("indicator", revision=each.id, **here))
    look = w.muted("Shown now") if each.is_shown else open_it
    received = w.two_lines(w.day(each.received), f"by {each.by}" if each.by else "")
    return f"r{each.number}", received, _changed(here, each), look


def _changed(here: dict[str, str], each: RevisionBrief) -> w.Markup:
    counts = ((each.changed, "changed"), (each.added, "added"), (each.removed, "removed"))
    said = ", ".join(f"{number:,} {word}" for number, word in counts if number) or "Nothing"
    if not each.changed and not each.removed:
        return w.two_lines(said, each.note)
    to = w.href(
        "indicator", tab="revisions", changes=each.id, revision=str(st.query_params.get("revision", "")), **here
    )
    return w.two_lines(w.link(said, to), each.note)


def _differences(visit: Visit, card: ReportCard, shown: Measurement, *, chosen: RevisionBrief) -> None:
    found = composing.differences(visit, card.name, shown.item, revision=chosen.id)
    title = f"What revision {chosen.number} changed"
    with w.surface("differences"):
        w.heading(title, number=len(found))
        columns = [w.Column(title="Where and who", strong=True), w.Column(title="Period")]
        columns += [w.Column(title="Was", align="right"), w.Column(title="Is now", align="right")]
        rows = [
            (
                _whose(each),
                _period(each),
                _value(each.was, each.was_held, shown),
                _value(each.now, each.now_held, shown),
            )
            for each in found[:_MOST]
        ]
        w.show(w.table(columns, rows, caption=title))
        if len(found) > _MOST:
            w.show(w.Markup('<p class="ct-source">{}</p>').format(f"And {len(found) - _MOST:,} more."))


def _whose(each: Difference) -> str:
    return f"{each.area}, {each.group}" if each.group else each.area


def _period(each: Difference) -> str:
    return words.period(each.period_start, each.period_end, each.period_type)


def _value(value: float | None, held: str, shown: Measurement) -> str:
    return held or "Not there" if value is None else _words.with_unit(value, shown)
