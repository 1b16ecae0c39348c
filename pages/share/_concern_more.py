"""What may be said of a concern besides its words: none of it is needed."""

from __future__ import annotations

from typing import Any

import streamlit as st

from governance import concerns
from governance.concerns import ConcernKind, Evidence, Loss, Nature
from pages.share import _concern_words as words


def fields() -> dict[str, Any]:
    """Inside the form: kind, what may be lost, what is known, whether a measure can settle it."""
    with st.expander("Say more, if you like"):
        kind = st.selectbox(
            "What sort of worry it is",
            sorted(ConcernKind, key=lambda each: each is not ConcernKind.OTHER),
            format_func=words.KINDS.__getitem__,
            key="worry-kind",
        )
        loss = st.selectbox(
            "What could be lost",
            list(Loss),
            None,
            format_func=words.LOSSES.__getitem__,
            key="worry-loss",
            placeholder="Not said",
        )
        nature = st.selectbox(
            "What could settle it",
            list(Nature),
            None,
            format_func=words.NATURE.__getitem__,
            key="worry-nature",
            placeholder="Not said",
        )
        evidence = st.selectbox(
            "What is known about it",
            sorted(Evidence, key=lambda each: each is not Evidence.NOT_KNOWN),
            format_func=words.EVIDENCE.__getitem__,
            key="worry-evidence",
        )
        basis = st.text_input("How do you know?", max_chars=concerns.LONGEST, key="worry-basis")
    return {
        "kind": ConcernKind(kind or ConcernKind.OTHER),
        "loss": Loss(loss) if loss else None,
        "nature": Nature(nature) if nature else None,
        "evidence": Evidence(evidence or Evidence.NOT_KNOWN),
        "evidence_basis": basis or "",
    }
