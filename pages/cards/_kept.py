"""What was worked out for one file stays on this screen until the file, its dataset or its columns change."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar

import streamlit as st

from reportcards.recording import Order

Answer = TypeVar("Answer")
_PREFIX = "numbers-kept-"


def once(what: str, order: Order, make: Callable[[], Answer]) -> Answer:
    """The answer for this order, worked out once: a file may be large."""
    stamp = hashlib.sha256(order.data).hexdigest()
    mapping = order.mapping.as_json() if order.mapping else ""
    key = (stamp, order.file_name, order.dataset_id, mapping)
    kept: tuple[object, Answer] | None = st.session_state.get(f"{_PREFIX}{what}")
    if kept is None or kept[0] != key:
        kept = (key, make())
        st.session_state[f"{_PREFIX}{what}"] = kept
    return kept[1]


def forget() -> None:
    """Nothing of the file stays on this screen."""
    for each in [each for each in st.session_state if str(each).startswith("numbers")]:
        del st.session_state[each]
