"""Maps of areas: which are kept and how one is given, for stewards; and the map above the places by name."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from governance import Visit
from pages.cards import _views, _who
from pages.shell import widgets as w
from pages.shell.again import do, looking
from reportcards import charts, maps
from reportcards.maps import Map
from reportcards.report import Comparison, Measurement

_FEWEST = 3
"""A map of fewer areas says nothing that their names do not."""


def above(visit: Visit, shown: Measurement) -> None:
    """The areas that there is a map of, where they may be compared by name; the table below names every one."""
    if shown.comparison is not Comparison.NAMED:
        return
    found = maps.placed(visit, shown)
    if found is None or len(found.measurement.areas) < _FEWEST:
        return
    picture = charts.area_map(found.measurement, found.geojson, code=maps.CODE, theme=w.theme(), with_source=False)
    with w.surface("map"):
        w.chart(picture.spec, picture.alt, key="map")
        drawn, every = len(found.measurement.areas), len(shown.areas)
        if drawn < every:
            said = f"{drawn} of {every} places are on the map. The chart and the table below have all of them."
            w.show(w.Markup('<p class="ct-source">{}</p>').format(said))
        _views.source(shown)


def section(visit: Visit) -> None:
    """The maps that are kept, the way to give one and to remove one."""
    if not _who.may_import(visit):
        return
    kept = maps.maps(visit)
    w.heading("Maps", number=len(kept))
    with w.surface("maps"):
        if kept:
            w.show(_table(kept))
        else:
            said = "No map is kept: places that may be compared by name are drawn as a chart only."
            w.show(w.Markup('<p class="ct-source">{}</p>').format(said))
        with st.container(horizontal=True, gap="small", key="mapacts"):
            if st.button("Add or replace a map", icon=":material/map:", key="addmap"):
                _give()
            if kept and st.button("Remove a map", icon=":material/delete:", type="tertiary", key="removemap"):
                _remove(kept)


def _table(kept: Sequence[Map]) -> w.Markup:
    columns = [
        w.Column(title="Areas", strong=True),
        w.Column(title="Outlines", align="right"),
        w.Column(title="With numbers here", align="right"),
        w.Column(title="Codes read from"),
    ]
    rows = [(each.kind, f"{each.outlines:,}", f"{each.known:,}", w.plain(each.read_from, 40)) for each in kept]
    return w.table(columns, rows, caption="Maps")


@st.dialog("Add or replace a map")
def _give() -> None:
    with st.form("map", border=False):
        kind = st.text_input("What its areas are", placeholder="ward", max_chars=40)
        given = st.file_uploader(
            "Their outlines, as GeoJSON", type=("geojson", "json"), max_upload_size=maps.MOST_MEGABYTES
        )
        st.caption("One of its properties holds the codes of places that there are numbers about; we find out which.")
        sent = st.form_submit_button("Keep this map", type="primary")
    if not sent:
        return
    if given is None:
        w.notice("Not done.", "Choose the file first.", tone="failed")
        return
    with looking() as visit:
        do(lambda: maps.keep(visit, kind or "", given.getvalue()), "The map is kept.")


@st.dialog("Remove a map")
def _remove(kept: Sequence[Map]) -> None:
    with st.form("unmap", border=False):
        kind = st.selectbox("Which one", [each.kind for each in kept])
        st.caption("The numbers stay; their places are drawn as a chart only.")
        sent = st.form_submit_button("Remove it", type="primary")
    if sent:
        with looking() as visit:
            do(lambda: maps.forget(visit, kind or ""), "The map is removed.")
