"""How an indicator's figures are compared and read: the second half of its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import streamlit as st

from governance import Visit
from pages.shell import widgets as w
from reportcards import places
from reportcards.indicators import Indicator
from reportcards.report import Comparison

COMPARISONS: Mapping[Comparison, str] = MappingProxyType(
    {
        Comparison.NONE: "With nothing",
        Comparison.OWN_TREND: "With its own past only",
        Comparison.UNNAMED: "With the average of a peer group or the parent area",
        Comparison.NAMED: "With other places by name",
    }
)


def compared(visit: Visit, old: Indicator) -> Indicator:
    """With nothing, with its own past, with an average, or with places by name."""
    w.heading("How it is compared")
    comparison = st.radio(
        "It may be compared",
        list(COMPARISONS),
        index=list(COMPARISONS).index(old.comparison),
        format_func=COMPARISONS.__getitem__,
    )
    groups = {each.id: f"{each.name} ({each.dated})" if each.dated else each.name for each in places.peer_groups(visit)}
    peers = st.selectbox(
        "Peer group",
        ["", *groups],
        index=["", *groups].index(old.peer_group_id) if old.peer_group_id in groups else 0,
        format_func=lambda each: groups.get(each, "None"),
    )
    areas = {code: each.name for code, each in places.areas(visit).items()}
    parent = st.selectbox(
        "Parent area, when there is no peer group",
        ["", *areas],
        index=["", *areas].index(old.parent_area) if old.parent_area in areas else 0,
        format_func=lambda each: areas.get(each, "None"),
    )
    return replace(
        old, comparison=comparison or Comparison.OWN_TREND, peer_group_id=peers or "", parent_area=parent or ""
    )


def read(old: Indicator) -> Indicator:
    """What a reader has to know, and which counts are hidden."""
    w.heading("How it is read")
    note = st.text_input("Do not read it as …", old.reading_note, help="Stands beside the figure everywhere.")
    explains = st.text_area(
        "What else explains a gap between groups", old.also_explains, height=72, help="Shown before the groups."
    )
    threshold = st.number_input(
        "Hide counts below",
        min_value=0,
        max_value=100,
        value=old.threshold,
        help="Empty follows the dataset: nothing is hidden of an open one, counts below 10 of any other.",
    )
    with st.expander("More about it"):
        numerator = st.text_input("Counted", old.numerator)
        denominator = st.text_input("Out of", old.denominator)
        caveats = st.text_area("Caveats", old.caveats, height=72)
        frequency = st.text_input("How often it comes", old.frequency, max_chars=20)
        lag = st.number_input("Days from the end of a period until its value is here", 0, 3650, old.lag_days)
    return replace(
        old,
        reading_note=note,
        also_explains=explains,
        threshold=int(threshold) if threshold is not None else None,
        numerator=numerator,
        denominator=denominator,
        caveats=caveats,
        frequency=frequency,
        lag_days=int(lag),
    )
