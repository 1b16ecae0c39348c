"""The spectrum: every dataset one may know of, by who holds it and how open it is; what each band and rule means."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import streamlit as st

from catalogue import decisions
from catalogue.decisions import LicenceGroup
from catalogue.overview import NOT_STATED, Holder, Overview, overview
from catalogue.spectrum import RULES, Band
from governance import Action, Visit, may
from pages import EVERYONE, Page
from pages.shell import widgets as w

PAGE = Page(title="Spectrum", role=EVERYONE, icon="palette", order=20)
_MOST_HOLDERS = 60
_MOST_GROUPS = 5
_MOST_LOOKED_AT = 5_000
"""Finding the groups reads each dataset that states nothing: with more of them, their own page does it."""


def render(visit: Visit) -> None:
    """Who holds what from closed to open, what waits for a decision, what the words mean."""
    found = overview(visit)
    w.page_header("The spectrum", _lede(found))
    if not found.total:
        with w.empty_state("palette", "There is nothing to lay out yet", "Datasets appear here once a source is read."):
            w.show(w.go("Browse the catalogue", w.href("catalogue")))
    else:
        with w.surface("table"):
            w.show(w.spectrum_table(_rows(found)))
    _unclear(visit, found.counts.get(Band.PUBLIC_UNCLEAR.value, 0))
    _bands()
    _rules(str(st.query_params.get("rule", "")))


def _lede(found: Overview) -> str:
    if not found.total:
        return "Every dataset you may know about, by who holds it and how open it is."
    holders = sum(each.name != NOT_STATED for each in found.holders)
    number, who = w.count(found.total, "dataset"), w.count(holders, "organisation")
    return f"{number} from {who}, by who holds them and how open they are. Organisations are in alphabetical order."


def _rows(found: Overview) -> list[tuple[w.Markup, Mapping[str, int]]]:
    """The holders by name; of very many those with the most datasets, the rest summed up."""
    most = sorted(found.holders, key=lambda each: -each.total)[:_MOST_HOLDERS]
    shown = [each for each in found.holders if each in most]
    rows = [(_name(each), each.counts) for each in shown]
    others = [each for each in found.holders if each not in most]
    if others:
        summed: Counter[str] = Counter()
        for each in others:
            summed.update(each.counts)
        rows.append((w.esc(w.count(len(others), "smaller one")), summed))
    return rows


def _name(holder: Holder) -> w.Markup:
    if holder.organisation_id:
        return w.link(holder.name, w.href("organisation", id=holder.organisation_id))
    return w.link(holder.name, w.href("organisation", publisher=holder.name))


def _unclear(visit: Visit, number: int) -> None:
    if not number:
        return
    decides = may(visit, Action.SOURCE_DECIDED)
    groups = decisions.licence_groups(visit) if decides and number <= _MOST_LOOKED_AT else []
    told = f", {w.count(len(groups), 'decision')}" if groups else ""
    words = w.Markup("{} Licence unclear: {}{}").format(
        w.swatch(Band.PUBLIC_UNCLEAR.value), w.count(number, "dataset"), told
    )
    with w.surface("unclear"):
        w.heading(words)
        w.show(w.muted(_TOLD if decides else f"{_TOLD} Stewards decide."))
        for place, group in enumerate(groups[:_MOST_GROUPS]):
            _group(place, group)
        if decides and not 0 < len(groups) <= _MOST_GROUPS:
            w.show(w.go("All decisions that wait", w.href("licences")))


_TOLD = "Published, but the source states no licence we can rely on. One decision settles a whole source."


def _group(place: int, group: LicenceGroup) -> None:
    said = f"It says “{w.plain(group.licence_value, 100)}”" if group.licence_value else "It states no licence"
    names = ", ".join(each.title for each in group.examples[:2])
    words = w.strong(group.source_name)
    with w.item(f"group-{place}", words, symbol=str(group.datasets), detail=f"{said}: {w.plain(names, 140)}"):
        w.show(w.to_page("Decide", w.href("licences", source=group.source_id)))


def _bands() -> None:
    lines = [w.Markup("<li>{}<span>{}</span></li>").format(w.band_badge(band.value), band.explains) for band in Band]
    with w.surface("bands"):
        w.heading("What the bands mean")
        w.show(w.Markup('<ul class="ct-bandlist" role="list">{}</ul>').format(w.Markup("").join(lines)))


def _rules(asked: str) -> None:
    lines = [
        w.Markup("<li{}><b>{}</b><span>{}: {}</span></li>").format(
            w.Markup(' class="ct-asked"') if rule.id == asked else "", rule.id, w.strong(rule.title), rule.explains
        )
        for rule in RULES
    ]
    with w.surface("rules"):
        w.heading("How a dataset gets its place", note="the first rule that fits decides")
        w.show(w.Markup('<ol class="ct-rules" role="list">{}</ol>').format(w.Markup("").join(lines)))
