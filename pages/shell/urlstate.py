"""Choices kept in the address: it is the one truth, so a link shares a view and the back button works.

Streamlit's own `bind="query-params"` writes the formatted label, which carries a count here, hence these.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st


def chosen_values(key: str, allowed: Sequence[str]) -> list[str]:
    """What the address chooses under `key`, in the order of `allowed`; values not allowed are left out."""
    asked = set(st.query_params.get_all(key))
    return [value for value in allowed if value in asked]


def choose(key: str, values: Sequence[str]) -> None:
    """Write the choice into the address and go back to the first page of results."""
    if values:
        st.query_params[key] = list(values)
    else:
        st.query_params.pop(key, None)
    st.query_params.pop("page", None)


def follow_url(key: str, allowed: Sequence[str]) -> None:
    """Before drawing: give the pills of `spectrum-<key>` what the address says."""
    follow(f"spectrum-{key}", chosen_values(key, allowed))


def follow(widget: str, value: object) -> None:
    """Before drawing: the widget shows what the address says."""
    if st.session_state.get(widget) != value:
        st.session_state[widget] = value


def write_url(key: str) -> None:
    """After a click on the pills of `spectrum-<key>`: write them into the address."""
    choose(key, list(st.session_state.get(f"spectrum-{key}") or []))


def toggle_url(key: str, value: str) -> None:
    """After a click on one checkbox of a facet: add or take away its value."""
    now = list(st.query_params.get_all(key))
    on = bool(st.session_state.get(f"{key}={value}"))
    choose(key, [*now, value] if on and value not in now else [each for each in now if each != value or on])


def clear_url(*keys: str) -> None:
    """Forget these choices, for a "Clear" button."""
    for key in keys:
        choose(key, [])
