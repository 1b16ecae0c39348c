"""A chart on the page: the specification a room made, with the sentence that says what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import streamlit as st


def theme() -> Literal["light", "dark"]:
    """Which of the two themes this browser shows; charts are drawn for one of them."""
    return "dark" if st.context.theme.type == "dark" else "light"


def chart(spec: Mapping[str, Any], alt: str, *, key: str) -> None:
    """Draw a Vega-Lite specification as wide as its place; `alt` is the finding in one sentence.

    Raises:
        ValueError: there is no sentence: a chart that says nothing to those who do not see it is not drawn.
    """
    if not alt.strip():
        raise ValueError(f"the chart {key} has no sentence that says what it shows")
    with st.container(key=f"chart-{key}"):
        bare = {name: value for name, value in spec.items() if name != "description"}
        st.vega_lite_chart(spec=bare, width="stretch", theme=None, alt=alt)
