"""The form of an indicator: one field for each thing that changes how its figures are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

import streamlit as st

from governance import Visit
from pages.cards import _datasets, _reading
from pages.shell import widgets as w
from reportcards.indicators import VALUE_TYPES, Indicator
from reportcards.report import Polarity

POLARITIES: Mapping[Polarity, str] = MappingProxyType(
    {Polarity.HIGH: "Higher is better", Polarity.LOW: "Lower is better", Polarity.NONE: "It is not judged"}
)
_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "count": "A count",
        "proportion": "A proportion (per cent)",
        "crude_rate": "A crude rate",
        "dsr": "A directly standardised rate",
        "isr": "An indirectly standardised ratio",
        "ratio": "A ratio",
        "mean": "A mean",
        "other": "Something else",
    }
)


def form(visit: Visit, old: Indicator) -> Indicator | None:
    """The form; the settings that were sent, None until somebody sends them."""
    old = _where(visit, old)
    with st.form("indicator", border=False):
        given = _reading.read(_reading.compared(visit, _kind(_about(old))))
        sent = st.form_submit_button("Save", type="primary")
    return given if sent else None


def _where(visit: Visit, old: Indicator) -> Indicator:
    """Outside of the form: what is typed to find a dataset has to be looked for at once."""
    w.heading("Where it comes from")
    known = _datasets.names(visit, (old.dataset_id, *old.denominators), key=f"settings-dataset-{old.id}")
    listed = ["", *known]
    dataset = st.selectbox(
        "The dataset it comes from",
        listed,
        index=listed.index(old.dataset_id) if old.dataset_id in listed else 0,
        format_func=lambda each: known.get(each, "Not stated yet: shown nowhere"),
        help="Its place on the spectrum decides who sees the figures, its licence what may be done with them.",
    )
    others = st.multiselect(
        "Datasets its denominators come from",
        list(known),
        [each for each in old.denominators if each in known],
        format_func=known.__getitem__,
        placeholder="None besides",
    )
    return replace(old, dataset_id=dataset or "", denominators=tuple(others))


def _about(old: Indicator) -> Indicator:
    w.heading("What it is")
    name = st.text_input("What it is called", old.name, max_chars=200)
    definition = st.text_area("What it counts", old.definition, height=96, help="Who is counted, and who is not.")
    rationale = st.text_area("Why it is on cards", old.rationale, height=72)
    return replace(old, name=name, definition=definition, rationale=rationale)


def _kind(old: Indicator) -> Indicator:
    left, middle, right = st.columns(3)
    at = VALUE_TYPES.index(old.value_type) if old.value_type in VALUE_TYPES else VALUE_TYPES.index("other")
    kind = left.selectbox("Kind of value", VALUE_TYPES, index=at, format_func=lambda each: _KINDS.get(each, each))
    unit = middle.text_input("Unit", old.unit, max_chars=60, help="%, per 10,000, homes")
    decimals = right.number_input("Decimals", 0, 6, old.decimals)
    polarity = st.radio(
        "Which direction is good",
        list(POLARITIES),
        index=list(POLARITIES).index(old.polarity),
        format_func=POLARITIES.__getitem__,
        horizontal=True,
    )
    return replace(
        old, value_type=kind or "other", unit=unit, decimals=int(decimals), polarity=polarity or Polarity.NONE
    )
