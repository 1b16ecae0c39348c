"""What each view of an indicator holds: a picture with its source under it, and the same figures in words."""

from __future__ import annotations

import streamlit as st

from pages.shell import widgets as w
from reportcards import charts
from reportcards.report import Measurement

_FUNNEL = (
    "Small places swing more by chance, so the lines are wider for them. Only what lies outside the outer lines is "
    "further from the average than size explains."
)


def trend(shown: Measurement) -> None:
    """The line with its usual range, and the outlook in words."""
    if shown.latest is None:
        with w.empty_state(
            "timeline", "There is no value to draw yet", "The table says why, period by period.", key="flat"
        ):
            return
    picture = charts.trend(shown, theme=w.theme(), with_source=False)
    _picture(shown, picture.spec, picture.alt)
    if shown.forecast is not None:
        w.show(w.Markup('<p class="ct-source">{}</p>').format(shown.forecast.words or shown.forecast.why_not))


def groups(shown: Measurement) -> None:
    """What else explains a gap, before the gap."""
    if not shown.groups:
        what = "The revision holds one figure for everyone. A steward can import one with columns for groups."
        with w.empty_state("groups", "There are no groups to compare", what, key="nogroups"):
            pass
        source(shown)
        return
    if shown.definition.also_explains:
        w.notice("What else explains this?", shown.definition.also_explains)
    picture = charts.groups(shown, theme=w.theme(), with_source=False)
    _picture(shown, picture.spec, picture.alt)
    with w.surface("grouptable"):
        w.show(_table(picture.table, "Groups"))


def areas(shown: Measurement) -> None:
    """Places by name, where that was agreed, and what chance allows their size."""
    if not shown.areas and shown.funnel is None:
        with w.empty_state("map", "There are no other areas in this revision", key="noareas"):
            pass
        source(shown)
        return
    if shown.funnel is not None:
        _funnel(shown)
    if not shown.areas:
        return
    picture = charts.areas(shown, theme=w.theme(), with_source=False)
    _picture(shown, picture.spec, picture.alt)
    with w.surface("areatable"):
        w.show(w.Markup('<p class="ct-source">In the order of their names; never ranked.</p>'))
        w.show(_table(picture.table, "Areas"))


def _funnel(shown: Measurement) -> None:
    picture = charts.funnel(shown, theme=w.theme(), with_source=False)
    with w.surface("funnel"):
        w.show(w.Markup('<p class="ct-source">{}</p>').format(_FUNNEL))
        w.chart(picture.spec, picture.alt, key="funnel")
        source(shown)
    with w.surface("funneltable"):
        w.show(_table(picture.table, "Areas in the funnel"))


def numbers(shown: Measurement) -> None:
    """Every value of the line, the target and the peers beside it."""
    if shown.latest is None:
        with w.empty_state(
            "table", "There is no value yet", "The newest revision holds none for this area.", key="bare"
        ):
            return
    with w.surface("numbers"):
        w.show(_table(charts.trend(shown, theme=w.theme()).table, shown.name))
        source(shown)


def _table(table: charts.Table, caption: str) -> w.Markup:
    """The same figures in words, for those who cannot or will not read a picture."""
    columns = [w.Column(title=each, strong=at == 0) for at, each in enumerate(table.columns)]
    return w.table(columns, table.rows, caption=caption)


def _picture(shown: Measurement, spec: dict[str, object], alt: str) -> None:
    with w.surface("picture"):
        w.chart(spec, alt, key="main")
        source(shown)


def source(shown: Measurement) -> None:
    """The line under a picture that says where its figures come from."""
    to = w.link("Method", w.href("indicator", card=str(st.query_params.get("card", "")), item=shown.item, tab="method"))
    w.show(w.Markup('<p class="ct-source"><b>Source</b> {} {}</p>').format(shown.source_line, to))
