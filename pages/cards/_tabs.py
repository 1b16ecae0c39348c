"""The tabs of an indicator: trend, groups, areas, table, method and source, revisions; the address keeps which."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st

from governance import Visit
from pages.cards import _maps, _method, _revised, _views
from pages.shell import widgets as w
from reportcards.report import Measurement, Part, ReportCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """One tab: what it is called, and what has to be loaded for it."""

    name: str
    title: str
    part: Part = Part.TREND


TABS = (
    Tab(name="trend", title="Trend"),
    Tab(name="groups", title="Groups", part=Part.GROUPS),
    Tab(name="areas", title="Areas", part=Part.AREAS),
    Tab(name="table", title="Table"),
    Tab(name="method", title="Method and source"),
    Tab(name="revisions", title="Revisions"),
)


def chosen() -> Tab:
    """The tab the address asks for, else the trend."""
    asked = str(st.query_params.get("tab", ""))
    return next((tab for tab in TABS if tab.name == asked), TABS[0])


def draw(visit: Visit, card: ReportCard, shown: Measurement) -> None:
    """The row of tabs and what the chosen one holds."""
    tab = chosen()
    if tab.part is Part.AREAS and not shown.has_areas:
        tab = TABS[0]
    _row(card, shown, tab)
    if tab.name == "revisions":
        _revised.revisions(visit, card, shown)
        _views.source(shown)
        return
    if tab.part is Part.AREAS:
        _maps.above(visit, shown)
    _DRAWN[tab.name](shown)


def _row(card: ReportCard, shown: Measurement, here: Tab) -> None:
    revision = str(st.query_params.get("revision", ""))
    lines = []
    for tab in TABS:
        if tab.part is Part.AREAS and not shown.has_areas:
            continue
        to = w.href("indicator", card=card.name, item=shown.item, tab=tab.name, revision=revision)
        words = w.Markup('<a aria-current="page">{}</a>').format(tab.title) if tab is here else w.link(tab.title, to)
        lines.append(w.Markup("<li>{}</li>").format(words))
    body = w.Markup("").join(lines)
    w.show(w.Markup('<nav class="ct-tabs" aria-label="Views"><ul role="list">{}</ul></nav>').format(body))


_DRAWN: Mapping[str, Callable[[Measurement], None]] = MappingProxyType(
    {
        "trend": _views.trend,
        "groups": _views.groups,
        "areas": _views.areas,
        "table": _views.numbers,
        "method": _method.method,
    }
)
